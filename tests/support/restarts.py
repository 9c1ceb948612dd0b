"""A process that ends and another that goes on, with a full line made at one moment: is all followed?"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from sqlalchemy import text

from studio.journal.database import Database, set_to_wal
from studio.journal.schema import upgrade
from tests.support.services import FakeService
from tests.support.worlds import Worked, new_task

SLOTS = 3
TASKS = 6
GIVE_UP_S = 30.0
LINGER_S = 0.7
"""So long after the last look one more create would have left: three rounds of a queue."""


@dataclass(frozen=True, kw_only=True)
class Restart:
    """The figures of one restart."""

    # at the service before it and not looked at after it
    unfollowed: int
    # creates beyond the slots
    over_cap: int
    # from the start of the next process to the last of the first looks
    seconds: float


@contextmanager
def process(database_url: str, folder: Path, service: FakeService, name: str) -> Iterator[Worked]:
    """One process; on SQLite it goes on under the name of the one before it."""
    store = Database(database_url)
    upgrade(store)
    workflows_url = f"sqlite:///{folder}/workflows.db" if store.is_sqlite else database_url
    if store.is_sqlite:
        set_to_wal(workflows_url)
    executor_id = "local" if store.is_sqlite else f"{name}-{uuid4().hex[:8]}"
    works = Worked(store, service, executor_id, SLOTS, workflows_url, shared=not store.is_sqlite)
    works.runner.start()
    try:
        yield works
    finally:
        works.runner.close()
        works.recovery.close()
        store.close()


def play_restart(database_url: str, folder: Path) -> Restart:
    """Submit a line that is longer than its slots, end the process, and start the next one."""
    service = FakeService()
    with process(database_url, folder, service, "first") as works:
        for _ in range(TASKS):
            works.runner.start_workflow(works.journal.create_entry(new_task(uuid4().hex)))
        _wait(lambda: len(service.created) == SLOTS)
        workflows = database_url if not works.store.is_sqlite else f"sqlite:///{folder}/workflows.db"
    running = {f"task-of-{name}" for name in service.created}
    _make_simultaneous(workflows)
    looked_at: set[str] = set()
    service.looked_at = looked_at.add
    with process(database_url, folder, service, "second") as works:
        began_s = time.monotonic()
        _wait(lambda: _looks_after(works, looked_at, running))
        took_s = time.monotonic() - began_s
        threading.Event().wait(LINGER_S)
        works.recovery.run_once()
    return Restart(
        unfollowed=len(running - looked_at),
        over_cap=max(len(service.created) - SLOTS, 0),
        seconds=took_s,
    )


def _looks_after(works: Worked, looked_at: set[str], running: set[str]) -> bool:
    works.recovery.run_once()
    return looked_at >= running


def _make_simultaneous(workflows_url: str) -> None:
    """As on SQLite, where DBOS keeps whole seconds."""
    with closing(Database(workflows_url)) as store, store.writing() as connection:
        table = "workflow_status" if store.is_sqlite else "dbos.workflow_status"
        connection.execute(text(f"UPDATE {table} SET created_at = 1000"))


def _wait(holds: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + GIVE_UP_S
    while not holds() and time.monotonic() < give_up_at:
        threading.Event().wait(0.05)
