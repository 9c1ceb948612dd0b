"""When a task is looked at again (reliability.md)."""

import random

import pytest

from studio.tasks.schedule import DAY_S, HOUR_S, MINUTE_S, REMOTE


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
