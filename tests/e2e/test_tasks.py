"""The Tasks page in a real browser: it refreshes by itself, says why a task failed, and ends quietly."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import expect_sent, open_app

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


def test_a_failed_task_says_why_in_the_services_words(page: Page) -> None:
    """task_status_msg is all that a person can act on."""
    page.get_by_role("tab", name="Public URL").click()
    page.get_by_label("Your photograph: its address").fill("https://pictures.invalid/cat.png")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Pass the address on as it is").click()
    send(page)
    expect(page.get_by_text("The service gave up: Image URL cannot be downloaded.")).to_be_visible(
        timeout=30_000
    )


def test_a_task_of_one_person_is_unknown_to_another_who_types_its_id(
    page: Page, browser: Browser, app_url: str
) -> None:
    """A copied id is no way into somebody's tasks, where all share one key."""
    page.get_by_role("button", name="Cup of coffee", exact=True).click()
    send(page)
    expect_sent(page)
    task_id = page.locator("code").inner_text()
    other = open_app(browser, f"{app_url}/tasks")
    expect(other.get_by_text("No tasks yet")).to_be_visible()
    other.get_by_label("Follow a task made elsewhere").fill(task_id)
    other.get_by_role("button", name="Follow").click()
    expect(other.get_by_text("The service does not know this task")).to_be_visible()
    expect(other.get_by_text("No tasks yet")).to_be_visible()
    other.context.close()
