"""Transactions, on SQLite and on PostgreSQL alike, and which databases there can be."""

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError

from studio.journal.database import Database, StoreProblem
from studio.journal.schema import meta, upgrade


def names(store: Database) -> list[str]:
    with store.reading() as connection:
        return list(connection.execute(select(meta.c.name)).scalars())


def test_a_transaction_is_whole_or_not_at_all(store: Database) -> None:
    """An exception in its block takes everything back."""

    def break_off() -> None:
        with store.writing() as connection:
            connection.execute(insert(meta).values(name="half", value="done"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert names(store) == []


def test_an_error_does_not_quote_what_was_to_be_written(store: Database) -> None:
    """It is logged, and a prompt is its author's own."""
    row = insert(meta).values(name="prompt", value="my secret garden")
    with store.writing() as connection:
        connection.execute(row)
    with pytest.raises(IntegrityError) as failure, store.writing() as connection:
        connection.execute(row)
    assert "my secret garden" not in str(failure.value)


def test_readers_do_not_wait_for_a_writer(store: Database) -> None:
    """Pages stay quick while something is written, and see only what is committed."""
    with store.writing() as connection:
        connection.execute(insert(meta).values(name="soon", value="there"))
        assert names(store) == []
    assert names(store) == ["soon"]


def test_what_one_store_writes_another_reads(store: Database, database_url: str) -> None:
    """Several processes share one database."""
    with store.writing() as connection:
        connection.execute(insert(meta).values(name="here", value="too"))
    other = Database(database_url)
    assert names(other) == ["here"]
    other.close()


def test_sqlite_is_set_up_to_lose_nothing(tmp_path: Path) -> None:
    """WAL, synchronous=FULL (2), a busy time-out, foreign keys: measured in reliability.md."""
    store = Database(f"sqlite:///{tmp_path / 'studio.db'}")
    wanted = {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 5000, "foreign_keys": 1}
    with store.reading() as connection:
        for name, value in wanted.items():
            assert connection.execute(text(f"PRAGMA {name}")).scalar() == value
    store.close()


def test_no_connection_keeps_more_than_a_little_of_the_file(tmp_path: Path) -> None:
    """The system keeps it anyway, once for all; fifteen connections with 2 MB of pictures each were 30 MB."""
    store = Database(f"sqlite:///{tmp_path / 'studio.db'}")
    with store.reading() as connection:
        kept_kb = connection.execute(text("PRAGMA cache_size")).scalar()
    assert kept_kb == -256  # negative: in KB
    store.close()


def test_a_writer_has_the_database_from_its_first_moment(tmp_path: Path) -> None:
    """BEGIN IMMEDIATE: what a writer reads cannot be changed before it writes."""
    url = f"sqlite:///{tmp_path / 'studio.db'}"
    store, other = Database(url), Database(url)
    upgrade(store)
    written: list[str] = []

    def write() -> None:
        with other.writing() as connection:
            written.extend(connection.execute(select(meta.c.value)).scalars())

    with store.writing() as connection:
        thread = threading.Thread(target=write)
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
        connection.execute(insert(meta).values(name="first", value="seen"))
    thread.join()
    assert written == ["seen"]
    store.close()
    other.close()


@pytest.mark.parametrize(
    "url", ["", "sqlite://", "sqlite:///:memory:", "nonsense", "postgresql+asyncpg://h/n"]
)
def test_other_databases_are_refused(url: str) -> None:
    """What lies in memory would be lost, and what was never tried is not trusted."""
    with pytest.raises(StoreProblem, match="DATABASE_URL"):
        Database(url)


def test_a_new_file_that_another_process_has_in_hand_is_waited_for(tmp_path: Path) -> None:
    """SQLite itself gives up at once when a file is to be switched to WAL while somebody writes it."""
    file = tmp_path / "studio.db"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    other.execute("CREATE TABLE other (name TEXT)")
    later = threading.Timer(0.3, other.execute, ["COMMIT"])
    later.start()
    store = Database(f"sqlite:///{file}")
    upgrade(store)
    later.join()
    other.close()
    assert names(store) == []
    store.close()


def test_a_refused_url_is_not_quoted() -> None:
    """It may hold a password."""
    with pytest.raises(StoreProblem) as refused:
        Database("mysql://studio:secret@host/name")
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_each_way_to_write_postgresql_is_understood(scheme: str) -> None:
    """Hosts spell it differently; nothing is connected before it is needed."""
    store = Database(f"{scheme}://studio:secret@127.0.0.1:1/studio")
    assert not store.is_sqlite
    store.close()


def test_a_database_that_is_away_is_said_without_its_password() -> None:
    """What happened, why, and what to do."""
    store = Database("postgresql://studio:secret@127.0.0.1:1/studio")
    with pytest.raises(StoreProblem, match="DATABASE_URL") as refused:
        upgrade(store)
    assert "secret" not in str(refused.value)
    store.close()


def test_sqlite_makes_its_folder(tmp_path: Path) -> None:
    """A first start on an empty disk works."""
    store = Database(f"sqlite:///{tmp_path / 'new' / 'folder' / 'studio.db'}")
    upgrade(store)
    assert names(store) == []
    store.close()
