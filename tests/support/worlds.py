"""A whole studio behind the pages, with a far end in memory: journal, steps, DBOS and the recovery."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from studio.journal.database import Database, set_to_wal
from studio.journal.deployment import Heartbeats
from studio.journal.entry import SIMULATOR, Entry, NewTask
from studio.journal.journal import Journal
from studio.journal.schema import artifacts, upgrade
from studio.tasks.recovery import Recovery
from studio.tasks.runner import TaskRunner
from studio.tasks.steps import Client, Steps
from studio.tasks.takeover import Takeover
from tests.support import make
from tests.support.services import NOON, FakeKeys

REQUEST = make.request(prompt="wind")


def new_task(name: str = "one", **fields: Any) -> NewTask:
    """One of Ann's for the simulator, whose tasks are looked at every half second."""
    plain = {"service": SIMULATOR, "key_fingerprint": "k", "price_usd": None, "thumbnail": None}
    return make.new_task(name, **{**plain, "request": REQUEST, **fields})


def keep_row(store: Database, entry: Entry) -> None:
    """What the journal asks for before it calls a task kept: the video's row."""
    row: dict[str, Any] = {
        "entry_id": entry.entry_id,
        "kind": "video",
        "index": 0,
        "path": f"{entry.entry_id}/video.mp4",
        "size_bytes": 3,
        "sha256": "0" * 64,
        "pinned": False,
        "created_at": NOON,
    }
    with store.writing() as connection:
        connection.execute(insert(artifacts).values(row))


@dataclass
class Worked:
    """One process's works, running."""

    store: Database
    client: Client
    executor_id: str
    parallel_tasks: int
    dbos_url: str
    shared: bool = False
    before_download: Callable[[Entry], None] = lambda _: None
    keys: FakeKeys = field(init=False)
    journal: Journal = field(init=False)
    runner: TaskRunner = field(init=False)
    recovery: Recovery = field(init=False)

    def __post_init__(self) -> None:
        self.keys = FakeKeys(self.client)
        self.journal = Journal(self.store)
        steps = Steps(
            journal=self.journal,
            keys=self.keys,
            keep_video=self._keep,
        )
        self.runner = TaskRunner(
            self.dbos_url,
            executor_id=self.executor_id,
            parallel_tasks=self.parallel_tasks,
            run_next_step=steps.run_next_step,
            is_shared=lambda _: self.shared,
        )
        self.recovery = Recovery(
            journal=self.journal,
            keys=self.keys,
            runner=self.runner,
            takeover=Takeover(self.runner, Heartbeats(self.store)),
        )

    def _keep(self, entry: Entry, _url: str, _base_url: str) -> None:
        self.before_download(entry)
        keep_row(self.store, entry)


@contextmanager
def working(
    folder: Path, client: Client, *, parallel_tasks: int = 3, executor_id: str = "local"
) -> Iterator[Worked]:
    """Started, on SQLite in this folder; the recovery's rounds are the test's to take."""
    store = Database(f"sqlite:///{folder}/studio.db")
    upgrade(store)
    set_to_wal(f"sqlite:///{folder}/dbos.db")
    works = Worked(store, client, executor_id, parallel_tasks, f"sqlite:///{folder}/dbos.db")
    works.runner.start()
    try:
        yield works
    finally:
        works.runner.close()
        store.close()
