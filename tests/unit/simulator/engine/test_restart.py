"""Tasks and videos outlive the process, however it ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from simulator.embedded import SimulatorDidNotStart, start
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
    """So that URLs of videos stay good; when the port is taken it takes another, for that once."""
    settings = replace(INSTANT, state_dir=tmp_path / "simulator")
    addresses: list[str] = []
    for taken in (False, False, True, False):
        with ExitStack() as stack:
            if taken:
                stack.enter_context(socket.create_server(("127.0.0.1", int(addresses[0].rpartition(":")[2]))))
            running = start(settings, render=FakeRenderer())
            running.stop()
            addresses.append(running.base_url)
    assert addresses[0] == addresses[1] == addresses[3] != addresses[2]


def test_a_folder_in_use_is_refused_in_words(tmp_path: Path) -> None:
    """By the embedded one and by the one that runs alone; the one that has it is not disturbed."""
    running = start(replace(INSTANT, state_dir=tmp_path), render=FakeRenderer())
    try:
        with pytest.raises(SimulatorDidNotStart, match=f"{tmp_path} is used by another simulator"):
            start(replace(INSTANT, state_dir=tmp_path), render=FakeRenderer())
        command = [sys.executable, "-m", "simulator", "--port", "0", "--state-dir", str(tmp_path)]
        refused = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert refused.stderr.startswith(f"The folder {tmp_path} is used by another simulator")
        assert requests.get(f"{running.base_url}/openapi.json", timeout=DEADLINE_S).ok
    finally:
        running.stop()


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
    """The last status sent is kept with the task; the URL is the one under which it was created."""
    settings = SimulatorSettings(state_dir=tmp_path)
    with simulated(settings) as service:
        service.create(callback_url=HOOK)
        service.clock.advance(2)
        service.send_callbacks()
        clock = service.clock
        assert [body["task_status"] for _, body in service.called.calls] == ["processing"]
    with simulated(settings, clock=clock) as service:
        clock.advance(8)
        service.send_callbacks()
        ((_, body),) = service.called.calls
        assert body["task_status"] == "succeed"
        assert body["task_result"]["videos"][0]["url"].startswith("http://far.test/videos/")


def test_a_refused_create_leaves_no_file(tmp_path: Path) -> None:
    """For any reason; and a finished task only its video."""
    settings = replace(INSTANT, state_dir=tmp_path, max_parallel=1)
    with simulated(settings, rendering=HeldExecutor()) as service:
        service.create(external_task_id="mine")
        assert service.create(external_task_id="mine").status_code == 400
        assert service.create().status_code == 429
        assert len(list((tmp_path / "orders").iterdir())) == 1


def test_files_that_a_kill_left_between_two_steps_are_removed(tmp_path: Path) -> None:
    """The files that a task needs stay."""
    settings = SimulatorSettings(progression="at_once", state_dir=tmp_path)
    with simulated(settings) as service:
        service.create(external_task_id="mine")
    for name in ("tasks/1.json", "tasks/1.json.part", "orders/1.json", "orders/2.json.part", "videos/v.mp4"):
        (tmp_path / name).touch()
    with simulated(settings) as service:
        url = service.look("mine")["task_result"]["videos"][0]["url"]
        assert service.send("GET", url).content == FILM_BYTES
    left = [len(list((tmp_path / name).iterdir())) for name in ("tasks", "orders", "videos")]
    assert left == [1, 0, 1]
