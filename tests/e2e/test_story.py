"""The main job, as a person does it: one picture in, a directed video out."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page, expect

from motion import decode
from tests.support.browser import Brush, expect_sent
from tests.support.honesty import psnr_inside, track_template

pytestmark = pytest.mark.browser

# In fractions of the picture's width and height.
FROZEN = (0.02, 0.05), (0.35, 0.45)
START, END = (0.60, 0.58), (0.72, 0.48)  # the raccoon's nose, and where it goes


def test_a_painted_photograph_becomes_a_video_that_moves_as_drawn(page: Page, tmp_path: Path) -> None:
    """Choose, paint, draw, send, wait, play, download; and the pixels did what was asked."""
    page.get_by_role("button", name="Raccoon in the leaves", exact=True).click()
    brush = Brush(page=page)
    brush.layer("Static")
    brush.tool("Rectangle")
    brush.drag(FROZEN)
    brush.expect_on_layer("Static", "stays still")
    brush.layer("Motion 1")
    brush.tool("Brush")
    brush.drag([(0.56, 0.58), (0.64, 0.58), (0.60, 0.62)])
    brush.tool("Path")
    brush.drag([START, END])
    brush.expect_on_layer("Motion 1", "path of")

    page.get_by_label("Prompt", exact=True).fill("The raccoon sniffs to the right")
    page.get_by_role("button", name="Review and send").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_alt_text("The picture with masks and paths")).to_be_visible()
    dialog.get_by_role("button", name="Send to Simulator").click()

    expect_sent(page)
    video = page.locator("video")
    expect(video).to_be_visible(timeout=60_000)
    expect(page.get_by_text("succeed")).to_be_visible()
    assert_plays(page)

    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download MP4").click()
    kept = tmp_path / "video.mp4"
    downloading.value.save_as(kept)
    assert_moved_as_drawn(kept.read_bytes())


def assert_plays(page: Page) -> None:
    """Its length is about five seconds and its time goes on; it comes off the disk, through no memory."""
    assert "/api/video/" in str(page.locator("video").get_attribute("src"))
    page.locator("video").evaluate("video => { video.muted = true; return video.play() }")
    page.wait_for_function("() => document.querySelector('video').currentTime > 0.5")
    duration = page.locator("video").evaluate("video => video.duration")
    assert 4.5 < duration < 5.6


def assert_moved_as_drawn(mp4: bytes) -> None:
    """The nose ends where the path ends, within 1 % of the width; the frozen corner is the same picture."""
    frames = decode(mp4)
    height, width = frames.shape[1:3]
    track = track_template(frames, _box((0.57, 0.57), (0.63, 0.61), width, height))
    moved = track[-1] - track[0]
    asked = (np.array(END) - START) * (width, height)
    assert np.linalg.norm(moved - asked) < 0.01 * width
    frozen = _box(*FROZEN, width, height)
    assert psnr_inside(frames[0], frames[-1], frozen) > 40


def _box(first: tuple[float, float], last: tuple[float, float], width: int, height: int) -> NDArray[np.bool_]:
    """A mask of a rectangle given in fractions of the picture, a hundredth of the width inside it."""
    mask = np.zeros((height, width), np.bool_)
    inset = width // 100
    left, top = round(first[0] * width) + inset, round(first[1] * height) + inset
    right, bottom = round(last[0] * width) - inset, round(last[1] * height) - inset
    mask[top:bottom, left:right] = True
    return mask
