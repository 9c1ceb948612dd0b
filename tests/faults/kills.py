"""Kills the real app at each step and at random moments, and starts it again until every task is kept.

`python -m tests.faults.kills STEPS RANDOM` prints its counts as JSON. With `blindly` behind, the app takes
what was being sent for unsent, with `follows` its creates follow redirects: both must be found out. It forks,
which a process with threads must not: the service is one fork, and each life of the app another.
"""

import ctypes
import json
import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import requests

from kling import transport
from studio.files.artifact_store import ArtifactStore
from studio.files.storage import Storage, StorageProblem
from studio.journal.create_outcome import CreateOutcome, OutcomeKind
from studio.journal.database import Database
from studio.journal.entry import State
from studio.journal.journal import Journal
from studio.settings import Settings
from studio.tasks import recovery
from studio.tasks.runner import TaskRunner
from studio.tasks.steps import Steps
from tests.faults.socket_side import EVENTS, Lies, Service
from tests.faults.victim import OWNER, external_ids, live

CALLS: tuple[tuple[type[Any], str], ...] = (
    (Journal, "create_entries"),
    (ArtifactStore, "write_sent"),
    (TaskRunner, "start_workflow"),
    (Journal, "claim"),
    (Steps, "_create"),
    (Journal, "settle"),
    (Steps, "_look"),
    (Journal, "record_status"),
    (Steps, "_fetch"),
    (ArtifactStore, "keep_video"),
    (Storage, "move_in"),
    (Journal, "mark_kept"),
)
STEPS = tuple(f"{when} {name}" for _, name in CALLS for when in ("before", "after")) + EVENTS
LIES = Lies(before=0.1, after=0.2, redirected=0.1, later=0.1, odd=0.5)
LONGEST_LIFE_S = 2.0
LAST_LIFE_S = 600.0
SUBMITS_A_LIFE = 2


@dataclass(frozen=True, kw_only=True)
class Report:
    """What came of it."""

    submissions: int
    kills: int
    paid_twice: int
    # not kept with a whole video and its recipe in the end
    lost: int
    # of these, the ones that are called free although a task was made
    called_unpaid: int
    # of all databases; empty when they are intact
    damage: list[str]
    # steps at which nobody was killed, since the app did not come there in that life
    missed: list[str]

    def __add__(self, other: "Report") -> "Report":
        """Both together."""
        return Report(**{name: value + getattr(other, name) for name, value in vars(self).items()})


def die_at(step: str) -> None:
    """In this process, SIGKILL before or after the call of that name."""
    when, _, name = step.partition(" ")
    owner = next((owner for owner, called in CALLS if called == name), None)
    if owner is None:
        return
    called = getattr(owner, name)

    @wraps(called)
    def deadly(*args: Any, **options: Any) -> Any:
        if when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = called(*args, **options)
        os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, deadly)


class Life:
    """Where the service and the lives of the app meet: whom to kill, and at which event."""

    def __init__(self) -> None:
        self.pid = multiprocessing.RawValue(ctypes.c_int, 0)
        self.event = multiprocessing.RawValue(ctypes.c_int, -1)

    def heard(self, event: str) -> None:
        """In the service: the app dies before it has the answer."""
        if self.event.value == EVENTS.index(event) and self.pid.value:
            self.event.value = -1
            os.kill(self.pid.value, signal.SIGKILL)

    def begin(
        self, settings: Settings, submissions: int, step: str | None = None, *, naive: Callable[[], None]
    ) -> None:
        """The app starts, submits what is not submitted yet, and may die at that step."""
        self.event.value = EVENTS.index(step) if step in EVENTS else -1
        self.pid.value = forked(lambda: _live(settings, submissions, step, naive=naive))

    def end(self, after_s: float) -> bool:
        """Kills it after so many seconds unless it has ended; whether it was killed, by whomever."""
        give_up_at = time.monotonic() + after_s
        while time.monotonic() < give_up_at:
            pid, status = os.waitpid(self.pid.value, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status) != 0
            time.sleep(0.01)
        os.kill(self.pid.value, signal.SIGKILL)
        os.waitpid(self.pid.value, 0)
        return True


def forked(act: Callable[[], None]) -> int:
    """The process id of a fork that does it."""
    pid = os.fork()
    if pid == 0:
        try:
            act()
        except BaseException as error:  # noqa: BLE001 — a fork must not go on as its parent
            sys.stderr.write(f"{error!r}\n")
            os._exit(1)
        os._exit(0)
    return pid


def not_naive() -> None:
    """The app as it is."""


def run(
    steps: tuple[str, ...],
    random_kills: int,
    folder: Path,
    *,
    naive: Callable[[], None] = not_naive,
    lies: Lies = LIES,
) -> Report:
    """One life for each step, one for each random moment, and a last one that may finish."""
    life, rng = Life(), random.Random(1)
    service = Service(lies=lies, heard=life.heard)
    serving = forked(service.serve)
    settings = Settings(
        api_key="sk-for-tests",
        base_url=service.url,
        data_dir=folder,
        parallel_tasks=50,
        tasks_per_person=1000,
    )
    submissions, kills, missed = 0, 0, []
    try:
        for step in (*steps, *(None,) * random_kills):
            submissions += SUBMITS_A_LIFE
            life.begin(settings, submissions, step, naive=naive)
            killed = life.end(LONGEST_LIFE_S * 10 if step else rng.uniform(0.05, LONGEST_LIFE_S))
            kills += killed
            missed += [step] if step and not killed else []
        life.begin(settings, submissions, naive=naive)
        if life.end(LAST_LIFE_S):
            sys.stderr.write("The last life did not come to its end.\n")
        with urllib.request.urlopen(f"{service.url}/ledger") as answer:
            made = Counter(json.load(answer)["made"])
    finally:
        os.kill(serving, signal.SIGKILL)
        os.waitpid(serving, 0)
    unkept = set(external_ids(submissions)) - whole_videos(folder, service.video)
    return Report(
        submissions=submissions,
        kills=kills,
        paid_twice=sum(times - 1 for times in made.values()),
        lost=len(unkept),
        called_unpaid=len(unkept & made.keys() & called_free(folder)),
        damage=list(damage(folder)),
        missed=missed,
    )


def whole_videos(folder: Path, video: bytes) -> set[str]:
    """The external ids of what is kept, byte for byte, together with its recipe."""
    with closing(Database(f"sqlite:///{folder}/studio.db")) as store:
        artifacts, kept = ArtifactStore(store, str(folder / "files")), set()
        for entry in Journal(store).queries.entries(OWNER):
            found = artifacts.video(entry.entry_id)
            try:
                is_whole = found is not None and artifacts.read(found) == video
                if entry.state is State.KEPT and is_whole and artifacts.recipe(entry):
                    kept.add(entry.external_task_id or "")
            except StorageProblem as problem:
                sys.stderr.write(f"{problem}\n")
        return kept


def called_free(folder: Path) -> set[str]:
    """The external ids of what was refused, or has failed."""
    with closing(Database(f"sqlite:///{folder}/studio.db")) as store:
        entries = Journal(store).queries.entries(OWNER)
        return {
            entry.external_task_id or "" for entry in entries if entry.state in (State.REJECTED, State.FAILED)
        }


def damage(folder: Path) -> Iterator[str]:
    """What SQLite finds wrong in its files."""
    for file in folder.glob("*.db"):
        with closing(sqlite3.connect(file)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchall()
            yield from (f"{file.name}: {words}" for (words,) in found if words != "ok")


def send_blindly() -> None:
    """In this process, what was being sent when it died is sent again."""
    vars(recovery)["INTERRUPTED"] = CreateOutcome(kind=OutcomeKind.BACK_IN_LINE)


def follow_redirects() -> None:
    """In this process, creates follow redirects, as they do by most libraries unless told not to."""

    class Following(requests.Session):
        def send(self, request: requests.PreparedRequest, **settings: Any) -> requests.Response:
            return super().send(request, **{**settings, "allow_redirects": True})

    vars(transport)["BoundedSession"] = Following


NAIVE: Mapping[str, tuple[Callable[[], None], tuple[str, ...], Lies]] = {
    "blindly": (send_blindly, ("create made",), LIES),
    "follows": (follow_redirects, ("after mark_kept",), Lies(redirected=0.6)),
}
"""Ways that look right and are not, each with the steps and the lies that find it out."""


def _live(settings: Settings, submissions: int, step: str | None, *, naive: Callable[[], None]) -> None:
    naive()
    if step is not None:
        die_at(step)
    live(settings, OWNER, submissions, submissions)


def in_a_folder(steps: tuple[str, ...], random_kills: int, **options: Any) -> Report:
    """A run that leaves nothing behind."""
    folder = Path(tempfile.mkdtemp(prefix="kills-"))
    try:
        return run(steps, random_kills, folder, **options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(steps: int, random_kills: int, way: str | None) -> Report:
    """All steps, or a few that are spread over them; a naive way has steps of its own."""
    if way is None:
        return in_a_folder(STEPS[:: -(-len(STEPS) // steps)], random_kills)
    naive, chosen, lies = NAIVE[way]
    return in_a_folder(chosen, random_kills, naive=naive, lies=lies)


if __name__ == "__main__":
    report = main(int(sys.argv[1]), int(sys.argv[2]), next(iter(sys.argv[3:]), None))
    print(json.dumps(asdict(report)))
