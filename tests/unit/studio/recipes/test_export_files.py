"""A drawing as files: pictures, masks, tracks and a video, at the places where it was drawn."""

import base64
import io
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from motion import frames_of, probe
from studio.drawing.model import Layer
from studio.pictures.picture_url import PictureUrl
from studio.recipes.export_files import FPS, drawing_files, export_files
from studio.request.compose import compose
from studio.request.draft import Draft, Picture
from tests.support.make import SIZE_PX, area, draft, drawn, path, photo
from tests.support.recipes import photo as other_photo

M1, M2 = Layer.MOTION_1, Layer.MOTION_2


def files(made: Draft) -> dict[str, bytes]:
    return drawing_files(made, compose(made).request)


def pixels(png: bytes) -> np.ndarray[Any, Any]:
    with Image.open(io.BytesIO(png)) as image:
        assert image.format == "PNG"
        return np.asarray(image)


@pytest.fixture(scope="module")
def directed() -> dict[str, bytes]:
    """The files of a drawing with something static and one named part that moves."""
    made = draft(area(Layer.STATIC, right=30), area(M1, left=50), path(M1))
    return files(replace(made, drawing=made.drawing and made.drawing.with_name(M1, "the boat")))


def test_a_drawing_gives_its_picture_masks_tracks_and_a_video(directed: dict[str, bytes]) -> None:
    """The last frame is rendered where none is sent."""
    assert set(directed) == {
        "first_frame.png",
        "last_frame.png",
        "masks/static.png",
        "masks/motion_1.png",
        "trajectories.json",
        "motion.mp4",
    }


def test_the_first_frame_is_the_picture_and_masks_are_as_large(directed: dict[str, bytes]) -> None:
    """White is painted, black the rest, as they are sent."""
    request = compose(draft(area(M1, left=50), path(M1))).request
    with Image.open(io.BytesIO(photo().wire_bytes)) as image:
        assert np.array_equal(pixels(directed["first_frame.png"]), np.asarray(image.convert("RGB")))
    mask = pixels(directed["masks/motion_1.png"])
    assert mask.shape == (SIZE_PX[1], SIZE_PX[0])
    assert directed["masks/motion_1.png"] == base64.b64decode(request.dynamic_masks[0].mask)


def test_each_part_has_a_point_a_frame_from_the_start_of_its_path_to_its_end(
    directed: dict[str, bytes],
) -> None:
    """In pixels of the first frame, counted from its top left; y grows downwards."""
    tracks = json.loads(directed["trajectories.json"])
    about = {name: tracks[name] for name in ("origin", "width_px", "height_px", "frame_rate", "frame_count")}
    assert about == {
        "origin": "top-left",
        "width_px": SIZE_PX[0],
        "height_px": SIZE_PX[1],
        "frame_rate": FPS,
        "frame_count": 5 * FPS,
    }
    (part,) = tracks["parts"]
    assert (part["name"], part["mask"]) == ("the boat", "masks/motion_1.png")
    assert len(part["points"]) == 5 * FPS
    drawing = drawn(path(M1))
    ends = np.array(drawing.paths(M1)[0].points_canvas_px)[[0, -1]]
    scaled = ends * (np.array(SIZE_PX) / drawing.canvas_size_px)
    assert np.allclose([part["points"][0], part["points"][-1]], scaled, atol=0.01)


def test_the_video_has_the_tracks_rate_and_begins_with_the_picture(directed: dict[str, bytes]) -> None:
    """The drawing animated, and nothing drawn over it."""
    info = probe(directed["motion.mp4"])
    assert (info.fps, info.frames) == (FPS, 5 * FPS)
    assert (info.width, info.height) == SIZE_PX
    first = next(iter(frames_of(directed["motion.mp4"]))).astype(float)
    error = np.abs(first - pixels(directed["first_frame.png"])).mean()
    assert error < 3


def test_a_last_frame_is_given_as_it_is_sent() -> None:
    """One's own, or a rendered one."""
    made = replace(draft(model_name="kling-v2-6", mode="pro"), tail=Picture(source=other_photo("JPEG")))
    with Image.open(io.BytesIO(other_photo("JPEG").wire_bytes)) as image:
        assert np.array_equal(pixels(files(made)["last_frame.png"]), np.asarray(image.convert("RGB")))


def test_where_nothing_moves_there_are_no_tracks_and_no_video() -> None:
    """Paint without a path, and a path without paint."""
    found = files(draft(area(M1), path(M2)))
    assert "motion.mp4" not in found
    assert json.loads(found["trajectories.json"])["parts"] == []
    assert set(files(draft())) == {"first_frame.png"}


def test_a_picture_given_by_its_address_gives_the_request_alone() -> None:
    """Its pixels are not here."""
    made = draft(picture=Picture(url=PictureUrl("https://pictures.example.com/cat.png")))
    request = compose(made).request
    assert json.loads(export_files(made, request)["request.json"]) == request.to_wire()
    assert set(export_files(made, request)) == {"request.json"}
