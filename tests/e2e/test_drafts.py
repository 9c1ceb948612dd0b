"""Nothing made is ever lost: not by a reload, a crash, another browser, or after sending."""

import io
import json
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import Brush, expect_sent, open_app
from tests.support.restartable_app import RestartableApp

pytestmark = pytest.mark.browser

PROMPT = "The raccoon sniffs “to the right” — ганьба & 100 %"


def make(page: Page) -> None:
    """A sample, something that stays, something that moves, a prompt and a choice."""
    page.get_by_role("button", name="Raccoon in the leaves", exact=True).click()
    brush = Brush(page=page)
    brush.layer("Static")
    brush.tool("Rectangle")
    brush.drag([(0.02, 0.05), (0.35, 0.45)])
    brush.expect_on_layer("Static", "stays still")
    brush.layer("Motion 1")
    brush.tool("Brush")
    brush.drag([(0.56, 0.58), (0.64, 0.58), (0.60, 0.62)])
    brush.tool("Path")
    brush.drag([(0.60, 0.58), (0.72, 0.48)])
    brush.expect_on_layer("Motion 1", "path of")
    prompt(page).fill(PROMPT)
    prompt(page).blur()
    expect(page.get_by_text(f"{500 - len(PROMPT)} of 500 characters left")).to_be_visible()


def prompt(page: Page) -> Any:
    """The prompt's field."""
    return page.get_by_label("Prompt", exact=True)


def expect_made(page: Page) -> None:
    """All of it is on the page."""
    expect(prompt(page)).to_have_value(PROMPT)
    Brush(page=page).expect_on_layer("Static", "stays still")
    Brush(page=page).expect_on_layer("Motion 1", "path of")


def menu(page: Page) -> None:
    """Opens the recipe's menu."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.get_by_role("button", name="Recipe").click()


def open_file(page: Page, file: Path) -> None:
    """Chooses a file in the open menu."""
    page.get_by_test_id("stPopoverBody").locator("input[type=file]").set_input_files(file)


def download(page: Page, name: str, target: Path) -> bytes:
    """The bytes of a file of the open menu."""
    with page.expect_download() as downloading:
        page.get_by_role("button", name=name).click()
    downloading.value.save_as(target)
    return target.read_bytes()


def request_of(page: Page, folder: Path) -> bytes:
    """The request as it would be sent now, by way of the scripts."""
    menu(page)
    scripts = download(page, "Download as script", folder / "scripts.zip")
    page.keyboard.press("Escape")
    with zipfile.ZipFile(io.BytesIO(scripts)) as archive:
        return archive.read("request.json")


def send(page: Page) -> str:
    """Reviews and sends; the task's id."""
    page.get_by_role("button", name="Review and send").click()
    page.get_by_role("dialog").get_by_role("button", name="Send to Simulator").click()
    expect_sent(page)  # before, its own id stands in the task's place
    return page.locator("code").first.inner_text()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RestartableApp]:
    """An app that can be killed."""
    with RestartableApp(tmp_path_factory.mktemp("data")) as running:
        yield running


@pytest.fixture
def visitor(browser: Browser, app: RestartableApp) -> Iterator[Page]:
    """A new user."""
    page = open_app(browser, app.url)
    yield page
    page.context.close()


def test_what_was_made_survives_the_servers_death_and_a_reload(
    visitor: Page, app: RestartableApp, tmp_path: Path
) -> None:
    """To the byte, as the request shows: the open page goes on at its next click, and so does a reload.

    The id that finds it is in no address.
    """
    addresses: list[str] = []
    visitor.on("request", lambda request: addresses.append(request.url))
    make(visitor)
    before = request_of(visitor, tmp_path)
    wait_until_kept(app.data_dir, before)
    app.kill()
    frame = visitor.get_by_test_id("stApp")
    expect(frame).not_to_have_attribute("data-test-connection-state", "CONNECTED")
    app.start()
    expect(frame).to_have_attribute("data-test-connection-state", "CONNECTED")
    Brush(page=visitor).tool("Rectangle")  # and waits for its hint, which the new server draws
    expect_made(visitor)
    assert request_of(visitor, tmp_path) == before
    visitor.reload()
    expect_made(visitor)
    assert request_of(visitor, tmp_path) == before
    kept = visitor.evaluate("localStorage.getItem('motion-studio-id')")
    assert len(kept) == 32
    assert not [address for address in [*addresses, visitor.url] if kept in address]


def wait_until_kept(data_dir: Path, request: bytes) -> None:
    """The draft with this request's id and prompt is on disk."""
    pause, wanted = threading.Event(), json.loads(request)
    for _ in range(100):
        for manifest in data_dir.glob("drafts/*/manifest.json"):
            chosen = json.loads(manifest.read_bytes())["parameters"]
            if all(chosen[name] == wanted[name] for name in ("prompt", "external_task_id")):
                return
        pause.wait(0.05)
    raise AssertionError("The draft was not kept.")


def test_a_recipe_opened_in_another_browser_gives_the_same_request(
    visitor: Page, browser: Browser, app: RestartableApp, tmp_path: Path
) -> None:
    """One file carries picture, strokes and parameters; byte for byte."""
    make(visitor)
    menu(visitor)
    download(visitor, "Download recipe", tmp_path / "raccoon.motion")
    visitor.keyboard.press("Escape")
    other = open_app(browser, app.url)
    expect(prompt(other)).to_have_value("")  # a draft belongs to one browser
    menu(other)
    open_file(other, tmp_path / "raccoon.motion")
    expect(other.get_by_text("raccoon.jpg · 1024 × 768")).to_be_visible()
    other.keyboard.press("Escape")
    expect_made(other)
    assert request_of(other, tmp_path) == request_of(visitor, tmp_path)
    other.context.close()


def test_one_starts_again_from_what_was_sent(visitor: Page, tmp_path: Path) -> None:
    """The copy has everything but the id, which names one task; the task is still there after a reload."""
    make(visitor)
    sent = json.loads(request_of(visitor, tmp_path))
    task_id = send(visitor)
    visitor.reload()
    expect(visitor.locator("code").first).to_have_text(task_id)
    visitor.get_by_role("button", name="Edit a copy").first.click()
    expect_made(visitor)
    copy = json.loads(request_of(visitor, tmp_path))
    assert copy.pop("external_task_id") != sent.pop("external_task_id")
    assert copy == sent
    assert send(visitor) != task_id
