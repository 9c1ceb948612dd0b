"""Reads of the journal: entries by owner, unfinished ones, look-up proofs, queues and spending."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, case, func, null, or_, select
from sqlalchemy.sql import ColumnElement

from kling import ErrorKind, ImageToVideoRequest
from studio.errors import StudioError
from studio.journal.database import Database
from studio.journal.entry import SETTLED, Entry, LookupProof, State, utc_now
from studio.journal.queue_stops import QueueStop, find_stop
from studio.journal.request_json import load_request
from studio.journal.rows import MICRO, read_entry
from studio.journal.schema import artifacts, entries, proofs, requests
from studio.journal.spending_cap import counted_usd

MISS_COUNTS_FOR = timedelta(days=30)
"""An accepted task that could not be found by its external id outweighs every one that could, this long."""

_c = entries.c
_WITHOUT_THUMBNAIL = tuple(null().label("thumbnail") if column is _c.thumbnail else column for column in _c)


class JournalProblem(StudioError):
    """The journal cannot do what is asked."""


class SpentExternalId(JournalProblem):
    """The external task id is that of another request; nothing was written."""


@dataclass(frozen=True, kw_only=True)
class ModelSighting:
    """The newest that a deployment saw of a model: a create that was accepted, or refused as not served."""

    accepted: bool
    # aware UTC
    at: datetime


class JournalQueries:
    """Reads only. Thread-safe."""

    def __init__(self, store: Database, now: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._now = now

    def entry(self, entry_id: str) -> Entry:
        """The entry as it stands.

        Raises:
            JournalProblem: there is none.
        """
        return self._one(_c.entry_id == entry_id)

    def entry_of(self, owner: str, entry_id: str) -> Entry:
        """The entry, if it is this owner's; another's is as unknown as one that never was.

        Raises:
            JournalProblem: this owner has no such entry.
        """
        return self._one(_c.entry_id == entry_id, _c.owner == owner)

    def entries(self, owner: str) -> tuple[Entry, ...]:
        """An owner's entries, forgotten ones too, newest first."""
        return self._read(_c.owner == owner, newest_first=True)

    def thumbnails(self, owner: str, entry_ids: Collection[str]) -> dict[str, bytes]:
        """The JPEGs of this owner's entries that have one, by entry id."""
        query = select(_c.entry_id, _c.thumbnail).where(_c.owner == owner, _c.entry_id.in_(entry_ids))
        with self._store.reading() as connection:
            rows = connection.execute(query.where(_c.thumbnail.is_not(None)))
            return {row.entry_id: row.thumbnail for row in rows}

    def queue_positions(self, owner: str) -> dict[str, int]:
        """For each of this owner's entries in a queue its position, from 1, among all with the same key."""
        position = func.row_number().over(
            partition_by=(_c.service, _c.key_fingerprint), order_by=(_c.created_at, _c.entry_id)
        )
        queue = select(_c.entry_id, _c.owner, position.label("position")).where(_c.state == State.INTENT)
        queued = queue.subquery()
        with self._store.reading() as connection:
            rows = connection.execute(select(queued).where(queued.c.owner == owner))
            return {row.entry_id: row.position for row in rows}

    def has_tasks(self, owner: str) -> bool:
        """Whether this owner has any entry that is not forgotten."""
        return self._exists(_c.owner == owner, _c.state != State.FORGOTTEN)

    def is_clicked(self, click_token: str) -> bool:
        """Whether an entry was made of that click."""
        return self._exists(_c.click_token == click_token)

    def is_sent(self, owner: str, external_task_id: str) -> bool:
        """Whether an entry of this owner has that external id."""
        return self._exists(_c.owner == owner, _c.external_task_id == external_task_id)

    def queue_stop(self, entry: Entry) -> QueueStop | None:
        """The stop of the entry's queue; None: nothing stops it."""
        with self._store.reading() as connection:
            return find_stop(connection, entry)

    def unfinished(self) -> tuple[Entry, ...]:
        """All owners' entries for which something is left to do, oldest first, without their thumbnails.

        They are read every few seconds, and those whose key never comes back become ever more.
        """
        query = (
            select(*_WITHOUT_THUMBNAIL).where(_c.state.not_in(SETTLED)).order_by(_c.created_at, _c.entry_id)
        )
        return self._all(query)

    def stale_sending(self, older_than_s: float) -> tuple[Entry, ...]:
        """Entries whose create was claimed longer ago than that: their sender is surely dead.

        `older_than_s` must exceed all time-outs of a create together. Settle them as `outcomes.INTERRUPTED`.
        """
        limit = self._now() - timedelta(seconds=older_than_s)
        return self._read(_c.state == State.SENDING, _c.sent_at <= limit)

    def is_anothers(self, owner: str, service: str, key_fingerprint: str, task_id: str) -> bool:
        """Whether that task id or external id is in an entry of another owner with the same key."""
        ids = or_(_c.task_id == task_id, _c.external_task_id == task_id)
        key = and_(_c.service == service, _c.key_fingerprint == key_fingerprint)
        return self._exists(ids, key, _c.owner != owner)

    def is_task_of_another_entry(self, entry: Entry, task_id: str) -> bool:
        """Whether that task id is another entry's with the same key."""
        same_key = and_(_c.service == entry.service, _c.key_fingerprint == entry.key_fingerprint)
        return self._exists(same_key, _c.task_id == task_id, _c.entry_id != entry.entry_id)

    def request(self, entry_id: str) -> ImageToVideoRequest:
        """The request of the entry; kept until the entry is settled.

        Raises:
            JournalProblem: it is kept no more, or was never ours.
        """
        with self._store.reading() as connection:
            body = connection.execute(select(requests.c.body).filter_by(entry_id=entry_id)).scalar()
        if body is None:
            raise JournalProblem(
                "The request of this task is not kept here.",
                "It was made elsewhere, or it has come to its end.",
                "Start from the task's recipe.",
            )
        return load_request(body)

    def model_sightings(self, service: str) -> dict[str, ModelSighting]:
        """The newest sighting of each model at a service, by everybody's entries."""
        is_refused = _c.create_error == ErrorKind.MODEL_NOT_SERVED
        refused_at = func.max(case((is_refused, _c.ended_at))).label("refused_at")
        query = select(_c.model_name, func.max(_c.accepted_at).label("accepted_at"), refused_at)
        query = query.where(_c.service == service, _c.model_name.is_not(None), ~_c.made_elsewhere)
        found = {}
        with self._store.reading() as connection:
            for row in connection.execute(query.group_by(_c.model_name)):
                seen = [(row.accepted_at, True), (row.refused_at, False)]
                at, accepted = max((one for one in seen if one[0]), default=(None, False))
                if at is not None:
                    found[row.model_name] = ModelSighting(accepted=accepted, at=at)
        return found

    def proof(self, service: str) -> LookupProof | None:
        """The evidence of looking up by external id there; None when it was never tried."""
        return self.proofs({service}).get(service)

    def proofs(self, services: Collection[str]) -> dict[str, LookupProof]:
        """The same of several services, by service."""
        query = select(proofs).where(proofs.c.service.in_(services))
        with self._store.reading() as connection:
            return {row.service: self._read_proof(row) for row in connection.execute(query)}

    def spent_usd(self, owner: str, since: datetime, key_fingerprint: str | None = None) -> Decimal:
        """The cost of an owner's entries since then, or what it may yet be; of one key if given."""
        with_key = () if key_fingerprint is None else (_c.key_fingerprint == key_fingerprint,)
        with self._store.reading() as connection:
            return spent_usd(connection, since, _c.owner == owner, *with_key)

    def _read_proof(self, row: Row[Any]) -> LookupProof:
        missed_lately = row.missed_at is not None and self._now() - row.missed_at < MISS_COUNTS_FOR
        return LookupProof(found=row.found_at is not None and not missed_lately, lag_s=row.lag_s)

    def _exists(self, *where: ColumnElement[bool]) -> bool:
        with self._store.reading() as connection:
            return connection.execute(select(_c.entry_id).where(*where).limit(1)).first() is not None

    def _one(self, *where: ColumnElement[bool]) -> Entry:
        with self._store.reading() as connection:
            return one_entry(connection, *where)

    def _read(self, *where: ColumnElement[bool], newest_first: bool = False) -> tuple[Entry, ...]:
        order = (_c.created_at, _c.entry_id)
        query = select(entries).where(*where)
        query = (
            query.order_by(*(column.desc() for column in order)) if newest_first else query.order_by(*order)
        )
        return self._all(query)

    def _all(self, query: Select[Any]) -> tuple[Entry, ...]:
        with self._store.reading() as connection:
            return tuple(read_entry(row) for row in connection.execute(query))


def spent_usd(connection: Connection, since: datetime, *where: ColumnElement[bool]) -> Decimal:
    """The cost of entries sent from here since then, also where it may yet cost or has no known price."""
    free = or_(
        _c.made_elsewhere,
        _c.state.in_((State.REJECTED, State.FAILED)),
        and_(_c.state == State.FORGOTTEN, _c.sent_at.is_(None)),
    )
    price = func.coalesce(_c.price_micro_usd, int(counted_usd(None) * MICRO))
    query = select(func.sum(price)).where(_c.created_at >= since, ~free, *where)
    return Decimal(connection.execute(query).scalar() or 0) / MICRO


def unfinished_of(connection: Connection, owner: str) -> int:
    """The number of an owner's tasks that are not settled."""
    query = select(func.count()).select_from(entries)
    return int(connection.execute(query.where(_c.owner == owner, _c.state.not_in(SETTLED))).scalar_one())


def first_entry(connection: Connection, *where: ColumnElement[bool]) -> Entry | None:
    """The oldest entry for which all that is true, None when there is none."""
    query = select(entries).where(*where).order_by(_c.created_at, _c.entry_id).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else read_entry(row)


def one_entry(connection: Connection, *where: ColumnElement[bool]) -> Entry:
    """The oldest entry for which all that is true.

    Raises:
        JournalProblem: there is none.
    """
    found = first_entry(connection, *where)
    if found is None:
        raise JournalProblem(
            "This task is not known here.", "Its id is in no entry of yours.", "Load the page again."
        )
    return found


def queued_with(entry: Entry) -> ColumnElement[bool]:
    """Condition: queued for the same key as the entry."""
    same_key = and_(_c.service == entry.service, _c.key_fingerprint == entry.key_fingerprint)
    return and_(same_key, _c.state == State.INTENT)


def kept_video(entry: Entry) -> ColumnElement[bool]:
    """The row of its video, unless its owner removed that."""
    rows = artifacts.c
    return and_(rows.entry_id == entry.entry_id, rows.kind == "video", rows.removed_at.is_(None))
