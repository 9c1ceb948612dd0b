"""The load harness itself, small: nothing goes wrong, and a target that is missed is said."""

from dataclasses import replace

import pytest

from tests.load.crowd import Outcome, Plan, run

FINE = Outcome(
    reruns_s={"stroke": [0.1] * 30},
    errors=[],
    tasks=1,
    start_mb=200.0,
    most_mb=999.0,
    end_mb=500.0,
    away_mb=240.0,
)


def test_a_few_people_at_once_meet_no_error() -> None:
    """Each uploads, paints, looks at the preview, reviews, sends, and looks at the tasks."""
    plan = Plan(people=3, work_s=100, away_s=0, pause_s=0.1, most_rounds=1)
    outcome = run(replace(plan, app_settings={"SIMULATOR_TASK_S": "1"}))
    assert outcome.errors == []
    assert outcome.tasks == 3
    assert {"open", "upload", "stroke", "review", "send", "page change"} <= outcome.reruns_s.keys()


@pytest.mark.parametrize(
    ("outcome", "missed"),
    [
        (FINE, []),
        (replace(FINE, reruns_s={"stroke": [0.1] * 30 + [0.6] * 3}), ["p95"]),
        (replace(FINE, errors=["an error"]), ["errors"]),
        (replace(FINE, tasks=0), ["errors"]),
        (replace(FINE, most_mb=1000.0), ["most memory"]),
        (replace(FINE, away_mb=241.0), ["memory after they left"]),
    ],
)
def test_a_target_that_is_missed_is_said(outcome: Outcome, missed: list[str]) -> None:
    """Half a second, no error, 1 GB, and a fifth above the start."""
    assert list(outcome.missed()) == missed
