"""Values that a deployment makes once and keeps, by name (its secret, for instance)."""

from collections.abc import Callable

from sqlalchemy import select

from studio.schema import insert_or_ignore, meta
from studio.store import Store


class Meta:
    """Thread-safe, and the same for every process on one database."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get_or_make(self, name: str, make: Callable[[], str]) -> str:
        """The value of that name; the first who asks makes it, and everybody gets the same."""
        known = select(meta.c.value).where(meta.c.name == name)
        with self._store.reading() as connection:
            value: str | None = connection.execute(known).scalar()
        if value is not None:
            return value
        with self._store.writing() as connection:
            insert_or_ignore(connection, meta, {"name": name, "value": make()})
            made: str = connection.execute(known).scalar_one()
        return made
