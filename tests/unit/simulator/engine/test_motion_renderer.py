"""The one place where the simulator meets the renderer."""

import numpy as np
import pytest

from motion.video import decode, probe
from simulator.contract.pictures import PictureProblem
from simulator.engine.motion_renderer import render_with_motion
from simulator.engine.scene import RenderRequest
from tests.support.honesty import psnr_inside
from tests.support.pictures import gradient, noise

RENDER = render_with_motion(max_px=320, fps=4)


def ordered(
    *, fine: bool = False, width_px: int = 400, height_px: int = 300, grain: bool = False
) -> RenderRequest:
    return RenderRequest(
        image=noise(width_px, height_px)[..., :1].repeat(3, axis=2)
        if grain
        else gradient(width_px, height_px),
        tail=None,
        frozen=None,
        moving=(),
        duration_s=1.0,
        fine=fine,
        comment="simulation; model=kling-v1",
    )


def test_a_film_has_the_asked_length_and_a_capped_even_size() -> None:
    """H.264 in yuv420p, so that every browser plays it; its comment says what it is."""
    made = RENDER(ordered())
    told = probe(made.mp4)
    assert (told.width, told.height, told.codec, told.pixel_format) == (320, 240, "h264", "yuv420p")
    assert made.duration_s == pytest.approx(1.0, abs=0.05)
    assert told.comment == "simulation; model=kling-v1"


def test_a_small_picture_is_not_enlarged() -> None:
    """The cap is a cap."""
    assert (
        probe(render_with_motion(max_px=1280, fps=2)(ordered(width_px=301, height_px=300)).mp4).width == 300
    )


def test_pro_is_finer_than_std() -> None:
    """Its first frame is nearer to the picture that was sent."""
    picture = ordered(grain=True, width_px=320, height_px=300).image
    middle = np.zeros(picture.shape[:2], np.bool_)
    middle[75:225, 80:240] = True  # away from the corner with the mark

    def nearness_db(*, fine: bool) -> float:
        made = RENDER(ordered(fine=fine, grain=True, width_px=320, height_px=300))
        return psnr_inside(decode(made.mp4)[0].mean(axis=2), picture.mean(axis=2), middle)

    assert nearness_db(fine=True) > nearness_db(fine=False) + 1


def test_a_scene_that_cannot_be_animated_is_a_problem_with_words() -> None:
    """It becomes the task's message."""
    order = RenderRequest(
        image=np.zeros((4, 4, 3), np.uint8),
        tail=None,
        frozen=None,
        moving=(),
        duration_s=1.0,
        fine=False,
        comment="",
    )
    with pytest.raises(PictureProblem, match="at least"):
        RENDER(order)
