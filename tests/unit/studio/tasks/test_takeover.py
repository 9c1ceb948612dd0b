"""Which processes are dead, and what is taken from them."""

from collections.abc import Collection
from dataclasses import dataclass, field

import pytest
from sqlalchemy.exc import OperationalError

from studio.journal.database import Database
from studio.journal.deployment import Heartbeats
from studio.tasks import takeover
from studio.tasks.runner import RunningWorkflow
from studio.tasks.takeover import STALLED_AFTER_S, StallDetector, Takeover


def test_a_process_has_stalled_once_its_heartbeat_has_not_changed_for_a_while() -> None:
    """Judged by our own watch, since the clocks of two machines differ."""
    detector = StallDetector()
    assert detector.stalled(["b"], {"b": "1"}, now_s=0.0) == frozenset()
    assert detector.stalled(["b"], {"b": "1"}, now_s=STALLED_AFTER_S - 1) == frozenset()
    assert detector.stalled(["b"], {"b": "1"}, now_s=STALLED_AFTER_S) == {"b"}


def test_a_heartbeat_that_changes_is_a_life() -> None:
    """However slowly."""
    detector = StallDetector()
    for count in range(10):
        assert not detector.stalled(["b"], {"b": str(count)}, now_s=count * (STALLED_AFTER_S - 1))


def test_a_process_that_was_never_heard_of_is_given_its_time_too() -> None:
    """It may be about to write its first heartbeat."""
    detector = StallDetector()
    assert not detector.stalled(["b"], {}, now_s=0.0)
    assert not detector.stalled(["b"], {"b": "1"}, now_s=STALLED_AFTER_S)
    assert detector.stalled(["b"], {"b": "1"}, now_s=2 * STALLED_AFTER_S) == {"b"}


@dataclass
class Runner:
    """Remembers whose workflows were cancelled."""

    running: tuple[RunningWorkflow, ...] = ()
    executor_id: str = "me"
    cancelled: list[str] = field(default_factory=list)

    def running_workflows(self) -> tuple[RunningWorkflow, ...]:
        return self.running

    def cancel(self, workflows: Collection[RunningWorkflow]) -> None:
        self.cancelled += [workflow.workflow_id for workflow in workflows]


def workflow(name: str, executor_id: str | None) -> RunningWorkflow:
    return RunningWorkflow(workflow_id=name, entry_id=name, executor_id=executor_id)


def test_a_dead_process_loses_its_workflows_and_its_heartbeat(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One's own stay, and what no process has yet; a dead one without tasks leaves no row behind either."""
    monkeypatch.setattr(takeover, "STALLED_AFTER_S", 0.0)
    running = (workflow("mine", "me"), workflow("shared", None), workflow("theirs", "dead"))
    runner, heartbeats = Runner(running), Heartbeats(store)
    heartbeats.beat("dead without tasks", 7)
    Takeover(runner, heartbeats).run_once()  # type: ignore[arg-type]
    assert runner.cancelled == ["theirs"]
    assert heartbeats.read() == {"me": "1"}


def test_a_living_process_loses_nothing(store: Database) -> None:
    """Its heartbeat is young."""
    runner, heartbeats = Runner((workflow("theirs", "other"),)), Heartbeats(store)
    heartbeats.beat("other", 7)
    Takeover(runner, heartbeats).run_once()  # type: ignore[arg-type]
    assert (runner.cancelled, heartbeats.read()) == ([], {"me": "1", "other": "7"})


def test_a_database_that_is_away_stops_no_stop(store: Database) -> None:
    """The others find out that the process is gone by its missing heartbeat."""

    class Away(Heartbeats):
        def end(self, name: str) -> None:
            raise OperationalError("DELETE", {}, Exception(f"no connection to end {name}"))

    Takeover(Runner(), Away(store)).end()  # type: ignore[arg-type]
