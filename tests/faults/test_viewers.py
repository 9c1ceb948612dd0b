"""Pages read the database alone: whoever watches costs the service no call."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kling import ImageToVideoRequest
from studio import next_step
from studio.bootstrap import Services, build
from studio.entries import State
from studio.schedule import Schedule
from studio.settings import Settings
from tests.faults.socket_side import Service

LOOKS = 3


@pytest.mark.timeout(240)
def test_fifty_viewers_cost_as_many_calls_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One create, the proof of look-ups, the looks of the schedule, the fetch: the same for 1 and for 50."""
    monkeypatch.setattr(next_step, "REMOTE", Schedule(first_s=0.2, steps=((60.0, 0.5),)))
    one, fifty = (calls(tmp_path / str(viewers), viewers) for viewers in (1, 50))
    assert one == fifty
    assert one["create"] == 1


def calls(folder: Path, viewers: int) -> Counter[str]:
    """What the service was asked while so many people watched one task to its end."""
    with Service(task_s=3600.0) as far_end:
        far_end.heard = lambda _: _end_after(far_end, LOOKS)
        services = build(Settings(api_key="sk-for-tests", base_url=far_end.url, data_dir=folder))
        try:
            request = ImageToVideoRequest(image="aW1n", model_name="kling-v1", mode="std")
            services.desk.submit("ann", services.far_end(), request, None, "click")
            with ThreadPoolExecutor(viewers) as pages:
                for _ in range(viewers):
                    pages.submit(watch, services)
        finally:
            services.close()
        return far_end.calls


def watch(services: Services) -> None:
    """As a page does: again and again, until the video is there."""
    pause = threading.Event()
    while services.desk.entries("ann")[0].state is not State.KEPT:
        pause.wait(0.1)


def _end_after(far_end: Service, looks: int) -> None:
    """The task's end depends on how often it was looked at, not on how busy the machine is."""
    if far_end.calls["look"] > looks:
        far_end.task_s = 0.0
