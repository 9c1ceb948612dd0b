"""For all tests: a database of each kind, SQLite in a file and PostgreSQL on a server of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from studio.journal.database import Database
from studio.journal.schema import upgrade
from tests.support.postgres import PostgresServer, missing

# How long an example takes says something of what else the machine does, and nothing of the code.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@pytest.fixture(scope="session", autouse=True)
def stops_at_once() -> Iterator[None]:
    """Services that stop wait for one such period, and hundreds of tests stop them: nineteen of twenty go."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("studio.tasks.runner.MESSAGE_PERIOD_S", 0.05)
        yield


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
