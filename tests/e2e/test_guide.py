"""The guide's moving pictures in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from studio.guide.examples import EXAMPLES

pytestmark = pytest.mark.browser


def test_the_pictures_of_the_guide_move_and_begin_again(page: Page, app_url: str) -> None:
    """The first is in view: it plays by itself, silently, and past its end."""
    page.goto(f"{app_url}/guide")
    first = page.locator("video").first
    expect(first).to_be_visible()
    page.wait_for_function("() => document.querySelector('video').currentTime > 1.5")
    page.wait_for_function("() => document.querySelector('video').currentTime < 1")
    assert first.evaluate("video => video.muted && !video.paused")
    expect(page.locator("video")).to_have_count(len(EXAMPLES) + 2)  # and two of the carriers' examples
