"""The cap on a person's unfinished tasks, on both databases: checked where the task is written down."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from kling import Task, TaskStatus
from studio.errors import StudioError
from studio.journal.create_outcome import CreateOutcome, OutcomeKind
from studio.journal.database import Database
from studio.journal.entry import Entry, NewTask
from studio.journal.journal import Journal
from studio.journal.open_tasks_cap import TooManyTasks
from tests.support.make import FINGERPRINT, new_task

MOST = 3


def create(journal: Journal, what: NewTask) -> Entry:
    return journal.create_entry(what, most_open=MOST)


def test_one_more_than_the_cap_is_not_written_down(store: Database) -> None:
    """In words: how many there may be, how many there are, and what to do."""
    journal = Journal(store)
    for _ in range(MOST):
        create(journal, new_task())
    with pytest.raises(TooManyTasks, match="may have 3 unfinished tasks at a time here, and you have 3"):
        create(journal, new_task())
    assert len(journal.queries.entries("ann")) == MOST


def test_many_submits_at_once_stay_within_it(store: Database) -> None:
    """Checked only before, all eight would have seen none."""
    journal = Journal(store)

    def submit(what: NewTask) -> bool:
        try:
            create(journal, what)
        except StudioError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(submit, [new_task() for _ in range(8)])) == MOST


def test_the_same_click_answers_its_own_entry(store: Database) -> None:
    """A rerun is not a second task."""
    journal = Journal(store)
    *_, last = clicks = [new_task() for _ in range(MOST)]
    entries = [create(journal, click) for click in clicks]
    assert create(journal, last) == entries[-1]


def test_what_is_over_makes_room_and_other_people_s_tasks_take_none(store: Database) -> None:
    """A refused one is over; so are kept, failed and forgotten ones."""
    journal = Journal(store)
    for _ in range(MOST):
        create(journal, new_task(owner="bob"))
    entries = [create(journal, new_task()) for _ in range(MOST)]
    claimed = journal.claim(entries[0])
    assert claimed is not None
    journal.settle(claimed, CreateOutcome(kind=OutcomeKind.REJECTED))
    journal.forget(entries[1])
    create(journal, new_task())
    create(journal, new_task())
    with pytest.raises(TooManyTasks):
        create(journal, new_task())


def test_a_task_made_elsewhere_counts_when_it_is_followed(store: Database) -> None:
    """One that is over takes no room, and one that is known already is no other."""
    journal = Journal(store)
    first = follow(journal, "task-0")
    for number in range(1, MOST):
        follow(journal, f"task-{number}")
    with pytest.raises(TooManyTasks, match=r"was not taken up.*you have 3.*Follow it once one"):
        follow(journal, "one-more")
    assert len(journal.queries.entries("ann")) == MOST
    assert follow(journal, "task-0").entry_id == first.entry_id
    follow(journal, "over", TaskStatus.FAILED)


def follow(journal: Journal, task_id: str, status: TaskStatus = TaskStatus.SUBMITTED) -> Entry:
    task = Task(
        task_id=task_id,
        status=status,
        status_message=None,
        external_task_id=None,
        created_at=None,
        updated_at=None,
        videos=(),
    )
    return journal.adopt("ann", "https://far.example", FINGERPRINT, task, MOST)
