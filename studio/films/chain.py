"""The chain of a video: the tasks that it continues, one from the other, oldest first."""

from collections.abc import Callable

from studio.journal.entry import Entry

MAX_PARTS = 24


def chain_of(entry: Entry, find: Callable[[str], Entry | None]) -> tuple[Entry, ...]:
    """The entry and those before it, oldest first; just itself when it continues nothing.

    Args:
        entry: the newest part.
        find: an entry of the same owner by its id; None for any other id.
    """
    parts = [entry]
    while len(parts) < MAX_PARTS and (before := _before(parts[-1], find)) is not None:
        if before.entry_id in {part.entry_id for part in parts}:
            break
        parts.append(before)
    return tuple(reversed(parts))


def _before(entry: Entry, find: Callable[[str], Entry | None]) -> Entry | None:
    return find(entry.continues_entry_id) if entry.continues_entry_id else None
