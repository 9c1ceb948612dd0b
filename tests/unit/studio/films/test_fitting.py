"""Steps by which a moving picture becomes small enough."""

import pytest

from studio.films.fitting import MAX_BYTES, MAX_PIXELS, Fitting, first_fitting, smaller_fitting


def test_it_is_made_as_asked_but_never_wider_or_quicker_than_the_video() -> None:
    """Even sides, proportions kept, at most 15 frames a second."""
    assert first_fitting((1280, 720), 24, 5, 480) == Fitting(width_px=480, height_px=270, fps=15)
    assert first_fitting((100, 51), 8, 5, 480) == Fitting(width_px=100, height_px=50, fps=8)
    assert first_fitting((1280, 720), 0.0, 5, 480).fps == 1


def test_frames_that_would_not_fit_into_memory_are_made_narrower_at_once() -> None:
    """An upright video, long and wide."""
    made = first_fitting((1080, 1920), 30, 15, 640)
    assert made.width_px < 640
    assert made.frames(15) * made.width_px * made.height_px <= MAX_PIXELS


def test_a_little_too_large_costs_frames_and_quality_alone() -> None:
    """The width that was asked for stays as long as it can."""
    tried = Fitting(width_px=480, height_px=270, fps=15)
    made = smaller_fitting(tried, round(MAX_BYTES * 1.2), MAX_BYTES)
    assert made is not None
    assert (made.width_px, made.fps, made.quality) == (480, 11, 65)


@pytest.mark.parametrize("size_px", [(640, 360), (360, 640)])
def test_it_gets_smaller_until_there_is_nothing_left_to_give_up(size_px: tuple[int, int]) -> None:
    """A file that never fits ends it after a few tries."""
    made: Fitting | None = Fitting(width_px=size_px[0], height_px=size_px[1], fps=15)
    tries = []
    while made is not None:
        tries.append(made)
        made = smaller_fitting(made, 40_000_000, MAX_BYTES)
    pixels = [each.fps * each.width_px * each.height_px for each in tries]
    assert pixels == sorted(pixels, reverse=True)
    assert len(tries) < 12
