"""Sheet or layer: each reason, at every size."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motion import Method, Region, RegionPlan, Scene, plan
from motion.paths import displacements
from tests.support.scenes import box, ellipse

SHAPE = (360, 640)
PICTURE = np.zeros((*SHAPE, 3), np.uint8)
PART = ellipse(SHAPE, 320, 180, 60, 60)
WAY = np.array([[0.0, 0.0], [50.0, 0.0]])


def _region(dx: float, dy: float) -> Region:
    return Region(mask=PART, path_px=np.array([[0.0, 0.0], [dx, dy]]))


def _first(scene: Scene) -> RegionPlan:
    return plan(scene).regions[0]


def test_a_roughly_painted_part_with_a_short_way_is_a_sheet() -> None:
    """The usual case."""
    assert _first(Scene(image=PICTURE, regions=(_region(50, 20),))).method is Method.SHEET


@pytest.mark.parametrize(
    ("scene", "reason"),
    [
        (Scene(image=PICTURE, regions=(_region(250, 0),)), "too far"),
        (Scene(image=PICTURE, regions=(_region(50, 0),), static_mask=box(SHAPE, 400, 0, 640, 360)), "static"),
        (Scene(image=PICTURE, regions=(_region(180, 0),), duration_s=0.1), "too fast"),
        (
            Scene(image=PICTURE, regions=(Region(mask=box(SHAPE, 300, 100, 304, 260), path_px=WAY),)),
            "too thin",
        ),
        (
            Scene(
                image=PICTURE,
                regions=(_region(90, 0), Region(mask=ellipse(SHAPE, 500, 180, 60, 60), path_px=-WAY)),
            ),
            "another moving part",
        ),
    ],
)
def test_where_a_sheet_cannot_tell_the_truth_it_is_a_layer_and_says_why(scene: Scene, reason: str) -> None:
    """Each reason of the specification, in words."""
    assert _first(scene).method is Method.LAYER
    assert reason in _first(scene).reason


def test_a_part_that_static_covers_does_not_move() -> None:
    """Static wins, and the plan says so."""
    scene = Scene(image=PICTURE, regions=(_region(50, 0),), static_mask=np.ones(SHAPE, np.bool_))
    assert _first(scene).method is Method.STILL


def test_the_later_region_has_the_pixels_that_two_share() -> None:
    """Masks that overlap are shared out, so that no pixel is asked to go two ways."""
    first, second = plan(Scene(image=PICTURE, regions=(_region(9, 0), _region(0, 9)))).regions
    assert not first.mask.any()
    assert np.array_equal(second.mask, PART)


@pytest.mark.parametrize("cap", [1280, 640, 320])
@pytest.mark.parametrize("dx", [50.0, 250.0])
def test_one_drawing_is_treated_alike_at_every_size(cap: int, dx: float) -> None:
    """About 160 cells at any size."""
    image = np.zeros((720, 1280, 3), np.uint8)
    region = Region(
        mask=ellipse(image.shape, 640, 360, 120, 120), path_px=np.array([[0.0, 0.0], [2 * dx, 0.0]])
    )
    full = Scene(image=image, regions=(region,))
    assert _first(full.scaled_to(cap, cap)).method is _first(full).method


_COORDINATE = st.integers(-500, 500)


@given(st.lists(st.tuples(_COORDINATE, _COORDINATE), min_size=2, max_size=77), st.integers(2, 200))
@settings(max_examples=60)
def test_a_path_is_walked_at_constant_speed_from_its_start_to_exactly_its_end(
    points: list[tuple[int, int]], count: int
) -> None:
    """Start at 0, end at the end, and no step longer than an equal share of the way."""
    path = np.array(points, np.float64)
    moves = displacements(path, count)
    share = np.hypot(*np.diff(path, axis=0).T).sum() / (count - 1)
    assert moves.shape == (count, 2)
    assert np.allclose(moves[0], 0)
    assert np.allclose(moves[-1], path[-1] - path[0])
    assert (np.hypot(*np.diff(moves, axis=0).T) <= share + 1e-6).all()


def test_a_scene_without_masks_has_an_empty_plan() -> None:
    """Nothing is swept."""
    nothing = plan(replace(Scene(image=PICTURE), duration_s=1.0))
    assert nothing.regions == ()
    assert not nothing.swept.any()
