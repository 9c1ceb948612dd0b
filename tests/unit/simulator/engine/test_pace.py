"""A task's status follows from the clock, and from when its video is ready."""

from dataclasses import replace
from itertools import pairwise
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.engine.pace import Pace
from simulator.engine.tasks import (
    Failed,
    Rendered,
    SimulatedTask,
    Status,
    TaskOutcome,
    after_query,
    history,
    progress,
)

TASK = SimulatedTask(
    task_id="1",
    external_task_id=None,
    created_at_s=100.0,
    pace=Pace(submitted_s=2.0, processing_s=8.0),
    video_id="v",
    base_url="http://far.test",
)


def rendered(at_s: float) -> Rendered:
    return Rendered(at_s=at_s, duration_s=5.0)


@pytest.mark.parametrize(
    ("now_s", "status", "since_s"),
    [
        (100.0, Status.SUBMITTED, 100.0),
        (101.9, Status.SUBMITTED, 100.0),
        (102.0, Status.PROCESSING, 102.0),
        (109.9, Status.PROCESSING, 102.0),
        (110.0, Status.SUCCEED, 110.0),
        (999.0, Status.SUCCEED, 110.0),
    ],
)
def test_a_task_walks_through_its_states_by_the_clock(now_s: float, status: Status, since_s: float) -> None:
    """Submitted for 2 s, processing for 8 s, then succeed; `since` is when the status began."""
    told = progress(replace(TASK, outcome=rendered(103.0)), now_s)
    assert (told.status, told.since_s) == (status, since_s)


def test_it_never_succeeds_before_its_video_is_ready() -> None:
    """A rendering that takes longer than planned holds the task in processing."""
    assert progress(TASK, 1000.0).status is Status.PROCESSING
    late = replace(TASK, outcome=rendered(150.0))
    assert progress(late, 149.9).status is Status.PROCESSING
    assert progress(late, 150.0).since_s == 150.0


def test_a_failure_shows_as_soon_as_the_task_is_no_longer_submitted() -> None:
    """Failures come within about two seconds."""
    failed = replace(TASK, outcome=Failed(at_s=100.5, message="no"))
    assert progress(failed, 101.9).status is Status.SUBMITTED
    assert progress(failed, 102.0).status is Status.FAILED


@given(
    times=st.lists(st.floats(100, 200), min_size=2, max_size=20).map(sorted),
    outcome=st.floats(100, 150).flatmap(
        lambda at_s: st.sampled_from([None, rendered(at_s), Failed(at_s=at_s, message="no")])
    ),
)
def test_time_only_leads_forward(times: list[float], outcome: TaskOutcome | None) -> None:
    """For each outcome: a status never goes back, and a final one stays."""
    rank = {Status.SUBMITTED: 0, Status.PROCESSING: 1, Status.SUCCEED: 2, Status.FAILED: 2}
    seen = [progress(replace(TASK, outcome=outcome), now_s) for now_s in times]
    assert all(rank[earlier.status] <= rank[later.status] for earlier, later in pairwise(seen))
    assert all(told.since_s <= now_s for told, now_s in zip(seen, times, strict=True))


def statuses(task: SimulatedTask, now_s: float) -> list[str]:
    return [step.status.value for step in history(task, now_s)]


def test_the_history_has_every_status_that_was_gone_through() -> None:
    """Callbacks follow it; an early failure never was processing, a late one was."""
    done = replace(TASK, outcome=rendered(103.0))
    assert statuses(done, 101) == ["submitted"]
    assert statuses(done, 110) == ["submitted", "processing", "succeed"]
    assert statuses(replace(TASK, outcome=Failed(at_s=100.5, message="no")), 110) == ["submitted", "failed"]
    late = replace(TASK, outcome=Failed(at_s=105, message="no"))
    assert statuses(late, 104) == ["submitted", "processing"]
    assert statuses(late, 105) == ["submitted", "processing", "failed"]


@pytest.mark.parametrize(
    ("polls", "seen"),
    [
        (1, ["succeed", "succeed"]),
        (2, ["submitted", "succeed", "succeed"]),
        (4, ["submitted", "processing", "processing", "succeed", "succeed"]),
    ],
)
def test_a_pace_in_polls_goes_on_with_each_query(polls: int, seen: list[str]) -> None:
    """The first query finds it submitted, the n-th its end, whatever time passes in between."""
    task = replace(TASK, pace=Pace(submitted_s=inf, processing_s=inf, polls=polls), outcome=rendered(100.0))
    told, now_s = [], 100.1
    for _ in seen:
        now_s += 0.3
        task = after_query(task, now_s)
        told.append(progress(task, now_s).status.value)
    assert told == seen
    assert after_query(TASK, 101) is TASK
