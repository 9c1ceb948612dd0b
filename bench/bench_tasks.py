"""200 tasks in flight in one process: how long from the service's success to what a page would show.

The service and the app are processes of their own. The task list is read as pages do, ten times a second.
The wait for the schedule (a look each 5 s, ± 20 %) is part of the time, and for "video there" the download.
`python -m bench.bench_tasks` prints the rows.
"""

import json
import multiprocessing
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from bench.rows import Row, row
from kling import ImageToVideoRequest
from studio.journal.entry import State
from studio.services import Services, build
from studio.settings import Settings
from tests.faults.socket_side import Service
from tests.support.listed import listed

TASKS = 200
TASK_S = 30.0
READ_EVERY_S = 0.1
OWNER = "ann"
REQUEST = ImageToVideoRequest(image="aW1n", model_name="kling-v1", mode="std")


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Of one run, in seconds, cores and MB."""

    # of each task, from the service's success to the first read that shows it
    success_seen_s: list[float]
    video_seen_s: list[float]
    submitted_s: float
    cores: float
    peak_mb: float


def run() -> list[Row]:
    """The rows of the table."""
    command = [sys.executable, "-m", "bench.bench_tasks", "measure"]
    told = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    figures = Figures(**json.loads(told))
    name = f"{TASKS} tasks in flight"
    return [
        row(f"{name}: all submitted", figures.submitted_s, "s"),
        row(f"{name}: success seen, median", statistics.median(figures.success_seen_s), "s"),
        row(f"{name}: success seen, p95", _p95(figures.success_seen_s), "s"),
        row(f"{name}: video there, median", statistics.median(figures.video_seen_s), "s"),
        row(f"{name}: video there, p95", _p95(figures.video_seen_s), "s"),
        row(f"{name}: processor, mean", figures.cores, "cores"),
        row(f"{name}: memory, peak", figures.peak_mb, "MB"),
    ]


def measure(folder: Path) -> Figures:
    """In a process that does nothing else."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    service = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,))
    service.start()
    settings = Settings(api_key="sk-bench", base_url=ours.recv(), data_dir=folder, parallel_tasks=TASKS)
    services = build(settings)
    before_s, began_s = time.process_time(), time.monotonic()
    submit(services)
    submitted_s = time.monotonic() - began_s
    succeeded, kept = watch(services)
    used_s, took_s = time.process_time() - before_s, time.monotonic() - began_s
    ours.send("done")
    made: dict[str, float] = ours.recv()
    service.join()
    services.close()
    return Figures(
        success_seen_s=[succeeded[name] - made[name] - TASK_S for name in made],
        video_seen_s=[kept[name] - made[name] - TASK_S for name in made],
        submitted_s=submitted_s,
        cores=used_s / took_s,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
    )


def submit(services: Services) -> None:
    """As people's sessions do."""
    endpoint = services.endpoint()

    def click(number: int) -> None:
        services.tasks.submit(OWNER, endpoint, REQUEST, f"click-{number}")

    with ThreadPoolExecutor(16) as people:
        list(people.map(click, range(TASKS)))


def watch(services: Services) -> tuple[dict[str, float], dict[str, float]]:
    """When each task was first read as succeeded, and as kept; monotonic seconds by external id."""
    succeeded: dict[str, float] = {}
    kept: dict[str, float] = {}
    while len(kept) < TASKS:
        for entry in listed(services.tasks, OWNER).entries:
            name, now_s = entry.external_task_id or "", time.monotonic()
            if entry.state in (State.SUCCEEDED, State.KEPT):
                succeeded.setdefault(name, now_s)
            if entry.state is State.KEPT:
                kept.setdefault(name, now_s)
        time.sleep(READ_EVERY_S)
    return succeeded, kept


def _serve(app: Connection) -> None:
    """The service; its clock is the machine's, which both processes read."""
    with Service(task_s=TASK_S) as service:
        app.send(service.url)
        app.recv()
        app.send(dict(service.ledger))


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


if __name__ == "__main__":
    if sys.argv[1:] == ["measure"]:
        with tempfile.TemporaryDirectory() as folder:
            sys.stdout.write(json.dumps(asdict(measure(Path(folder)))))
            sys.stdout.flush()
            os._exit(0)  # what is left is DBOS's threads
    for line in run():
        print(line)
