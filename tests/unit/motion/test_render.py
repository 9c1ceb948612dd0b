"""The other ways a picture moves, the mark, and what goes wrong."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from motion import EncodeError, Region, RenderSettings, Scene, decode, frames, render_mp4
from motion.camera import ZOOM
from motion.encode import Encoder
from motion.fill import fill
from motion.scene import covering
from motion.tail import trusted_flows
from motion.yuv import I420
from tests.support.honesty import TAIL_SSIM, psnr_inside, ssim
from tests.support.scenes import box, cases, ellipse, photo

SETTINGS = RenderSettings(fps=12)


def test_without_masks_the_camera_moves_gently_in() -> None:
    """Zoom 1 → 1.08: a feature near the left side moves outwards, and frame 0 is the picture."""
    image = photo("coffee")
    first, *_, last = frames(Scene(image=image, duration_s=1.0), SETTINGS)
    assert np.array_equal(first.packed, I420.from_rgb(image).packed)
    patch = first.planes[0][150:250, 400:480]
    _, _, _, (x, y) = cv2.minMaxLoc(cv2.matchTemplate(last.planes[0], patch, cv2.TM_CCOEFF_NORMED))
    grown = (ZOOM - 1) * np.array([440 - 300, 200 - 200])
    assert np.hypot(*(np.array([x, y]) - [400, 150] - grown)) < 0.02 * 600


def test_with_only_a_static_mask_the_camera_moves_around_it() -> None:
    """Nothing changes under the mask; something does far from it."""
    image = photo("raccoon")
    static = ellipse(image.shape, 600, 330, 150, 150)
    first, *_, last = frames(Scene(image=image, static_mask=static, duration_s=1.0), SETTINGS)
    assert np.array_equal(first.planes[0][static], last.planes[0][static])
    assert np.abs(first.planes[0][-90:, :90].astype(int) - last.planes[0][-90:, :90]).mean() > 3


@pytest.mark.parametrize("tail", ["shifted", "other"])
def test_the_video_ends_with_its_tail_frame(tail: str) -> None:
    """Exactly before encoding, SSIM ≥ 0.97 after; of another size it is fitted to cover."""
    image = photo("raccoon")
    end = np.asarray(np.roll(image, (6, 20), axis=(0, 1))) if tail == "shifted" else photo("coffee")
    scene = Scene(image=image, tail=end, duration_s=1.0)
    fitted = covering(end, (1024, 768))
    assert np.array_equal(list(frames(scene, SETTINGS))[-1].packed, I420.from_rgb(fitted).packed)
    assert ssim(decode(render_mp4(scene, SETTINGS))[-1], fitted) >= TAIL_SSIM


def test_on_the_way_to_a_shifted_tail_things_move_instead_of_doubling() -> None:
    """Half-way, the picture is more like the picture shifted half-way than a plain dissolve is."""
    image = photo("raccoon")
    half, end = np.roll(image, 8, axis=1), np.roll(image, 16, axis=1)
    middle = list(frames(Scene(image=image, tail=end, duration_s=1.0), RenderSettings(fps=13)))[6].to_rgb()
    dissolve = np.asarray(cv2.addWeighted(image, 0.5, end, 0.5, 0), np.uint8)
    inside = box(image.shape, 60, 40, 960, 720)
    assert psnr_inside(middle, half, inside) > psnr_inside(dissolve, half, inside) + 6


def test_what_the_tail_leaves_as_it_is_does_not_move() -> None:
    """Far from all that differs, nothing is warped by what encoding did to the tail."""
    image = photo("raccoon")
    end = image.copy()
    end[280:380, 480:580] = image[280:380, 474:574]
    _, encoded = cv2.imencode(".jpg", end, [cv2.IMWRITE_JPEG_QUALITY, 95])
    tail = np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)
    far = cv2.resize((~box(image.shape, 380, 180, 680, 480)).astype(np.uint8), (512, 384)) > 0
    for flow in trusted_flows(image, tail):
        assert not flow[far].any()
        assert flow.any()


def test_the_mark_lies_small_in_a_quiet_corner_and_nothing_else_changes() -> None:
    """A word on less than two per cent of the picture, away from what is static or moves."""
    scene = cases()[0].scene
    marked = replace(SETTINGS, mark="simulation")
    pairs = zip(frames(scene, SETTINGS), frames(scene, marked), strict=True)
    changed = [plain.planes[0] != with_mark.planes[0] for plain, with_mark in pairs]
    assert all(each.any() for each in changed)
    under = np.logical_or.reduce(changed)
    assert scene.static_mask is not None
    assert not (under & (scene.static_mask | scene.regions[0].mask)).any()
    assert under.mean() < 0.02


def test_a_tiny_picture_takes_a_mark_too() -> None:
    """A word wider than the picture is cut, not an error."""
    scene = Scene(image=np.zeros((16, 16, 3), np.uint8), duration_s=0.2)
    assert len(list(frames(scene, replace(SETTINGS, mark="simulation")))) == 2


def test_a_hole_is_filled_with_pieces_of_the_picture_and_nothing_else_changes() -> None:
    """Stripes go on through the hole; outside it every pixel stays."""
    stripes = np.repeat((np.arange(240) // 6 % 2 * 200).astype(np.uint8)[None, :, None], 180, axis=0)
    image = np.ascontiguousarray(np.repeat(stripes, 3, axis=2))
    hole = ellipse(image.shape, 120, 90, 30, 30)
    spoilt = np.where(hole[..., None], np.uint8(90), image)
    filled = fill(spoilt, hole)
    assert np.array_equal(filled[~hole], image[~hole])
    assert np.abs(filled[hole].astype(int) - image[hole]).mean() < 20


def test_a_hole_that_is_nearly_everything_is_still_filled() -> None:
    """Nothing to copy from: painted over smoothly, no error."""
    image = photo("coffee")
    assert fill(image, box(image.shape, 4, 4, 596, 396)).shape == image.shape


def test_colours_survive_the_way_to_planes_and_back() -> None:
    """BT.709 limited there and back: flat colours within 2 levels."""
    for colour in ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (90, 140, 200)):
        flat = np.full((16, 16, 3), colour, np.uint8)
        assert np.abs(I420.from_rgb(flat).to_rgb().astype(int) - flat).max() <= 2


def test_settings_that_ffmpeg_refuses_are_an_error_and_not_a_hang() -> None:
    """The encoder's thread reports what went wrong there."""
    scene = Scene(image=photo("coffee"), duration_s=1.0)
    with pytest.raises(EncodeError):
        render_mp4(scene, replace(SETTINGS, preset="no such preset"))


def test_a_frame_that_cannot_be_encoded_is_an_error_and_not_a_hang() -> None:
    """Memory that runs out, or a frame of another size: the encoder's thread lives on and tells."""
    encoder = Encoder(width=64, height=48, fps=12, frame_count=9, crf=20, preset="veryfast", metadata={})
    broken = I420(packed=np.zeros((5, 7), np.uint8), width=64, height=48)
    with pytest.raises(EncodeError, match="could not be written"), encoder:
        encoder.put(broken)


def test_the_same_scene_gives_the_same_video() -> None:
    """No chance without a seed: two renders are equal, byte for byte."""
    scene = cases()[2].scene
    assert render_mp4(scene, SETTINGS) == render_mp4(scene, SETTINGS)


NOISE = np.random.default_rng(0).integers(0, 255, (91, 133, 3), dtype=np.uint8)
EVERYTHING, PATCH, CORNER = (
    box(NOISE.shape, *b) for b in ((0, 0, 133, 91), (40, 40, 70, 60), (132, 90, 133, 91))
)


@pytest.mark.parametrize(
    ("mask", "path", "static"),
    [
        (EVERYTHING, [(0, 0), (30, 10)], None),
        (EVERYTHING, [(0, 0), (3000, 10)], None),
        (CORNER, [(0, 0), (30, 10)], None),
        (PATCH, [(0, 0), (-500, -500)], None),
        (PATCH, [(5, 5), (5, 5), (5, 5)], None),
        (PATCH, [(0, 0), (9, 9)], EVERYTHING),
        (PATCH, [(0, 0), (9, 9)], ~EVERYTHING),
    ],
)
def test_odd_drawings_still_give_a_video(
    mask: NDArray[np.bool_], path: list[tuple[float, float]], static: NDArray[np.bool_] | None
) -> None:
    """The whole picture, its last pixel, a way out of the frame, no way, static everywhere or nowhere."""
    region = Region(mask=mask, path_px=np.array(path, np.float64))
    scene = Scene(image=NOISE, regions=(region,), static_mask=static, duration_s=0.5)
    assert decode(render_mp4(scene, replace(SETTINGS, mark="preview"))).shape == (6, 90, 132, 3)
