"""The zip of "run it elsewhere": the exact request, its pictures as files, no key."""

import base64
import io
import json
import zipfile
from dataclasses import replace
from typing import Any

import pytest

from kling import ImageToVideoRequest
from studio.drawing.model import Layer
from studio.pictures.picture_url import PictureUrl
from studio.recipes.export_files import DESCRIPTIONS, drawing_files
from studio.recipes.script_export import scripts_zip
from studio.request.compose import compose
from studio.request.draft import Picture
from tests.support.make import area, draft, path, photo


def directed() -> ImageToVideoRequest:
    """One static mask and two that move."""
    strokes = [area(Layer.STATIC, right=30)]
    for layer in (Layer.MOTION_1, Layer.MOTION_4):
        strokes += [area(layer, left=50 + layer), path(layer)]
    return compose(draft(*strokes, prompt="wind", external_task_id="mine-1")).request


def files(request: ImageToVideoRequest, **options: Any) -> dict[str, bytes]:
    """Name → bytes of what is in the zip."""
    with zipfile.ZipFile(io.BytesIO(scripts_zip(request, **options))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_request_is_in_it_whole() -> None:
    """Exactly the JSON that the app sends."""
    assert json.loads(files(directed())["request.json"]) == directed().to_wire()


def test_each_picture_and_mask_is_a_file_of_the_same_bytes() -> None:
    """To be looked at."""
    found, request = files(directed()), directed()
    assert found["image.png"] == base64.b64decode(request.image)
    assert found["static_mask.png"] == base64.b64decode(request.static_mask or "")
    for i, mask in enumerate(request.dynamic_masks, start=1):
        assert found[f"motion_{i}_mask.png"] == base64.b64decode(mask.mask)
    assert set(found) == {
        "README.txt",
        "request.json",
        "make_video.py",
        "curl.sh",
        "image.png",
        "static_mask.png",
        "motion_1_mask.png",
        "motion_2_mask.png",
    }


def test_a_tail_frame_is_a_file_too() -> None:
    """The last frame."""
    made = replace(draft(), tail=Picture(source=photo()))
    assert files(compose(made).request)["image_tail.png"] == photo().wire_bytes


def test_a_picture_given_by_its_address_is_no_file() -> None:
    """The service fetches it itself."""
    made = compose(draft(picture=Picture(url=PictureUrl("https://pictures.example.com/cat.png")))).request
    assert set(files(made)) == {"README.txt", "request.json", "make_video.py", "curl.sh"}


def test_the_readme_names_every_file_the_task_and_what_it_costs() -> None:
    """One text to read before anything is paid."""
    found = files(directed())
    readme = found["README.txt"].decode()
    assert all(name in readme for name in found if name != "README.txt")
    assert '"external_task_id": "mine-1"' in readme
    assert "charges" in readme


def test_a_request_without_a_name_of_its_own_gets_one() -> None:
    """As when the app sends it: without one, a task whose answer was lost could not be looked for."""
    found = files(replace(directed(), external_task_id=None))
    name = json.loads(found["request.json"])["external_task_id"]
    assert name.startswith("studio-")
    assert name in found["README.txt"].decode()


def test_the_deployments_address_is_the_scripts_default() -> None:
    """A gateway of one's own."""
    found = files(directed(), base_url="https://gateway.example:8443/")
    for script in ("make_video.py", "curl.sh", "README.txt"):
        assert "https://gateway.example:8443" in found[script].decode()
        assert "api.cometapi.com" not in found[script].decode()


@pytest.mark.parametrize("hostile", ['https://x"; rm -rf ~', "https://$(id)", "https://a\nb", "javascript:1"])
def test_an_address_that_is_no_plain_one_does_not_get_into_the_scripts(hostile: str) -> None:
    """It would be run as code."""
    for data in files(directed(), base_url=hostile).values():
        assert hostile.encode() not in data


def test_the_python_script_compiles_and_the_same_request_gives_the_same_zip() -> None:
    """No clock and no chance in it."""
    compile(files(directed())["make_video.py"], "make_video.py", "exec")
    assert scripts_zip(directed()) == scripts_zip(directed())


def test_files_for_other_tools_are_in_it_and_in_the_readme() -> None:
    """The drawing itself, by any carrier."""
    made = draft(area(Layer.MOTION_1), path(Layer.MOTION_1))
    request = compose(made).request
    extra = drawing_files(made, request)
    with zipfile.ZipFile(io.BytesIO(scripts_zip(request, for_other_tools=extra))) as archive:
        assert {name: archive.read(name) for name in extra} == extra
        readme = archive.read("README.txt").decode()
    assert all(name in readme for name in DESCRIPTIONS)
    assert "other tools" not in files(request)["README.txt"].decode()
