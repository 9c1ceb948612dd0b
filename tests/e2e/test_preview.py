"""One sees the directions move before anything is paid, without asking for it."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browser import Brush

pytestmark = pytest.mark.browser

ADVANCES = "video => new Promise(done => video.requestVideoFrameCallback(() => done(video.currentTime)))"


@pytest.fixture
def brush(page: Page) -> Brush:
    """A hand over the raccoon, its nose painted."""
    page.get_by_role("button", name="Raccoon in the leaves", exact=True).click()
    hand = Brush(page=page)
    hand.layer("Motion 1")
    hand.drag([(0.56, 0.58), (0.64, 0.58), (0.60, 0.62)])
    return hand


def video(page: Page) -> Locator:
    """The preview that is to be seen."""
    return page.locator("video.on")


def source(page: Page) -> str:
    """The address of the preview that is to be seen; another video has another one."""
    expect(video(page)).to_be_visible()
    found: str = video(page).evaluate("video => video.src")
    return found


def assert_plays(page: Page) -> None:
    """Its time goes on, it is silent, begins again by itself, and lasts two seconds."""
    expect(video(page)).to_be_visible()
    assert video(page).evaluate(ADVANCES) != video(page).evaluate(ADVANCES)
    told = video(page).evaluate("v => [v.paused, v.muted, v.loop, v.controls, v.duration]")
    assert told[:4] == [False, True, True, True]
    assert told[4] == pytest.approx(2, abs=0.1)


def test_a_still_becomes_a_video_in_its_place_and_the_next_stroke_another(page: Page, brush: Brush) -> None:
    """Nothing is pressed: a drawing that is complete moves, and the page stays where it is."""
    still = page.get_by_alt_text("What is directed so far")
    expect(still).to_be_visible()
    expect(video(page)).to_have_count(0)
    room = still.bounding_box()
    brush.tool("Path")
    brush.drag([(0.60, 0.58), (0.72, 0.48)])
    expect(page.get_by_text("not what Kling will paint")).to_be_visible()
    assert_plays(page)
    assert video(page).bounding_box() == room
    before = source(page)
    brush.drag([(0.60, 0.58), (0.70, 0.70)])
    expect(video(page)).not_to_have_attribute("src", before)
    assert_plays(page)
