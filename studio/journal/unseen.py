"""Ends that their owner has not seen yet, for the signs that a task is done: two small queries."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, exists, select

from studio.journal.database import Database
from studio.journal.entry import SETTLED, State
from studio.journal.schema import entries
from studio.short_text import shortened

_c = entries.c
_ENDS = (State.KEPT, State.FAILED)
_OPEN = tuple(sorted(set(State) - SETTLED))
_TITLE_CHARS = 60


@dataclass(frozen=True, kw_only=True)
class UnseenEnd:
    """A task that ended since its owner looked."""

    entry_id: str
    # a kept video; otherwise the service gave up
    is_kept: bool
    # a person's name for it, or the beginning of its prompt
    title: str


@dataclass(frozen=True, kw_only=True)
class Progress:
    """News for one person."""

    # the newest first
    unseen: tuple[UnseenEnd, ...]
    # whether anything may still end
    is_any_open: bool


class UnseenEnds:
    """Reads only. Thread-safe."""

    def __init__(self, store: Database) -> None:
        """Nothing is read yet."""
        self._store = store

    def read(self, owner: str) -> Progress:
        """Return the ends that are not seen, and whether anything is open."""
        # both by the index entries_by_end: a row's picture lies before most of its columns on the disk
        ended = select(_c.entry_id, _c.state, _c.name, _c.prompt, _c.model_name)
        ended = ended.where(_c.owner == owner, _c.state.in_(_ENDS), _c.seen_at.is_(None))
        is_open = select(exists().where(_c.owner == owner, _c.state.in_(_OPEN)))
        with self._store.reading() as connection:
            rows = connection.execute(ended.order_by(_c.state_since.desc())).all()
            return Progress(
                unseen=tuple(map(_end, rows)), is_any_open=bool(connection.execute(is_open).scalar())
            )


def _end(row: Row[*tuple[Any, ...]]) -> UnseenEnd:
    title = " ".join((row.name or row.prompt or row.model_name or "Your task").split())
    return UnseenEnd(
        entry_id=row.entry_id, is_kept=row.state == State.KEPT, title=shortened(title, _TITLE_CHARS)
    )
