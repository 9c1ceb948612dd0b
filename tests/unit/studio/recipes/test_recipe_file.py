"""A recipe brings back the very same request; whatever else a file may be, it is refused in words."""

import contextlib
import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.drawing.model import Layer
from studio.errors import StudioError
from studio.pictures.picture_url import PictureUrl
from studio.pictures.source_image import read_image
from studio.pictures.source_image import read_sent_image as picture_as_sent
from studio.recipes.recipe_file import RecipeProblem, SentTask, dump_recipe, load_recipe
from studio.request.compose import compose
from studio.request.draft import Draft, Picture
from tests.support.make import area, draft, path
from tests.support.pictures import encoded, exif, gradient, png_bomb
from tests.support.recipes import drafts

CASES = Path(__file__).parents[3] / "cases" / "files"
TASK = SentTask(task_id="t1", external_task_id="mine-1", status="succeed", service="CometAPI")


def wire_json(made: Draft) -> str:
    """The body of the create call, as it leaves."""
    return json.dumps(compose(made).request.to_wire(), allow_nan=False)


@settings(max_examples=60)
@given(drafts())
def test_a_draft_comes_back_from_its_recipe_as_it_was_and_gives_the_same_request(made: Draft) -> None:
    """Byte for byte: texts, numbers, masks, points and pictures."""
    back = load_recipe(dump_recipe(made)).draft
    assert back == made
    assert wire_json(back) == wire_json(made)
    for mine, theirs in ((made.picture, back.picture), (made.tail, back.tail)):
        if mine and mine.source and theirs and theirs.source:
            assert theirs.source.wire_bytes == mine.source.wire_bytes


def test_a_book_pasted_into_a_field_comes_back() -> None:
    """Far too long to be sent, which a finding says; but nothing typed is lost, and nothing else with it."""
    book = "a line of it\n" * 30_000
    made = draft(area(Layer.STATIC), prompt=book, callback_url=book)
    assert load_recipe(dump_recipe(made)).draft == made


@pytest.mark.parametrize(
    "url", ["/etc/hostname", "/dev/zero", "file:///etc/hostname", "http:///etc", "a.png", "", "javascript:1"]
)
@pytest.mark.parametrize("slot", ["picture", "tail"])
def test_an_address_of_a_picture_that_is_none_is_refused_at_its_field(slot: str, url: str) -> None:
    """The page would open a path on the server's own disk."""
    bad = Picture(url=PictureUrl(url))
    made = replace(draft(), picture=bad) if slot == "picture" else replace(draft(), tail=bad)
    with pytest.raises(RecipeProblem, match=f"“{slot}.url” cannot be used as an address"):
        load_recipe(dump_recipe(made))


@pytest.mark.parametrize("name", ["url_is_a_file_here.motion", "url_is_a_device.motion"])
def test_a_recipe_with_a_path_is_refused(name: str) -> None:
    """In words."""
    with pytest.raises(RecipeProblem, match="address"):
        load_recipe((CASES / name).read_bytes())


def test_a_recipe_with_a_picture_whose_exif_is_cut_is_opened() -> None:
    """As an upload is."""
    picture = load_recipe((CASES / "exif_II_only.motion").read_bytes()).draft.picture
    assert picture
    assert picture.source
    assert picture.source.size_px == (400, 320)


def test_the_same_draft_gives_the_same_file() -> None:
    """No clock and no chance in it: two recipes can be compared."""
    made = draft(area(Layer.MOTION_1), path(Layer.MOTION_1))
    assert dump_recipe(made) == dump_recipe(made)


def test_a_sent_draft_carries_its_task() -> None:
    """Ids and status, for whoever opens it later."""
    assert load_recipe(dump_recipe(draft(), TASK)).task == TASK


def test_a_drawing_of_thirteen_layers_comes_back_fast_and_whole() -> None:
    """The largest drawing that the service takes, each stroke of 600 points."""
    points = tuple((10.123456789 + i / 60, 20.987654321 + i / 50) for i in range(600))
    strokes = tuple(path(layer, *points) for layer in Layer) + tuple(area(layer) for layer in Layer)
    made = draft(*strokes)
    assert load_recipe(dump_recipe(made)).draft == made


Files = dict[str, bytes]


def files_of(recipe: bytes) -> Files:
    """Name → bytes of what is in it."""
    with zipfile.ZipFile(io.BytesIO(recipe)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: Files, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def good() -> Files:
    """The files of a recipe that opens."""
    return files_of(dump_recipe(draft(area(Layer.STATIC), prompt="wind"), TASK))


def refusal(data: bytes) -> str:
    """The message that a person reads when this is opened."""
    with pytest.raises(StudioError) as refused:
        load_recipe(data)
    assert all((refused.value.what, refused.value.why, refused.value.next_step))
    return str(refused.value)


def with_manifest(change: Any) -> bytes:
    """A good recipe with a changed manifest."""
    files = good()
    manifest = json.loads(files["manifest.json"])
    change(manifest)
    return packed(files | {"manifest.json": json.dumps(manifest).encode()})


def test_a_repacked_recipe_still_opens() -> None:
    """The helper of these tests breaks nothing by itself."""
    assert load_recipe(with_manifest(lambda _: None)).draft.parameters.prompt == "wind"


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip at all" * 9, encoded(gradient())])
def test_what_is_no_zip_is_refused(data: bytes) -> None:
    """Said as what it is not."""
    assert "not a recipe" in refusal(data)


def test_a_cut_or_bent_file_is_refused_or_read_as_it_was() -> None:
    """Wherever it is cut; a changed byte of a picture does not pass."""
    whole = dump_recipe(draft())
    for end in range(0, len(whole), len(whole) // 40):
        assert refusal(whole[:end])
    middle = len(whole) // 2
    assert "damaged" in refusal(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])


@settings(max_examples=150)
@given(st.data())
def test_a_file_with_any_bytes_changed_opens_or_is_refused_in_words(data: st.DataObject) -> None:
    """Nothing but our own error ever comes out."""
    whole = bytearray(dump_recipe(draft(area(Layer.STATIC))))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(StudioError):
        load_recipe(bytes(whole))


def test_a_bomb_is_not_unpacked() -> None:
    """A manifest of 200 MB of blanks in a small file."""
    assert "unfolds to more than" in refusal(packed(good() | {"manifest.json": b" " * 200_000_000}))


def test_a_picture_that_unfolds_to_a_gigantic_one_is_refused() -> None:
    """By its header, before it is decoded."""
    assert "too many pixels" in refusal(packed(good() | {"picture.png": png_bomb(20_000, 20_000)}))


def test_a_file_over_the_cap_is_refused_before_it_is_looked_into() -> None:
    """Size first."""
    assert "larger than 57 MB" in refusal(b"PK\x03\x04" + b"\0" * 58_000_000)


def test_a_zip_of_thousands_of_files_is_refused_by_its_end() -> None:
    """Before their names are read."""
    assert "more files" in refusal(packed({f"{i}.txt": b"" for i in range(5_000)}))


@pytest.mark.parametrize("name", ["../manifest.json", "/etc/passwd", "a\\b", "x/picture.png", "notes.txt"])
def test_a_file_that_no_recipe_has_is_refused(name: str) -> None:
    """Names are compared, never followed."""
    assert "no recipe has" in refusal(packed(good() | {name: b"x"}))


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "picture.jpg", "manifest.json/..", ""])
def test_a_picture_that_points_outside_is_refused(name: str) -> None:
    """Only the files inside can be named."""
    assert "missing" in refusal(with_manifest(lambda manifest: manifest["picture"].update(file=name)))


@pytest.mark.parametrize("packing", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_file_packed_in_another_way_is_refused(packing: int) -> None:
    """Its unpacker has errors of its own, and takes as much memory as the file asks for."""
    assert "packed in a way" in refusal(packed(good(), packing))


def test_a_file_twice_is_refused() -> None:
    """Which of the two would count?"""
    buffer = io.BytesIO(packed(good()))
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("manifest.json", b"{}")
    assert "twice" in refusal(buffer.getvalue())


def test_without_a_manifest_it_is_refused() -> None:
    """An ordinary zip with a picture."""
    assert "no manifest.json" in refusal(packed({"picture.png": encoded(gradient())}))


@pytest.mark.parametrize("version", [0, 2, "1", 1.0, True, None, [1]])
def test_another_version_is_refused(version: object) -> None:
    """A later app's recipe may mean something else."""
    assert "version" in refusal(with_manifest(lambda manifest: manifest.update(version=version)))


def test_a_missing_version_is_refused() -> None:
    """Every recipe says its version."""
    assert "version" in refusal(with_manifest(lambda manifest: manifest.pop("version")))


@pytest.mark.parametrize(
    "manifest", [b"", b"{", b"\xff\xfe", b"[]", b'"x"', b"null", b"[" * 100_000, b"1" * 5_000]
)
def test_a_manifest_that_is_no_object_is_refused(manifest: bytes) -> None:
    """Broken, of another kind, or nested without end."""
    assert refusal(packed(good() | {"manifest.json": manifest}))


BAD_VALUES: dict[str, list[Any]] = {
    "parameters.prompt": [7, None, ["x"], "half \ud800"],
    "parameters.cfg_scale": ["0.5", True, "NaN", 1e30],
    "parameters.mode": [5, {}],
    "parameters": [None, [], "x"],
    "drawing.canvas_width_px": [0, -5, 720.0, "720", 10**9, True],
    "drawing.strokes": [None, {}, "x", [[]], [{}]],
    "drawing.strokes.0.layer": [7, -1, "static", None, 1.0, True],
    "drawing.strokes.0.kind": ["spray", None, 0],
    "drawing.strokes.0.width": [-1, "5", None, 1e30, False],
    "drawing.strokes.0.points": [[], None, [[1]], [[1, "2"]], [[1, 1e12]], [[1, 10**400]], [5]],
    "drawing.strokes.0.pen": [[0, 0], [-1, 0], [1], [1, 0, 0], [2e4, 0], [1, 2e4], ["1", 0], "x"],
    "drawing.strokes.0.mitred": [2, -1, True, "1"],
    "drawing.speeds": [[[1, "fast"]], [[1]], [[9, "even"]], [[1, "even"], [1, "even"]], 5],
    "picture.name": [5, None],
    "picture.notes": ["x", [5], ["x"] * 21],
    "picture.sha256": ["0" * 64, None],
    "picture": ["picture.png", 5, {}],
    "task.status": [None, 5],
}


@pytest.mark.parametrize(
    ("where", "value"), [(w, value) for w, values in BAD_VALUES.items() for value in values]
)
def test_a_value_of_the_wrong_kind_is_refused_with_its_place(where: str, value: object) -> None:
    """Every field has a kind and a range; what is wrong is named."""

    def change(manifest: Any) -> None:
        *way, last = [int(step) if step.isdigit() else step for step in where.split(".")]
        for step in way:
            manifest = manifest[step]
        manifest[last] = value

    said = refusal(with_manifest(change))
    assert "Traceback" not in said
    assert re.search(r"“|speed|Its \w+ is not the one", said)


def test_a_drawing_without_end_is_refused() -> None:
    """More strokes, or more points in all, than any hand draws: each costs time at every rerun."""

    def drawing_of(strokes: int, points: int) -> bytes:
        def change(manifest: Any) -> None:
            (stroke,) = manifest["drawing"]["strokes"]
            manifest["drawing"]["strokes"] = [stroke | {"points": [[1, 1]] * points}] * strokes

        return with_manifest(change)

    assert load_recipe(drawing_of(5_000, 1)).draft.drawing
    assert "more than 5000 entries" in refusal(drawing_of(5_001, 1))
    assert "more than 250000 points" in refusal(drawing_of(2, 125_001))


def test_a_list_of_files_in_the_longer_form_is_refused() -> None:
    """Zip64 tells of more files and more bytes than the end of the file that is looked at."""
    whole = packed(good())
    assert "more files" in refusal(whole[:-22] + b"PK\x06\x07" + bytes(16) + whole[-22:])


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 5_000])
def test_a_number_that_is_none_is_refused(constant: str) -> None:
    """JSON knows no NaN, though Python's reader does."""
    files = good()
    bent = re.sub(rb'"width":[0-9.]+', b'"width":' + constant.encode(), files["manifest.json"])
    assert bent != files["manifest.json"]
    assert re.search("not readable JSON|not a number", refusal(packed(files | {"manifest.json": bent})))


@pytest.mark.parametrize("picture", [b"", b"hello", b"\x89PNG\r\n\x1a\n broken"])
def test_a_picture_that_is_none_is_refused(picture: bytes) -> None:
    """It is checked as an upload is."""
    assert "photo.png" in refusal(packed(good() | {"picture.png": picture}))


def test_a_picture_with_the_place_where_it_was_taken_is_not_passed_on() -> None:
    """Bytes are kept only when they are as this app sends them: without metadata."""
    photographed = encoded(gradient(400, 320), exif=exif(maker="Camera"))
    opened = load_recipe(packed(good() | {"picture.png": photographed})).draft.picture
    assert b"Camera" in photographed
    assert opened
    assert opened.source
    assert b"Camera" not in opened.source.wire_bytes


def test_a_jpeg_with_a_segment_of_another_app_is_rebuilt() -> None:
    """Pillow tells nothing of it but its number."""
    mine = read_image(encoded(gradient(400, 320), "JPEG"), "photo.jpg").wire_bytes
    marked = mine[:20] + b"\xff\xe5\x00\x0bSECRETCAM" + mine[20:]
    assert picture_as_sent(mine, "photo.jpg").wire_bytes == mine
    assert b"SECRETCAM" not in picture_as_sent(marked, "photo.jpg").wire_bytes


def test_an_encrypted_recipe_is_refused() -> None:
    """There is nobody to ask for a password."""
    data = bytearray(dump_recipe(draft()))
    central = data.index(b"PK\x01\x02")
    data[6] |= 1
    data[central + 8] |= 1
    with pytest.raises(RecipeProblem, match="damaged"):
        load_recipe(bytes(data))


def test_a_draft_without_later_fields_has_the_manifest_of_before() -> None:
    """An older app opens it, and the same draft gives the same bytes; with them, they are in it."""

    def names(recipe: bytes) -> set[str]:
        return set(json.loads(files_of(recipe)["manifest.json"])["parameters"])

    added = names(dump_recipe(draft(extra_fields='{"sound": "off"}'))) - names(dump_recipe(draft()))
    assert added == {"extra_fields"}
