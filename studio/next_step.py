"""What comes next for a task in each of its states, and when it is due."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from studio.entries import Entry, State
from studio.schedule import REMOTE, SIMULATED

STALE_SENDING_S = 180.0
"""A create call ends before this: 10 s to connect, the body, and 60 s each for the answer's head and rest."""


class Step(StrEnum):
    """What comes next for a task."""

    SEND = "send"
    RESOLVE = "resolve"
    LOOK = "look"
    FETCH = "fetch"
    DONE = "done"
    WAIT_FOR_KEY = "wait_for_key"
    WAIT_FOR_PERSON = "wait_for_person"


@dataclass(frozen=True, kw_only=True)
class Next:
    """The next step, and in how many seconds it is due (≥ 0)."""

    step: Step
    wait_s: float = 0.0

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


def following(entry: Entry, now: datetime, rng: random.Random) -> Next:
    """The next step of an entry as it stands."""
    return Next(step=NEXT_STEP[entry.state], wait_s=_wait_s(entry, now, rng))


def period_s(entry: Entry, now: datetime, rng: random.Random) -> float:
    """Seconds to the next look at a task of this age."""
    schedule = SIMULATED if entry.is_simulated else REMOTE
    began = entry.accepted_at or entry.sent_at or entry.created_at
    return schedule.wait_s((now - began).total_seconds(), rng)


def seconds_until(moment: datetime | None, now: datetime) -> float:
    """At least 0; 0 for no moment at all."""
    return max((moment - now).total_seconds(), 0.0) if moment else 0.0


def _wait_s(entry: Entry, now: datetime, rng: random.Random) -> float:
    if entry.state is State.SENDING:
        return seconds_until(entry.state_since + timedelta(seconds=STALE_SENDING_S), now)
    if entry.state is State.INTENT:
        return seconds_until(entry.not_before, now)
    if entry.next_look_at is None and entry.state in LOOKED_AT:
        return period_s(entry, now, rng)
    return seconds_until(entry.next_look_at, now)
