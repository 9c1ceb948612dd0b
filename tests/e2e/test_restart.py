"""Paid once, never lost: the app is killed while a task runs, and the task is there and finishes."""

import threading
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from kling import KlingClient
from tests.support.browser import open_app
from tests.support.restartable_app import RestartableApp
from tests.support.running_simulator import running_simulator

pytestmark = pytest.mark.browser
KEY = "sk-for-tests"


def test_a_task_outlives_the_death_of_the_app(browser: Browser, tmp_path: Path) -> None:
    """SIGKILL in mid-task, the app again, the same browser: one create, and the video."""
    with (
        running_simulator(processing_s=8.0) as endpoint,
        RestartableApp(tmp_path, COMETAPI_KEY=KEY, COMETAPI_BASE_URL=endpoint) as app,
    ):
        page = open_app(browser, app.url)
        page.get_by_role("button", name="Cup of coffee", exact=True).click()
        page.get_by_role("button", name="Review and send").click()
        page.get_by_role("dialog").get_by_role("button", name="Send to CometAPI").click()
        expect(page.get_by_text("submitted").or_(page.get_by_text("processing")).first).to_be_visible()
        app.kill()
        app.start()
        page.goto(f"{app.url}/tasks")
        expect(page.locator("video")).to_be_visible(timeout=60_000)
        expect(page.get_by_text("succeed")).to_be_visible()
        with KlingClient(endpoint, KEY) as client:
            assert len(client.list()) == 1
        page.context.close()


def test_a_task_finishes_while_nobody_looks(browser: Browser, tmp_path: Path) -> None:
    """The app that starts again goes on by itself; whoever comes later finds the video."""
    with (
        running_simulator(processing_s=2.0) as endpoint,
        RestartableApp(tmp_path, COMETAPI_KEY=KEY, COMETAPI_BASE_URL=endpoint) as app,
    ):
        page = open_app(browser, app.url)
        page.get_by_role("button", name="Cup of coffee", exact=True).click()
        page.get_by_role("button", name="Review and send").click()
        page.get_by_role("dialog").get_by_role("button", name="Send to CometAPI").click()
        expect(page.locator("code")).to_be_visible()
        app.kill()
        page.goto("about:blank")
        app.start()
        wait_for_video(tmp_path)
        page.goto(f"{app.url}/tasks")
        expect(page.locator("video")).to_be_visible()
        page.context.close()


def test_a_task_of_a_typed_key_waits_for_it_and_goes_on_with_it(browser: Browser, tmp_path: Path) -> None:
    """The key was in memory only and died with the app; its owner brings it again."""
    with (
        running_simulator(processing_s=2.0) as endpoint,
        RestartableApp(tmp_path, COMETAPI_BASE_URL=endpoint) as app,
    ):
        page = open_app(browser, app.url)
        type_key(page)
        page.get_by_role("link", name="Create").click()
        page.get_by_role("button", name="Cup of coffee", exact=True).click()
        page.get_by_role("button", name="Review and send").click()
        page.get_by_role("dialog").get_by_role("button", name="Send to CometAPI").click()
        expect(page.locator("code")).to_be_visible()
        app.kill()
        app.start()
        page.goto(f"{app.url}/tasks")
        expect(page.get_by_text("Its key is not at hand")).to_be_visible()
        type_key(page)
        page.get_by_role("link", name="Tasks").click()
        expect(page.locator("video")).to_be_visible(timeout=60_000)
        with KlingClient(endpoint, KEY) as client:
            assert len(client.list()) == 1
        page.context.close()


def type_key(page: Page) -> None:
    """On the Settings page."""
    page.get_by_role("link", name="Settings").click()
    page.get_by_label("Your key").fill(KEY)
    page.get_by_role("button", name="Use it for this session").click()
    expect(page.get_by_text("CometAPI: every task is paid")).to_be_visible()


def wait_for_video(data_dir: Path) -> None:
    """Until the app has kept it, without any page; the test's time-out ends a vain wait."""
    pause = threading.Event()
    while not list(data_dir.glob("files/**/video*.mp4")):
        pause.wait(0.1)
