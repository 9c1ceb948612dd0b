"""Small drawings laid over frames: where they are put, in their colour, and nowhere else."""

import numpy as np
import pytest

from motion import I420
from studio.preview.sprites import Sprite

RED, WHITE = (229, 72, 77), (255, 255, 255)


def grey_frame() -> I420:
    return I420.from_rgb(np.full((60, 80, 3), 100, np.uint8))


def square(side: int = 16, covered: int = 255) -> Sprite:
    return Sprite((np.full((side, side), covered, np.uint8), RED, 1.0))


def test_a_stamp_has_its_colour_where_it_lies_and_changes_nothing_else() -> None:
    """Put down at 20, 10."""
    frame = grey_frame()
    square().draw_on(frame, 20, 10)
    shown = frame.to_rgb().astype(int)
    assert np.abs(shown[14:22, 24:32] - RED).max() <= 4
    outside = np.ones((60, 80), np.bool_)
    outside[8:28, 18:38] = False
    assert np.abs(shown[outside] - 100).max() <= 2


@pytest.mark.parametrize("place", [(-8, -8), (72, 52), (-300, 0), (79, 59)])
def test_what_hangs_over_the_frame_is_cut_off(place: tuple[int, int]) -> None:
    """Nothing comes in again on the other side, and it is no fault."""
    frame, middle = grey_frame(), (slice(12, 48), slice(12, 68))
    square().draw_on(frame, *place)
    assert np.abs(frame.to_rgb()[middle].astype(int) - 100).max() <= 2


def test_half_covered_is_half_mixed_and_the_later_ink_lies_over_the_earlier() -> None:
    """As light through thin paint."""
    thin, over = grey_frame(), grey_frame()
    square(covered=128).draw_on(thin, 20, 10)
    expected = (np.array(RED) + 100) / 2
    assert np.abs(thin.to_rgb()[14:22, 24:32].astype(int) - expected).max() <= 5
    full = np.full((16, 16), 255, np.uint8)
    Sprite((full, RED, 1.0), (full, WHITE, 1.0)).draw_on(over, 20, 10)
    assert over.to_rgb()[14:22, 24:32].min() >= 250
