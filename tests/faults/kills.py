"""Kills the real app at each step and at random moments, and starts it again until every task is kept.

`python -m tests.faults.kills STEPS RANDOM` prints its counts as JSON. With `naive` behind, the app takes what
was being sent for unsent, which must be found out. It is a program of its own since it forks, which a process
with threads must not: the service is one fork, and each life of the app another.
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
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import wraps
from pathlib import Path
from typing import Any

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
    (Journal, "create_entry"),
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
LIES = Lies(before=0.1, after=0.2, later=0.1)
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
    # of all databases; empty when they are intact
    damage: list[str]
    # steps at which nobody was killed, since the app did not come there in that life
    missed: list[str]


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

    def begin(self, settings: Settings, submissions: int, step: str | None = None, *, naive: bool) -> None:
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


def run(steps: tuple[str, ...], random_kills: int, folder: Path, *, naive: bool = False) -> Report:
    """One life for each step, one for each random moment, and a last one that may finish."""
    life, rng = Life(), random.Random(1)
    service = Service(lies=LIES, heard=life.heard)
    serving = forked(service.serve)
    settings = Settings(api_key="sk-for-tests", base_url=service.url, data_dir=folder, parallel_tasks=50)
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
    wanted = external_ids(submissions)
    return Report(
        submissions=submissions,
        kills=kills,
        paid_twice=sum(times - 1 for times in made.values()),
        lost=len(set(wanted) - whole_videos(folder, service.video)),
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


def damage(folder: Path) -> Iterator[str]:
    """What SQLite finds wrong in its files."""
    for file in folder.glob("*.db"):
        with closing(sqlite3.connect(file)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchall()
            yield from (f"{file.name}: {words}" for (words,) in found if words != "ok")


def send_blindly() -> None:
    """In this process, what was being sent when it died is sent again."""
    vars(recovery)["INTERRUPTED"] = CreateOutcome(kind=OutcomeKind.BACK_IN_LINE)


def _live(settings: Settings, submissions: int, step: str | None, *, naive: bool) -> None:
    if naive:
        send_blindly()
    if step is not None:
        die_at(step)
    live(settings, OWNER, submissions, submissions)


def main(steps: int, random_kills: int, *, naive: bool) -> None:
    """All steps, or a few that are spread over them."""
    chosen = ("create made",) if naive else STEPS[:: -(-len(STEPS) // steps)]
    folder = Path(tempfile.mkdtemp(prefix="kills-"))
    try:
        print(json.dumps(asdict(run(chosen, random_kills, folder, naive=naive))))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), naive=sys.argv[3:] == ["naive"])
