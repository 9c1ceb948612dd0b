"""The next step of a task in each of its states, and when it is due. Pure."""

import math
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from studio.journal.create_outcome import LONGEST_WAIT_S
from studio.journal.entry import Entry, State


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """First look, then a period that grows with the task's age; all in seconds."""

    first_s: float
    # (age up to which it holds, period)
    steps: tuple[tuple[float, float], ...]
    jitter: float = 0.2

    def wait_s(self, age_s: float, rng: random.Random) -> float:
        """Seconds from now to the next look at a task of this age, ± the jitter."""
        if age_s < self.first_s:
            return self.first_s - age_s
        period = next((period for until, period in self.steps if age_s < until), self.steps[-1][1])
        return period * rng.uniform(1 - self.jitter, 1 + self.jitter)


MINUTE_S, HOUR_S, DAY_S = 60.0, 3600.0, 86400.0
REMOTE = Schedule(
    first_s=10.0,
    steps=(
        (2 * MINUTE_S, 5.0),
        (5 * MINUTE_S, 10.0),
        (30 * MINUTE_S, 30.0),
        (DAY_S, 5 * MINUTE_S),
        (7 * DAY_S, HOUR_S),
    ),
)
# The simulator stands in this very process and its tasks take seconds.
SIMULATED = Schedule(first_s=0.5, steps=((MINUTE_S, 0.5), (HOUR_S, 5.0)))

PUT_ASIDE = Schedule(first_s=0.0, steps=((DAY_S, 10 * MINUTE_S), (7 * DAY_S, HOUR_S)))
"""By the time since its owner put it aside; never more often than any other task of its age."""
PUT_ASIDE_SIMULATED = Schedule(first_s=0.0, steps=((HOUR_S, 10.0),))


STALE_SENDING_S = 180.0
"""A create call ends before this: 10 s to connect, the body, and 60 s each for the answer's head and rest."""


SLOT_HELD_S = {
    State.UNKNOWN: 10 * MINUTE_S,
    State.ACCEPTED: HOUR_S + 5 * MINUTE_S,
    State.RUNNING: HOUR_S + 5 * MINUTE_S,
}
"""How long a task in such a state keeps its slot, since it was sent or accepted; it takes 2 to 5 minutes."""
TRIES_IN_A_ROW = 8
"""After so many creates that made no task (the service is busy) a task goes to the end of its queue."""
LONGEST_SLOT_S = (
    TRIES_IN_A_ROW * (LONGEST_WAIT_S * 1.2 + STALE_SENDING_S)
    + SLOT_HELD_S[State.UNKNOWN]
    + SLOT_HELD_S[State.RUNNING]
)
"""The longest that one task can keep a slot: it is tried, its create has no clear end, it is found and is at
work for ever. The 1.2 is the waits' jitter."""


class Step(StrEnum):
    """The steps of a task."""

    SEND = "send"
    RESOLVE = "resolve"
    LOOK = "look"
    FETCH = "fetch"
    DONE = "done"
    WAIT_FOR_KEY = "wait_for_key"
    WAIT_FOR_PERSON = "wait_for_person"


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """The next step, and in how many seconds it is due (≥ 0)."""

    step: Step
    wait_s: float = 0.0
    # whether the task still keeps one of its key's slots from others
    holds_slot: bool = True

    @property
    def goes_on(self) -> bool:
        """False when nothing is left to do, or nothing without the key."""
        return self.step not in (Step.DONE, Step.WAIT_FOR_KEY)


NEXT_STEP: dict[State, Step] = {
    State.INTENT: Step.SEND,
    State.SENDING: Step.RESOLVE,
    State.UNKNOWN: Step.RESOLVE,
    State.NEEDS_PERSON: Step.WAIT_FOR_PERSON,
    State.ACCEPTED: Step.LOOK,
    State.RUNNING: Step.LOOK,
    State.SUCCEEDED: Step.FETCH,
    State.FAILED: Step.DONE,
    State.KEPT: Step.DONE,
    State.REJECTED: Step.DONE,
    State.FORGOTTEN: Step.DONE,
}

LOOKED_AT = frozenset({State.NEEDS_PERSON, State.ACCEPTED, State.RUNNING})
"""Followed by the schedule when nothing else is said."""


def plan_next_step(entry: Entry, now: datetime, rng: random.Random) -> NextStep:
    """The next step of an entry as it stands."""
    return next_look(entry, _wait_s(entry, now, rng), now)


def next_look(entry: Entry, wait_s: float, now: datetime) -> NextStep:
    """The step of an entry's state, due after a wait."""
    return NextStep(step=NEXT_STEP[entry.state], wait_s=wait_s, holds_slot=holds_slot(entry, now))


def holds_slot(entry: Entry, now: datetime) -> bool:
    """Whether the task still keeps a slot of its key; looking for it goes on all the same.

    A task that is at work for ever, of which nothing can be learnt, or that is never taken, would otherwise
    stop the whole queue.
    """
    if entry.slot_given_back:
        return False
    if entry.state is State.INTENT:
        return entry.retry_at is None or entry.attempts == 0 or entry.attempts % TRIES_IN_A_ROW > 0
    since = entry.sent_at if entry.state is State.UNKNOWN else entry.accepted_at
    held_for_s = SLOT_HELD_S.get(entry.state)
    return held_for_s is None or since is None or (now - since).total_seconds() < held_for_s


def longest_wait_s(position: int, slots: int) -> float:
    """Seconds after which a queued task is sent at the latest, should every task before it be stuck for ever.

    Each slot comes back after `LONGEST_SLOT_S` at most, so that `slots` tasks leave the queue in that time.
    This holds while the app runs, the key is at hand and the service takes tasks. A task that ends, or that
    its owner puts aside, gives its slot back sooner.

    Args:
        position: in its queue, from 1.
        slots: tasks of one key that may be at the service at a time, at least 1.
    """
    return math.ceil(position / slots) * LONGEST_SLOT_S


def period_s(entry: Entry, now: datetime, rng: random.Random) -> float:
    """Seconds to the next look at a task of this age."""
    schedule = SIMULATED if entry.is_simulated else REMOTE
    began = entry.accepted_at or entry.sent_at or entry.created_at
    usual_s = schedule.wait_s((now - began).total_seconds(), rng)
    if entry.put_aside_at is None:
        return usual_s
    rarely = PUT_ASIDE_SIMULATED if entry.is_simulated else PUT_ASIDE
    return max(usual_s, rarely.wait_s((now - entry.put_aside_at).total_seconds(), rng))


def seconds_until(moment: datetime | None, now: datetime) -> float:
    """At least 0; 0 for no moment at all."""
    return max((moment - now).total_seconds(), 0.0) if moment else 0.0


def _wait_s(entry: Entry, now: datetime, rng: random.Random) -> float:
    if entry.state is State.SENDING:
        return seconds_until(entry.state_since + timedelta(seconds=STALE_SENDING_S), now)
    if entry.state is State.INTENT:
        return seconds_until(entry.retry_at, now)
    if entry.next_look_at is None and entry.state in LOOKED_AT:
        return period_s(entry, now, rng)
    return seconds_until(entry.next_look_at, now)
