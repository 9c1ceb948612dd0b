"""The review's picture, read back out of the very request that will be sent."""

import base64
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from kling import DynamicMask, ImageToVideoRequest, TrajectoryPoint
from studio.drawing.model import Layer
from studio.preview.still import overlay_jpeg
from tests.support.pictures import decoded, encoded

GREY = 100
COLOURS = {
    Layer.STATIC: (0, 140, 255),
    Layer.MOTION_1: (230, 70, 80),
    Layer.MOTION_2: (50, 165, 110),
    Layer.MOTION_6: (240, 220, 40),
}
M1, M2 = Layer.MOTION_1, Layer.MOTION_2
Box = tuple[int, int, int, int]


def text(pixels: NDArray[np.uint8], kind: str = "PNG") -> str:
    return base64.b64encode(encoded(pixels, kind)).decode()


def plain(width_px: int = 400, height_px: int = 320) -> ImageToVideoRequest:
    """A grey picture."""
    image = text(np.full((height_px, width_px, 3), GREY, np.uint8), "JPEG")
    return ImageToVideoRequest(image=image, model_name="kling-v1")


def mask(box_px: Box, size_px: tuple[int, int] = (400, 320)) -> str:
    """White in left, top, right, bottom."""
    left, top, right, bottom = box_px
    pixels = np.zeros((size_px[1], size_px[0]), np.uint8)
    pixels[top:bottom, left:right] = 255
    return text(pixels)


def dynamic(*points_wire_px: tuple[int, int], box_px: Box | None = None) -> DynamicMask:
    points = tuple(TrajectoryPoint(x=x, y=y) for x, y in points_wire_px)
    return DynamicMask(mask=mask(box_px) if box_px else "", trajectories=points)


def seen(request: ImageToVideoRequest, *layers: Layer) -> NDArray[np.int64]:
    return decoded(overlay_jpeg(request, layers, COLOURS)).astype(np.int64)


def near(pixel: NDArray[np.int64], colour: tuple[int, ...], tolerance: int = 14) -> bool:
    """JPEG changes values a little."""
    return bool(np.abs(pixel - np.array(colour)).max() <= tolerance)


def tint(layer: Layer) -> tuple[int, ...]:
    """Half the picture, half the layer's colour."""
    return tuple((GREY + part) // 2 for part in COLOURS[layer])


def touched(pixels: NDArray[np.int64]) -> NDArray[np.bool_]:
    return np.asarray(np.abs(pixels - GREY).max(axis=2) > 20)


def test_a_picture_without_masks_is_shown_unchanged() -> None:
    """Nothing is drawn that will not be sent."""
    assert not touched(seen(plain())).any()


def test_what_is_white_in_a_mask_is_tinted_in_its_layers_colour() -> None:
    """Static and moving, each where its own mask is white, and nowhere else."""
    request = replace(
        plain(),
        static_mask=mask((20, 20, 100, 100)),
        dynamic_masks=(dynamic(box_px=(200, 40, 260, 90)), dynamic(box_px=(300, 200, 380, 300))),
    )
    pixels = seen(request, M1, M2)
    assert near(pixels[60, 60], tint(Layer.STATIC))
    assert near(pixels[65, 230], tint(M1))
    assert near(pixels[250, 340], tint(M2))
    marked = touched(pixels)
    around = np.zeros_like(marked)
    for left, top, right, bottom in ((20, 20, 100, 100), (200, 40, 260, 90), (300, 200, 380, 300)):
        around[top - 4 : bottom + 4, left - 4 : right + 4] = True
    assert not (marked & ~around).any()


def test_each_region_has_an_outline_in_its_full_colour() -> None:
    """A tint alone would be lost on a picture of the same colour."""
    pixels = seen(replace(plain(), static_mask=mask((100, 100, 200, 200))))
    assert near(pixels[150, 100], COLOURS[Layer.STATIC], 40)
    assert near(pixels[100, 150], COLOURS[Layer.STATIC], 40)


def test_the_layers_say_whose_colour_a_mask_has() -> None:
    """The first dynamic mask need not be Motion 1."""
    request = replace(plain(), dynamic_masks=(dynamic(box_px=(100, 100, 200, 200)),))
    assert near(seen(request, Layer.MOTION_6)[150, 150], tint(Layer.MOTION_6))
    with pytest.raises(ValueError, match="zip"):
        seen(request)


def test_a_path_is_drawn_where_its_wire_points_say() -> None:
    """Wire y counts from the bottom: a small one is low in the picture."""
    pixels = seen(replace(plain(), dynamic_masks=(dynamic((100, 40), (300, 40)),)), M1)
    assert near(pixels[320 - 1 - 40, 200], COLOURS[M1], 40)
    rows = np.flatnonzero(touched(pixels)[:, 200])
    assert rows.min() >= 279 - 6
    assert rows.max() <= 279 + 6
    assert rows.mean() == pytest.approx(279, abs=0.6)


def test_the_two_ends_of_a_path_differ() -> None:
    """A dot where it starts, an arrow where it ends: the direction can be read."""
    there = touched(seen(replace(plain(), dynamic_masks=(dynamic((100, 160), (300, 160)),)), M1))
    back = touched(seen(replace(plain(), dynamic_masks=(dynamic((300, 160), (100, 160)),)), M1))
    assert there[:, 306:].any()
    assert not there[:, :88].any()
    assert back[:, :94].any()
    assert not back[:, 312:].any()


def test_a_path_lies_over_every_mask() -> None:
    """Also over one that is drawn later."""
    request = replace(
        plain(), dynamic_masks=(dynamic((100, 160), (300, 160)), dynamic(box_px=(50, 50, 350, 300)))
    )
    assert near(seen(request, M1, M2)[159, 200], COLOURS[M1], 40)


@pytest.mark.parametrize("points", [(), ((200, 160),), ((200, 160), (260, 160), (200, 160))])
def test_a_path_without_a_direction_is_no_fault(points: tuple[tuple[int, int], ...]) -> None:
    """Unfinished drafts and loops are shown as they are."""
    request = replace(plain(), dynamic_masks=(dynamic(*points, box_px=(20, 20, 60, 60)),))
    assert touched(seen(request, M1))[159, 200] == bool(points)


@pytest.mark.parametrize("size_px", [(300, 300), (4000, 3000), (750, 300), (1200, 3000)])
def test_pictures_of_every_size_are_shown_whole_and_never_enlarged(size_px: tuple[int, int]) -> None:
    """At most 960 px on a side; masks and paths are scaled with the picture."""
    width, height = size_px
    box = (width // 4, height // 4, width // 2, height // 2)
    end = (width * 3 // 4, height // 8)
    moved = DynamicMask(
        mask=mask(box, size_px),
        trajectories=(TrajectoryPoint(x=width // 3, y=height // 8), TrajectoryPoint(x=end[0], y=end[1])),
    )
    pixels = seen(replace(plain(width, height), dynamic_masks=(moved,)), M1)
    scale = min(1.0, 960 / max(size_px))
    assert pixels.shape[:2] == (round(height * scale), round(width * scale))
    assert near(pixels[round(height * 0.4 * scale), round(width * 0.4 * scale)], tint(M1))
    assert near(
        pixels[round((height - 1 - height // 8) * scale), round(width * 0.6 * scale)], COLOURS[M1], 60
    )
