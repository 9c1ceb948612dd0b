"""Values of one deployment are the same for all its processes, which know of each other by their pulses."""

from studio.journal.database import Database
from studio.journal.deployment import DeploymentValues, Heartbeats


def test_each_process_has_a_pulse_of_its_own(store: Database) -> None:
    """It changes, and nobody else's does."""
    pulses = Heartbeats(store)
    pulses.beat("a", 1)
    pulses.beat("b", 1)
    pulses.beat("a", 2)
    assert Heartbeats(store).read() == {"a": "2", "b": "1"}


def test_a_process_that_ends_has_none(store: Database) -> None:
    """The others learn that it is gone; ending twice does no harm."""
    pulses = Heartbeats(store)
    pulses.beat("a", 1)
    pulses.end("a")
    pulses.end("a")
    assert pulses.read() == {}


def test_a_value_is_written_over_the_one_before(store: Database) -> None:
    """None before the first; other names keep theirs."""
    values = DeploymentValues(store)
    assert values.get("catalogue") is None
    values.put("other", "x")
    values.put("catalogue", "old")
    values.put("catalogue", "new")
    assert (DeploymentValues(store).get("catalogue"), values.get("other")) == ("new", "x")
