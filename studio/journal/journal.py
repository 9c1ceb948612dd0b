"""The journal: tasks to be sent, tasks that were sent, and their states; each step one transaction.

Every change is a compare-and-swap on the entry's state and version. A method answers the entry as it
stands then; None says that another was faster, or that the entry's state does not allow it: read it
again and decide anew.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, and_, case, exists, func, insert, or_, select, update
from sqlalchemy.sql import ColumnElement

from kling import ErrorKind, Task
from studio.journal.create_outcome import NOT_FOUND_SPACING_S, CreateOutcome
from studio.journal.database import Database
from studio.journal.entry import AWAITED, FORGETTABLE, SETTLED, Entry, NewTask, State, utc_now
from studio.journal.gallery import GalleryQueries
from studio.journal.marks import clean_name, mark, mark_seen
from studio.journal.open_tasks_cap import check_open_tasks
from studio.journal.queries import (
    JournalProblem,
    JournalQueries,
    SpentExternalId,
    first_entry,
    kept_video,
    one_entry,
    queued_with,
    spent_usd,
    unfinished_of,
)
from studio.journal.queue_stops import begin_try, is_stopped, open_queue, stop_queue, try_now
from studio.journal.request_json import dump_request, request_sha256
from studio.journal.rows import (
    MICRO,
    NO_NOT_FOUNDS,
    adopted_row,
    create_changes,
    look_changes,
    new_entry_row,
    read_entry,
)
from studio.journal.schema import artifacts, entries, insert_or_ignore, proofs, requests
from studio.journal.spending_cap import check_spending, day_start
from studio.owners import owner_on_record

log = logging.getLogger(__name__)
_c = entries.c


_NO_TROUBLE = {"retry_at": None, "create_error": None, "message": None}


class Journal:
    """Every change, and `queries` and `gallery` to read. Thread-safe, and safe between processes."""

    def __init__(self, store: Database, now: Callable[[], datetime] = utc_now) -> None:
        """Nothing is read or written yet.

        Args:
            store: the database, upgraded.
            now: aware UTC.
        """
        self.queries = JournalQueries(store, now)
        self.gallery = GalleryQueries(store)
        self._store = store
        self._now = now

    def create_entry(
        self,
        new_task: NewTask,
        cap_usd: Decimal | None = None,
        files: Sequence[Mapping[str, Any]] = (),
        most_open: int | None = None,
    ) -> Entry:
        """Write down what is to be sent; a click of before, or the same request, answers its own entry.

        Args:
            new_task: what is to be sent.
            cap_usd: what its owner may spend a day with this key; None: as much as they like.
            files: rows of its kept files, whose bytes are safe; written with the entry or not at all.
            most_open: how many unfinished tasks its owner may have, this one included; None: any number.

        Raises:
            JournalProblem: the external task id is another person's.
            SpentExternalId: it is that of another request of theirs, sent from another tab for instance.
            SpendingCapReached: it would go over the cap; nothing is written.
            TooManyTasks: its owner has so many unfinished ones; nothing is written.
        """
        return self.create_entries((new_task,), cap_usd, files, most_open)[0]

    def create_entries(
        self,
        new_tasks: Sequence[NewTask],
        cap_usd: Decimal | None = None,
        files: Sequence[Mapping[str, Any]] = (),
        most_open: int | None = None,
    ) -> tuple[Entry, ...]:
        """Write down what is to be sent together, all or nothing; a click of before answers its own entries.

        Takes and raises what `create_entry` does, for all of them at once. A batch of which only a part is
        known already is another one than before, and raises SpentExternalId.
        """
        bodies = [_body(new) for new in new_tasks]
        # a microsecond apart, so that they keep their order wherever entries are listed
        began = self._now()
        rows = [new_entry_row(new, began + timedelta(microseconds=n)) for n, new in enumerate(new_tasks)]
        with self._store.writing() as connection:
            if cap_usd is not None or most_open is not None:
                self._wait_for_others_of(connection, new_tasks[0].owner)
            are_new = [insert_or_ignore(connection, entries, row) for row in rows]
            if any(are_new):
                if not all(are_new):
                    raise _spent_external_id()
                self._check_caps(connection, rows, cap_usd, most_open)
                connection.execute(insert(requests), list(map(_request_row, rows, bodies)))
                if files:
                    connection.execute(insert(artifacts), list(files))
            return tuple(
                _entry_of_click(connection, new, request_sha256(body))
                for new, body in zip(new_tasks, bodies, strict=True)
            )

    def adopt(
        self, owner: str, service: str, key_fingerprint: str, task: Task, most_open: int | None = None
    ) -> Entry:
        """Take up a task that was made elsewhere; one that is known or forgotten is the entry that it has.

        Args:
            owner: who follows it.
            service: where it was made.
            key_fingerprint: of the key that it was found with.
            task: as the service tells it.
            most_open: how many unfinished tasks its owner may have, this one included; None: any number.

        Raises:
            TooManyTasks: it is unfinished, and its owner has so many; nothing is written.
        """
        here = and_(_c.owner == owner, _c.service == service, _c.key_fingerprint == key_fingerprint)
        ids = [_c.task_id == task.task_id]
        if task.external_task_id is not None:
            ids.append(_c.external_task_id == task.external_task_id)
        with self._store.writing() as connection:
            if most_open is not None:
                self._wait_for_others_of(connection, owner)
            known = first_entry(connection, here, or_(*ids))
            if known is None:
                unfinished = unfinished_of(connection, owner)
                row = adopted_row(owner, service, key_fingerprint, task, self._now())
                insert_or_ignore(connection, entries, row)
                if most_open is not None and unfinished_of(connection, owner) > unfinished:
                    check_open_tasks(unfinished, most_open, is_followed=True)
                known = one_entry(connection, here, _c.task_id == task.task_id)
        return self._record(known, task) or self.queries.entry(known.entry_id)

    def _wait_for_others_of(self, connection: Connection, owner: str) -> None:
        """Let two writers of one person at once see each other's tasks; SQLite has one writer anyway."""
        if not self._store.is_sqlite:
            locked = func.pg_advisory_xact_lock(func.hashtext(owner_on_record(owner)))
            connection.execute(select(locked))

    def claim(self, entry: Entry) -> Entry | None:
        """INTENT, and due → SENDING: the caller that gets the entry sends it, once.

        Of a queue that stands still one entry is claimed when it is time for a try.
        """
        now = self._now()
        due = or_(_c.retry_at.is_(None), _c.retry_at <= now)
        changes = {"state": State.SENDING, "sent_at": now, "attempts": entry.attempts + 1, **_NO_TROUBLE}
        with self._store.writing() as connection:
            in_time = due, ~is_stopped(now)
            claimed = self._compare_and_swap(connection, entry, {State.INTENT}, changes, *in_time)
            if claimed is not None:
                begin_try(connection, entry, now)
            return claimed

    def settle(self, entry: Entry, outcome: CreateOutcome) -> Entry | None:
        """Record the end of a create call: SENDING → ACCEPTED, REJECTED, INTENT or UNKNOWN.

        A task that was made is written down even when another has taken the sender for dead meanwhile. When
        the account refuses everything, its key's queue stands still, and is refused too if that is certain.
        """
        if outcome.task is not None:
            recorded = self.record_status(entry, outcome.task)
            recorded = recorded or self.record_status(self.queries.entry(entry.entry_id), outcome.task)
            self._open_queue(entry)
            return recorded
        with self._store.writing() as connection:
            changes = create_changes(entry, outcome, self._now())
            settled = self._compare_and_swap(connection, entry, {State.SENDING}, changes)
            if settled is not None and outcome.stop_key:
                self._stop_queue(connection, entry, outcome)
            return settled

    def record_status(
        self, entry: Entry, task: Task, *, next_look_at: datetime | None = None
    ) -> Entry | None:
        """Record the status that the service reports; a task never moves backwards.

        A look that was on its way, or an answer that comes late, finds tasks too: what was forgotten or
        refused without a task is taken up again, since that task was paid.
        """
        if entry.state is State.FORGOTTEN and entry.task_id is not None:
            return None
        return self._record(entry, task, next_look_at)

    def not_found(self, entry: Entry) -> Entry | None:
        """UNKNOWN, and the service does not know it; counted when the last count is long enough ago."""
        now = self._now()
        changes: dict[str, Any] = {"last_look_at": now}
        last = entry.last_not_found_at
        if last is None or now - last >= timedelta(seconds=NOT_FOUND_SPACING_S):
            changes |= {"not_founds": entry.not_founds + 1, "last_not_found_at": now}
        return self._change(entry, {State.UNKNOWN}, changes)

    def ask_person(self, entry: Entry, message: str) -> Entry | None:
        """UNKNOWN → NEEDS_PERSON."""
        changes = {"state": State.NEEDS_PERSON, "next_look_at": None, "message": message}
        return self._change(entry, {State.UNKNOWN}, changes)

    def send_again(self, entry: Entry) -> Entry | None:
        """UNKNOWN or NEEDS_PERSON → INTENT, due now, under the same external id.

        Only for a verdict of BACK_IN_LINE, or for a person who has looked for the task at the service.
        """
        changes = {"state": State.INTENT, "next_look_at": None, **_NO_TROUBLE, **NO_NOT_FOUNDS}
        anew = {"put_aside_at": None, "slot_given_back": False}
        return self._change(entry, {State.UNKNOWN, State.NEEDS_PERSON}, changes | anew)

    def put_aside(self, entry: Entry) -> Entry | None:
        """Give its slot back and look at it rarely, until it ends or its owner takes it back."""
        return self._change(entry, AWAITED, {"put_aside_at": self._now(), "slot_given_back": True})

    def take_back(self, entry: Entry) -> Entry | None:
        """Look at it now, and as often as at any other; its slot is another's and stays so."""
        return self._change(entry, AWAITED, {"put_aside_at": None, "next_look_at": self._now()})

    def look_again(self, entry: Entry) -> Entry | None:
        """The next look is due now; NEEDS_PERSON → UNKNOWN, its not-founds counted anew."""
        changes: dict[str, Any] = {"next_look_at": self._now()}
        if entry.state is State.NEEDS_PERSON:
            changes |= {"state": State.UNKNOWN, **NO_NOT_FOUNDS}
        return self._change(entry, set(State) - SETTLED - {State.INTENT, State.SENDING}, changes)

    def forget(self, entry: Entry) -> Entry | None:
        """Dismiss it for its owner; not while it is being sent."""
        return self._change(entry, FORGETTABLE, {"state": State.FORGOTTEN, "next_look_at": None})

    def note(
        self,
        entry: Entry,
        *,
        message: str | None = None,
        next_look_at: datetime | None = None,
        result_url: str | None = None,
    ) -> Entry | None:
        """Write down what is in the way, when to look next, where the video is; None leaves what is there."""
        words: dict[str, Any] = {"message": message, "create_error": None} if message else {}
        due = {"next_look_at": next_look_at} if next_look_at else {}
        link = {"result_url": result_url} if result_url else {}
        return self._change(entry, set(State), words | due | link)

    def mark_kept(self, entry: Entry, message: str | None = None) -> Entry | None:
        """SUCCEEDED → KEPT, with a word on the video if there is one to say; None while no video is kept."""
        changes = {"state": State.KEPT, "next_look_at": None, "message": message, "result_url": None}
        changes |= {"put_aside_at": None}
        return self._change(entry, {State.SUCCEEDED}, changes, exists().where(kept_video(entry)))

    def mark_file_missing(self, entry: Entry) -> Entry | None:
        """KEPT → SUCCEEDED, to be fetched anew; the row of its video says so, and keeps its owner's pin.

        Only for a file that was seen to be missing after the entry was read: the journal cannot see files.
        None when its owner has removed the video.
        """
        video = kept_video(entry)
        changes = {"state": State.SUCCEEDED, "next_look_at": None, "message": None}
        with self._store.writing() as connection:
            lost = self._compare_and_swap(connection, entry, {State.KEPT}, changes, exists().where(video))
            if lost is not None:
                connection.execute(update(artifacts).where(video).values(removed_at=self._now()))
            return lost

    def rename(self, entry_id: str, owner: str, name: str | None) -> bool:
        """Give this owner's entry a name, or none; False when they have no such entry."""
        with self._store.writing() as connection:
            return mark(connection, owner, [entry_id], name=clean_name(name)) > 0

    def set_starred(self, entry_id: str, owner: str, is_starred: bool) -> bool:  # noqa: FBT001 — a yes or a no is its subject
        """Star this owner's entry, or not; False when they have no such entry."""
        with self._store.writing() as connection:
            return mark(connection, owner, [entry_id], is_starred=is_starred) > 0

    def mark_seen(self, owner: str, entry_ids: Collection[str]) -> None:
        """This owner has seen the ends of these entries; others' are left alone."""
        with self._store.writing() as connection:
            mark_seen(connection, owner, entry_ids, self._now())

    def record_lookup(self, service: str, found: bool, lag_s: float) -> None:  # noqa: FBT001 — a yes or a no is its subject
        """An accepted task was, or was not, found by its external id `lag_s` seconds after its create."""
        now = self._now()
        longest = case((proofs.c.lag_s < lag_s, lag_s), else_=proofs.c.lag_s)
        changes = {"found_at": now, "lag_s": longest} if found else {"missed_at": now}
        with self._store.writing() as connection:
            insert_or_ignore(connection, proofs, {"service": service, "lag_s": 0.0})
            connection.execute(update(proofs).filter_by(service=service).values(changes))

    def try_now(self, entry: Entry) -> Entry | None:
        """The entry, whose queue stands still and is tried now; None when nothing stops it."""
        with self._store.writing() as connection:
            return entry if try_now(connection, entry, self._now()) else None

    def _open_queue(self, entry: Entry) -> None:
        with self._store.writing() as connection:
            open_queue(connection, entry)

    def _stop_queue(self, connection: Connection, entry: Entry, outcome: CreateOutcome) -> None:
        now = self._now()
        stop_queue(connection, entry, outcome.error_kind or ErrorKind.OUT_OF_CREDIT, now)
        if outcome.refuses_queue:
            for_others = replace(outcome, message=_without_prompt(outcome.message, entry))
            refused = create_changes(replace(entry, unclear_ends=0), for_others, now)
            _reject_queue(connection, entry, refused)

    def _record(self, entry: Entry, task: Task, next_look_at: datetime | None = None) -> Entry | None:
        if entry.task_id not in {None, task.task_id}:
            log.error("Entry %s has the task %s and not %s", entry.entry_id, entry.task_id, task.task_id)
            return None
        changes = {**look_changes(entry, task, self._now()), "next_look_at": next_look_at}
        return self._change(entry, set(State), changes)

    def _check_caps(
        self,
        connection: Connection,
        rows: Sequence[Mapping[str, Any]],
        cap_usd: Decimal | None,
        most_open: int | None,
    ) -> None:
        """Refuse rows of one person, inserted a moment ago, that go over a cap together."""
        owner, fingerprint = rows[0]["owner"], rows[0]["key_fingerprint"]
        if cap_usd is not None:
            ids = [row["entry_id"] for row in rows]
            others = and_(_c.owner == owner, _c.key_fingerprint == fingerprint, _c.entry_id.not_in(ids))
            check_spending(
                cap_usd=cap_usd,
                spent_usd=spent_usd(connection, day_start(self._now()), others),
                prices_usd=[_price_usd(row) for row in rows],
            )
        if most_open is not None:
            check_open_tasks(unfinished_of(connection, owner) - len(rows), most_open, new=len(rows))

    def _change(
        self,
        entry: Entry,
        states: Collection[State],
        changes: Mapping[str, Any],
        *where: ColumnElement[bool],
    ) -> Entry | None:
        with self._store.writing() as connection:
            return self._compare_and_swap(connection, entry, states, changes, *where)

    def _compare_and_swap(
        self,
        connection: Connection,
        entry: Entry,
        states: Collection[State],
        changes: Mapping[str, Any],
        *where: ColumnElement[bool],
    ) -> Entry | None:
        if entry.state not in states:
            return None
        state = changes.get("state", entry.state)
        since = entry.state_since if state is entry.state else self._now()
        as_read = (_c.entry_id == entry.entry_id, _c.state == entry.state, _c.version == entry.version)
        swap = update(entries).where(*as_read, *where)
        swap = swap.values(**changes, version=entry.version + 1, state_since=since)
        row = connection.execute(swap.returning(entries)).one_or_none()
        if row is not None and state in SETTLED:
            connection.execute(update(requests).filter_by(entry_id=entry.entry_id).values(body=None))
        return None if row is None else read_entry(row)


def _entry_of_click(connection: Connection, new_task: NewTask, sha256: str) -> Entry:
    """The entry of that click, or else of that external id, if it is the same request or none was made."""
    same_id = and_(
        _c.service == new_task.service,
        _c.key_fingerprint == new_task.key_fingerprint,
        _c.external_task_id == new_task.external_task_id,
    )
    if clicked := first_entry(connection, _c.click_token == new_task.click_token):
        return _checked_owner(clicked, new_task)
    known = _checked_owner(first_entry(connection, same_id), new_task)
    sent = connection.scalar(select(requests.c.sha256).filter_by(entry_id=known.entry_id))
    if known.state in (State.REJECTED, State.FORGOTTEN) or sent == sha256:
        return known
    raise _spent_external_id()


def _spent_external_id() -> SpentExternalId:
    """The error of an external id that another request of the same person has."""
    return SpentExternalId(
        "Nothing was sent.",
        "Another task of yours has this external task id already, sent from another tab for instance.",
        "The id is a new one now: look at the request, and send it again.",
    )


def _body(new_task: NewTask) -> str:
    return dump_request(replace(new_task.request, external_task_id=new_task.external_task_id))


def _request_row(row: Mapping[str, Any], body: str) -> dict[str, Any]:
    return {"entry_id": row["entry_id"], "sha256": request_sha256(body), "body": body}


def _price_usd(row: Mapping[str, Any]) -> Decimal | None:
    micro_usd = row["price_micro_usd"]
    return None if micro_usd is None else Decimal(micro_usd) / MICRO


def _checked_owner(known: Entry | None, new_task: NewTask) -> Entry:
    if known is None or known.owner != owner_on_record(new_task.owner):
        raise JournalProblem(
            "Nothing was sent.",
            "A task with this external task id exists already.",
            "Choose another external task id, or leave it empty.",
        )
    return known


def _without_prompt(message: str | None, entry: Entry) -> str | None:
    """The message for other people's cards; None when it quotes the entry's prompt."""
    return None if message and entry.prompt and entry.prompt in message else message


def _reject_queue(connection: Connection, entry: Entry, changes: Mapping[str, Any]) -> None:
    """Refuse what waits for the same key, unless it was ever sent: nothing of it was paid."""
    refused = update(entries).where(queued_with(entry), _c.unclear_ends == 0)
    refused = refused.values(**changes, version=_c.version + 1, state_since=changes["ended_at"])
    ids = connection.execute(refused.returning(_c.entry_id)).scalars().all()
    connection.execute(update(requests).where(requests.c.entry_id.in_(ids)).values(body=None))
