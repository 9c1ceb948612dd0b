"""No page has a serious fault by axe-core's rules, in light and in dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import Brush, open_app

pytestmark = pytest.mark.browser


def serious_faults(page: Page) -> list[str]:
    """What axe-core calls serious or critical, with an example of each."""
    found = Axe().run(page).response["violations"]
    return [
        f"{fault['id']}: {fault['nodes'][0]['html']}"
        for fault in found
        if fault["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("dark", [False, True])
def test_no_page_has_a_serious_fault(browser: Browser, app_url: str, *, dark: bool) -> None:
    """Contrast, names, roles and order, on every page and in the review."""
    page = open_app(browser, app_url, dark=dark)
    page.get_by_role("button", name="Cup of coffee", exact=True).wait_for()
    assert serious_faults(page) == []
    page.get_by_role("button", name="Cup of coffee", exact=True).click()
    hand = Brush(page=page)
    hand.drag([(0.1, 0.1), (0.4, 0.1)])
    hand.expect_on_layer("Static", "stays still")
    assert serious_faults(page) == []
    page.get_by_role("button", name="Review and send").click()
    send = page.get_by_role("dialog").get_by_role("button", name="Send to Simulator")
    expect(send).to_be_visible()
    assert serious_faults(page) == []
    send.click()
    expect(page.get_by_role("button", name="Download MP4")).to_be_visible(timeout=60_000)
    assert serious_faults(page) == []
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_label("Your key")).to_be_visible()
    assert serious_faults(page) == []
    page.context.close()
