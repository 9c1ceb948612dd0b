"""A server process and a browser profile, both fresh: how long until the app is there, and what it brought.

Every time is counted from the start of the process. The page is opened once the server says it is healthy.
"""

import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from bench.strokes import Traffic
from tests.support.running_app import ROOT, START_S, end, free_port

HIDDEN = {"COMETAPI_KEY", "COMETAPI_BASE_URL", "SIMULATOR_TASK_S"}
EMPTY_APP = 'import streamlit as st\n\nst.write("hello")\n'
VIEWPORT_PX = (1280, 800)
NOTE_TIMES = """
window.seenAtMs = {};
const note = (what, found) => {
  if (what in window.seenAtMs || !found) return;
  window.seenAtMs[what] = null;
  requestAnimationFrame(() => setTimeout(() => { window.seenAtMs[what] = Date.now(); }));
};
new MutationObserver(() => {
  const text = document.querySelector('[data-testid=stMain]')?.textContent ?? '';
  note('text', text.trim());
  note('whole', text.includes('LAST_WORDS'));
}).observe(document, { childList: true, subtree: true, characterData: true });
"""
FIRST_PAINT = """
() => performance.timeOrigin + performance.getEntriesByName('first-contentful-paint')[0].startTime
"""


@dataclass(frozen=True, kw_only=True)
class App:
    """A Streamlit app to start."""

    folder: Path
    # the last thing that its first page shows
    last_words: str


@dataclass(frozen=True, kw_only=True)
class StartFigures:
    """One cold start, in seconds after the process began; then what the first visit brought."""

    healthy_s: float
    first_paint_s: float  # Chromium's first contentful paint, be it Streamlit's frame or ours
    first_text_s: float  # the first text that the app's script put on the page
    whole_s: float  # its last
    requests: int
    http_bytes: int  # as transferred, headers included
    websocket_bytes: int


OURS = App(folder=ROOT, last_words="Review and send")


def make_empty_app(folder: Path) -> App:
    """One word on a page, under the very settings of ours."""
    (folder / ".streamlit").mkdir(parents=True)
    shutil.copy(ROOT / ".streamlit" / "config.toml", folder / ".streamlit")
    (folder / "app.py").write_text(EMPTY_APP)
    return App(folder=folder, last_words="hello")


def visit(app: App, browser: Browser, data_dir: Path, *, count_bytes: bool = False) -> StartFigures:
    """Starts the app and opens it in a fresh profile. Counting bytes slows the page: do not use its times."""
    port = free_port()
    with _started(app, port, data_dir) as (process, began):
        url = f"http://127.0.0.1:{port}"
        _wait_until_healthy(f"{url}/_stcore/health", process)
        healthy_s = time.time() - began
        width, height = VIEWPORT_PX
        context = browser.new_context(viewport={"width": width, "height": height})
        try:
            page = context.new_page()
            page.add_init_script(NOTE_TIMES.replace("LAST_WORDS", app.last_words))
            requests: list[str] = []
            page.on("request", lambda request: requests.append(request.url))
            traffic = Traffic(page)
            received: list[int] = _count_http_bytes(page) if count_bytes else []
            seen = _open(page, url)
        finally:
            context.close()
    return StartFigures(
        healthy_s=healthy_s,
        first_paint_s=seen["paint"] / 1000 - began,
        first_text_s=seen["text"] / 1000 - began,
        whole_s=seen["whole"] / 1000 - began,
        requests=len(requests),
        http_bytes=sum(received),
        websocket_bytes=traffic.up_bytes + traffic.down_bytes,
    )


def _open(page: Page, url: str) -> dict[str, float]:
    page.goto(url)
    page.wait_for_function("() => window.seenAtMs.text && window.seenAtMs.whole", timeout=START_S * 1000)
    page.wait_for_load_state("networkidle")
    seen: dict[str, float] = page.evaluate("() => window.seenAtMs")
    return seen | {"paint": page.evaluate(FIRST_PAINT)}


def _count_http_bytes(page: Page) -> list[int]:
    received: list[int] = []
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")

    def finished(event: dict[str, Any]) -> None:
        received.append(round(event["encodedDataLength"]))

    devtools.on("Network.loadingFinished", finished)
    return received


@contextmanager
def _started(app: App, port: int, data_dir: Path) -> Iterator[tuple["subprocess.Popen[bytes]", float]]:
    env = {name: value for name, value in os.environ.items() if name not in HIDDEN}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    command += [f"--server.port={port}", "--server.address=127.0.0.1", "--server.fileWatcherType=none"]
    with (data_dir / "start.log").open("wb") as log:
        began = time.time()
        process = subprocess.Popen(
            command,
            cwd=app.folder,
            env=env | {"STUDIO_DATA_DIR": str(data_dir)},
            stdout=log,
            stderr=log,
        )
        try:
            yield process, began
        finally:
            end(process)


def _wait_until_healthy(url: str, process: "subprocess.Popen[bytes]") -> None:
    # As tests.support.running_app does, but asking often: its 0.1 s would blur what is measured here.
    pause = threading.Event()
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=1.0):
                return
        except OSError:
            pause.wait(0.01)
    raise AssertionError(f"The server did not answer at {url}.")
