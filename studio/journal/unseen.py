"""Ends that their owner has not seen yet, for the signs that a task is done: one small query."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, or_, select

from studio.journal.database import Database
from studio.journal.entry import SETTLED, State
from studio.journal.schema import entries

_c = entries.c
_ENDS = (State.KEPT, State.FAILED)
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
    """What one person may be told."""

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
        """What has ended unseen, and whether anything is open."""
        is_unseen = and_(_c.state.in_(_ENDS), _c.seen_at.is_(None))
        query = select(_c.entry_id, _c.state, _c.name, _c.prompt, _c.model_name)
        query = query.where(_c.owner == owner, or_(is_unseen, _c.state.not_in(SETTLED)))
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(_c.state_since.desc())).all()
        ended = tuple(_end(row) for row in rows if row.state in _ENDS)
        return Progress(unseen=ended, is_any_open=len(ended) < len(rows))


def _end(row: Row[*tuple[Any, ...]]) -> UnseenEnd:
    title = " ".join((row.name or row.prompt or row.model_name or "Your task").split())
    shown = title if len(title) <= _TITLE_CHARS else f"{title[:_TITLE_CHARS].rstrip()}…"
    return UnseenEnd(entry_id=row.entry_id, is_kept=row.state == State.KEPT, title=shown)
