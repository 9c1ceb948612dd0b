"""The guide's moving pictures in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from studio.guide.examples import EXAMPLES
from tests.support.waiting import wait_until

pytestmark = pytest.mark.browser

BEGINS_AGAIN = """video => new Promise(done => {
  video.addEventListener("seeked", () => done(video.currentTime < 1));
  setTimeout(() => done(false), 5000);
})"""
"""Seen from a video's end to its beginning; false for one that stands still, or that another has replaced."""


def test_the_pictures_of_the_guide_move_and_begin_again(page: Page, app_url: str) -> None:
    """The first is in view: it plays by itself, silently, and past its end."""
    page.goto(f"{app_url}/guide")
    first = page.locator("video").first
    expect(first).to_be_visible()
    wait_until(lambda: first.evaluate(BEGINS_AGAIN), "the first video begins again")
    assert first.evaluate("video => video.muted && !video.paused")
    expect(page.locator("video")).to_have_count(len(EXAMPLES) + 2)  # and two of the carriers' examples
