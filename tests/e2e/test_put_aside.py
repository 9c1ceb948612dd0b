"""A task that is put aside in a real browser: its words stay open while the page refreshes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import open_newest_task
from tests.support.running_app import running_app

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its tasks take far longer than the test."""
    folder: Path = tmp_path_factory.mktemp("data")
    with running_app(folder, SIMULATOR_TASK_S="600") as url:
        yield url


def test_a_running_task_is_put_aside_and_taken_back(page: Page) -> None:
    """Told that nothing is paid here; out of the list, found by its filter, and back."""
    page.get_by_role("button", name="Cup of coffee", exact=True).click()
    page.get_by_role("button", name="Review and send").click()
    page.get_by_role("dialog").get_by_role("button", name="Send to Simulator").click()
    page.get_by_role("button", name="Put aside").click()
    expect(page.get_by_text("nothing is paid on the simulator")).to_be_visible()
    page.wait_for_timeout(3_500)  # three refreshes: what must not happen needs a while of not happening
    page.get_by_role("button", name="Put it aside").click()
    back = page.get_by_role("button", name="Take it back")
    expect(back).to_be_visible()
    page.get_by_role("button", name="All tasks").click()
    expect(page.get_by_text("All that there is you have put aside (1).")).to_be_visible()
    page.get_by_role("radio", name="Put aside").click()
    open_newest_task(page)
    back.click()
    expect(page.get_by_role("button", name="Put aside")).to_be_visible()
    page.get_by_role("button", name="All tasks").click()
    expect(page.get_by_text("Nothing like this")).to_be_visible()
