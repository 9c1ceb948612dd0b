"""A demonstrator shows a failure: chosen on the Settings page, seen on the Tasks page."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_a_failure_chosen_on_the_settings_page_happens_to_the_next_task(page: Page) -> None:
    """Once: afterwards nothing waits any more."""
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("radiogroup", name="Show a failure").get_by_text("The task fails by policy").click()
    page.get_by_role("button", name="Trigger it once").click()
    expect(page.get_by_text("Waiting to happen, once each: 1")).to_be_visible()
    page.get_by_role("link", name="Create").click()
    page.get_by_role("button", name="Cup of coffee", exact=True).click()
    page.get_by_role("button", name="Review and send").click()
    page.get_by_role("dialog").get_by_role("button", name="Send to Simulator").click()
    expect(page.get_by_text("Failure to pass the risk control system")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_text("Nothing will go wrong.")).to_be_visible()
