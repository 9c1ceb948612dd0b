"""A finished task is told where its person is: in the title, by the browser, and by a toast."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.test_tasks import send

pytestmark = pytest.mark.browser

# A browser that asks for nothing by itself and keeps what it was told; and a tab that can be put aside.
NOTIFICATIONS = """
window.told = [];
window.Notification = class {
  static permission = "default";
  static async requestPermission() { this.permission = "granted"; }
  constructor(title, { body }) { window.told.push(body); }
};
window.putAside = (aside) => {
  Object.defineProperty(document, "hidden", { get: () => aside, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
};
"""


def test_a_task_that_ends_behind_another_tab_is_told_and_seen_when_it_is_looked_at(
    browser: Browser, app_url: str
) -> None:
    """The title counts until the tab is looked at on the Tasks page; permission is asked for at a click."""
    context = browser.new_context()
    context.add_init_script(NOTIFICATIONS)
    page = context.new_page()
    page.goto(app_url)
    page.get_by_role("button", name="Cup of coffee", exact=True).click()
    expect(page.locator("canvas.upper-canvas")).to_be_visible()
    send(page)
    page.get_by_role("button", name="Notify me when it is done").click()
    page.evaluate("putAside(true)")
    page.get_by_role("link", name="Guide").click()
    expect(page).to_have_title("(1) Motion Studio")
    assert page.evaluate("told") == ["Done: kling-v1"]
    page.evaluate("putAside(false)")
    expect(page).to_have_title("(1) Motion Studio")
    page.get_by_test_id("stToast").locator("a").click()
    expect(page).to_have_url(re.compile(r"/tasks\?task="))
    expect(page).to_have_title("Motion Studio")
    assert len(context.pages) == 1
    context.close()
