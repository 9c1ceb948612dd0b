"""What axe-core finds on the pages: nothing serious."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def serious(page: Page) -> list[str]:
    """The rules that are broken badly, each with a piece of the page."""
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
    """As a newcomer sees it, in light."""
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
