"""The Tasks page in a real browser: it refreshes by itself, says why a task failed, and ends quietly."""

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


def send(page: Page) -> None:
    """Reviews and sends what is on the page."""
    page.get_by_role("button", name="Review and send").click()
    page.get_by_role("dialog").get_by_role("button", name="Send to Simulator").click()


def test_a_picture_without_painting_becomes_a_video_and_then_the_page_is_quiet(
    browser: Browser, app_url: str
) -> None:
    """While a task runs the page asks again and again; when all are settled it stops."""
    context = browser.new_context()
    page = context.new_page()
    sent: list[bytes | str] = []

    def note(frame: bytes | str) -> None:
        sent.append(frame)

    page.on("websocket", lambda socket: socket.on("framesent", note))
    page.goto(app_url)
    page.get_by_role("button", name="Cup of coffee", exact=True).click()
    send(page)
    expect(page.get_by_role("button", name="Download MP4")).to_be_visible(timeout=60_000)
    running = len(sent)
    page.wait_for_timeout(
        3_500
    )  # three periods of the timer: what must not happen needs a while of not happening
    assert len(sent) <= running + 2  # the run that ends the timer, and the answer to it
    context.close()
