"""A newcomer's way through the tour to a task, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import expect_sent

pytestmark = pytest.mark.browser

OFFER = "Show me on a sample"


def press(page: Page, name: str) -> None:
    """Presses the button of this name, as soon as it is there."""
    page.get_by_role("button", name=name).click()


def test_the_tour_leads_from_an_empty_page_to_a_sent_task(page: Page) -> None:
    """Three steps, each done for the person; then it is gone for good."""
    press(page, OFFER)
    expect(page.get_by_text("1 of 3 · Paint what stays")).to_be_visible()
    expect(page.locator("canvas.upper-canvas")).to_be_visible()
    press(page, "Do it for me")
    expect(page.get_by_role("button", name="Do it for me")).to_be_hidden()
    press(page, "Next")
    expect(page.get_by_text("2 of 3 · Paint what moves")).to_be_visible()
    press(page, "Do it for me")
    expect(page.get_by_role("button", name="Do it for me")).to_be_hidden()
    press(page, "Next")
    expect(page.get_by_text("3 of 3 · Review and send")).to_be_visible()
    page.get_by_role("button", name="Review and send").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_alt_text("The picture with masks and paths")).to_be_visible()
    expect(page.get_by_text("3 of 3 · ")).to_be_hidden()
    dialog.get_by_role("button", name="Send to Simulator").click()
    expect_sent(page)
    page.get_by_role("link", name="Create").click()
    expect(page.locator("canvas.upper-canvas")).to_be_visible()
    expect(page.get_by_text("of 3 · ")).to_be_hidden()
