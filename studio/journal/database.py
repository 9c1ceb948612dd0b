"""The database: SQLite in a file, or PostgreSQL by URL.

SQLite's settings are those of reliability.md: with SQLAlchemy's defaults, 1,029 of 1,200 concurrent updates
were lost without a word; with WAL and BEGIN IMMEDIATE, none.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from sqlite3 import OperationalError as SqliteError

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from studio.errors import StudioError

BUSY_TIMEOUT_MS = 5000
CACHE_KB = 256
"""Of each of up to fifteen connections; SQLite's 2 MB would soon be full of the pictures of requests."""
_WRITES = "motion_studio_writes"


class StoreProblem(StudioError):
    """The database cannot be used."""


class Database:
    """Thread-safe; one a process. Its transactions are short and do not nest."""

    def __init__(self, database_url: str) -> None:
        """Nothing is connected yet; a folder for SQLite's file is made.

        Args:
            database_url: `sqlite:////absolute/path.db` or `postgresql://user@host/name`.

        Raises:
            StoreProblem: it is neither, or its folder cannot be made.
        """
        url = _checked(database_url)
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self._engine = _sqlite_engine(url) if self.is_sqlite else _postgresql_engine(url)
        # SQLite has one writer. Its own waiting is unfair, so the threads of a process queue up here.
        self._turn: AbstractContextManager[object] = threading.Lock() if self.is_sqlite else nullcontext()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, committed at the end of the block and rolled back on an exception."""
        with self._turn, self._engine.connect() as connection:
            connection.execution_options(**{_WRITES: True})
            with connection.begin():
                yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view, for SELECTs only; never waits for a writer."""
        with self._engine.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()


def set_to_wal(sqlite_url: str) -> None:
    """Put a SQLite file that another library opens into WAL mode, which stays with the file.

    DBOS opens its own without: with WAL it takes up a task in half the time (measured).
    """
    other = Database(sqlite_url)
    with other.reading():
        pass
    other.close()


def _checked(database_url: str) -> URL:
    try:
        url = make_url(database_url)
    except ArgumentError:
        url = URL.create("none")
    if url.drivername in {"postgresql", "postgres", "postgresql+psycopg"}:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite" and url.database not in {None, "", ":memory:"}:
        return url
    # The URL itself may hold a password and is not quoted.
    raise StoreProblem(
        "DATABASE_URL is not usable.",
        "It is neither a SQLite file nor a PostgreSQL database.",
        "Write it like sqlite:////srv/studio/studio.db or postgresql://user:password@host/name.",
    )


def _sqlite_engine(url: URL) -> Engine:
    try:
        Path(url.database or "").absolute().parent.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise StoreProblem(
            "The database cannot be used.",
            f"Its folder cannot be made ({failure.strerror}).",
            "Check DATABASE_URL, or STUDIO_DATA_DIR, and who may write there.",
        ) from failure
    # hidden: an error in the log must not quote prompts
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: SqliteConnection, _record: object) -> None:
    connection.isolation_level = None  # Python's own BEGIN is deferred and comes too late
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    _into_wal(connection)
    connection.execute(f"PRAGMA cache_size=-{CACHE_KB}")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _into_wal(connection: SqliteConnection) -> None:
    """Two processes may meet a new file at once, and this one change does not heed the busy time-out."""
    give_up_at = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except SqliteError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.01)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql_engine(url: URL) -> Engine:
    # prepare_threshold: a pooler in between (Supabase's, PgBouncer) forgets prepared statements
    arguments = {"connect_timeout": 10, "prepare_threshold": None}
    return create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=arguments)
