"""Named values stored once per deployment (its secret, for instance), and process heartbeats."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Select, delete, select, update

from studio.journal.database import Database
from studio.journal.schema import insert_or_ignore, meta


class DeploymentValues:
    """Thread-safe, and the same for every process on one database."""

    def __init__(self, store: Database) -> None:
        self._store = store

    def get_or_make(self, name: str, make: Callable[[], str]) -> str:
        """The value of that name, made by the first call for it; the same in every process."""
        value = self.get(name)
        if value is not None:
            return value
        with self._store.writing() as connection:
            insert_or_ignore(connection, meta, {"name": name, "value": make()})
            made: str = connection.execute(_value_of(name)).scalar_one()
        return made

    def get(self, name: str) -> str | None:
        """The value of that name; None where there is none."""
        with self._store.reading() as connection:
            value: str | None = connection.execute(_value_of(name)).scalar()
        return value

    def put(self, name: str, value: str) -> None:
        """Write the value of that name, over an earlier one."""
        with self._store.writing() as connection:
            _write(connection, name, value)


def _value_of(name: str) -> Select[Any]:
    return select(meta.c.value).where(meta.c.name == name)


def _write(connection: Connection, name: str, value: str) -> None:
    """Two processes that write a new name at once are no error: the first one's value stays."""
    changed = connection.execute(update(meta).filter_by(name=name).values(value=value))
    if changed.rowcount == 0:
        insert_or_ignore(connection, meta, {"name": name, "value": value})


_PREFIX = "process:"


class Heartbeats:
    """Process heartbeats in the shared database, one row each."""

    def __init__(self, store: Database) -> None:
        self._store = store

    def beat(self, name: str, count: int) -> None:
        """Write that the process lives: its number is another than before."""
        with self._store.writing() as connection:
            _write(connection, _PREFIX + name, str(count))

    def read(self) -> dict[str, str]:
        """The number of each process."""
        with self._store.reading() as connection:
            rows = connection.execute(select(meta).where(meta.c.name.startswith(_PREFIX))).all()
        return {row.name.removeprefix(_PREFIX): row.value for row in rows}

    def end(self, name: str) -> None:
        """Remove the heartbeat of a process that is gone."""
        with self._store.writing() as connection:
            connection.execute(delete(meta).filter_by(name=_PREFIX + name))
