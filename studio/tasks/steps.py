"""What is done for a task, one step at a time: sent once, found again, looked at, kept.

Each step reads the journal, acts once, writes what came of it, and says what comes next. Any step may be
taken again after a crash, or by two processes at once: only the journal's compare-and-swap lets a create
leave (reliability.md). Time, chance, the far end and the storage are handed in.

    INTENT ──send──▶ SENDING ──▶ ACCEPTED ──look──▶ RUNNING ──look──▶ SUCCEEDED ──fetch──▶ KEPT
                        └─▶ UNKNOWN ──resolve──▶ ACCEPTED | INTENT | NEEDS_PERSON
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from kling import ImageToVideoRequest, KlingError, NotFound, Task
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
from studio.tasks.error_messages import NO_KEY, NOT_THERE, lookup_problem
from studio.tasks.find_task import Client, find_task, forgotten_task
from studio.tasks.schedule import NEXT_STEP, NextStep, Step, period_s, plan_next_step, seconds_until

__all__ = ["Client", "Keys", "NextStep", "Step", "Steps"]

log = logging.getLogger(__name__)

MAX_WAIT_S = 60.0
"""The longest that a service may ask us to wait by Retry-After."""
CLAIM_HOLDS_S = 30.0
"""A create begins this soon after its claim or not at all: a process that was frozen in between must not send
what others have taken for sent and gone, and may have sent again."""
SETTLE_PAUSES_S = (1.0, 2.0, 4.0, 8.0, 16.0)
"""Between attempts to write down what a create came to."""


class Keys(Protocol):
    """What the steps need of studio.service.keyring.Keyring."""

    def connect(self, entry: Entry) -> Client | None: ...


@dataclass(frozen=True, kw_only=True)
class Steps:
    """Thread-safe as far as what is handed in is; keeps nothing itself."""

    journal: Journal
    keys: Keys
    # entry, the video's URL, the far end's own address → kept with its row in the journal's store
    keep_video: Callable[[Entry, str, str], object]
    # where the service may call back about an entry, None: nowhere
    callback_address: Callable[[str], str | None] = lambda _entry_id: None
    now: Callable[[], datetime] = utc_now
    rng: random.Random = field(default_factory=random.Random)
    # waits so many seconds
    pause: Callable[[float], None] = time.sleep

    def run_next_step(self, entry_id: str) -> NextStep:
        """Does what is due for a task now, if anything, and says what comes next."""
        entry = self.journal.queries.entry(entry_id)
        acts = {
            Step.SEND: self.send,
            Step.RESOLVE: self.resolve,
            Step.WAIT_FOR_PERSON: self.resolve,
            Step.LOOK: self.look,
            Step.FETCH: self.fetch,
        }
        act = acts.get(NEXT_STEP[entry.state])
        return act(entry_id) if act else self._next(entry)

    def send(self, entry_id: str) -> NextStep:
        """INTENT: the create call, once; the claim fails before its time in line, or when another has it."""
        entry = self.journal.queries.entry(entry_id)
        if entry.state is not State.INTENT:
            return self._next(entry)
        client = self.keys.connect(entry)
        if client is None:
            return self._without_key(entry)
        request = self._request(entry_id)
        claimed = self.journal.claim(entry)
        if claimed is None:
            return self._next(self.journal.queries.entry(entry_id))
        outcome = self._create(client, request, claimed.attempts) if self._holds(claimed) else TOO_LATE
        return self._sent(claimed, outcome)

    def resolve(self, entry_id: str) -> NextStep:
        """SENDING of somebody who is gone, UNKNOWN, NEEDS_PERSON: is there such a task? By evidence only.

        While a person is waited for it is still looked for, since it may turn up.
        """
        entry = self.journal.queries.entry(entry_id)
        if entry.state is State.SENDING:
            return self._broken_off(entry)
        if entry.state not in (State.UNKNOWN, State.NEEDS_PERSON):
            return self._next(entry)
        client = self.keys.connect(entry)
        if client is None:
            return self._without_key(entry)
        try:
            task = find_task(client, entry)
        except KlingError as failure:
            return self._unresolved(self._missed(entry, failure), failure)
        return self._told(entry, task)

    def look(self, entry_id: str) -> NextStep:
        """ACCEPTED or RUNNING: asks how it stands."""
        entry = self.journal.queries.entry(entry_id)
        if entry.state not in (State.ACCEPTED, State.RUNNING):
            return self._next(entry)
        client = self.keys.connect(entry)
        if client is None:
            return self._without_key(entry)
        try:
            task = client.get(entry.lookup_id)
        except KlingError as failure:
            return self._not_seen(entry, failure)
        self._prove_lookup(client, entry)
        return self._told(entry, task)

    def fetch(self, entry_id: str) -> NextStep:
        """SUCCEEDED: a fresh link from the service, and the video into our storage."""
        entry = self.journal.queries.entry(entry_id)
        if entry.state is not State.SUCCEEDED:
            return self._next(entry)
        client = self.keys.connect(entry)
        if client is None:
            return self._without_key(entry)
        try:
            task = client.get(entry.lookup_id)
        except KlingError as failure:
            return self._again(entry, lookup_problem(failure, entry.lookup_id).why, failure.retry_after_s)
        if not task.videos:
            return self._again(entry, "The service reports success without a video.")
        return self._fetched(entry, task.videos[0].url, client.base_url)

    def _request(self, entry_id: str) -> ImageToVideoRequest:
        """As it was written down; a person's own callback address is passed on unchanged."""
        request = self.journal.queries.request(entry_id)
        return replace(request, callback_url=request.callback_url or self.callback_address(entry_id))

    def _holds(self, claimed: Entry) -> bool:
        """Whether it is young, by the wall clock: the other one stands still while a machine sleeps."""
        age_s = (self.now() - claimed.state_since).total_seconds()
        return abs(age_s) < CLAIM_HOLDS_S  # a clock that was put back tells nothing

    def _create(self, client: Client, request: ImageToVideoRequest, attempt: int) -> CreateOutcome:
        try:
            return outcome_of(client.create(request))
        except KlingError as failure:
            return outcome_of(failure, attempt=attempt, rng=self.rng)
        except Exception:  # whatever broke, the request may have left: nobody may send it again blindly
            log.exception("A create call broke inside the app")
            return INTERRUPTED

    def _sent(self, claimed: Entry, outcome: CreateOutcome) -> NextStep:
        settled = self._settled(claimed, outcome)
        return self._next(settled or self.journal.queries.entry(claimed.entry_id))

    def _settled(self, claimed: Entry, outcome: CreateOutcome) -> Entry | None:
        """Nobody else knows what a create came to: a database that is away for a moment is waited for."""
        for pause_s in SETTLE_PAUSES_S:
            try:
                return self.journal.settle(claimed, outcome)
            except SQLAlchemyError:
                log.warning("What the create of task %s came to is not written down yet", claimed.entry_id)
                self.pause(pause_s)
        return self.journal.settle(claimed, outcome)

    def _broken_off(self, entry: Entry) -> NextStep:
        """Whoever sends may still be at it; after a while nobody can be."""
        still = self._next(entry)
        if still.wait_s > 0:
            return still
        return self._next(
            self.journal.settle(entry, INTERRUPTED) or self.journal.queries.entry(entry.entry_id)
        )

    def _missed(self, entry: Entry, failure: KlingError) -> Entry:
        """The entry after a look that found nothing; a not-found counts, a failed call does not."""
        if entry.state is State.NEEDS_PERSON:
            return entry
        if isinstance(failure, NotFound):
            noted = self.journal.not_found(entry)
        else:
            noted = self.journal.note(entry, message=lookup_problem(failure, entry.lookup_id).why)
        return noted or self.journal.queries.entry(entry.entry_id)

    def _unresolved(self, entry: Entry, failure: KlingError) -> NextStep:
        if entry.state is not State.UNKNOWN:
            return self._next(entry)
        found = verdict(entry, self.journal.queries.proof(entry.service), self.now())
        if found.kind is VerdictKind.BACK_IN_LINE:
            return self._next(self.journal.send_again(entry) or self.journal.queries.entry(entry.entry_id))
        if found.kind is VerdictKind.ASK_PERSON:
            asked = self.journal.ask_person(entry, NOT_THERE)
            return self._next(asked or self.journal.queries.entry(entry.entry_id))
        wait_s = max(seconds_until(found.at, self.now()), min(failure.retry_after_s or 0.0, MAX_WAIT_S))
        self.journal.note(entry, next_look_at=self.now() + timedelta(seconds=wait_s))
        return NextStep(step=Step.RESOLVE, wait_s=wait_s)

    def _not_seen(self, entry: Entry, failure: KlingError) -> NextStep:
        """A task is never called failed because we could not look; but the simulator's memory is ours."""
        if isinstance(failure, NotFound) and entry.is_simulated:
            return self._told(entry, forgotten_task(entry))
        if isinstance(failure, NotFound):
            # What exists was not found: there, a not-found proves nothing.
            self._note_proof(entry, found=False)
        return self._again(entry, lookup_problem(failure, entry.lookup_id).why, failure.retry_after_s)

    def _told(self, entry: Entry, task: Task) -> NextStep:
        """The entry as the service describes it; when somebody else wrote at the same moment, once more."""
        next_look_at = None
        if not task.status.is_final:
            next_look_at = self.now() + timedelta(seconds=self._period_s(entry))
        for _ in range(3):
            told = self.journal.record_status(entry, task, next_look_at=next_look_at)
            if told is not None:
                return self._next(told)
            entry = self.journal.queries.entry(entry.entry_id)
        return self._again(entry, "The service spoke of another task than the one that was asked for.")

    def _fetched(self, entry: Entry, url: str, base_url: str) -> NextStep:
        try:
            self.keep_video(entry, url, base_url)
        except DownloadProblem as problem:
            return self._again(entry, str(problem))
        return self._next(self.journal.mark_kept(entry) or self.journal.queries.entry(entry.entry_id))

    def _prove_lookup(self, client: Client, entry: Entry) -> None:
        """Once for each accepted task: can tasks be found by the caller's own id here? (reliability.md)."""
        looked_at_before = entry.last_look_at != entry.accepted_at
        if looked_at_before or entry.made_elsewhere or not entry.external_task_id:
            return
        try:
            found = client.get(entry.external_task_id).task_id == entry.task_id
        except NotFound:
            found = False
        except KlingError:
            return
        self._note_proof(entry, found=found)

    def _note_proof(self, entry: Entry, *, found: bool) -> None:
        lag_s = (self.now() - (entry.accepted_at or self.now())).total_seconds()
        self.journal.record_lookup(entry.service, found=found, lag_s=lag_s)

    def _without_key(self, entry: Entry) -> NextStep:
        self.journal.note(entry, message=NO_KEY)
        return NextStep(step=Step.WAIT_FOR_KEY)

    def _again(self, entry: Entry, message: str, asked_s: float | None = None) -> NextStep:
        """The same later, by the schedule or as the service asks; and what is in the way."""
        wait_s = max(self._period_s(entry), min(asked_s or 0.0, MAX_WAIT_S))
        self.journal.note(entry, message=message, next_look_at=self.now() + timedelta(seconds=wait_s))
        return NextStep(step=NEXT_STEP[entry.state], wait_s=wait_s)

    def _next(self, entry: Entry) -> NextStep:
        return plan_next_step(entry, self.now(), self.rng)

    def _period_s(self, entry: Entry) -> float:
        return period_s(entry, self.now(), self.rng)
