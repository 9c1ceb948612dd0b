"""A person's tasks page by page and filtered, on SQLite and on PostgreSQL alike."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kling import TaskStatus
from studio.files.artifact_store import ArtifactKind, ArtifactStore
from studio.journal.create_outcome import INTERRUPTED, CreateOutcome, OutcomeKind
from studio.journal.database import Database
from studio.journal.entry import Entry, State
from studio.journal.gallery import SEARCH_CHARS, GalleryFilter, GalleryPage, SentWith, Shows
from studio.journal.journal import Journal
from tests.support.counted_queries import counted_queries
from tests.support.make import new_task, request
from tests.support.services import task

NOON = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


class Clock:
    """A minute later each time that one looks."""

    now = NOON

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture
def journal(store: Database) -> Journal:
    return Journal(store, Clock())


def page(journal: Journal, owner: str = "ann", number: int = 1, size: int = 12, **wanted: Any) -> GalleryPage:
    """One page a day later, with this filter."""
    return journal.gallery.page(
        owner,
        GalleryFilter(**wanted),
        number=number,
        size=size,
        refused_since=NOON - timedelta(days=1),
        asked_since=NOON + timedelta(days=1),
    )


def found(journal: Journal, **wanted: Any) -> list[str]:
    """The names of what the filter finds."""
    return [entry.external_task_id or "" for entry in page(journal, **wanted).entries]


def written(journal: Journal, name: str, **changes: Any) -> Entry:
    """One of Ann's, with the id `mine-<name>`."""
    return journal.create_entry(new_task(name, **changes))


def sent(journal: Journal, name: str, **changes: Any) -> Entry:
    """The same, and its create is on its way."""
    claimed = journal.claim(written(journal, name, **changes))
    assert claimed is not None
    return claimed


def test_pages_are_bounded_and_newest_first(journal: Journal) -> None:
    """Each page goes on where the one before ends; one beyond the last is empty, and tells the total."""
    for number in range(5):
        written(journal, str(number))
    pages = [page(journal, number=number, size=2) for number in (1, 2, 3, 4)]
    ids = [[entry.external_task_id for entry in each.entries] for each in pages]
    assert ids == [["mine-4", "mine-3"], ["mine-2", "mine-1"], ["mine-0"], []]
    assert {each.total for each in pages} == {5}


def test_a_page_is_one_query_and_reads_no_picture(journal: Journal, store: Database) -> None:
    """However many tasks there are; long texts are read on a task's own page."""
    for number in range(30):
        written(journal, str(number), request=request(prompt="x" * 2_500), thumbnail=bytes(40_000))
    with counted_queries(store) as statements:
        entries = page(journal).entries
    assert len(statements) == 1
    assert all(entry.thumbnail is None for entry in entries)
    assert sum(len(repr(entry)) for entry in entries) < 50_000


def test_another_person_s_tasks_are_in_no_page(journal: Journal) -> None:
    """So it is for every filter."""
    written(journal, "hers", owner="eve", batch_id="b" * 32)
    assert page(journal).total == page(journal, batch_id="b" * 32).total == 0
    assert journal.gallery.models("ann") == ()
    assert journal.gallery.batch("ann", "b" * 32) == ()


def test_each_task_is_found_by_where_it_stands_and_counted(journal: Journal) -> None:
    """Tasks that need their owner come first; one put aside is in no other list of open tasks."""
    unclear = journal.settle(sent(journal, "unclear"), INTERRUPTED)
    assert unclear is not None
    journal.record_status(sent(journal, "failed"), task(TaskStatus.FAILED, task_id="t1"))
    aside = journal.record_status(sent(journal, "aside"), task(TaskStatus.PROCESSING, task_id="t2"))
    assert aside is not None
    journal.put_aside(aside)
    written(journal, "waits")
    assert found(journal) == ["mine-unclear", "mine-waits", "mine-failed"]
    by_state = {shows: found(journal, shows=shows) for shows in Shows if shows is not Shows.ALL}
    assert by_state == {
        Shows.UNDER_WAY: ["mine-unclear", "mine-waits"],
        Shows.DONE: [],
        Shows.FAILED: ["mine-failed"],
        Shows.NEEDS_YOU: ["mine-unclear"],
        Shows.PUT_ASIDE: ["mine-aside"],
    }
    counts = page(journal, text="nothing like it").counts
    assert {shows: counts[shows] for shows in by_state} == {s: len(names) for s, names in by_state.items()}


def test_what_is_forgotten_or_was_refused_long_ago_is_not_shown(journal: Journal) -> None:
    """As in the list before."""
    journal.forget(written(journal, "gone"))
    refused = CreateOutcome(kind=OutcomeKind.REJECTED, message="no")
    assert journal.settle(sent(journal, "refused"), refused) is not None
    assert found(journal) == ["mine-refused"]
    later = NOON + timedelta(days=3)
    old = journal.gallery.page(
        "ann", GalleryFilter(), number=1, size=9, refused_since=later, asked_since=later
    )
    assert old.total == 0


@pytest.mark.parametrize(
    "text",
    ["100% wool", "a_b", "50/50", r"C:\new", "<b>bold</b>", "^.*$", "x' OR '1'='1", "שלום עולם", "💡*", "--"],
)
def test_a_search_is_found_letter_for_letter(journal: Journal, text: str) -> None:
    """No wildcard, expression or quote in it means anything; in prompts and in names."""
    written(journal, "prompt", request=request(prompt=f"before {text} after"))
    named = written(journal, "name")
    journal.rename(named.entry_id, "ann", f"before {text} after")
    written(journal, "neither", request=request(prompt="100x wool aXb 50-50 C:new bold x OR 1=1"))
    assert found(journal, text=f" {text} ") == ["mine-name", "mine-prompt"]


def test_a_search_finds_ids_and_heeds_no_case(journal: Journal) -> None:
    """The service's, a person's own, and ours."""
    entry = sent(journal, "Kite")
    journal.record_status(entry, task(TaskStatus.PROCESSING, task_id="TASK-77"))
    for text in ("mine-KITE", "task-77", entry.entry_id):
        assert found(journal, text=text) == ["mine-Kite"], text


@pytest.mark.parametrize("text", ["x" * 10_000, "%" * 60_000, "\0", "\ud800", "%_%" * 3_000])
def test_no_search_breaks_the_page(journal: Journal, text: str) -> None:
    """It is bounded, and a database takes it."""
    written(journal, "one")
    assert len(GalleryFilter(text=text).search) <= SEARCH_CHARS
    assert found(journal, text=text) == []


def test_filters_are_joined(journal: Journal) -> None:
    """Star, model, batch and day: all that is given must be true."""
    starred = written(journal, "a", request=request(model_name="kling-v2-1"), batch_id="b" * 32)
    written(journal, "b", request=request(model_name="kling-v2-1"))
    written(journal, "c", batch_id="b" * 32)
    journal.set_starred(starred.entry_id, "ann", True)
    assert found(journal, is_starred=True) == ["mine-a"]
    assert found(journal, models=("kling-v2-1",)) == ["mine-b", "mine-a"]
    assert found(journal, batch_id="b" * 32) == ["mine-c", "mine-a"]
    assert found(journal, models=("kling-v2-1",), batch_id="b" * 32) == ["mine-a"]
    assert len(journal.gallery.models("ann")) == 2
    assert [entry.external_task_id for entry in journal.gallery.batch("ann", "b" * 32)] == [
        "mine-a",
        "mine-c",
    ]


def test_days_are_both_included(journal: Journal) -> None:
    """In UTC; the last day that there is does no harm."""
    written(journal, "noon")
    today = NOON.date()
    assert found(journal, first_day=today, last_day=today) == ["mine-noon"]
    assert found(journal, last_day=today - timedelta(days=1)) == []
    assert found(journal, first_day=today + timedelta(days=1)) == []
    assert found(journal, first_day=date.min, last_day=date.max) == ["mine-noon"]


def test_the_kept_files_tell_how_a_drawing_was_sent(
    journal: Journal, store: Database, tmp_path: Path
) -> None:
    """By brush, by a last frame, or not at all; of what was made elsewhere nothing is known."""
    artifacts = ArtifactStore(store, str(tmp_path))
    for name, kinds in {
        "brush": (ArtifactKind.INPUT, ArtifactKind.DYNAMIC_MASK),
        "frame": (ArtifactKind.INPUT, ArtifactKind.TAIL),
        "words": (ArtifactKind.INPUT,),
        "unknown": (),
    }.items():
        entry = written(journal, name)
        for kind in kinds:
            artifacts.keep(entry.entry_id, kind, name.encode() + kind.encode())
    by_way = {way: found(journal, sent_with=(way,)) for way in SentWith}
    assert by_way == {
        SentWith.BRUSH: ["mine-brush"],
        SentWith.FRAME: ["mine-frame"],
        SentWith.NEITHER: ["mine-words"],
    }
    assert found(journal, sent_with=tuple(SentWith)) == ["mine-words", "mine-frame", "mine-brush"]


def test_what_continues_a_task_is_found(journal: Journal) -> None:
    """Of the same owner alone."""
    first = written(journal, "first")
    written(journal, "next", continues_entry_id=first.entry_id)
    written(journal, "eve's", owner="eve", continues_entry_id=first.entry_id)
    following = journal.gallery.continued_by("ann", first.entry_id)
    assert [entry.external_task_id for entry in following] == ["mine-next"]
    assert replace(first) == journal.queries.entry(first.entry_id)
    assert first.state is State.INTENT
