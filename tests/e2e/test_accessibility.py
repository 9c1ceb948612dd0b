"""What axe-core finds on the pages, in light and in dark: nothing serious."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import Brush, open_app

pytestmark = pytest.mark.browser


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


@pytest.mark.parametrize(
    ("path", "shows"),
    [
        ("", "Choose a picture"),
        ("tasks", "No tasks yet"),
        ("guide", "What the service does"),
        ("settings", "CometAPI key"),
    ],
)
def test_no_page_has_a_serious_fault(page: Page, app_url: str, path: str, shows: str) -> None:
    """Contrast, names, roles and order, as a newcomer meets them."""
    page.goto(f"{app_url}/{path}")
    expect(page.get_by_text(shows).first).to_be_visible()
    assert serious(page) == []


def test_the_canvas_and_the_tour_have_no_serious_fault(page: Page) -> None:
    """With something drawn, and the tour's step done."""
    page.get_by_role("button", name="Show me on a sample").click()
    expect(page.locator("canvas.upper-canvas")).to_be_visible()
    assert serious(page) == []
    page.get_by_role("button", name="Do it for me").click()
    expect(page.get_by_role("button", name="Do it for me")).to_be_hidden()
    assert serious(page) == []


def test_the_review_and_a_finished_task_have_no_serious_fault(page: Page) -> None:
    """The dialog, and a card with its video."""
    page.get_by_role("button", name="Cup of coffee", exact=True).click()
    hand = Brush(page=page)
    hand.drag([(0.1, 0.1), (0.4, 0.1)])
    hand.expect_on_layer("Static", "stays still")
    page.get_by_role("button", name="Review and send").click()
    send = page.get_by_role("dialog").get_by_role("button", name="Send to Simulator")
    expect(send).to_be_visible()
    assert serious(page) == []
    send.click()
    expect(page.get_by_role("button", name="Download MP4")).to_be_visible(timeout=60_000)
    assert serious(page) == []
