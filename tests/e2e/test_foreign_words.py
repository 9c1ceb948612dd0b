"""A few visits of `make fuzz` in the browser: words of others let it ask nobody."""

import random

import pytest
from playwright.sync_api import Browser

from tests.fuzz.browser import CANARY, try_texts, watched_page
from tests.fuzz.campaign import broken_promises
from tests.fuzz.trial import Result

pytestmark = pytest.mark.browser


def test_words_of_others_let_the_browser_ask_nobody(browser: Browser, app_url: str) -> None:
    """In recipes, names of pictures and task ids; nor does a page break."""
    for number in range(2):
        result = try_texts(browser, app_url, random.Random(f"1 browser {number}"))
        assert (number, broken_promises(result)) == (number, [])


def test_a_page_that_asks_is_seen_to(browser: Browser, app_url: str) -> None:
    """A count that cannot rise proves nothing."""
    with watched_page(browser, app_url) as (page, watch), page.expect_event("requestfailed"):
        page.set_content(f"<img src=https://{CANARY}/a.png>")
    assert broken_promises(Result(requests_outside=tuple(watch.outside)))
