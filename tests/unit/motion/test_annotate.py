"""What a caller draws over the frames."""

from dataclasses import replace

import numpy as np
import pytest

from motion import I420, RenderSettings, Scene, decode, frames, render_mp4
from tests.support.scenes import photo

SETTINGS = RenderSettings(fps=10, crf=10)
SCENE = Scene(image=photo("coffee"), duration_s=0.5)


def white_corner(_number: int, frame: I420) -> None:
    frame.planes[0][:40, :40] = 235


def test_what_is_drawn_over_the_frames_is_in_the_video() -> None:
    """In every frame, and nowhere else."""
    plain, drawn = list(frames(SCENE, SETTINGS)), list(frames(SCENE, SETTINGS, white_corner))
    for before, after in zip(plain, drawn, strict=True):
        assert (after.planes[0][:40, :40] == 235).all()
        assert np.array_equal(before.planes[0][40:], after.planes[0][40:])
    assert decode(render_mp4(SCENE, SETTINGS, white_corner))[:, 5:30, 5:30].mean() > 220


def test_each_frame_is_drawn_on_once_in_order() -> None:
    """A caller may count on the numbers."""
    seen: list[int] = []
    render_mp4(SCENE, SETTINGS, lambda number, _frame: seen.append(number))
    assert seen == list(range(5))


def test_the_mark_lies_over_what_is_drawn() -> None:
    """Nobody can paint the mark away."""
    marked = replace(SETTINGS, mark="preview")

    def black(_number: int, frame: I420) -> None:
        frame.planes[0][:] = 16

    assert max(frame.planes[0].max() for frame in frames(SCENE, marked, black)) > 180


def test_a_caller_that_raises_ends_the_rendering() -> None:
    """Nobody waits for a video that is no longer wanted."""

    def refuse(number: int, _frame: I420) -> None:
        if number == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        render_mp4(SCENE, SETTINGS, refuse)
