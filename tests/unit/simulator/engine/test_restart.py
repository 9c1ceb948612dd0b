"""Tasks and videos outlive the process, however it ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from simulator.embedded import start
from simulator.settings import SimulatorSettings
from tests.support.pictures import encoded, gradient
from tests.support.simulated import (
    FILM_BYTES,
    INSTANT,
    KEY,
    TASKS,
    FakeRenderer,
    FakeWeb,
    HeldExecutor,
    plain_body,
    simulated,
)

DEADLINE_S = 60
HOOK = "https://example.org/hook"


def until(true: Callable[[], bool]) -> None:
    """Wait for a condition."""
    end_s = time.monotonic() + DEADLINE_S
    while not true():
        assert time.monotonic() < end_s, "waited in vain"
        time.sleep(0.05)


@contextmanager
def process(port: int, *arguments: str, temporary: Path | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """`python -m simulator` that answers; killed at the end unless it has ended."""
    command = [sys.executable, "-m", "simulator", "--port", str(port), "--render-max-px", "320", *arguments]
    env = os.environ | ({"TMPDIR": str(temporary)} if temporary else {})
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env) as running:
        try:
            until(lambda: answers(port))
            yield running
        finally:
            running.kill()


def answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/_control", timeout=DEADLINE_S).ok
    except requests.ConnectionError:
        return False


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def create(port: int, **fields: Any) -> requests.Response:
    url = f"http://127.0.0.1:{port}{TASKS}"
    return requests.post(url, json=plain_body(**fields), headers=KEY, timeout=DEADLINE_S)


def look(port: int, name: str) -> dict[str, Any]:
    url = f"http://127.0.0.1:{port}{TASKS}/{name}"
    data: dict[str, Any] = requests.get(url, headers=KEY, timeout=DEADLINE_S).json()["data"]
    return data


def test_tasks_survive_kill_9_and_those_in_work_are_finished(tmp_path: Path) -> None:
    """The finished one keeps its very video; those whose rendering was cut off are rendered after all."""
    port, keep = free_port(), ("--state-dir", str(tmp_path), "--progression", "at_once")
    with process(port, *keep) as running:
        create(port, external_task_id="done")
        until(lambda: look(port, "done")["task_status"] == "succeed")
        done = look(port, "done")
        video = requests.get(done["task_result"]["videos"][0]["url"], timeout=DEADLINE_S).content
        for name in ("one", "two", "three"):
            assert create(port, external_task_id=name).status_code == 200
        running.send_signal(signal.SIGKILL)
        running.wait(DEADLINE_S)
    with process(port, *keep):
        assert look(port, "done") == done
        assert requests.get(done["task_result"]["videos"][0]["url"], timeout=DEADLINE_S).content == video
        until(lambda: all(look(port, name)["task_status"] == "succeed" for name in ("one", "two", "three")))
        assert create(port, external_task_id="one").json()["code"] == 1201
    assert list((tmp_path / "orders").iterdir()) == []


def test_a_kill_leaves_nothing_that_the_next_start_does_not_remove(tmp_path: Path) -> None:
    """And an ordinary end leaves nothing at all."""
    port = free_port()
    with process(port, temporary=tmp_path) as running:
        running.send_signal(signal.SIGKILL)
        running.wait(DEADLINE_S)
    assert len(list(tmp_path.iterdir())) == 1
    with process(port, temporary=tmp_path) as running:
        assert len(list(tmp_path.iterdir())) == 1
        running.terminate()
        running.wait(DEADLINE_S)
    assert list(tmp_path.iterdir()) == []


def test_the_embedded_one_comes_back_under_its_address_with_its_key(tmp_path: Path) -> None:
    """So that URLs of videos stay good; when the port is taken it takes another."""
    settings = replace(INSTANT, state_dir=tmp_path / "simulator")
    first = start(settings, render=FakeRenderer())
    first.stop()
    second = start(settings, render=FakeRenderer())
    third = start(settings, render=FakeRenderer())
    try:
        assert (second.base_url, second.api_key) == (first.base_url, first.api_key)
        assert third.base_url != second.base_url
    finally:
        second.stop()
        third.stop()
    again = start(settings, render=FakeRenderer())
    again.stop()
    assert again.base_url == first.base_url


@pytest.mark.parametrize("kept", ["", "a port", "0", "99999999"])
def test_a_kept_port_that_is_none_is_replaced(kept: str, tmp_path: Path) -> None:
    """A disk that was full leaves such a file: it starts, and the next time under the same address."""
    (tmp_path / "port").write_text(kept)
    settings = replace(INSTANT, state_dir=tmp_path)
    addresses = []
    for _ in range(2):
        running = start(settings, render=FakeRenderer())
        running.stop()
        addresses.append(running.base_url)
    assert addresses[0] == addresses[1]


def test_two_processes_with_one_folder_know_each_others_tasks(tmp_path: Path) -> None:
    """Also a task whose process was killed before it was worked on: whoever is asked begins it."""
    settings = SimulatorSettings(progression="at_once", state_dir=tmp_path)
    dead = HeldExecutor()
    with simulated(settings) as second:
        with simulated(settings, rendering=dead) as first:
            first.create(external_task_id="left")
        assert [second.look("left")["task_status"] for _ in range(2)] == ["processing", "succeed"]
        assert second.created_id(external_task_id="mine")
        with simulated(settings) as third:
            url = third.look("mine")["task_result"]["videos"][0]["url"]
            assert third.send("GET", url).content == FILM_BYTES
    assert len(second.renderer.orders) == 2


def test_a_task_is_rendered_once(tmp_path: Path) -> None:
    """Neither queries nor restarts render it again."""
    settings = SimulatorSettings(progression="at_once", state_dir=tmp_path)
    renders = 0
    for _ in range(2):
        with simulated(settings) as service:
            if not renders:
                service.create(external_task_id="mine")
            for _ in range(3):
                service.look("mine")
            renders += len(service.renderer.orders)
    assert renders == 1


def test_a_reset_during_a_rendering_leaves_no_file(tmp_path: Path) -> None:
    """Neither the order nor the video that nobody can ask for any more."""
    held = HeldExecutor()
    with simulated(replace(INSTANT, state_dir=tmp_path), rendering=held) as service:
        service.create()
        order = next((tmp_path / "orders").iterdir())
        body = order.read_bytes()
        service.control("POST", "/reset")
        order.write_bytes(body)  # as if the renderer had read it just before
        held.run()
    assert [*(tmp_path / "orders").iterdir(), *(tmp_path / "videos").iterdir()] == []


def test_a_waiting_task_is_not_begun_twice_by_asking() -> None:
    """However often."""
    held = HeldExecutor()
    with simulated(rendering=held) as service:
        task_id = service.created_id()
        for _ in range(3):
            service.look(task_id)
        assert len(held.held) == 1


def test_pictures_that_were_fetched_are_not_fetched_again_after_a_restart(tmp_path: Path) -> None:
    """They may be gone by then."""
    settings = SimulatorSettings(progression="at_once", state_dir=tmp_path)
    web = FakeWeb(files={"https://example.org/a.png": encoded(gradient())})
    with simulated(settings, web=web, rendering=HeldExecutor()) as service:
        service.create(image="https://example.org/a.png", external_task_id="mine")
    with simulated(settings) as service:
        assert service.look("mine")["task_status"] == "succeed"
        assert service.renderer.orders[0].image.shape == (320, 400, 3)


def test_a_task_whose_order_is_lost_fails(tmp_path: Path) -> None:
    """Instead of hanging for ever."""
    settings = SimulatorSettings(progression="at_once", state_dir=tmp_path)
    with simulated(settings, rendering=HeldExecutor()) as service:
        service.create(external_task_id="mine")
    next((tmp_path / "orders").iterdir()).unlink()
    with simulated(settings) as service:
        data = service.look("mine")
        assert (data["task_status"], data["task_status_msg"]) == ("failed", "Internal service error")


def test_callbacks_go_on_after_a_restart_without_being_repeated(tmp_path: Path) -> None:
    """What was told is kept with the task; the URL is the one under which it was created."""
    settings = SimulatorSettings(state_dir=tmp_path)
    with simulated(settings) as service:
        service.create(callback_url=HOOK)
        service.clock.advance(2)
        service.look_at_callbacks()
        clock = service.clock
        assert [body["task_status"] for _, body in service.called.calls] == ["processing"]
    with simulated(settings, clock=clock) as service:
        clock.advance(8)
        service.look_at_callbacks()
        ((_, body),) = service.called.calls
        assert body["task_status"] == "succeed"
        assert body["task_result"]["videos"][0]["url"].startswith("http://far.test/videos/")


def test_a_refused_create_leaves_no_file(tmp_path: Path) -> None:
    """Whatever it is refused for; and a finished task only its video."""
    settings = replace(INSTANT, state_dir=tmp_path, max_parallel=1)
    with simulated(settings, rendering=HeldExecutor()) as service:
        service.create(external_task_id="mine")
        assert service.create(external_task_id="mine").status_code == 400
        assert service.create().status_code == 429
        assert len(list((tmp_path / "orders").iterdir())) == 1


def test_files_that_a_kill_left_between_two_steps_are_removed(tmp_path: Path) -> None:
    """Once they are old: young ones may be another process's. What a task needs stays."""
    settings = SimulatorSettings(progression="at_once", state_dir=tmp_path)
    with simulated(settings) as service:
        service.create(external_task_id="mine")
    for name in ("orders/1.json", "orders/2.json.9.part", "videos/v.mp4", "videos/young.mp4"):
        (tmp_path / name).touch()
    for path in (*(tmp_path / "orders").iterdir(), *(tmp_path / "videos").iterdir()):
        if path.stem != "young":
            os.utime(path, (0, 0))
    with simulated(settings) as service:
        url = service.look("mine")["task_result"]["videos"][0]["url"]
        assert service.send("GET", url).content == FILM_BYTES
    assert list((tmp_path / "orders").iterdir()) == []
    assert len(list((tmp_path / "videos").iterdir())) == 2
