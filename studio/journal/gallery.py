"""A person's tasks page by page, filtered; and those that belong together. Reads only.

All filters are bound parameters of SQL. A search is found letter for letter: its wildcards are escaped, and
it is no longer than any prompt. A page reads no pictures and no long texts, however many tasks there are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, and_, case, exists, func, null, or_, select, true
from sqlalchemy.sql import ColumnElement

from studio.journal.database import Database
from studio.journal.entry import SETTLED, Entry, State
from studio.journal.queue_stops import QueueStop, read_stop
from studio.journal.rows import read_entry
from studio.journal.schema import artifacts, entries, queue_stops

SEARCH_CHARS = 2500
"""The longest search: as long as the longest prompt."""
TEXT_CHARS = 300
"""Characters of a prompt and of a message that a page reads; a task's own page has them whole."""
RELATIVES = 24
"""The most of a batch, or of what continues a task, that is read at once."""

_c = entries.c
_BRUSH = ("static_mask", "dynamic_mask")
_FRAME = ("tail",)


class Shows(StrEnum):
    """Which tasks are shown."""

    ALL = "all"
    """All but those put aside."""
    UNDER_WAY = "under_way"
    """Something is still left to do."""
    DONE = "done"
    """The video is kept."""
    FAILED = "failed"
    """Without a video, for good."""
    NEEDS_YOU = "needs_you"
    """Only their owner can say what is to be done."""
    PUT_ASIDE = "put_aside"
    """Not waited for."""


class SentWith(StrEnum):
    """The way in which a drawing went along, as the kept files tell."""

    BRUSH = "brush"
    """Masks or trajectories."""
    FRAME = "frame"
    """A last frame, drawn or chosen."""
    NEITHER = "neither"
    """A picture and words alone."""


@dataclass(frozen=True, kw_only=True)
class GalleryFilter:
    """Which of their tasks a person wants to see; all that is given must be true."""

    shows: Shows = Shows.ALL
    # found in the prompt, the name or an id, in any case
    text: str = ""
    # any of these; empty: all
    models: tuple[str, ...] = ()
    # any of these; empty: all
    sent_with: tuple[SentWith, ...] = ()
    is_starred: bool = False
    # days of UTC, both included
    first_day: date | None = None
    last_day: date | None = None
    batch_id: str | None = None

    @property
    def search(self) -> str:
        """The text as it is looked for: without outer blanks, bounded, and such as a database takes."""
        cut = self.text.strip()[:SEARCH_CHARS].rstrip()
        return cut.replace("\0", "?").encode("utf-8", "replace").decode()


@dataclass(frozen=True, kw_only=True)
class GalleryPage:
    """One page of a person's tasks, newest first; those that need their owner come before."""

    # without thumbnails, and with the beginning of long texts
    entries: tuple[Entry, ...]
    # of all that the filter lets pass
    total: int
    # of all this owner's that are shown anywhere, by what `Shows` they would be found
    counts: Mapping[Shows, int]
    # by entry id, of those in a queue that stands still
    stops: Mapping[str, QueueStop]


class GalleryQueries:
    """Reads only, always by owner. Thread-safe."""

    def __init__(self, store: Database) -> None:
        self._store = store

    def page(
        self,
        owner: str,
        wanted: GalleryFilter,
        *,
        number: int,
        size: int,
        refused_since: datetime,
        asked_since: datetime,
    ) -> GalleryPage:
        """Read one page in one statement; one beyond the last is empty, and tells the total all the same.

        Args:
            owner: whose.
            wanted: which of them.
            number: from 1.
            size: how many tasks a page has.
            refused_since: aware; a refusal of before is not shown.
            asked_since: aware; what was sent before and is unclear since needs its owner.
        """
        shown = and_(
            _c.owner == owner,
            _c.state != State.FORGOTTEN,
            or_(_c.state != State.REJECTED, _c.state_since >= refused_since),
        )
        matches = and_(*_conditions(wanted, asked_since))
        counted: list[Any] = [
            func.count().filter(matches).label("total"),
            *(func.count().filter(_shows(each, asked_since)).label(each.value) for each in Shows),
        ]
        chosen = (
            select(_c.entry_id.label("chosen_id"), _rank(asked_since).label("rank"))
            .where(shown, matches)
            .order_by(_rank(asked_since), *_NEWEST)
            .limit(size)
            .offset((number - 1) * size)
        )
        with self._store.reading() as connection:
            return _page(connection.execute(_joined(select(*counted).where(shown), chosen)).all())

    def models(self, owner: str) -> tuple[str, ...]:
        """The names of the models of this owner's tasks, in order."""
        query = select(_c.model_name).distinct().where(_c.owner == owner, _c.model_name.is_not(None))
        with self._store.reading() as connection:
            return tuple(connection.execute(query.order_by(_c.model_name)).scalars())

    def batch(self, owner: str, batch_id: str) -> tuple[Entry, ...]:
        """The tasks that this owner sent together, oldest first."""
        return self._related(_c.owner == owner, _c.batch_id == batch_id)

    def continued_by(self, owner: str, entry_id: str) -> tuple[Entry, ...]:
        """The tasks of this owner whose picture is a frame of that one's video, oldest first."""
        return self._related(_c.owner == owner, _c.continues_entry_id == entry_id)

    def _related(self, *where: ColumnElement[bool]) -> tuple[Entry, ...]:
        query = select(*_SHORT).where(*where, _c.state != State.FORGOTTEN)
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(_c.created_at, _c.entry_id).limit(RELATIVES))
            return tuple(read_entry(row) for row in rows)


def _short(column: Any) -> Any:  # noqa: ANN401 — SQLAlchemy's columns of any type
    """A column as a page reads it."""
    if column in {_c.thumbnail, _c.result_url}:
        return null().label(column.key)
    if column in {_c.prompt, _c.message}:
        return func.substr(column, 1, TEXT_CHARS).label(column.key)
    return column


_SHORT = tuple(_short(column) for column in _c)
_NEWEST = (_c.created_at.desc(), _c.entry_id.desc())


def _joined(counts: Select[Any], chosen: Select[Any]) -> Select[Any]:
    """The counts beside each row of the page; one row without a task where the page is empty."""
    total, ids, stop = counts.subquery(), chosen.subquery(), queue_stops.c
    same_key = and_(stop.service == _c.service, stop.key_fingerprint == _c.key_fingerprint)
    rows = (
        select(ids.c.rank, *_SHORT, stop.reason, stop.since, stop.next_try_at)
        .join_from(ids, entries, _c.entry_id == ids.c.chosen_id)
        .outerjoin(queue_stops, and_(same_key, _c.state == State.INTENT))
        .subquery()
    )
    return (
        select(total, rows)
        .outerjoin_from(total, rows, true())
        .order_by(rows.c.rank, rows.c.created_at.desc(), rows.c.entry_id.desc())
    )


def _page(rows: Any) -> GalleryPage:  # noqa: ANN401 — SQLAlchemy's sequence of rows
    found: list[Row[Any]] = [row for row in rows if row.entry_id is not None]
    counts = rows[0]._mapping  # noqa: SLF001 — SQLAlchemy's public name for it
    return GalleryPage(
        entries=tuple(read_entry(row) for row in found),
        total=counts["total"],
        counts={each: counts[each.value] for each in Shows},
        stops={row.entry_id: read_stop(row) for row in found if row.reason is not None},
    )


def _needs_person(asked_since: datetime) -> ColumnElement[bool]:
    is_unclear = and_(_c.state == State.UNKNOWN, _c.sent_at <= asked_since)
    return and_(_c.put_aside_at.is_(None), or_(_c.state == State.NEEDS_PERSON, is_unclear))


def _rank(asked_since: datetime) -> ColumnElement[int]:
    return case((_needs_person(asked_since), 0), else_=1)


def _shows(shows: Shows, asked_since: datetime) -> ColumnElement[bool]:
    is_here = _c.put_aside_at.is_(None)
    states = {
        Shows.ALL: is_here,
        Shows.UNDER_WAY: and_(is_here, _c.state.not_in(SETTLED)),
        Shows.DONE: _c.state == State.KEPT,
        Shows.FAILED: _c.state.in_((State.FAILED, State.REJECTED)),
        Shows.NEEDS_YOU: _needs_person(asked_since),
        Shows.PUT_ASIDE: ~is_here,
    }
    return states[shows]


def _conditions(wanted: GalleryFilter, asked_since: datetime) -> list[ColumnElement[bool]]:
    conditions = [_shows(wanted.shows, asked_since)]
    if wanted.search:
        conditions.append(_found(wanted.search))
    if wanted.models:
        conditions.append(_c.model_name.in_(wanted.models))
    if wanted.sent_with:
        conditions.append(or_(*(_sent(way) for way in wanted.sent_with)))
    if wanted.is_starred:
        conditions.append(_c.is_starred)
    if wanted.batch_id is not None:
        conditions.append(_c.batch_id == wanted.batch_id)
    return conditions + _dates(wanted)


def _found(text: str) -> ColumnElement[bool]:
    places = (_c.prompt, _c.name, _c.task_id, _c.external_task_id, _c.entry_id)
    return or_(*(place.icontains(text, autoescape=True) for place in places))


def _sent(way: SentWith) -> ColumnElement[bool]:
    """Whether it was sent in that way; of a task made elsewhere nothing is known, and none is true."""
    if way is SentWith.NEITHER:
        return and_(_has("input"), ~_has(*_BRUSH, *_FRAME))
    return _has(*(_BRUSH if way is SentWith.BRUSH else _FRAME))


def _has(*kinds: str) -> ColumnElement[bool]:
    rows = artifacts.c
    return exists().where(rows.entry_id == _c.entry_id, rows.kind.in_(kinds))


def _dates(wanted: GalleryFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.first_day is not None:
        conditions.append(_c.created_at >= _midnight(wanted.first_day))
    if wanted.last_day is not None and wanted.last_day < date.max:
        conditions.append(_c.created_at < _midnight(wanted.last_day + timedelta(days=1)))
    return conditions


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
