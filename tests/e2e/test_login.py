"""A real OpenID flow in a real browser: one finds the same work on every machine, and nobody else does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import open_app
from tests.support.oidc import Provider, running_provider
from tests.support.running_app import running_app

pytestmark = pytest.mark.browser
PROMPT = "The prompt that belongs to Ada"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """One provider for the module; each test says whom it signs in."""
    with running_provider() as running:
        yield running


@pytest.fixture(scope="module")
def app_url(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app with a login that is not demanded."""
    folder = tmp_path_factory.mktemp("login")
    secrets = str(provider.secrets(folder))
    with running_app(folder, SIMULATOR_TASK_S="3", STREAMLIT_SECRETS_FILES=secrets) as url:
        yield url


@pytest.fixture(scope="module")
def guarded_url(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app that lets in nobody else."""
    folder: Path = tmp_path_factory.mktemp("guarded")
    secrets = str(provider.secrets(folder))
    with running_app(folder, LOGIN_REQUIRED="true", STREAMLIT_SECRETS_FILES=secrets) as url:
        yield url


def sign_in(page: Page, name: str) -> None:
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign in now").click()
    expect(page.get_by_role("button", name=name)).to_be_visible()


def sign_out(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def write_prompt(page: Page, text: str) -> None:
    page.get_by_label("Prompt", exact=True).fill(text)
    page.get_by_label("Prompt", exact=True).blur()
    expect(page.get_by_text(f"{500 - len(text)} of 500 characters left")).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def test_a_draft_follows_its_person_to_another_browser(
    browser: Browser, app_url: str, provider: Provider
) -> None:
    """Ada signs in on two machines and has her prompt on both."""
    provider.subject, provider.name = "ada", "Ada Lovelace"
    first, second = open_app(browser, app_url), open_app(browser, app_url)
    sign_in(first, "Ada Lovelace")
    write_prompt(first, PROMPT)
    sign_in(second, "Ada Lovelace")
    expect(second.get_by_label("Prompt", exact=True)).to_have_value(PROMPT)
    first.context.close()
    second.context.close()


def test_who_signs_in_next_on_the_same_machine_finds_an_empty_page(
    browser: Browser, app_url: str, provider: Provider
) -> None:
    """Nothing of Eve's is left for Bob."""
    page = open_app(browser, app_url)
    provider.subject, provider.name = "eve", "Eve"
    sign_in(page, "Eve")
    write_prompt(page, "Eve's")
    sign_out(page, "Eve")
    provider.subject, provider.name = "bob", "Bob"
    sign_in(page, "Bob")
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("")
    page.context.close()


def test_what_the_browser_made_is_not_moved_and_comes_back_after_signing_out(
    browser: Browser, app_url: str, provider: Provider
) -> None:
    """As the page says before one signs in."""
    provider.subject, provider.name = "cleo", "Cleo"
    page = open_app(browser, app_url)
    expect(page.get_by_label("Prompt", exact=True)).to_be_visible()
    write_prompt(page, "made without a name")
    sign_in(page, "Cleo")
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("")
    sign_out(page, "Cleo")
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("made without a name")
    page.context.close()


def test_a_guarded_app_shows_its_pages_only_after_signing_in(
    browser: Browser, guarded_url: str, provider: Provider
) -> None:
    """A deep link is guarded too, also as the very first visit after a start."""
    provider.subject, provider.name = "dora", "Dora"
    page = open_app(browser, f"{guarded_url}/settings")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Dora")).to_be_visible()
    expect(page.get_by_label("Prompt", exact=True)).to_be_visible()
    stranger = open_app(browser, f"{guarded_url}/tasks")
    expect(stranger.get_by_text("Sign in to make videos here.")).to_be_visible()
    expect(stranger.get_by_label("Follow a task made elsewhere")).to_have_count(0)
    page.context.close()
    stranger.context.close()
