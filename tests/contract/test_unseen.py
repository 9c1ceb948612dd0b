"""Ends that nobody has seen, on SQLite and on PostgreSQL."""

from collections.abc import Callable

import pytest

from kling import TaskStatus
from studio.journal.create_outcome import CreateOutcome, OutcomeKind
from studio.journal.database import Database
from studio.journal.entry import Entry
from studio.journal.journal import Journal
from studio.journal.unseen import UnseenEnds
from tests.support.make import new_task, request
from tests.support.services import task
from tests.support.worlds import keep_row

End = Callable[..., Entry]


@pytest.fixture
def end(store: Database) -> End:
    """Makes a task with that status, kept if it has a video."""
    journal = Journal(store)

    def ended(name: str, status: TaskStatus, owner: str = "ann", prompt: str = "wind") -> Entry:
        made = journal.create_entry(new_task(name, owner=owner, request=request(prompt=prompt)))
        claimed = journal.claim(made)
        assert claimed is not None
        told = task(status, task_id=name)
        entry = journal.settle(claimed, CreateOutcome(kind=OutcomeKind.ACCEPTED, task=told))
        assert entry is not None
        if status is TaskStatus.SUCCEED:
            keep_row(store, entry)
            assert journal.mark_kept(entry)
        return entry

    return ended


def test_kept_and_failed_ones_are_told_until_they_are_seen(store: Database, end: End) -> None:
    """The newest first; open ones are only known to be there."""
    unseen, journal = UnseenEnds(store), Journal(store)
    kept, failed = end("t1", TaskStatus.SUCCEED), end("t2", TaskStatus.FAILED)
    assert not unseen.read("ann").is_any_open
    end("t3", TaskStatus.PROCESSING)
    found = unseen.read("ann")
    assert found.is_any_open
    assert [(one.entry_id, one.is_kept) for one in found.unseen] == [
        (failed.entry_id, False),
        (kept.entry_id, True),
    ]
    journal.mark_seen("ann", [kept.entry_id])
    assert [one.entry_id for one in unseen.read("ann").unseen] == [failed.entry_id]


def test_another_persons_ends_are_not_told(store: Database, end: End) -> None:
    """Nor that anything of theirs is open; and only they see theirs."""
    theirs = end("t1", TaskStatus.FAILED, owner="bob")
    end("t2", TaskStatus.PROCESSING, owner="bob")
    found = UnseenEnds(store).read("ann")
    assert (found.unseen, found.is_any_open) == ((), False)
    Journal(store).mark_seen("ann", [theirs.entry_id])
    assert len(UnseenEnds(store).read("bob").unseen) == 1


def test_a_title_is_the_name_or_the_beginning_of_the_prompt(store: Database, end: End) -> None:
    """In one line."""
    long = end("t1", TaskStatus.FAILED, prompt="wind\n" * 40)
    named = end("t2", TaskStatus.FAILED)
    Journal(store).rename(named.entry_id, "ann", "The boat")
    titles = {one.entry_id: one.title for one in UnseenEnds(store).read("ann").unseen}
    assert titles[named.entry_id] == "The boat"
    assert titles[long.entry_id] == f"{'wind ' * 12}…"
