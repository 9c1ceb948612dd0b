"""With a key the very same app talks to COMETAPI_BASE_URL; and what it says when that goes wrong."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from kling import ImageToVideoRequest, KlingClient
from tests.support.browser import Brush, open_app
from tests.support.lying_server import LyingServer, html
from tests.support.pictures import encoded, gradient
from tests.support.running_app import free_port, running_app
from tests.support.running_simulator import running_simulator

pytestmark = pytest.mark.browser


@pytest.fixture
def stand_alone_simulator() -> Iterator[str]:
    """`python -m simulator`, as its own process."""
    with running_simulator() as url:
        yield url


@contextmanager
def keyed_app(browser: Browser, folder: Path, base_url: str) -> Iterator[Page]:
    """The app with a key and this base URL, a sample chosen and a prompt typed."""
    with running_app(folder, COMETAPI_KEY="sk-for-tests", COMETAPI_BASE_URL=base_url) as url:
        page = open_app(browser, url)
        page.get_by_role("button", name="Cup of coffee", exact=True).click()
        page.get_by_label("Prompt", exact=True).fill("steam rises")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("of 500 characters left")).to_be_visible()
        yield page
        page.context.close()


def send(page: Page) -> Locator:
    """Reviews and sends; answers the dialog."""
    page.get_by_role("button", name="Review and send").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Send to CometAPI").click()
    return dialog


def test_with_a_key_the_same_app_follows_a_task_at_the_base_url(
    browser: Browser, tmp_path: Path, stand_alone_simulator: str
) -> None:
    """Nothing in the app knows that it is the simulator which answers here."""
    with keyed_app(browser, tmp_path, stand_alone_simulator) as page:
        expect(page.get_by_text("CometAPI: every task is paid")).to_be_visible()
        send(page)
        expect(page.locator("video")).to_be_visible(timeout=60_000)
        expect(page.get_by_text("simulation")).to_be_hidden()


def test_a_task_made_elsewhere_is_followed_by_its_id(
    browser: Browser, tmp_path: Path, stand_alone_simulator: str
) -> None:
    """By a script with the same key, for instance; its video is kept here too."""
    image = base64.b64encode(encoded(gradient(400, 320), "JPEG")).decode()
    with KlingClient(stand_alone_simulator, "sk-for-tests") as client:
        made = client.create(ImageToVideoRequest(image=image, model_name="kling-v1"))
    with keyed_app(browser, tmp_path, stand_alone_simulator) as page:
        page.get_by_role("link", name="Tasks").click()
        page.get_by_label("Follow a task made elsewhere").fill(made.task_id)
        page.get_by_role("button", name="Follow").click()
        expect(page.get_by_text("Made elsewhere")).to_be_visible()
        expect(page.locator("video")).to_be_visible(timeout=60_000)


def test_a_service_that_is_away_keeps_the_task_in_line_and_leaves_the_draft(
    browser: Browser, tmp_path: Path
) -> None:
    """Nothing was paid, it is said so, it is tried again by itself, and one can leave the line."""
    with keyed_app(browser, tmp_path, f"http://127.0.0.1:{free_port()}") as page:
        Brush(page=page).drag([(0.1, 0.1), (0.3, 0.1)])
        Brush(page=page).expect_on_layer("Static", "stays still")
        send(page)
        expect(page.get_by_text("Nothing was paid yet")).to_be_visible()
        expect(page.get_by_text("could not be reached")).to_be_visible()
        page.get_by_role("button", name="Leave the line").click()
        expect(page.get_by_text("No tasks yet")).to_be_visible()
        page.get_by_role("link", name="Create").click()
        expect(page.get_by_label("Prompt", exact=True)).to_have_value("steam rises")
        Brush(page=page).expect_on_layer("Static", "stays still")


def test_a_web_page_instead_of_an_answer_makes_an_unclear_task_that_is_not_sent_again(
    browser: Browser, tmp_path: Path
) -> None:
    """It may have been charged: the app looks it up, and never repeats the create."""
    with LyingServer(html()) as server, keyed_app(browser, tmp_path, server.url) as page:
        send(page)
        expect(page.get_by_text("unclear")).to_be_visible()
        expect(page.get_by_text("A web page answered instead of the API")).to_be_visible()
        page.get_by_role("link", name="Create").click()
        expect(page.get_by_label("Prompt", exact=True)).to_have_value("steam rises")
        Brush(page=page).at_rest()
        page.get_by_role("link", name="Tasks").click()
        expect(page.get_by_text("unclear")).to_be_visible()
        assert [request.method for request in server.requests].count("POST") == 1
