"""What comes next for a task in each of its states."""

from dataclasses import dataclass
from enum import StrEnum

from studio.entries import State


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
