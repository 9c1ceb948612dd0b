"""A person's own marks on their tasks, on SQLite and on PostgreSQL alike."""

from datetime import UTC, datetime, timedelta

import pytest

from studio.journal.database import Database
from studio.journal.journal import Journal
from studio.journal.marks import NAME_CHARS
from tests.support.make import new_task

NOON = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


@pytest.fixture
def journal(store: Database) -> Journal:
    return Journal(store)


def test_a_task_is_named_and_starred_and_not_again(journal: Journal) -> None:
    """Both are set and taken back; the state and its version are not touched."""
    entry = journal.create_entry(new_task())
    assert journal.rename(entry.entry_id, "ann", "  The one\nwith waves ")
    assert journal.set_starred(entry.entry_id, "ann", True)
    marked = journal.queries.entry(entry.entry_id)
    assert (marked.name, marked.is_starred, marked.version) == ("The one with waves", True, entry.version)
    journal.rename(entry.entry_id, "ann", " ")
    journal.set_starred(entry.entry_id, "ann", False)
    assert journal.queries.entry(entry.entry_id) == entry


def test_a_mark_stands_in_no_step_s_way(journal: Journal) -> None:
    """A step that has read the entry before goes on: a star is no change of the task."""
    entry = journal.create_entry(new_task())
    journal.set_starred(entry.entry_id, "ann", True)
    assert journal.claim(entry) is not None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("x" * 10_000, "x" * NAME_CHARS),
        ("<b>bold</b> **stars** $x$", "<b>bold</b> **stars** $x$"),
        ("שלום \u202eevil", "שלום \u202eevil"),
        ("nul \0 half \ud800", "nul ? half ?"),
    ],
    ids=["long", "markup", "right to left", "refused by databases"],
)
def test_any_name_is_kept_letter_for_letter_and_bounded(journal: Journal, typed: str, kept: str) -> None:
    """A name is foreign text: nothing in it is understood, and no database falls over it."""
    entry = journal.create_entry(new_task())
    journal.rename(entry.entry_id, "ann", typed)
    assert journal.queries.entry(entry.entry_id).name == kept


def test_a_stranger_s_id_changes_nothing(journal: Journal) -> None:
    """Every mark is set by owner."""
    entry = journal.create_entry(new_task())
    assert not journal.rename(entry.entry_id, "bob", "mine")
    assert not journal.set_starred(entry.entry_id, "bob", True)
    journal.mark_seen("bob", [entry.entry_id])
    assert journal.queries.entry(entry.entry_id) == entry


def test_an_end_is_first_seen_once(store: Database) -> None:
    """The time is that of the first look."""
    times = iter([NOON + timedelta(hours=hour) for hour in range(9)])
    journal = Journal(store, lambda: next(times))
    entry = journal.create_entry(new_task())
    journal.mark_seen("ann", [entry.entry_id])
    first = journal.queries.entry(entry.entry_id).seen_at
    journal.mark_seen("ann", [entry.entry_id])
    assert first is not None
    assert journal.queries.entry(entry.entry_id).seen_at == first


def test_a_task_remembers_its_batch_and_what_it_continues(journal: Journal) -> None:
    """Variants that were sent together share one id; a chain is known by the entry before."""
    batch, before = "b" * 32, "c" * 32
    entry = journal.create_entry(new_task(batch_id=batch, continues_entry_id=before))
    assert (entry.batch_id, entry.continues_entry_id) == (batch, before)
    assert entry.seen_at is None
