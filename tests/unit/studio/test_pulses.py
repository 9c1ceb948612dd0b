"""Processes of one deployment know of each other by their pulses."""

from studio.pulses import Pulses
from studio.store import Store


def test_each_process_has_a_pulse_of_its_own(store: Store) -> None:
    """It changes, and nobody else's does."""
    pulses = Pulses(store)
    pulses.beat("a", 1)
    pulses.beat("b", 1)
    pulses.beat("a", 2)
    assert Pulses(store).read() == {"a": "2", "b": "1"}


def test_a_process_that_ends_has_none(store: Store) -> None:
    """The others learn that it is gone; ending twice does no harm."""
    pulses = Pulses(store)
    pulses.beat("a", 1)
    pulses.end("a")
    pulses.end("a")
    assert pulses.read() == {}
