"""No task is left alone: silence, takeover, and who starts what."""

from studio.reconcile import SILENT_AFTER_S, Silence, alone
from studio.workflow import Carrier
from tests.support.entries import entry


def carrier(entry_id: str) -> Carrier:
    """Somebody carries this entry."""
    return Carrier(workflow_id=f"{entry_id}.0", entry_id=entry_id, executor_id="me")


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
