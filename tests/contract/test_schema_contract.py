"""What the database itself refuses, and how earlier versions are brought up, on SQLite and PostgreSQL."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from studio.journal import schema
from studio.journal.database import Database, StoreProblem
from studio.journal.deployment import DeploymentValues
from studio.journal.entry import SETTLED, WITH_TASK, State
from studio.journal.journal import Journal
from studio.journal.schema import artifacts, entries, metadata, upgrade
from studio.owners import new_browser_owner

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
VERSIONS = [
    script.revision
    for script in ScriptDirectory(str(Path(schema.__file__).parent / "migrations")).walk_revisions()
][::-1]


def row(**changes: object) -> dict[str, Any]:
    """An entry that the very first version knew."""
    base: dict[str, Any] = {
        "entry_id": "1" * 32,
        "owner": "ann",
        "click_token": "click",
        "service": "https://far.example",
        "key_fingerprint": "f" * 64,
        "external_task_id": "external",
        "state": "intent",
        "version": 0,
        "made_elsewhere": False,
        "price_micro_usd": 140_000,
        "created_at": NOON,
        "state_since": NOON,
        "attempts": 0,
        "not_founds": 0,
    }
    return {**base, **changes}


def write(store: Database, **changes: object) -> None:
    with store.writing() as connection:
        connection.execute(insert(entries).values(row(**changes)))


@pytest.fixture
def empty(database_url: str) -> Iterator[Database]:
    """A database without tables."""
    store = Database(database_url)
    yield store
    store.close()


def test_there_are_earlier_versions_in_one_line() -> None:
    """Each version has one before it, from the first to the newest."""
    assert len(VERSIONS) >= 2


def test_the_migrations_make_the_tables_that_the_program_uses(store: Database) -> None:
    """Two descriptions of one schema, held together."""
    with store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_an_earlier_database_is_brought_up_with_all_that_is_in_it(empty: Database, version: str) -> None:
    """From each version that ever was: a running task and a waiting one go on."""
    upgrade(empty, version)
    running = {"state": "running", "task_id": "task-1", "sent_at": NOON, "accepted_at": NOON}
    write(empty)
    write(empty, **running, entry_id="2" * 32, click_token="click 2", external_task_id="external 2")
    with empty.writing() as connection:
        body = '{"image":"aW1n","model_name":"kling-v1","external_task_id":"external"}'
        connection.execute(
            text("INSERT INTO requests VALUES (:entry_id, :sha256, :body)"),
            {"entry_id": "1" * 32, "sha256": "a" * 64, "body": body},
        )
        connection.execute(text("INSERT INTO meta VALUES ('secret', 'kept')"))
    upgrade(empty)
    journal = Journal(empty)
    assert [entry.state for entry in journal.queries.unfinished()] == [State.INTENT, State.RUNNING]
    assert {(entry.put_aside_at, entry.slot_given_back) for entry in journal.queries.unfinished()} == {
        (None, False)
    }
    assert journal.queries.request("1" * 32).external_task_id == "external"
    assert journal.claim(journal.queries.entry("1" * 32)) is not None
    assert DeploymentValues(empty).get_or_make("secret", lambda: "new") == "kept"


@pytest.mark.parametrize("version", VERSIONS[: VERSIONS.index("8")])
def test_what_ended_before_there_were_signs_counts_as_seen(empty: Database, version: str) -> None:
    """Nothing old is announced after an upgrade; what is still under way is, once it ends."""
    upgrade(empty, version)
    ended = {"state": "failed", "task_id": "task-1", "ended_at": NOON}
    write(empty)
    write(empty, **ended, entry_id="2" * 32, click_token="click 2", external_task_id="external 2")
    upgrade(empty)
    queries = Journal(empty).queries
    assert [queries.entry(digit * 32).seen_at for digit in "12"] == [None, NOON]
    marks = {(entry.name, entry.is_starred, entry.batch_id) for entry in queries.entries("ann")}
    assert marks == {(None, False, None)}


@pytest.mark.parametrize("version", VERSIONS[:3])
def test_a_browser_s_id_is_nowhere_in_the_database(empty: Database, version: str) -> None:
    """Whoever reads it, or a backup of it, could come in as that browser; an earlier one is cleaned."""
    before, after = new_browser_owner(), new_browser_owner()
    upgrade(empty, version)
    write(empty)
    with empty.writing() as connection:
        connection.execute(text("UPDATE entries SET owner = :owner"), {"owner": before})
    upgrade(empty)
    write(empty, entry_id="2" * 32, click_token="click 2", external_task_id="external 2", owner=after)
    with empty.reading() as connection:
        written = set(connection.execute(text("SELECT owner FROM entries")).scalars())
    assert not written & {before, after}
    assert [len(Journal(empty).queries.entries(owner)) for owner in (before, after)] == [1, 1]


def test_upgrading_again_changes_nothing(store: Database) -> None:
    """Every start does it."""
    write(store)
    upgrade(store)
    assert len(Journal(store).queries.unfinished()) == 1


def test_processes_that_start_at_once_make_one_schema(database_url: str) -> None:
    """One does it, and the others wait for it."""
    program = (
        "import sys; from studio.journal.schema import upgrade; from studio.journal.database import Database;"
        "store = Database(sys.argv[1]); upgrade(store); store.close()"
    )
    command = [sys.executable, "-W", "error", "-c", program, database_url]
    running = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    assert [process.communicate()[1] for process in running] == [""] * 4
    assert [process.returncode for process in running] == [0] * 4


def test_a_database_of_a_newer_version_is_left_alone(store: Database) -> None:
    """An old program must not write into what it does not understand."""
    with store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'of tomorrow'"))
    with pytest.raises(StoreProblem, match="another version"):
        upgrade(store)


def test_a_value_is_made_once_for_all(store: Database) -> None:
    """The deployment's secret is the same for everyone who asks, whoever asked first."""
    assert DeploymentValues(store).get_or_make("secret", lambda: "first") == "first"
    assert DeploymentValues(store).get_or_make("secret", lambda: "second") == "first"


@pytest.mark.parametrize(
    "same",
    [{"click_token": "click"}, {"external_task_id": "external"}],
    ids=lambda same: next(iter(same)),
)
def test_the_database_refuses_a_second_entry(store: Database, same: dict[str, str]) -> None:
    """One click and one external id are one entry, whatever a program does."""
    write(store)
    other = {"entry_id": "2" * 32, "click_token": "click 2", "external_task_id": "external 2", **same}
    with pytest.raises(IntegrityError):
        write(store, **other)


def test_the_database_refuses_to_follow_a_task_twice(store: Database) -> None:
    """One owner, one key, one task id: one entry."""
    made: dict[str, Any] = {"made_elsewhere": True, "click_token": None, "external_task_id": None}
    made |= {"state": "running", "task_id": "task-1"}
    write(store, **made)
    with pytest.raises(IntegrityError):
        write(store, **made, entry_id="2" * 32)
    write(store, **made, entry_id="3" * 32, owner="bob")


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "thinking"},
        *({"state": state.value, "sent_at": NOON, "ended_at": NOON} for state in sorted(WITH_TASK)),
        {"state": "intent", "task_id": "task-1"},
        {"state": "sending", "task_id": "task-1", "sent_at": NOON},
        {"state": "unknown", "task_id": "task-1", "sent_at": NOON},
        {"state": "rejected", "task_id": "task-1", "ended_at": NOON},
        {"state": "sending"},
        {"state": "unknown"},
        {"state": "needs_person"},
        {"state": "failed", "task_id": "task-1"},
        {"state": "succeeded", "task_id": "task-1"},
        {"state": "rejected"},
        {"click_token": None},
        {"external_task_id": None},
        {"attempts": -1},
        {"owner": None},
    ],
    ids=str,
)
def test_the_database_refuses_a_state_without_its_evidence(store: Database, wrong: dict[str, object]) -> None:
    """Unknown states, accepted without a task, a task on what can be sent again, sent or ended at no time."""
    with pytest.raises(IntegrityError):
        write(store, **wrong)


@pytest.mark.parametrize("state", sorted(set(State) - SETTLED))
def test_the_database_takes_every_state_with_its_evidence(store: Database, state: State) -> None:
    """The rules refuse no row that they should not."""
    evidence = {"task_id": "task-1"} if state in WITH_TASK else {}
    write(store, state=state, sent_at=NOON, ended_at=NOON, **evidence)


def test_the_database_refuses_kept_without_a_video(store: Database) -> None:
    """Whatever a program believes: no file, not kept."""
    write(store, state="succeeded", task_id="task-1", ended_at=NOON)
    keep = update(entries).values(state="kept")
    with pytest.raises(DatabaseError, match="kept_has_video"), store.writing() as connection:
        connection.execute(keep)
    file = {"entry_id": "1" * 32, "index": 0, "size_bytes": 5, "sha256": "a" * 64, "pinned": False}
    file |= {"created_at": NOON, "kind": "video", "path": "1.mp4"}
    with store.writing() as connection:
        connection.execute(insert(artifacts).values(file))
        connection.execute(keep)


def test_the_database_refuses_a_file_of_no_entry(store: Database) -> None:
    """Foreign keys are on, in SQLite too."""
    file = {"entry_id": "9" * 32, "index": 0, "size_bytes": 5, "sha256": "a" * 64, "pinned": False}
    file |= {"created_at": NOON, "kind": "video", "path": "9.mp4"}
    with pytest.raises(IntegrityError), store.writing() as connection:
        connection.execute(insert(artifacts).values(file))


def test_times_are_aware_utc_both_ways(store: Database) -> None:
    """SQLite knows no time zones; a naive time is refused rather than guessed."""
    write(store)
    with store.reading() as connection:
        assert connection.execute(select(entries.c.created_at)).scalar() == NOON
    with pytest.raises(Exception, match="naive"):
        write(store, entry_id="2" * 32, created_at=NOON.replace(tzinfo=None))
