"""How many statements a database was asked."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from studio.journal.database import Database


@contextmanager
def counted_queries(store: Database) -> Iterator[list[str]]:
    """The statements that are executed within, transactions' own apart."""
    statements: list[str] = []

    def remember(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(store._engine, "before_cursor_execute", remember)
    try:
        yield statements
    finally:
        event.remove(store._engine, "before_cursor_execute", remember)
