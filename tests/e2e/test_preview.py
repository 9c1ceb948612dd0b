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


def test_after_the_last_stroke_a_preview_plays_and_another_stroke_changes_it(
    page: Page, brush: Brush
) -> None:
    """Nothing is pressed: the drawing is complete, so it moves."""
    brush.tool("Path")
    brush.drag([(0.60, 0.58), (0.72, 0.48)])
    expect(page.get_by_text("not what Kling will paint")).to_be_visible()
    assert_plays(page)
    before = source(page)
    brush.drag([(0.60, 0.58), (0.70, 0.70)])
    expect(video(page)).not_to_have_attribute("src", before)
    assert_plays(page)


def test_an_unfinished_drawing_is_a_still_with_what_is_there(page: Page, brush: Brush) -> None:
    """Painted without a path: no video, and the still keeps the player's place."""
    still = page.get_by_alt_text("What is directed so far")
    expect(still).to_be_visible()
    expect(video(page)).to_have_count(0)
    room = still.bounding_box()
    brush.tool("Path")
    brush.drag([(0.60, 0.58), (0.72, 0.48)])
    expect(video(page)).to_be_visible()
    assert video(page).bounding_box() == room


def test_a_region_shown_as_a_cut_out_says_why(page: Page, brush: Brush) -> None:
    """The way crosses what must not move."""
    brush.tool("Path")
    brush.drag([(0.60, 0.58), (0.72, 0.48)])
    brush.tool("Brush")
    brush.layer("Static")
    brush.drag([(0.66, 0.45), (0.70, 0.55)])
    expect(
        page.get_by_text("Motion 1 is shown as a cut-out. Its way crosses the static area")
    ).to_be_visible()


def test_the_preview_stands_beside_the_still_and_can_be_turned_off_for_good(page: Page) -> None:
    """Both switches keep what was chosen over a page change; it plays again on return."""
    page.get_by_role("button", name="Raccoon in the leaves", exact=True).click()
    assert_plays(page)
    page.get_by_text("Compare with the still").click()
    expect(page.get_by_alt_text("The still")).to_be_visible()
    page.get_by_role("link", name="Tasks").click()
    expect(page.get_by_text("No tasks yet")).to_be_visible()
    page.get_by_role("link", name="Create").click()
    expect(page.get_by_alt_text("The still")).to_be_visible()
    assert_plays(page)
    page.get_by_text("Preview", exact=True).click()
    expect(video(page)).to_have_count(0)
    page.get_by_role("link", name="Tasks").click()
    expect(page.get_by_text("No tasks yet")).to_be_visible()
    page.get_by_role("link", name="Create").click()
    expect(page.locator("canvas.upper-canvas")).to_be_visible()
    expect(page.get_by_text("Preview", exact=True)).to_be_visible()
    expect(video(page)).to_have_count(0)
