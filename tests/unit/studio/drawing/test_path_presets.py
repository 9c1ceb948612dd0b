"""Trajectories from handles instead of from a steady hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.drawing.path_presets import DEFAULT_BEND, PathShape, Preset, preset_points

CANVAS = (720, 480)
MIDDLE = (360.0, 240.0)


@pytest.mark.parametrize(
    ("direction_deg", "end"), [(0, (460, 240)), (90, (360, 140)), (180, (260, 240)), (-90, (360, 340))]
)
def test_a_line_goes_where_one_points(direction_deg: float, end: tuple[float, float]) -> None:
    """0° is to the right and 90° is up, as one sees the picture."""
    points = preset_points(PathShape(preset=Preset.LINE, direction_deg=direction_deg), MIDDLE, CANVAS)
    assert points[0] == MIDDLE
    assert points[-1] == pytest.approx(end)


def test_an_arc_ends_where_its_line_ends_and_bows_to_the_left() -> None:
    """A bend of one swings out by half the way."""
    shape = PathShape(preset=Preset.ARC, length_canvas_px=200, bend=1)
    points = np.array(preset_points(shape, MIDDLE, CANVAS))
    assert points[-1] == pytest.approx((560, 240))
    assert points[:, 1].min() == pytest.approx(140, abs=0.5)


def test_a_circle_comes_back_and_is_as_long_as_asked() -> None:
    """Its length is the way round."""
    shape = PathShape(preset=Preset.CIRCLE, length_canvas_px=300, bend=1)
    points = np.array(preset_points(shape, MIDDLE, CANVAS))
    assert points[-1] == pytest.approx(points[0])
    assert np.hypot(*np.diff(points, axis=0).T).sum() == pytest.approx(300, rel=0.01)


def test_a_wave_swings_to_both_sides() -> None:
    """Twice to each."""
    shape = PathShape(preset=Preset.WAVE, length_canvas_px=200, bend=0.5)
    swing = np.array(preset_points(shape, MIDDLE, CANVAS))[:, 1] - MIDDLE[1]
    assert (swing.max(), swing.min()) == pytest.approx((25, -25), abs=0.5)


@pytest.mark.parametrize("start", [(100.0, 100.0), (700.0, 20.0), (360.0, 470.0)])
def test_a_zoom_out_leads_to_the_middle_of_the_picture(start: tuple[float, float]) -> None:
    """Whatever direction another preset had."""
    shape = PathShape(preset=Preset.ZOOM_OUT, direction_deg=123, length_canvas_px=50)
    points = preset_points(shape, start, CANVAS)
    assert math.dist(points[-1], MIDDLE) == pytest.approx(math.dist(start, MIDDLE) - 50)


def test_a_zoom_out_from_the_very_middle_goes_up() -> None:
    """There is no way to where one is."""
    points = preset_points(PathShape(preset=Preset.ZOOM_OUT, length_canvas_px=50), MIDDLE, CANVAS)
    assert points[-1] == pytest.approx((360, 190))


@given(
    preset=st.sampled_from(Preset),
    start=st.tuples(st.floats(-50, 800), st.floats(-50, 530)),
    direction_deg=st.floats(-180, 180),
    length=st.floats(1, 2000),
    bend=st.floats(-1, 1),
)
def test_no_preset_leaves_the_picture(
    preset: Preset, start: tuple[float, float], direction_deg: float, length: float, bend: float
) -> None:
    """It is drawn smaller instead: the service refuses points outside."""
    shape = PathShape(preset=preset, direction_deg=direction_deg, length_canvas_px=length, bend=bend)
    points = np.array(preset_points(shape, start, CANVAS))
    assert np.isfinite(points).all()
    assert (points >= 0).all()
    assert (points < CANVAS).all()


def test_every_preset_has_a_bend_to_begin_with() -> None:
    """A new preset must say what it looks like."""
    assert set(DEFAULT_BEND) == set(Preset)
