"""Fill by colour finds what looks alike, and hands it on as few vectors."""

import json

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from components.canvas.fabric_json import to_fabric
from studio.drawing.colour_fill import (
    MAX_OUTLINE_POINTS,
    WORKING_SIDE_PX,
    ColourFill,
    fill_mask,
    fill_preview_jpeg,
    fill_strokes,
)
from studio.drawing.model import Drawing, Layer
from studio.drawing.rasterise import mask_image_px
from studio.pictures.samples import SAMPLES, load_sample
from tests.support.pictures import decoded, encoded

PLAIN = ColourFill(tolerance=10, smooth_px=0)


def ring() -> bytes:
    """A red ring on grey, 300 × 200, its hole 30 wide; a red dot beside it."""
    picture = np.full((200, 300, 3), 120, np.uint8)
    cv2.circle(picture, (150, 100), 60, (200, 30, 30), -1)
    cv2.circle(picture, (150, 100), 15, (120, 120, 120), -1)
    cv2.circle(picture, (270, 30), 10, (200, 30, 30), -1)
    return encoded(picture, "JPEG", quality=95, subsampling=0)


def iou(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    """How much two masks agree, 0..1."""
    return float(((a > 0) & (b > 0)).sum() / ((a > 0) | (b > 0)).sum())


def test_the_filling_is_what_is_connected_and_looks_alike() -> None:
    """The hole and the dot apart are left out."""
    mask = fill_mask(ring(), (0.35, 0.5), PLAIN)
    assert mask[100, 100] == 255
    assert mask[100, 150] == mask[30, 270] == mask[10, 10] == 0
    assert np.count_nonzero(mask) == pytest.approx(np.pi * (60**2 - 15**2), rel=0.03)


def test_a_larger_tolerance_takes_more() -> None:
    """Up to the whole picture."""
    shares = [np.count_nonzero(fill_mask(ring(), (0.35, 0.5), ColourFill(tolerance=t))) for t in (2, 20, 150)]
    assert shares == sorted(shares)
    assert shares[-1] == 300 * 200


def test_growing_and_shrinking_move_the_edge_by_as_many_pixels() -> None:
    """Outwards from the middle of the ring."""
    widths = [
        np.count_nonzero(
            fill_mask(ring(), (0.35, 0.5), ColourFill(tolerance=10, grow_px=grow, smooth_px=0))[100]
        )
        for grow in (-5, 0, 5)
    ]
    assert np.diff(widths) == pytest.approx([20, 20], abs=3)


@pytest.mark.parametrize("seed", [(-1.0, 0.5), (2.0, 2.0)])
def test_a_point_outside_is_taken_at_the_edge(seed: tuple[float, float]) -> None:
    """A click may land on the frame."""
    assert fill_mask(ring(), seed, PLAIN).any()


@pytest.mark.parametrize("canvas", [(300, 200), (360, 240), (720, 480), (210, 140)])
def test_the_vectors_paint_the_same_pixels_and_the_hole_stays_open(canvas: tuple[int, int]) -> None:
    """At any size of the canvas."""
    mask = fill_mask(ring(), (0.35, 0.5), PLAIN)
    painted = mask_image_px(fill_strokes(mask, Layer.MOTION_1, canvas), canvas, (300, 200))
    assert painted[100, 150] == 0
    assert iou(mask, painted) > 0.98


def test_a_real_photograph_becomes_few_enough_points_for_the_canvas() -> None:
    """Under 20 kB of its JSON, at every tolerance, and close to what was found."""
    photo = load_sample(SAMPLES[1]).display_jpeg(WORKING_SIDE_PX, WORKING_SIDE_PX)
    for tolerance in (8, 18, 40):
        mask = fill_mask(photo, (0.2, 0.3), ColourFill(tolerance=tolerance))
        strokes = fill_strokes(mask, Layer.MOTION_1, (667, 500))
        assert sum(len(stroke.points_canvas_px) for stroke in strokes) <= MAX_OUTLINE_POINTS
        drawing = Drawing(canvas_width_px=667, canvas_height_px=500, strokes=strokes)
        assert len(json.dumps(to_fabric(drawing))) < 20_000
        assert iou(mask, mask_image_px(strokes, (667, 500), mask.shape[::-1])) > 0.8


def test_nothing_found_gives_no_strokes() -> None:
    """A filling can be shrunk away."""
    assert fill_strokes(np.zeros((20, 20), np.uint8), Layer.STATIC, (20, 20)) == ()


def test_the_preview_tints_the_area_and_nothing_far_from_it() -> None:
    """So that one sees it before taking it."""
    mask = fill_mask(ring(), (0.35, 0.5), PLAIN)
    before, after = decoded(ring()), decoded(fill_preview_jpeg(ring(), mask, (0, 0, 255)))
    assert after[100, 105, 2] > before[100, 105, 2] + 40
    assert np.abs(after[10:20, 10:20].astype(int) - before[10:20, 10:20]).max() < 8
