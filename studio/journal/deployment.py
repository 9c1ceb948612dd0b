"""Named values stored once per deployment (its secret, for instance), and process heartbeats."""

from collections.abc import Callable

from sqlalchemy import delete, insert, select, update

from studio.journal.database import Database
from studio.journal.schema import insert_or_ignore, meta


class DeploymentValues:
    """Thread-safe, and the same for every process on one database."""

    def __init__(self, store: Database) -> None:
        self._store = store

    def get_or_make(self, name: str, make: Callable[[], str]) -> str:
        """The value of that name, made by the first call for it; the same in every process."""
        known = select(meta.c.value).where(meta.c.name == name)
        with self._store.reading() as connection:
            value: str | None = connection.execute(known).scalar()
        if value is not None:
            return value
        with self._store.writing() as connection:
            insert_or_ignore(connection, meta, {"name": name, "value": make()})
            made: str = connection.execute(known).scalar_one()
        return made


_PREFIX = "process:"


class Heartbeats:
    """Process heartbeats in the shared database, one row each."""

    def __init__(self, store: Database) -> None:
        self._store = store

    def beat(self, name: str, count: int) -> None:
        """Write that the process lives: its number is another than before."""
        with self._store.writing() as connection:
            changed = connection.execute(update(meta).filter_by(name=_PREFIX + name).values(value=str(count)))
            if changed.rowcount == 0:
                connection.execute(insert(meta).values(name=_PREFIX + name, value=str(count)))

    def read(self) -> dict[str, str]:
        """The number of each process."""
        with self._store.reading() as connection:
            rows = connection.execute(select(meta).where(meta.c.name.startswith(_PREFIX))).all()
        return {row.name.removeprefix(_PREFIX): row.value for row in rows}

    def end(self, name: str) -> None:
        """Remove the heartbeat of a process that is gone."""
        with self._store.writing() as connection:
            connection.execute(delete(meta).filter_by(name=_PREFIX + name))
