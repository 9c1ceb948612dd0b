"""What the simulator bears: requests while it renders, a thousand tasks held, and frames a second.

The server is a process of its own on one core; the questions come from here. `python -m
bench.bench_simulator` prints the rows.
"""

import base64
import http.client
import json
import os
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

from bench.bench_render import MOST_TIMES_ENCODING, best_of_both, photo_scene
from bench.rows import Row, row
from motion import RenderSettings
from simulator.engine.motion_renderer import MARK, STD_CRF, STD_PRESET
from simulator.http.routes import TASKS_PATH
from tests.support.alone import Alone, simulator_alone
from tests.support.pictures import encoded, gradient
from tests.support.scenes import PHOTOS

RENDERS, CLIENTS, WINDOW_S = 4, 4, 3.0
KEPT_TASKS = 1000
MOST_P99_S = 0.5
SIZES_PX = ((640, 360), (1280, 720), (1920, 1080))
HEADERS = {"Authorization": "Bearer bench", "Content-Type": "application/json"}
Ask = Callable[["Server"], Any]


class Server:
    """One kept connection to a simulator."""

    def __init__(self, base_url: str) -> None:
        host, port = urlsplit(base_url).hostname or "", urlsplit(base_url).port
        self._connection = http.client.HTTPConnection(host, port, timeout=60)

    def ask(self, method: str, path: str, body: bytes | None = None) -> Any:
        """The JSON of an answer that must be 200."""
        self._connection.request(method, path, body, HEADERS)
        answer = self._connection.getresponse()
        content = answer.read()
        assert answer.status == 200, content
        return json.loads(content)


def run() -> list[Row]:
    """Requests under load, memory, renders."""
    return [*under_load(), *held(), *renders()]


def under_load() -> list[Row]:
    """Creates and queries a second, and their p99, while four full-HD videos render on the same core."""
    flags = ("--renders", str(RENDERS), "--max-parallel", "100000", "--max-kept-tasks", "100000")
    with simulator_alone(*flags, "--render-max-px", "1920") as alone:
        os.sched_setaffinity(alone.pid, {0})
        server, create = Server(alone.base_url), create_body((PHOTOS / "raccoon.jpg").read_bytes())
        long = create_body(encoded(gradient(1920, 1080), "JPEG"))
        ids = [server.ask("POST", TASKS_PATH, long)["data"]["task_id"] for _ in range(2 * RENDERS)]
        while running(server) < RENDERS:
            threading.Event().wait(0.05)
        asked = {
            "query": lambda own: own.ask("GET", f"{TASKS_PATH}/{ids[0]}"),
            "create": lambda own: own.ask("POST", TASKS_PATH, create),
        }
        rows = [line for name, ask in asked.items() for line in rates(name, alone, ask)]
        assert running(server) == RENDERS, "the renders ended before the measurement did"
    return rows


def running(server: Server) -> int:
    """How many videos are rendered at this moment."""
    return int(server.ask("GET", "/_control")["renders_running"])


def rates(name: str, alone: Alone, ask: Ask) -> list[Row]:
    """Requests a second from four clients that never rest, and the time that 99 of 100 stay under."""
    start = perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        times = [t for own in pool.map(lambda _: asking(alone, ask), range(CLIENTS)) for t in own]
    passed_s, p99_s = perf_counter() - start, quantiles(times, n=100)[98]
    where = f"simulator on one core with {RENDERS} renders"
    return [
        row(f"{where}, {name}", len(times) / passed_s, "requests/s"),
        row(f"{where}, {name}, p99", 1000 * p99_s, "ms", limit=1000 * MOST_P99_S),
    ]


def asking(alone: Alone, ask: Ask) -> list[float]:
    """Seconds of each of the requests that one client gets through."""
    own, times, start = Server(alone.base_url), list[float](), perf_counter()
    while perf_counter() - start < WINDOW_S:
        before = perf_counter()
        ask(own)
        times.append(perf_counter() - before)
    return times


def create_body(picture: bytes, **fields: str) -> bytes:
    """A plain create."""
    image = base64.b64encode(picture).decode()
    return json.dumps({"model_name": "kling-v1", "image": image, "prompt": "wind", **fields}).encode()


def held() -> list[Row]:
    """What the process takes when it holds a thousand finished tasks, and how much of that is theirs."""
    flags = ("--max-parallel", str(KEPT_TASKS), "--max-kept-tasks", str(KEPT_TASKS), "--fps", "1")
    with simulator_alone(*flags, "--render-max-px", "64", "--progression", "at_once") as alone:
        server, body = Server(alone.base_url), create_body(encoded(gradient(), "JPEG"))
        finish(server, [made(server, body)])
        alone_mb = resident_mb(alone.pid)
        finish(server, [made(server, body) for _ in range(KEPT_TASKS)])
        full_mb = resident_mb(alone.pid)
    name = f"simulator holding {KEPT_TASKS:,} tasks, memory"
    return [row(name, full_mb, "MB"), row(f"{name} for the tasks", full_mb - alone_mb, "MB")]


def made(server: Server, body: bytes) -> str:
    """The id of a new task."""
    return str(server.ask("POST", TASKS_PATH, body)["data"]["task_id"])


def finish(server: Server, task_ids: list[str]) -> None:
    """Waits until every one of the tasks has its video."""
    for task_id in task_ids:
        while server.ask("GET", f"{TASKS_PATH}/{task_id}")["data"]["task_status"] != "succeed":
            threading.Event().wait(0.02)


def resident_mb(pid: int) -> float:
    """Memory that a process has in RAM, in MB (Linux)."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) * 1024 / 1e6


def renders() -> list[Row]:
    """Frames a second of a five-second video as std has it, and its time as a multiple of encoding alone."""
    settings = RenderSettings(
        crf=STD_CRF, preset=STD_PRESET, mark=MARK, comment="bench", max_width=1920, max_height=1920
    )
    return [rendered(width, height, settings) for width, height in SIZES_PX]


def rendered(width: int, height: int, settings: RenderSettings) -> Row:
    """One size."""
    scene = photo_scene(width, height, 5.0)
    render_s, encode_s = best_of_both(scene, settings)
    rate = settings.frame_count(scene.duration_s) / render_s
    return row(
        f"render at {width}×{height}", rate, "frames/s", ratio=render_s / encode_s, target=MOST_TIMES_ENCODING
    )


if __name__ == "__main__":
    for measured in run():
        print(measured)
