"""The steps of a task, one at a time: sent once, found again, looked at, kept.

Each step reads the journal, acts once, writes the outcome, and plans the next one. Any step may be
taken again after a crash, or by two processes at once: only the journal's compare-and-swap lets a create
leave (reliability.md). Time, chance, the service and the storage are handed in.

    INTENT ──send──▶ SENDING ──▶ ACCEPTED ──look──▶ RUNNING ──look──▶ SUCCEEDED ──fetch──▶ KEPT
                        └─▶ UNKNOWN ──resolve──▶ ACCEPTED | INTENT | NEEDS_PERSON
"""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from kling import ImageToVideoRequest, KlingError, NotFound, Task
from studio.files.result_address import whole_url
from studio.files.video_download import DownloadProblem
from studio.journal.create_outcome import (
    INTERRUPTED,
    TOO_LATE,
    CreateOutcome,
    VerdictKind,
    outcome_of,
    verdict,
)
from studio.journal.entry import Entry, State, utc_now
from studio.journal.journal import Journal
from studio.journal.request_json import dump_request
from studio.tasks.error_messages import NO_KEY, NOT_THERE, heavy_request_hint, lookup_problem, size_hint
from studio.tasks.find_task import Client, find_task, forgotten_task, get_task
from studio.tasks.schedule import (
    NEXT_STEP,
    NextStep,
    Step,
    next_look,
    period_s,
    plan_next_step,
    seconds_until,
)

__all__ = ["Client", "Keys", "NextStep", "Step", "Steps"]

log = logging.getLogger(__name__)

MAX_WAIT_S = 60.0
"""The longest that a service may ask us to wait by Retry-After."""
CLAIM_HOLDS_S = 30.0
"""A create begins this soon after its claim or not at all: a process that was frozen in between must not send
what others have taken for sent and gone, and may have sent again."""
STOPPED_LOOK_S = 30.0
"""Seconds at most between looks of a task in a slot whether its queue still stands still."""
SETTLE_PAUSES_S = (1.0, 2.0, 4.0, 8.0, 16.0)
"""Between attempts to write down what a create came to."""


ANOTHER_TASK = "The service spoke of another task than the one that was asked for."
NO_VIDEO = "The service reports success without a video."
NO_VIDEO_FOR = timedelta(minutes=10)
"""So long after its end a video that has no address is a matter for the service's support."""
WATERMARKED = "The service offered this video with its watermark only."


class Keys(Protocol):
    """The part of studio.service.keyring.Keyring that the steps need."""

    def connect(self, entry: Entry) -> Client | None: ...


@dataclass(frozen=True, kw_only=True)
class Steps:
    """Thread-safe as far as what is handed in is; keeps nothing itself."""

    journal: Journal
    keys: Keys
    # entry, the video's URL, the service's own address → kept with its row in the journal's store
    keep_video: Callable[[Entry, str, str], object]
    # where the service may call back about an entry, None: nowhere
    callback_address: Callable[[str], str | None] = lambda _entry_id: None
    now: Callable[[], datetime] = utc_now
    rng: random.Random = field(default_factory=random.Random)
    # waits so many seconds
    pause: Callable[[float], None] = time.sleep

    def run_next_step(self, entry_id: str, *, may_send: bool = True) -> NextStep:
        """Do what is due for a task now, if anything; the step that comes after it.

        Args:
            entry_id: of the task.
            may_send: whether the caller has a slot for it; without one nothing is sent.
        """
        entry = self.journal.queries.entry(entry_id)
        if entry.state is State.INTENT and not may_send:
            return self._plan(entry)
        if entry.state is State.SENDING:
            return self._wait_for_sender(entry)
        act = {
            Step.SEND: self._send,
            Step.RESOLVE: self._resolve,
            Step.WAIT_FOR_PERSON: self._resolve,
            Step.LOOK: self._look,
            Step.FETCH: self._fetch,
        }.get(NEXT_STEP[entry.state])
        if act is None:
            return self._plan(entry)
        client = self.keys.connect(entry)
        return self._wait_for_key(entry) if client is None else act(entry, client)

    def _send(self, entry: Entry, client: Client) -> NextStep:
        """INTENT: the create call, once; the claim fails before its time in line, or when another has it."""
        request = self._request(entry.entry_id)
        claimed = self.journal.claim(entry)
        if claimed is None:
            return self._wait_in_queue(self._as_it_stands(entry))
        is_fresh = self._is_claim_fresh(claimed)
        outcome = self._create(client, request, claimed.attempts) if is_fresh else TOO_LATE
        settled = self._record_outcome(claimed, outcome)
        return self._plan(settled or self._as_it_stands(entry))

    def _wait_in_queue(self, entry: Entry) -> NextStep:
        """In its slot until it is due, or until its queue may have been opened again."""
        planned = self._plan(entry)
        if entry.state is not State.INTENT:
            return planned
        stop = self.journal.queries.queue_stop(entry)
        stopped_s = min(seconds_until(stop.next_try_at, self.now()), STOPPED_LOOK_S) if stop else 0.0
        return replace(planned, wait_s=max(planned.wait_s, stopped_s), holds_slot=True)

    def _resolve(self, entry: Entry, client: Client) -> NextStep:
        """UNKNOWN, NEEDS_PERSON: is there such a task? By evidence only.

        While a person is waited for it is still looked for, since it may turn up.
        """
        try:
            task = find_task(client, entry)
        except KlingError as failure:
            return self._decide_on_missing(self._record_miss(entry, failure), failure)
        return self._record_status(entry, task)

    def _look(self, entry: Entry, client: Client) -> NextStep:
        """ACCEPTED or RUNNING: asks how it stands."""
        try:
            task = get_task(client, entry)
        except KlingError as failure:
            return self._record_failed_look(entry, failure)
        own = self._own_task(entry, task)
        if own is None:
            return self._retry_later(entry, ANOTHER_TASK)
        self._test_lookup(client, entry)
        return self._record_status(entry, own)

    def _fetch(self, entry: Entry, client: Client) -> NextStep:
        """SUCCEEDED: a fresh link from the service, and the video into our storage."""
        try:
            task = get_task(client, entry)
        except KlingError as failure:
            return self._retry_later(
                entry, lookup_problem(failure, entry.lookup_id).why, failure.retry_after_s
            )
        if self._own_task(entry, task) is None:
            return self._retry_later(entry, ANOTHER_TASK)
        if not task.videos:
            if NO_VIDEO not in (entry.message or ""):  # once a task: it is asked again for days
                log.warning("Task %s has no video's address: %s", entry.lookup_id, task.puzzling_answer)
            return self._retry_later(entry, self._no_video(entry))
        url = task.videos[0].url
        try:
            self.keep_video(entry, url, client.base_url)
        except DownloadProblem as problem:
            link = whole_url(url, client.base_url)
            return self._retry_later(entry, str(problem), result_url=link)
        word = WATERMARKED if task.videos[0].is_watermarked else None
        return self._plan(self.journal.mark_kept(entry, word) or self._as_it_stands(entry))

    def _own_task(self, entry: Entry, task: Task) -> Task | None:
        """The task under the entry's id, since it was asked for by that very id; None: it is another's.

        Relays name a task by their own id once and by the maker's another time. It is another's when it has
        an external id that is not the entry's, or when another entry has that task.
        """
        if entry.external_task_id and task.external_task_id not in (None, entry.external_task_id):
            return None
        if entry.task_id in (None, task.task_id):
            return task
        if self.journal.queries.is_task_of_another_entry(entry, task.task_id):
            return None
        log.info("Task %s of entry %s is also called %s", entry.task_id, entry.entry_id, task.task_id)
        return replace(task, task_id=entry.task_id or task.task_id)

    def _no_video(self, entry: Entry) -> str:
        """In words; after a while also what its owner can do."""
        if entry.ended_at is None or self.now() - entry.ended_at < NO_VIDEO_FOR:
            return NO_VIDEO
        return f"{NO_VIDEO} Ask CometAPI's support for it, and quote the id {entry.lookup_id}."

    def _request(self, entry_id: str) -> ImageToVideoRequest:
        """As it was written down; a person's own callback address is passed on unchanged."""
        request = self.journal.queries.request(entry_id)
        return replace(request, callback_url=request.callback_url or self.callback_address(entry_id))

    def _is_claim_fresh(self, claimed: Entry) -> bool:
        """Whether it is young, by the wall clock: the monotonic one stands still while a machine sleeps."""
        age_s = (self.now() - claimed.state_since).total_seconds()
        return abs(age_s) < CLAIM_HOLDS_S  # a clock that was put back tells nothing

    def _create(self, client: Client, request: ImageToVideoRequest, attempt: int) -> CreateOutcome:
        try:
            return outcome_of(client.create(request))
        except KlingError as failure:
            own_words = json.dumps(request.to_wire_summary(), ensure_ascii=False)
            outcome = outcome_of(failure, attempt=attempt, rng=self.rng, own_words=own_words)
            hint = heavy_request_hint(failure.kind, len(dump_request(request)))
            return replace(outcome, message=f"{outcome.message}{hint}")
        except Exception:  # whatever broke, the request may have left: it must not be sent again blindly
            log.exception("A create call broke inside the app")
            return INTERRUPTED

    def _record_outcome(self, claimed: Entry, outcome: CreateOutcome) -> Entry | None:
        """Write down the end of a create, known here alone; a database that is away is waited for."""
        for pause_s in SETTLE_PAUSES_S:
            try:
                return self.journal.settle(claimed, outcome)
            except SQLAlchemyError:
                log.warning("What the create of task %s came to is not written down yet", claimed.entry_id)
                self.pause(pause_s)
        return self.journal.settle(claimed, outcome)

    def _wait_for_sender(self, entry: Entry) -> NextStep:
        """Wait while the sender may still be at it; after that, take it for dead."""
        still = self._plan(entry)
        if still.wait_s > 0:
            return still
        return self._plan(self.journal.settle(entry, INTERRUPTED) or self._as_it_stands(entry))

    def _record_miss(self, entry: Entry, failure: KlingError) -> Entry:
        """Record a look that found nothing: a not-found counts, a failed call does not."""
        if entry.state is State.NEEDS_PERSON:
            # A time that has come is over with this look: without another one it would be due for ever.
            due = self.now() + timedelta(seconds=self._period_s(entry))
            return self.journal.note(entry, next_look_at=due) or self._as_it_stands(entry)
        if isinstance(failure, NotFound):
            noted = self.journal.not_found(entry)
        else:
            why = lookup_problem(failure, entry.lookup_id).why
            noted = self.journal.note(entry, message=f"{why}{size_hint(entry.message)}")
        return noted or self._as_it_stands(entry)

    def _decide_on_missing(self, entry: Entry, failure: KlingError) -> NextStep:
        if entry.state is not State.UNKNOWN:
            return self._plan(entry)
        found = verdict(entry, self.journal.queries.proof(entry.service), self.now())
        if found.kind is VerdictKind.BACK_IN_LINE:
            return self._plan(self.journal.send_again(entry) or self._as_it_stands(entry))
        if found.kind is VerdictKind.ASK_PERSON:
            asked = self.journal.ask_person(entry, f"{NOT_THERE}{size_hint(entry.message)}")
            return self._plan(asked or self._as_it_stands(entry))
        wait_s = max(seconds_until(found.at, self.now()), min(failure.retry_after_s or 0.0, MAX_WAIT_S))
        if entry.put_aside_at is not None:
            wait_s = max(wait_s, self._period_s(entry))
        self.journal.note(entry, next_look_at=self.now() + timedelta(seconds=wait_s))
        return next_look(entry, wait_s, self.now())

    def _record_failed_look(self, entry: Entry, failure: KlingError) -> NextStep:
        """A task is never called failed because we could not look; but the simulator's memory is ours."""
        if isinstance(failure, NotFound) and entry.is_simulated:
            return self._record_status(entry, forgotten_task(entry))
        if isinstance(failure, NotFound):
            # What exists was not found: there, a not-found proves nothing.
            self._record_lookup(entry, found=False)
        return self._retry_later(entry, lookup_problem(failure, entry.lookup_id).why, failure.retry_after_s)

    def _record_status(self, entry: Entry, task: Task) -> NextStep:
        """Record the status; once more when another wrote at the same moment."""
        next_look_at = None
        if not task.status.is_final:
            next_look_at = self.now() + timedelta(seconds=self._period_s(entry))
        for _ in range(3):
            recorded = self.journal.record_status(entry, task, next_look_at=next_look_at)
            if recorded is not None:
                return self._plan(recorded)
            entry = self._as_it_stands(entry)
        return self._retry_later(entry, ANOTHER_TASK)

    def _test_lookup(self, client: Client, entry: Entry) -> None:
        """Once for each accepted task: can tasks be found by the caller's own id here? (reliability.md)."""
        looked_at_before = entry.last_look_at != entry.accepted_at
        if looked_at_before or entry.made_elsewhere or not entry.external_task_id:
            return
        try:
            task = client.get(entry.external_task_id)
        except NotFound:
            self._record_lookup(entry, found=False)
        except KlingError:
            return
        else:
            if task.task_id == entry.task_id or task.external_task_id == entry.external_task_id:
                self._record_lookup(entry, found=True)  # another id without our name says nothing

    def _record_lookup(self, entry: Entry, *, found: bool) -> None:
        lag_s = (self.now() - (entry.accepted_at or self.now())).total_seconds()
        self.journal.record_lookup(entry.service, found=found, lag_s=lag_s)

    def _wait_for_key(self, entry: Entry) -> NextStep:
        self.journal.note(entry, message=NO_KEY)
        return NextStep(step=Step.WAIT_FOR_KEY)

    def _retry_later(
        self, entry: Entry, message: str, asked_s: float | None = None, *, result_url: str | None = None
    ) -> NextStep:
        """The same later, by the schedule or as the service asks; what is in the way, and the link."""
        wait_s = max(self._period_s(entry), min(asked_s or 0.0, MAX_WAIT_S))
        due = self.now() + timedelta(seconds=wait_s)
        self.journal.note(entry, message=message, next_look_at=due, result_url=result_url)
        return next_look(entry, wait_s, self.now())

    def _as_it_stands(self, entry: Entry) -> Entry:
        """The entry as the journal has it now, since another was faster."""
        return self.journal.queries.entry(entry.entry_id)

    def _plan(self, entry: Entry) -> NextStep:
        return plan_next_step(entry, self.now(), self.rng)

    def _period_s(self, entry: Entry) -> float:
        return period_s(entry, self.now(), self.rng)
