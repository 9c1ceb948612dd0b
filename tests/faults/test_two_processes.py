"""Two processes on one PostgreSQL and one S3: one is killed, the other finishes its tasks."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from studio.files.artifact_store import ArtifactStore
from studio.journal.database import Database
from studio.journal.deployment import Heartbeats
from studio.journal.entry import State
from studio.journal.journal import Journal
from studio.journal.schema import upgrade
from tests.faults.socket_side import Service
from tests.faults.victim import external_ids
from tests.support.postgres import PostgresServer
from tests.support.s3 import running_s3
from tests.support.waiting import wait_until

ROOT = Path(__file__).parents[2]
OWNER, TASKS = "ann", 4
BEFORE = sorted((State.RUNNING, State.RUNNING, State.SENDING, State.INTENT))


@contextmanager
def process(folder: Path, environment: dict[str, str], *, submits: int) -> Iterator[subprocess.Popen[bytes]]:
    """One of the deployment's, with a disk of its own."""
    folder.mkdir()
    hidden = {"COMETAPI_KEY", "COMETAPI_BASE_URL"}
    env = {name: value for name, value in os.environ.items() if name not in hidden}
    env |= environment | {"STUDIO_DATA_DIR": str(folder), "PYTHONPATH": "."}
    command = [sys.executable, "-m", "tests.faults.victim", OWNER, str(submits), str(TASKS)]
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
    try:
        yield running
    finally:
        running.kill()
        running.wait()


@pytest.mark.timeout(240)
def test_one_is_killed_and_the_other_finishes_its_tasks(
    postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SIGKILL while two run, one is being sent and one is in line: each is made once, and has its video."""
    with ExitStack() as closing:
        endpoint = closing.enter_context(Service(task_s=3600.0))
        go_on = hold_third_create(endpoint)
        s3 = closing.enter_context(running_s3())
        url = postgres.new_database()
        for name, value in s3.environment.items():
            monkeypatch.setenv(name, value)
        store = Database(url)
        closing.callback(store.close)
        upgrade(store)
        journal, artifacts = (
            Journal(store),
            ArtifactStore(store, s3.storage_url, cache_dir=tmp_path / "copies"),
        )
        shared = {
            "DATABASE_URL": url,
            "STORAGE_URL": s3.storage_url,
            "COMETAPI_KEY": "sk-for-tests",
            "COMETAPI_BASE_URL": endpoint.url,
        }
        first = closing.enter_context(process(tmp_path / "a", shared, submits=TASKS))
        wait_until(lambda: sorted(_states(journal)) == BEFORE, "the first process's tasks")
        closing.enter_context(process(tmp_path / "b", shared, submits=0))
        wait_until(lambda: len(Heartbeats(store).read()) == 2, "the second process")
        first.kill()
        go_on.set()
        endpoint.task_s = 0.5
        wait_until(lambda: _states(journal) == [State.KEPT] * TASKS, "the second process to finish them")
        assert sorted(name for name, _ in endpoint.ledger) == external_ids(TASKS)
        for entry in journal.queries.entries(OWNER):
            video = artifacts.video(entry.entry_id)
            assert video is not None
            assert artifacts.read(video) == endpoint.video


def hold_third_create(endpoint: Service) -> threading.Event:
    """The third task is made, and its answer does not go out before the event is set."""
    go_on = threading.Event()

    def heard(event: str) -> None:
        if event == "create made" and len(endpoint.ledger) == 3:
            assert go_on.wait(200)

    endpoint.heard = heard
    return go_on


def _states(journal: Journal) -> list[State]:
    return [entry.state for entry in journal.queries.entries(OWNER)]
