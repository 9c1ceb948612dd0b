"""A path that is there is changed, and stays the path that was drawn."""

import math

import numpy as np
import pytest

from studio.drawing.path_editing import (
    CONTROLS,
    MAX_OWN_CONTROLS,
    control_points,
    nudged,
    reversed_path,
    smoothed_path,
    with_controls,
)

BOW = tuple((float(x), 100 + 40 * math.sin(x / 60)) for x in range(0, 300, 3))
CORNER = ((0.0, 0.0), (10.0, 0.0), (10.0, 20.0))


def test_a_reversed_path_goes_back() -> None:
    """Twice is as before."""
    assert reversed_path(CORNER) == ((10, 20), (10, 0), (0, 0))
    assert reversed_path(reversed_path(BOW)) == BOW


def test_smoothing_takes_the_trembling_out_and_keeps_both_ends() -> None:
    """The way itself stays within a few pixels."""
    trembling = tuple((x, y + (3 if i % 2 else -3)) for i, (x, y) in enumerate(BOW))
    smooth = np.array(smoothed_path(trembling))
    assert smooth[0] == pytest.approx(trembling[0])
    assert smooth[-1] == pytest.approx(trembling[-1])
    assert np.abs(np.diff(smooth[:, 1], 2)).max() < 1.5
    assert max(abs(y - (100 + 40 * math.sin(x / 60))) for x, y in smooth) < 4


@pytest.mark.parametrize("points", [CORNER[:1], CORNER[:2]])
def test_what_has_no_bend_is_smooth(points: tuple[tuple[float, float], ...]) -> None:
    """A dot and a line stay as they are."""
    assert smoothed_path(points) == points


def test_a_short_path_shows_its_own_points_and_a_long_one_a_few() -> None:
    """Both ends are always among them."""
    assert control_points(BOW[:MAX_OWN_CONTROLS]) == BOW[:MAX_OWN_CONTROLS]
    controls = control_points(BOW)
    assert len(controls) == CONTROLS
    assert controls[0] == pytest.approx(BOW[0])
    assert controls[-1] == pytest.approx(BOW[-1])


def test_control_points_that_did_not_move_change_nothing() -> None:
    """Opening the table is no edit."""
    assert np.array(with_controls(BOW, control_points(BOW))) == pytest.approx(np.array(BOW))


def test_a_moved_control_point_pulls_its_neighbourhood_and_no_more() -> None:
    """The detail between comes along."""
    pulled = np.array(nudged(BOW, 3, 0.0, -20.0))
    moved = np.array(BOW)[:, 1] - pulled[:, 1]
    assert moved.max() == pytest.approx(20, abs=0.5)
    assert moved[0] == moved[-1] == 0
    assert np.count_nonzero(moved) < len(BOW) / 2.5
    # Bent, not dented: straight from control point to control point it would turn by twice a slope at once.
    assert np.abs(np.diff(moved, 2)).max() < 20 / 16 / 2


def test_a_whole_path_is_moved_without_changing_its_shape() -> None:
    """All points alike."""
    assert nudged(CORNER, None, 2, 3) == ((2, 3), (12, 3), (12, 23))


def test_another_number_of_control_points_is_refused() -> None:
    """There would be no telling which is which."""
    with pytest.raises(ValueError, match="7 control points"):
        with_controls(BOW, CORNER)


def test_a_single_click_and_a_way_of_no_length_can_be_handled() -> None:
    """What a person begins with."""
    assert nudged(((5.0, 5.0),), 0, 1, 1) == ((6, 6),)
    assert len(smoothed_path(((5.0, 5.0),) * 20)) > 1
