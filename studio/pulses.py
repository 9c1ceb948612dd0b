"""How the processes of a deployment know of each other: each changes a number of its own now and then."""

from sqlalchemy import delete, insert, select, update

from studio.schema import meta
from studio.store import Store

_PREFIX = "process:"


class Pulses:
    """One row a process, in the store that all share."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def beat(self, name: str, count: int) -> None:
        """Says that the process lives: its number is another than before."""
        with self._store.writing() as connection:
            changed = connection.execute(update(meta).filter_by(name=_PREFIX + name).values(value=str(count)))
            if changed.rowcount == 0:
                connection.execute(insert(meta).values(name=_PREFIX + name, value=str(count)))

    def read(self) -> dict[str, str]:
        """Each process's number."""
        with self._store.reading() as connection:
            rows = connection.execute(select(meta).where(meta.c.name.startswith(_PREFIX))).all()
        return {row.name.removeprefix(_PREFIX): row.value for row in rows}

    def end(self, name: str) -> None:
        """The process is gone."""
        with self._store.writing() as connection:
            connection.execute(delete(meta).filter_by(name=_PREFIX + name))
