"""The app's memory after one person's hour: the same actions as fast as they go, in Chromium."""

import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as TooLate

from bench.rows import Row, row
from tests.support.browser import Brush, chromium, open_app
from tests.support.pictures import photograph
from tests.support.process_memory import memory_mb
from tests.support.restartable_app import RestartableApp

ROUNDS = 12
"""One every five minutes of an hour, each with a picture of its own, a drawing, and a task."""
END_LIMIT_MB = 350.0
LEFT_RATIO = 1.2
TRIES = 5
SESSION_KEPT_S = 5
"""How long Streamlit keeps a session whose browser has gone; two minutes otherwise."""
AWAY_S = 45.0
"""Longer than that and a round of the janitor."""


def run(*, rounds: int = ROUNDS) -> list[Row]:
    """Memory at the first page, after the rounds, and once the person has left."""
    settings = {"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": str(SESSION_KEPT_S)}
    with (
        tempfile.TemporaryDirectory() as folder,
        chromium() as browser,
        RestartableApp(Path(folder), **settings) as app,
    ):
        page = open_app(browser, app.url)
        expect(page.get_by_role("button", name="Cup of coffee", exact=True)).to_be_visible()
        first_mb = memory_mb(app.pid)
        for number in range(rounds):
            _round(page, number)
            print(f"  round {number + 1}: {memory_mb(app.pid):.0f} MB", flush=True)
        end_mb, most_mb = memory_mb(app.pid), memory_mb(app.pid, "VmHWM")
        left_mb = _after_leaving(page, app.pid)
    return [
        row("memory at the first page", first_mb, "MB"),
        row(f"memory after {rounds} rounds of one person", end_mb, "MB", limit=END_LIMIT_MB),
        row("the most memory in between", most_mb, "MB"),
        row("memory after they left", left_mb, "MB", ratio=left_mb / first_mb, target=LEFT_RATIO),
    ]


def _round(page: Page, number: int) -> None:
    """Upload, paint and direct, look at the preview, review, send, look at the tasks, and come back."""
    if number:
        page.get_by_role("link", name="Create").click()
        page.get_by_role("button", name="Change picture").first.click()
    file = {"name": f"photo-{number}.jpg", "mimeType": "image/jpeg", "buffer": photograph(number)}
    page.locator("input[type=file]").first.set_input_files(file)  # type: ignore[arg-type]
    expect(page.get_by_text(f"photo-{number}.jpg ·").first).to_be_visible(timeout=60_000)
    brush = Brush(page=page)
    _paint(brush, number)
    expect(page.locator(".stage video, .stage img").first).to_be_visible(timeout=60_000)
    brush.at_rest()
    _review_and_send(page)
    expect(page.locator("video").first).to_be_visible(timeout=90_000)
    expect(page.locator("video")).to_have_count(min(number + 1, 10), timeout=90_000)


def _review_and_send(page: Page) -> None:
    dialog = page.get_by_role("dialog")
    for _ in range(TRIES):
        if dialog.count():
            break
        with suppress(TooLate):  # a click while the page grows may miss; a person clicks again
            page.get_by_role("button", name="Review and send").click(timeout=15_000)
            dialog.wait_for(timeout=15_000)
    expect(dialog.get_by_alt_text("The picture with masks and paths")).to_be_visible()
    dialog.get_by_role("button", name="Send to Simulator").click()


def _paint(brush: Brush, number: int) -> None:
    shift = 0.01 * number
    brush.layer("Motion 1")
    brush.tool("Brush")
    for stroke in range(4):
        top = 0.4 + 0.05 * stroke
        brush.drag([(0.4 + shift, top), (0.55 + shift, top)])
    brush.tool("Path")
    brush.drag([(0.5 + shift, 0.5), (0.7, 0.4)])
    brush.expect_on_layer("Motion 1", "path of")


def _after_leaving(page: Page, pid: int) -> float:
    page.context.close()
    threading.Event().wait(AWAY_S)
    return memory_mb(pid)
