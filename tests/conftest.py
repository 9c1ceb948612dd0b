"""Databases for every test that wants one: SQLite in a file, and PostgreSQL on a server of the tests' own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.journal.database import Database
from studio.journal.schema import upgrade
from tests.support.postgres import PostgresServer, missing


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One server for the whole run; says why when there can be none."""
    if reason := missing():
        pytest.fail(reason)
    with PostgresServer() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'studio.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
def store(database_url: str) -> Iterator[Database]:
    """An empty database of each kind, with its tables."""
    store = Database(database_url)
    upgrade(store)
    yield store
    store.close()
