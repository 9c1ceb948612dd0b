"""Work beside the event loop: a bounded number of videos at one time, while requests are answered."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from simulator.embedded import RunningSimulator, start
from simulator.engine.pipeline import thread_executors
from simulator.engine.scene import RenderedVideo, RenderRequest
from simulator.settings import SimulatorSettings
from tests.support.simulated import (
    FILM_BYTES,
    KEY,
    TASKS,
    plain_body,
)

DEADLINE_S = 60
RENDERS = 2
MOST_NICE = 19


@dataclass
class GatedRenderer:
    """Renders once it is let; remembers how many were at it at one time."""

    gate: threading.Event = field(default_factory=threading.Event)
    at_work: int = 0
    most: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, order: RenderRequest) -> RenderedVideo:
        self._count(1)
        assert self.gate.wait(DEADLINE_S)
        self._count(-1)
        return RenderedVideo(mp4=FILM_BYTES, duration_s=order.duration_s)

    def _count(self, change: int) -> None:
        with self.lock:
            self.at_work += change
            self.most = max(self.most, self.at_work)


@pytest.fixture
def renderer() -> GatedRenderer:
    return GatedRenderer()


@pytest.fixture
def busy(renderer: GatedRenderer, tmp_path: Path) -> Iterator[RunningSimulator]:
    """A simulator with six tasks, whose renderers are all at work and go on at `renderer.gate`."""
    settings = SimulatorSettings(progression="at_once", renders=RENDERS, state_dir=tmp_path)
    running = start(settings, render=renderer)
    try:
        for number in range(6):
            create(running, str(number))
        until(lambda: renderer.at_work == RENDERS)
        yield running
    finally:
        renderer.gate.set()
        running.stop()


def until(true: Callable[[], bool]) -> None:
    end_s = time.monotonic() + DEADLINE_S
    while not true():
        assert time.monotonic() < end_s, "waited in vain"
        time.sleep(0.02)


def create(running: RunningSimulator, name: str) -> int:
    body = plain_body(external_task_id=name)
    return requests.post(running.base_url + TASKS, json=body, headers=KEY, timeout=DEADLINE_S).status_code


def status(running: RunningSimulator, name: str) -> str:
    url = f"{running.base_url}{TASKS}/{name}"
    data = requests.get(url, headers=KEY, timeout=DEADLINE_S).json()["data"]
    return str(data["task_status"])


def test_requests_are_answered_while_all_renderers_are_at_work(busy: RunningSimulator) -> None:
    """Creates and queries alike; the control prefix tells how many renderers are."""
    assert create(busy, "one more") == 200
    assert status(busy, "one more") == "processing"
    shown = requests.get(f"{busy.base_url}/_control", timeout=DEADLINE_S).json()
    assert (shown["renders_running"], shown["unfinished"]) == (RENDERS, 7)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere niceness belongs to the whole process")
def test_renderers_stand_back_behind_answers() -> None:
    """Their threads are nicer than the one that answers."""
    executors = thread_executors()
    try:
        theirs = executors.rendering.submit(own_niceness).result(DEADLINE_S)
    finally:
        executors.close()
    assert theirs > own_niceness() or theirs == MOST_NICE


def own_niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_no_more_videos_are_rendered_at_one_time_than_asked(
    busy: RunningSimulator, renderer: GatedRenderer
) -> None:
    """All are made in the end."""
    renderer.gate.set()
    until(lambda: all(status(busy, str(number)) == "succeed" for number in range(6)))
    assert renderer.most == RENDERS


def test_creates_that_wait_are_on_disk_and_not_in_memory(busy: RunningSimulator, tmp_path: Path) -> None:
    """One file for each task without a video; the queue holds ids only."""
    assert len(list((tmp_path / "orders").iterdir())) == 6
    assert status(busy, "5") == "processing"
