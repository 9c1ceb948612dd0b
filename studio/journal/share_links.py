"""Links that show one task, read-only, until its owner withdraws them.

A link's token is random; the database knows only its hash, so that a reader of the database cannot open a
link. A task has one link at most: a new one ends the one before.
"""

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, insert, select

from studio.errors import StudioError
from studio.journal.database import Database
from studio.journal.entry import State, utc_now
from studio.journal.queries import first_entry
from studio.journal.schema import entries, shares

_c = entries.c


class ShareProblem(StudioError):
    """A task cannot be shared."""


@dataclass(frozen=True, kw_only=True)
class SharedEntry:
    """An entry as a link shows it: nothing in it names the owner, the account or the task there."""

    # finds its files; not for the eye
    entry_id: str = field(repr=False)
    state: State
    is_simulated: bool
    model_name: str | None
    mode: str | None
    # seconds, as the service writes them
    duration: str | None
    prompt: str | None
    # JPEG of the picture that was sent
    thumbnail: bytes | None = field(repr=False)


class ShareLinks:
    """Thread-safe. Only a task's owner makes, sees and withdraws its link; anybody opens it."""

    def __init__(self, store: Database, now: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._now = now

    def make(self, owner: str, entry_id: str) -> str:
        """A new token for this owner's task; it cannot be had again later.

        Raises:
            ShareProblem: this owner has no such task.
        """
        token = secrets.token_urlsafe(24)
        mine = select(_c.entry_id).where(_c.entry_id == entry_id, _c.owner == owner)
        row = {"entry_id": entry_id, "token_sha256": _hashed(token), "created_at": self._now()}
        with self._store.writing() as connection:
            # locked: two tabs at once still make one link
            if connection.execute(mine.with_for_update()).first() is None:
                raise ShareProblem(
                    "This task was not shared.", "You have no such task.", "Choose one of your own."
                )
            connection.execute(delete(shares).where(shares.c.entry_id == entry_id))
            connection.execute(insert(shares).values(row))
        return token

    def withdraw(self, owner: str, entry_id: str) -> None:
        """The link of this owner's task opens nothing any more; there may be none."""
        mine = select(_c.entry_id).where(_c.owner == owner)
        with self._store.writing() as connection:
            connection.execute(
                delete(shares).where(shares.c.entry_id == entry_id, shares.c.entry_id.in_(mine))
            )

    def is_shared(self, owner: str, entry_id: str) -> bool:
        """Whether this owner's task has a link."""
        query = select(shares.c.entry_id).join(entries, _c.entry_id == shares.c.entry_id)
        query = query.where(shares.c.entry_id == entry_id, _c.owner == owner)
        with self._store.reading() as connection:
            return connection.execute(query).first() is not None

    def find_shared(self, token: str) -> SharedEntry | None:
        """The entry that the link of this token shows; None for one that was withdrawn or never was."""
        shared = select(shares.c.entry_id).where(shares.c.token_sha256 == _hashed(token)).scalar_subquery()
        with self._store.reading() as connection:
            entry = first_entry(connection, _c.entry_id == shared, _c.state != State.FORGOTTEN)
        if entry is None:
            return None
        return SharedEntry(
            entry_id=entry.entry_id,
            state=entry.state,
            is_simulated=entry.is_simulated,
            model_name=entry.model_name,
            mode=entry.mode,
            duration=entry.duration,
            prompt=entry.prompt,
            thumbnail=entry.thumbnail,
        )


@dataclass(frozen=True, kw_only=True)
class MoreParameters:
    """Fields that a link shows besides, where the request is kept."""

    negative_prompt: str | None = None
    cfg_scale: float | None = None


def more_parameters(request_json: bytes) -> MoreParameters:
    """Two harmless fields of a kept request, none of a damaged one; no id, no callback address."""
    try:
        body = json.loads(request_json)
    except ValueError:
        return MoreParameters()
    return MoreParameters(negative_prompt=body.get("negative_prompt"), cfg_scale=body.get("cfg_scale"))


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
