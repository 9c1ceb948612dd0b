"""Pages read the database alone: whoever watches costs the service no call."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kling import ImageToVideoRequest
from studio.journal.entry import State
from studio.services import Services, build
from studio.settings import Settings
from studio.tasks import schedule
from studio.tasks.schedule import Schedule
from tests.faults.socket_side import Service
from tests.support.listed import listed

LOOKS = 3


@pytest.mark.timeout(240)
def test_fifty_viewers_cost_as_many_calls_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One create, the proof of look-ups, the looks of the schedule, the fetch: the same for 1 and for 50."""
    monkeypatch.setattr(schedule, "REMOTE", Schedule(first_s=0.2, steps=((60.0, 0.5),)))
    one, fifty = (calls(tmp_path / str(viewers), viewers) for viewers in (1, 50))
    assert one == fifty
    assert one["create"] == 1


def calls(folder: Path, viewers: int) -> Counter[str]:
    """What the service was asked while so many people watched one task to its end."""
    with Service(task_s=3600.0) as endpoint:
        endpoint.heard = lambda _: _end_after(endpoint, LOOKS)
        services = build(Settings(api_key="sk-for-tests", base_url=endpoint.url, data_dir=folder))
        try:
            request = ImageToVideoRequest(image="aW1n", model_name="kling-v1", mode="std")
            services.tasks.submit("ann", services.endpoint(), request, "click")
            with ThreadPoolExecutor(viewers) as pages:
                for _ in range(viewers):
                    pages.submit(watch, services)
        finally:
            services.close()
        return endpoint.calls


def watch(services: Services) -> None:
    """As a page does, but twice as often: again and again, until the video is there."""
    pause = threading.Event()
    while listed(services.tasks, "ann").entries[0].state is not State.KEPT:
        pause.wait(0.5)


def _end_after(endpoint: Service, looks: int) -> None:
    """The task's end depends on how often it was looked at, not on how busy the machine is."""
    if endpoint.calls["look"] > looks:
        endpoint.task_s = 0.0
