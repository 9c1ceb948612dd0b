"""A shared link in a real browser: made on a card, opened by a stranger, withdrawn by its owner."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from studio.journal.entry import Entry
from tests.support.browser import open_app, open_newest_task
from tests.support.kept_task import PROMPT, kept_task
from tests.support.running_app import running_app
from tests.support.videos import small_mp4

pytestmark = pytest.mark.browser
OWNER = "o" * 32


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Entry]:
    """A folder with one finished task of the owner's."""
    folder = tmp_path_factory.mktemp("shared")
    return folder, kept_task(folder, OWNER, small_mp4())


@pytest.fixture(scope="module")
def app_url(kept: tuple[Path, Entry]) -> Iterator[str]:
    """The app on that folder."""
    with running_app(kept[0]) as url:
        yield url


@pytest.fixture
def owners_page(browser: Browser, app_url: str) -> Iterator[Page]:
    """The Tasks page in the browser that the task belongs to."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_init_script(f"localStorage.setItem('motion-studio-id', '{OWNER}')")
    page = context.new_page()
    page.goto(f"{app_url}/tasks")
    open_newest_task(page)
    yield page
    context.close()


def make_link(page: Page) -> str:
    """Makes one in the card's popover, and reads it."""
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Make a").click()
    shown = page.locator("code", has_text="share=")
    expect(shown).to_be_visible()
    return shown.inner_text()


def test_a_stranger_sees_the_video_and_nothing_else(
    browser: Browser, owners_page: Page, kept: tuple[Path, Entry]
) -> None:
    """It plays; prompt and parameters are there; no other page, no id, no address of the owner's."""
    link = make_link(owners_page)
    stranger = open_app(browser, link)
    video = stranger.locator("video")
    expect(video).to_be_visible()
    stranger.wait_for_function("() => document.querySelector('video').readyState >= 2")
    for words in (PROMPT, "Not wanted: blur", "kling-v1 · std · 5 s · cfg scale 0.4"):
        expect(stranger.get_by_text(words)).to_be_visible()
    seen = stranger.content()
    entry = kept[1]
    for hidden in (OWNER, entry.external_task_id, entry.task_id, "hooks.example.org", entry.key_fingerprint):
        assert hidden is not None
        assert hidden not in seen
    expect(stranger.get_by_role("textbox")).to_have_count(0)
    expect(stranger.get_by_role("link")).to_have_text(["Skip to main content"])  # Streamlit's own
    expect(stranger.get_by_role("button", name="Share")).to_have_count(0)
    expect(stranger.get_by_text("Settings")).to_have_count(0)
    stranger.context.close()


def test_a_link_that_was_withdrawn_or_made_up_is_not_found(
    browser: Browser, owners_page: Page, app_url: str
) -> None:
    """Whoever has one sees that there is nothing, and no more; also where another page would be."""
    link = make_link(owners_page)
    owners_page.get_by_role("button", name="Withdraw the link").click()
    expect(owners_page.locator("code", has_text="share=")).to_have_count(0)
    for address in (link, f"{app_url}/tasks?share={'x' * 32}"):
        stranger = open_app(browser, address)
        expect(stranger.get_by_text("Not found.")).to_be_visible()
        expect(stranger.locator("video")).to_have_count(0)
        expect(stranger.get_by_label("Follow a task made elsewhere")).to_have_count(0)
        stranger.context.close()
