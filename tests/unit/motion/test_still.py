"""The last frame at full size: every part has arrived, and what did not move is untouched."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from motion import Method, Region, Scene, last_frame
from tests.support import honesty
from tests.support.scenes import Case, box, cases, ellipse

SIZES = [(1280, 720), (1281, 721), (4000, 3000)]
END_PX = 1.0


def probe(size_px: tuple[int, int], across: float, down: float) -> Scene:
    """A bright disc on dark noise that goes so many heights across and down; the right edge is static."""
    width, height = size_px
    shape = (height, width)
    disc = ellipse(shape, width * 0.5, height * 0.4, height / 12, height / 12)
    start = np.array([width * 0.5, height * 0.4])
    path = np.stack((start, start + np.array([across, down]) * height))
    static = box(shape, width - height // 10, 0, width, height)
    return Scene(
        image=honesty.probe_picture(disc), static_mask=static, regions=(Region(mask=disc, path_px=path),)
    )


def moved(mask: honesty.Mask, move_px: honesty.Points) -> honesty.Mask:
    """The mask elsewhere, to the nearest pixel."""
    matrix = np.array([[1, 0, round(move_px[0])], [0, 1, round(move_px[1])]], np.float64)
    return np.asarray(cv2.warpAffine(mask.astype(np.uint8), matrix, mask.shape[::-1]) > 0)


def grown(mask: honesty.Mask) -> honesty.Mask:
    """The mask with the rim over which a cut-out is blended."""
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((21, 21), np.uint8)) > 0)


def missed_px(scene: Scene, image: honesty.Picture) -> float:
    """How far the bright disc's centroid is from the path's end, relative to where it was."""
    first, last = honesty.track_bright([scene.image, image])
    path = scene.regions[0].path_px
    return float(np.hypot(*(last - first - (path[-1] - path[0]))))


@pytest.mark.parametrize("size_px", SIZES)
@pytest.mark.parametrize(
    ("across", "down", "method"),
    [(0.13, 0.11, Method.SHEET), (-0.5, 0.31, Method.LAYER)],
    ids=["sheet", "cut-out"],
)
def test_a_part_ends_within_a_pixel_of_its_path_s_end(
    size_px: tuple[int, int], across: float, down: float, method: Method
) -> None:
    """At the picture's own size, odd or not, on the sheet and cut out."""
    scene = probe(size_px, across, down)
    still = last_frame(scene)
    assert still.image.shape == scene.image.shape
    assert still.methods == (method,)
    assert missed_px(scene, still.image) <= END_PX


@pytest.mark.parametrize("size_px", SIZES[:2])
def test_static_pixels_are_the_picture_s_own(size_px: tuple[int, int]) -> None:
    """All of them, before encoding, whatever passes over them."""
    scene = probe(size_px, 1.0, 0.1)
    still = last_frame(scene)
    assert scene.static_mask is not None
    assert np.array_equal(still.image[scene.static_mask], scene.image[scene.static_mask])
    assert not (still.uncovered & scene.static_mask).any()


@pytest.mark.parametrize("wrong", ["not moved", "y not flipped"])
def test_control_a_frame_that_is_wrong_is_found(wrong: str) -> None:
    """The picture itself, or a part that went up instead of down, misses the end by far."""
    scene = probe((1280, 720), 0.13, 0.11)
    upside_down = scene.regions[0].path_px * [1, -1]
    flipped = replace(scene, regions=(Region(mask=scene.regions[0].mask, path_px=upside_down),))
    image = scene.image if wrong == "not moved" else last_frame(flipped).image
    assert missed_px(scene, image) > 50 * END_PX


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_far_from_every_part_the_picture_is_untouched(case: Case) -> None:
    """No colour is converted and no mark is drawn; the method is the one of the video."""
    still = last_frame(case.scene)
    assert [method.value for method in still.methods] == [case.method]
    changed = (still.image != case.scene.image).any(axis=2)
    assert 0.005 < changed.mean() < 0.7
    if case.method == "layer":
        there = moved(case.region.mask, case.region.path_px[-1] - case.region.path_px[0])
        assert not (changed & ~grown(case.region.mask) & ~grown(there)).any()


def test_what_is_uncovered_is_where_the_part_was_and_is_no_longer() -> None:
    """Of a cut-out; a sheet uncovers nothing."""
    scene = probe((1280, 720), -0.1, 0.9)
    still = last_frame(scene)
    assert np.array_equal(still.uncovered, scene.regions[0].mask)
    assert not last_frame(probe((1280, 720), 0.13, 0.0)).uncovered.any()


def test_a_part_may_leave_the_picture_wholly() -> None:
    """Nothing is drawn of it then, and its hole is filled."""
    scene = probe((640, 480), 0.0, 0.0)
    gone = np.array([[320.0, 192.0], [320.0, -900.0]])
    still = last_frame(replace(scene, regions=(Region(mask=scene.regions[0].mask, path_px=gone),)))
    assert still.methods == (Method.LAYER,)
    assert still.image.mean(axis=2).max() < 120


def test_a_part_that_is_covered_by_static_stays() -> None:
    """There is nothing left to move."""
    scene = probe((640, 480), 0.13, 0.0)
    still = last_frame(replace(scene, static_mask=np.ones(scene.image.shape[:2], np.bool_)))
    assert still.methods == (Method.STILL,)
    assert np.array_equal(still.image, scene.image)


def test_the_same_scene_gives_the_same_frame() -> None:
    """Nothing in it is left to chance."""
    scene = cases()[2].scene
    assert np.array_equal(last_frame(scene).image, last_frame(scene).image)
