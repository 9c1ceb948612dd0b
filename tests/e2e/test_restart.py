"""Paid once, never lost: with a key, the app is killed while a task runs, and the task finishes."""

import threading
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from kling import KlingClient
from tests.support.browser import open_app, open_newest_task
from tests.support.restartable_app import RestartableApp
from tests.support.running_simulator import running_simulator

pytestmark = pytest.mark.browser
KEY = "sk-for-tests"


def test_a_task_outlives_the_death_of_the_app_and_is_finished_while_nobody_looks(
    browser: Browser, tmp_path: Path
) -> None:
    """SIGKILL in mid-task, and the app again: one create, and the video for whoever comes later."""
    with (
        running_simulator(processing_s=2.0) as endpoint,
        RestartableApp(tmp_path, COMETAPI_KEY=KEY, COMETAPI_BASE_URL=endpoint) as app,
    ):
        page = open_app(browser, app.url)
        expect(page.get_by_text("CometAPI: every task is paid")).to_be_visible()
        page.get_by_role("button", name="Cup of coffee", exact=True).click()
        page.get_by_role("button", name="Review and send").click()
        page.get_by_role("dialog").get_by_role("button", name="Send to CometAPI").click()
        expect(page.locator("code")).to_be_visible()
        app.kill()
        page.goto("about:blank")
        app.start()
        wait_for_video(tmp_path)
        page.goto(f"{app.url}/tasks")
        open_newest_task(page)
        expect(page.locator("video")).to_be_visible()
        expect(page.get_by_text("succeed")).to_be_visible()
        expect(page.get_by_text("simulation")).to_be_hidden()  # nothing in the app knows who answers here
        with KlingClient(endpoint, KEY) as client:
            assert len(client.list()) == 1
        page.context.close()


def wait_for_video(data_dir: Path) -> None:
    """Until the app has kept it, without any page; the test's time-out ends a vain wait."""
    pause = threading.Event()
    while not list(data_dir.glob("files/**/video*.mp4")):
        pause.wait(0.1)
