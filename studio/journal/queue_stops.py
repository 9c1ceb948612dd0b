"""Queues that stand still: nothing of a key is sent while its account refuses everything.

A stop is written with the answer that tells of it (`create_outcome`), and tells its reason, its begin and
the time of the next try. Then one task is sent, alone: an accepted one ends the stop, another refusal of the
account makes it longer. Its functions are parts of the journal's own transactions.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, and_, delete, exists, select, update
from sqlalchemy.sql import ColumnElement

from kling import ErrorKind
from studio.journal.entry import Entry
from studio.journal.schema import entries, insert_or_ignore, queue_stops

FIRST_PAUSE_S = 60.0
LONGEST_PAUSE_S = 1800.0
"""Between these, a pause is as long as the queue has stood still: it doubles."""

_c = queue_stops.c


@dataclass(frozen=True, kw_only=True)
class QueueStop:
    """A queue that stands still; times are aware UTC."""

    reason: ErrorKind
    since: datetime
    # one task is sent then
    next_try_at: datetime


def pause_s(stopped_for_s: float) -> float:
    """Seconds to the next try of a queue that has stood still for so long."""
    return min(max(stopped_for_s, FIRST_PAUSE_S), LONGEST_PAUSE_S)


def find_stop(connection: Connection, entry: Entry) -> QueueStop | None:
    """The stop of the entry's queue, also while its try is on its way; None: nothing stops it."""
    row = connection.execute(select(queue_stops).where(_is_of(entry))).one_or_none()
    return None if row is None else read_stop(row)


def read_stop(row: Row[tuple[object, ...]]) -> QueueStop:
    """The record of a row with the columns of a stop."""
    return QueueStop(reason=ErrorKind(row.reason), since=row.since, next_try_at=row.next_try_at)


def is_stopped(now: datetime) -> ColumnElement[bool]:
    """Condition on an entry: its queue stands still, and it is not time for a try."""
    same_key = and_(_c.service == entries.c.service, _c.key_fingerprint == entries.c.key_fingerprint)
    return exists().where(same_key, _c.next_try_at > now)


def stop_queue(connection: Connection, entry: Entry, reason: ErrorKind, now: datetime) -> None:
    """Let nothing of the entry's queue be sent for a while, and longer each time."""
    known = find_stop(connection, entry)
    since = known.since if known else now
    pause = timedelta(seconds=pause_s((now - since).total_seconds()))
    stop = {"reason": reason, "next_try_at": now + pause}
    key = {"service": entry.service, "key_fingerprint": entry.key_fingerprint}
    if not insert_or_ignore(connection, queue_stops, {**key, **stop, "since": since}):
        connection.execute(update(queue_stops).where(_is_of(entry)).values(stop))


def begin_try(connection: Connection, entry: Entry, now: datetime) -> None:
    """The entry is the one try of its queue, if that stands still: others wait for what comes of it."""
    _set_next_try(connection, entry, now + timedelta(seconds=FIRST_PAUSE_S))


def try_now(connection: Connection, entry: Entry, now: datetime) -> bool:
    """Have the next try of the entry's queue come now; False when nothing stops it."""
    return _set_next_try(connection, entry, now)


def open_queue(connection: Connection, entry: Entry) -> None:
    """Its account takes tasks again."""
    connection.execute(delete(queue_stops).where(_is_of(entry)))


def _set_next_try(connection: Connection, entry: Entry, moment: datetime) -> bool:
    change = update(queue_stops).where(_is_of(entry)).values(next_try_at=moment)
    return connection.execute(change).rowcount > 0


def _is_of(entry: Entry) -> ColumnElement[bool]:
    return and_(_c.service == entry.service, _c.key_fingerprint == entry.key_fingerprint)
