"""When a task is looked at again (reliability.md), and how long it keeps others waiting."""

import random
from datetime import timedelta

import pytest

from studio.journal.create_outcome import LONGEST_WAIT_S
from studio.journal.entry import SIMULATOR, State
from studio.tasks.schedule import (
    DAY_S,
    HOUR_S,
    LONGEST_SLOT_S,
    MINUTE_S,
    REMOTE,
    SLOT_HELD_S,
    STALE_SENDING_S,
    TRIES_IN_A_ROW,
    holds_slot,
    longest_wait_s,
    period_s,
)
from tests.support.make import entry
from tests.support.services import NOON


def test_the_first_look_comes_after_ten_seconds() -> None:
    """No task is done sooner."""
    assert REMOTE.wait_s(0.0, random.Random(1)) == 10.0
    assert REMOTE.wait_s(4.0, random.Random(1)) == 6.0


@pytest.mark.parametrize(
    ("age_s", "period_s"),
    [
        (MINUTE_S, 5.0),
        (3 * MINUTE_S, 10.0),
        (20 * MINUTE_S, 30.0),
        (5 * HOUR_S, 5 * MINUTE_S),
        (3 * DAY_S, HOUR_S),
        (30 * DAY_S, HOUR_S),
    ],
)
def test_looks_grow_rarer_with_age(age_s: float, period_s: float) -> None:
    """Every 5 s to 2 min, 10 s to 5 min, 30 s to 30 min, 5 min to a day, then hourly, each ±20 %."""
    waits = [REMOTE.wait_s(age_s, random.Random(seed)) for seed in range(200)]
    assert 0.8 * period_s <= min(waits) < 0.85 * period_s
    assert 1.15 * period_s < max(waits) <= 1.2 * period_s


@pytest.mark.parametrize(
    ("aside_s", "least_s"), [(0.0, 8 * MINUTE_S), (20 * HOUR_S, 8 * MINUTE_S), (2 * DAY_S, 0.8 * HOUR_S)]
)
def test_what_is_put_aside_is_looked_at_rarely(aside_s: float, least_s: float) -> None:
    """Every ten minutes for a day, then hourly: a minute after its create already."""
    aside = entry(state=State.RUNNING, accepted_at=NOON, put_aside_at=NOON + timedelta(minutes=1))
    now = NOON + timedelta(minutes=1, seconds=aside_s)
    waits = [period_s(aside, now, random.Random(seed)) for seed in range(50)]
    assert least_s <= min(waits)
    assert max(waits) <= 1.5 * least_s


def test_an_old_task_that_is_put_aside_is_not_looked_at_more_often() -> None:
    """After a day every task is looked at hourly."""
    accepted_at = NOON - timedelta(days=3)
    aside = entry(state=State.RUNNING, accepted_at=accepted_at, put_aside_at=NOON)
    assert period_s(aside, NOON, random.Random(1)) >= 0.8 * HOUR_S


def test_a_simulated_task_that_is_put_aside_still_comes_back_in_seconds() -> None:
    """It takes seconds, and looking costs nothing."""
    aside = entry(state=State.RUNNING, service=SIMULATOR, accepted_at=NOON, put_aside_at=NOON)
    assert period_s(aside, NOON, random.Random(1)) <= 12.0


@pytest.mark.parametrize("state", [State.UNKNOWN, State.ACCEPTED, State.RUNNING])
def test_what_was_put_aside_once_takes_no_slot_any_more(state: State) -> None:
    """Its slot is another's, also after it was taken back."""
    fresh = entry(state=state, sent_at=NOON, accepted_at=NOON)
    assert holds_slot(fresh, NOON)
    assert not holds_slot(entry(state=state, sent_at=NOON, accepted_at=NOON, slot_given_back=True), NOON)


def test_a_task_that_the_service_never_takes_goes_to_the_end_of_its_queue() -> None:
    """After every eighth try; before its first it has its turn."""
    later = NOON + timedelta(seconds=60)
    gone = [n for n in range(20) if not holds_slot(entry(attempts=n, retry_at=later), NOON)]
    assert gone == [TRIES_IN_A_ROW, 2 * TRIES_IN_A_ROW]


def test_the_longest_wait_in_line_is_counted_from_the_times_that_a_slot_is_held() -> None:
    """Each slot comes back in that time, so that as many leave the queue as there are slots."""
    assert longest_wait_s(1, 1) == LONGEST_SLOT_S
    assert longest_wait_s(3, 3) == LONGEST_SLOT_S
    assert longest_wait_s(4, 3) == 2 * LONGEST_SLOT_S
    stuck_s = SLOT_HELD_S[State.UNKNOWN] + SLOT_HELD_S[State.RUNNING]
    assert stuck_s + TRIES_IN_A_ROW * (LONGEST_WAIT_S * 1.2 + STALE_SENDING_S) == LONGEST_SLOT_S
