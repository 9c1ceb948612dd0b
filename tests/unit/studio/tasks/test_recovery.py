"""No task is left alone: silence, takeover, and who starts what."""

from dataclasses import dataclass

import pytest
from sqlalchemy.exc import OperationalError

from studio.journal.database import Database
from studio.journal.deployment import Heartbeats
from studio.journal.journal import Journal
from studio.tasks import recovery
from studio.tasks.recovery import SILENT_AFTER_S, Recovery, Silence, alone
from studio.tasks.runner import RunningWorkflow
from tests.support.entries import entry


def carrier(entry_id: str) -> RunningWorkflow:
    """Somebody carries this entry."""
    return RunningWorkflow(workflow_id=f"{entry_id}.0", entry_id=entry_id, executor_id="me")


def test_a_process_is_silent_once_its_pulse_has_not_changed_for_a_while() -> None:
    """Judged by our own watch, since the clocks of two machines differ."""
    silence = Silence()
    assert silence.fallen(["b"], {"b": "1"}, now_s=0.0) == frozenset()
    assert silence.fallen(["b"], {"b": "1"}, now_s=SILENT_AFTER_S - 1) == frozenset()
    assert silence.fallen(["b"], {"b": "1"}, now_s=SILENT_AFTER_S) == {"b"}


def test_a_pulse_that_changes_is_a_life() -> None:
    """However slowly."""
    silence = Silence()
    for count in range(10):
        assert not silence.fallen(["b"], {"b": str(count)}, now_s=count * (SILENT_AFTER_S - 1))


def test_a_process_that_was_never_heard_of_is_given_its_time_too() -> None:
    """It may be about to say its first word."""
    silence = Silence()
    assert not silence.fallen(["b"], {}, now_s=0.0)
    assert not silence.fallen(["b"], {"b": "1"}, now_s=SILENT_AFTER_S)
    assert silence.fallen(["b"], {"b": "1"}, now_s=2 * SILENT_AFTER_S) == {"b"}


def test_an_entry_that_nobody_carries_is_alone() -> None:
    """And one that somebody carries is not started again."""
    entries = (entry(entry_id="e1"), entry(entry_id="e2"))
    assert [found.entry_id for found in alone(entries, [carrier("e1")])] == ["e2"]


@dataclass
class Nothing:
    """Workflows of a process that has none, and keys of which none is at hand."""

    executor_id: str = "me"

    def running_workflows(self) -> tuple[RunningWorkflow, ...]:
        return ()

    def drop(self, carriers: tuple[RunningWorkflow, ...]) -> None:
        assert not carriers


def watcher(store: Database, pulses: Heartbeats) -> Recovery:
    """Its rounds are done by the test."""
    nothing = Nothing()
    return Recovery(journal=Journal(store), keys=nothing, runner=nothing, pulses=pulses)  # type: ignore[arg-type]


def test_the_pulse_of_a_dead_process_is_removed_though_it_left_no_task(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each start has a name of its own: the rows would grow with every crash."""
    monkeypatch.setattr(recovery, "SILENT_AFTER_S", 0.0)
    pulses = Heartbeats(store)
    pulses.beat("dead", 7)
    watcher(store, pulses).run_once()
    assert pulses.read() == {"me": "1"}


def test_a_database_that_is_away_stops_no_stop(store: Database) -> None:
    """The others find out that the process is gone by its silence."""

    class Away(Heartbeats):
        def end(self, name: str) -> None:
            raise OperationalError("DELETE", {}, Exception(f"no connection to end {name}"))

    watcher(store, Away(store)).close()
