"""The simulator inside another process."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from simulator.embedded import SimulatorDidNotStart, serve, start
from simulator.engine.pipeline import Executors
from simulator.http.app import create_app
from simulator.settings import SimulatorSettings
from tests.support.running_app import ROOT
from tests.support.simulated import INSTANT, TASKS, FakeRenderer, plain_body

TIMEOUT_S = 20


def ask(base_url: str, api_key: str, path: str = "") -> requests.Response:
    headers = {"Authorization": f"Bearer {api_key}"}
    return requests.get(f"{base_url}{TASKS}{path}", headers=headers, timeout=TIMEOUT_S)


def test_it_listens_when_start_returns() -> None:
    """On a loopback port of its own, with a key that is visibly no secret."""
    running = start(render=FakeRenderer())
    try:
        assert running.base_url.startswith("http://127.0.0.1:")
        assert running.api_key == "simulator"
        assert ask(running.base_url, running.api_key).json()["data"] == []
    finally:
        running.stop()


def test_its_start_loads_no_models() -> None:
    """Pydantic takes longer than the whole start; the control prefix and the document load it when asked."""
    code = "import simulator.embedded, sys; sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_after_stop_nobody_answers_and_no_thread_is_left() -> None:
    """Stopping twice does no harm."""
    before = set(threading.enumerate())
    running = start(INSTANT, render=FakeRenderer())
    headers = {"Authorization": "Bearer k"}
    requests.post(running.base_url + TASKS, json=plain_body(), headers=headers, timeout=TIMEOUT_S)
    running.stop()
    running.stop()
    with pytest.raises(requests.ConnectionError):
        ask(running.base_url, running.api_key)
    for thread in set(threading.enumerate()) - before:
        thread.join(TIMEOUT_S)  # told to end, and does
        assert not thread.is_alive()


def test_it_starts_from_any_thread_and_more_than_once() -> None:
    """A page's script runs in a thread of Streamlit's."""
    with ThreadPoolExecutor(2) as threads:
        both = list(threads.map(lambda _: start(render=FakeRenderer()), range(2)))
    try:
        assert both[0].base_url != both[1].base_url
        assert all(ask(one.base_url, one.api_key).status_code == 200 for one in both)
    finally:
        for one in both:
            one.stop()


def test_it_asks_for_the_key_that_was_set() -> None:
    """And tells it to its host."""
    running = start(SimulatorSettings(api_key="mine"), render=FakeRenderer())
    try:
        assert running.api_key == "mine"
        assert ask(running.base_url, "yours").status_code == 401
        assert ask(running.base_url, "mine").status_code == 200
    finally:
        running.stop()


def test_a_start_that_fails_says_so() -> None:
    """Instead of waiting for ever; no thread is left."""

    def nobody() -> Executors:
        raise RuntimeError("nobody is free")

    with pytest.raises(SimulatorDidNotStart):
        serve(create_app(render=FakeRenderer(), make_executors=nobody), api_key="k")
    assert "simulator" not in {thread.name for thread in threading.enumerate()}
