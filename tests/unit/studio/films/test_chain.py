"""The parts of a chain, oldest first."""

from studio.films.chain import MAX_PARTS, chain_of
from studio.journal.entry import Entry
from tests.support.make import entry


def part(number: int, before: int | None) -> Entry:
    return entry(entry_id=f"e{number}", continues_entry_id=None if before is None else f"e{before}")


def ids(entries: tuple[Entry, ...]) -> list[str]:
    return [each.entry_id for each in entries]


def test_the_oldest_part_comes_first() -> None:
    """Back to the one that continues nothing."""
    parts = {each.entry_id: each for each in (part(1, None), part(2, 1), part(3, 2))}
    assert ids(chain_of(parts["e3"], parts.get)) == ["e1", "e2", "e3"]
    assert ids(chain_of(parts["e1"], parts.get)) == ["e1"]


def test_a_part_that_is_not_there_ends_it() -> None:
    """One of another owner, or one that never was."""
    assert ids(chain_of(part(3, 2), lambda _: None)) == ["e3"]


def test_a_ring_and_an_endless_chain_end() -> None:
    """A database that was changed by hand must stop no page."""
    ring = {each.entry_id: each for each in (part(1, 2), part(2, 1))}
    assert ids(chain_of(ring["e1"], ring.get)) == ["e2", "e1"]
    assert len(chain_of(part(99, 98), lambda name: part(int(name[1:]), int(name[1:]) - 1))) == MAX_PARTS
