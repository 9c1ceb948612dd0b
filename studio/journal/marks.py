"""A person's own marks on their tasks: a name, a star, and that an end was seen.

They are no part of a task's state: setting one is no compare-and-swap, and stands in no step's way. Each is
set by owner, so that a stranger's id changes nothing.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, update

from studio.journal.schema import entries

NAME_CHARS = 120
"""The most that a name may have."""

_c = entries.c


def clean_name(text: str | None) -> str | None:
    """A name as it is kept: one line without outer blanks, cut to `NAME_CHARS`; None when nothing is left."""
    return " ".join((text or "").split())[:NAME_CHARS].rstrip() or None


def mark(connection: Connection, owner: str, entry_ids: Collection[str], **changes: Any) -> int:  # noqa: ANN401 — values of columns
    """Set columns of this owner's entries; answers how many of the ids are theirs."""
    theirs = update(entries).where(_c.owner == owner, _c.entry_id.in_(entry_ids))
    return connection.execute(theirs.values(**changes)).rowcount


def mark_seen(connection: Connection, owner: str, entry_ids: Collection[str], now: datetime) -> None:
    """Set when the ends of this owner's entries were first seen; a second time changes nothing."""
    unseen = update(entries).where(_c.owner == owner, _c.entry_id.in_(entry_ids), _c.seen_at.is_(None))
    connection.execute(unseen.values(seen_at=now))
