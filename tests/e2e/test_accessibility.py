"""What axe-core finds on the pages, in light and in dark: nothing serious."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import open_app

pytestmark = pytest.mark.browser

PAGES = {
    "Tasks": "No tasks yet",
    "Ledger": "Nothing was sent",
    "Guide": "How to direct motion",
    "Settings": "CometAPI key",
}
"""Beside the first one, each with words that it shows."""


@pytest.fixture(params=[False, True], ids=["light", "dark"])
def page(request: pytest.FixtureRequest, browser: Browser, app_url: str) -> Iterator[Page]:
    """A newcomer's page in each theme."""
    opened = open_app(browser, app_url, dark=request.param)
    yield opened
    opened.context.close()


END_OF_FADING = """
() => {
  for (const each of document.getAnimations())
    if (each.effect.getComputedTiming().endTime < Infinity) each.finish();
}
"""
"""What is half transparent for a moment has no contrast."""


def serious(page: Page) -> list[str]:
    """The rules that are broken badly, each with a piece of the page."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.evaluate(END_OF_FADING)
    found = Axe().run(page).response["violations"]
    return [
        f"{fault['id']}: {fault['nodes'][0]['html'][:120]}"
        for fault in found
        if fault["impact"] in {"serious", "critical"}
    ]


def test_nothing_on_the_way_from_an_empty_page_to_a_video_has_a_serious_fault(page: Page) -> None:
    """The canvas and the tour, the review, a finished task's page, the gallery and back."""
    expect(page.get_by_text("Choose a picture").first).to_be_visible()
    assert serious(page) == []
    page.get_by_role("button", name="Show me on a sample").click()
    expect(page.locator("canvas.upper-canvas")).to_be_visible()
    page.get_by_role("button", name="Do it for me").click()
    expect(page.get_by_role("button", name="Do it for me")).to_be_hidden()
    assert serious(page) == []
    page.get_by_role("button", name="Review and send").click()
    send = page.get_by_role("dialog").get_by_role("button", name="Send to Simulator")
    expect(send).to_be_visible()
    assert serious(page) == []
    page.get_by_role("button", name="Send several").click()
    expect(page.get_by_text("1 video, together")).to_be_visible()
    assert serious(page) == []
    page.get_by_role("button", name="Only one").click()
    send.click()
    expect(page.get_by_role("button", name="Download MP4")).to_be_visible(timeout=60_000)
    assert serious(page) == []
    page.get_by_role("button", name="All tasks").click()
    poster = page.locator("[class*=st-key-task-card-] img")
    expect(poster).to_be_visible()
    assert serious(page) == []
    # the title's button reaches over its whole card
    box = poster.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_text("Step by step")).to_be_visible()


def test_no_other_page_has_a_serious_fault(page: Page) -> None:
    """Contrast, names, roles and order, as a newcomer meets them."""
    for name, shows in PAGES.items():
        page.get_by_role("link", name=name).click()
        expect(page.get_by_text(shows).first).to_be_visible()
        assert serious(page) == [], name
