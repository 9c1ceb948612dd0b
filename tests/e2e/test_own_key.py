"""A key of one's own in a real tab, which remembers that there was one when the session is gone."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

GONE = "Your own key is gone"


def test_a_reload_says_that_the_key_is_gone_until_its_owner_goes_on_without_it(page: Page) -> None:
    """On the page that is open then, and no more after the decision."""
    page.get_by_role("link", name="Settings").click()
    page.get_by_label("Your key").fill("sk-of-my-own")
    page.get_by_role("button", name="Use it for this session").click()
    expect(page.get_by_text("This session uses your own key")).to_be_visible()
    page.reload()
    expect(page.get_by_text(GONE)).to_be_visible()
    page.get_by_role("button", name="Go on without it").click()
    expect(page.get_by_text(GONE)).to_be_hidden()
    page.reload()
    expect(page.get_by_label("Your key")).to_be_visible()
    expect(page.get_by_text(GONE)).to_be_hidden()
