"""The painted part goes where it is sent, the frozen part stays: measured on videos of photographs."""

from dataclasses import replace

import numpy as np
import pytest

from motion import Region, RenderSettings, Scene, decode, frames, plan, render_mp4
from motion.render import BrushMotion
from motion.yuv import chroma_mask
from tests.support.honesty import (
    END_PX,
    FROZEN_PSNR_DB,
    LAYER_RMS_PX,
    SHEET_RMS_PX,
    Picture,
    path_error,
    probe_picture,
    psnr_inside,
    track_bright,
    track_template,
)
from tests.support.scenes import Case, cases, ellipse

SETTINGS = RenderSettings(fps=16)
CASES = {case.name: case for case in cases()}
RMS_PX = {"sheet": SHEET_RMS_PX, "layer": LAYER_RMS_PX}


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


@pytest.fixture(scope="module")
def video(case: Case) -> Picture:
    return decode(render_mp4(case.scene, SETTINGS))


def test_the_method_is_the_expected_one(case: Case) -> None:
    """A sheet where it can tell the truth, a layer where it cannot."""
    assert plan(case.scene.scaled_to(1280, 1280)).regions[0].method == case.method


def test_the_painted_part_of_a_photograph_follows_its_path(case: Case, video: Picture) -> None:
    """Template: RMS within the method's gate, the end within 1 px."""
    error = path_error(track_template(video, case.region.mask[: video.shape[1]]), case.region.path_px)
    assert error.rms_px <= RMS_PX[case.method]
    assert error.end_px <= END_PX
    assert error.moved_px > 40


def test_the_painted_part_of_a_probe_follows_its_path(case: Case) -> None:
    """Probe: the bright area's centroid, frame by frame; without static, which would hide a part of it."""
    scene = replace(case.scene, image=probe_picture(case.region.mask), static_mask=None)
    error = path_error(track_bright(decode(render_mp4(scene, SETTINGS))), case.region.path_px)
    assert error.rms_px <= RMS_PX[case.method]
    assert error.end_px <= END_PX


def test_the_frozen_part_does_not_change_at_all_before_encoding(case: Case) -> None:
    """Difference 0 in every plane under the static mask, in every frame."""
    static = case.scene.scaled_to(1280, 1280).static_mask
    assert static is not None
    masks = (static, chroma_mask(static), chroma_mask(static))
    first, *others = frames(case.scene, SETTINGS)
    for frame in others:
        for mask, before, now in zip(masks, first.planes, frame.planes, strict=True):
            assert np.array_equal(before[mask], now[mask])


def test_the_frozen_part_stays_after_encoding(case: Case, video: Picture) -> None:
    """At least 40 dB PSNR, against what went into the encoder and against the first decoded frame."""
    static = case.scene.scaled_to(1280, 1280).static_mask
    assert static is not None
    source = next(frames(case.scene, SETTINGS)).to_rgb()
    assert min(psnr_inside(frame, source, static) for frame in video) >= FROZEN_PSNR_DB
    assert min(psnr_inside(frame, video[0], static) for frame in video) >= FROZEN_PSNR_DB


def test_the_first_frame_is_the_picture_untouched(case: Case) -> None:
    """Frame 0 differs from the picture by the loss of chroma resolution only; its luma is the picture's."""
    fitted = case.scene.scaled_to(1280, 1280)
    still = next(frames(replace(fitted, regions=(), static_mask=None), SETTINGS))
    assert np.array_equal(next(frames(fitted, SETTINGS)).packed, still.packed)


def _error(scene: Scene, of: Case) -> float:
    video = decode(render_mp4(scene, SETTINGS))
    return path_error(track_template(video, of.region.mask[: video.shape[1]]), of.region.path_px).end_px


def test_control_a_path_that_is_not_flipped_is_caught() -> None:
    """Negative control: with y upside down the end is far outside the gate."""
    case = CASES["a head along a bend"]
    start = case.region.path_px[0]
    region = replace(case.region, path_px=start + (case.region.path_px - start) * [1, -1])
    assert _error(replace(case.scene, regions=(region,)), case) > 5 * END_PX


def test_control_a_video_without_motion_is_caught() -> None:
    """Negative control: a still video misses the end by the whole way."""
    case = CASES["a rocket that lifts"]
    region = replace(case.region, path_px=np.repeat(case.region.path_px[:1], 2, axis=0))
    assert _error(replace(case.scene, regions=(region,)), case) > 5 * END_PX


def test_control_a_sheet_without_its_pin_is_caught() -> None:
    """Negative control: without the pin the flow's small errors add up beyond the gate."""
    mask = ellipse((512, 512), 220, 110, 30, 30)
    region = Region(mask=mask, path_px=np.array([[0.0, 0.0], [120.0, 60.0]]))
    scene = Scene(image=probe_picture(mask), regions=(region,), duration_s=3)
    loose, pinned = (BrushMotion(scene, plan(scene, 48), pin=pin) for pin in (False, True))
    missed, met = (
        path_error(track_bright(motion.frame(n).to_rgb() for n in range(48)), region.path_px)
        for motion in (loose, pinned)
    )
    assert missed.rms_px > SHEET_RMS_PX
    assert missed.end_px > END_PX
    assert met.end_px < 0.1
