"""Several tasks of one click, on SQLite and on PostgreSQL: all are written down, or none."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pytest

from studio.journal.database import Database
from studio.journal.entry import Entry, NewTask
from studio.journal.journal import Journal
from studio.journal.open_tasks_cap import TooManyTasks
from studio.journal.queries import JournalProblem, SpentExternalId
from studio.journal.spending_cap import SpendingCapReached
from studio.tasks.variants import as_batch
from tests.support.make import new_task, request

PROMPTS = ("wind", "rain", "snow")


def batch(
    name: str = "one", prompts: Sequence[str] = PROMPTS, click: str = "click", owner: str = "ann"
) -> tuple[NewTask, ...]:
    """One task a prompt, of one click, with the ids of a draft by this name."""
    return as_batch(
        [
            replace(
                new_task(owner=owner, request=request(prompt=prompt)),
                click_token=click,
                external_task_id=f"{name}-{number}",
            )
            for number, prompt in enumerate(prompts)
        ]
    )


def ids(entries: Sequence[Entry]) -> list[str]:
    return [entry.entry_id for entry in entries]


def test_all_of_a_batch_are_written_and_keep_their_order(store: Database) -> None:
    """Newest first, as everywhere, the last of them comes first."""
    journal = Journal(store)
    entries = journal.create_entries(batch())
    assert [entry.prompt for entry in entries] == list(PROMPTS)
    assert entries[0].batch_id
    assert {entry.batch_id for entry in entries} == {entries[0].batch_id}
    assert ids(journal.queries.entries("ann")) == ids(entries)[::-1]
    assert journal.queries.request(entries[1].entry_id).prompt == "rain"


def test_a_second_click_answers_the_batch_of_the_first(store: Database) -> None:
    """Also when both come at once."""
    journal = Journal(store)
    with ThreadPoolExecutor(4) as clicks:
        answers = list(clicks.map(lambda _: ids(journal.create_entries(batch())), range(4)))
    assert answers == [answers[0]] * 4
    assert len(journal.queries.entries("ann")) == len(PROMPTS)


def test_a_second_tab_with_the_same_batch_makes_none(store: Database) -> None:
    """It has a click of its own; the same draft has made the same ids and requests."""
    journal = Journal(store)
    first = journal.create_entries(batch())
    assert ids(journal.create_entries(batch(click="of the other tab"))) == ids(first)


@pytest.mark.parametrize("prompts", [("wind", "rain", "snow", "fog"), ("wind", "fog")])
def test_a_second_tab_with_another_batch_is_told_so_and_writes_nothing(
    store: Database, prompts: tuple[str, ...]
) -> None:
    """With the ids of one draft, one more variant or another one is another batch: never a part of it."""
    journal = Journal(store)
    journal.create_entries(batch())
    with pytest.raises(SpentExternalId):
        journal.create_entries(batch(prompts=prompts, click="of the other tab"))
    assert len(journal.queries.entries("ann")) == len(PROMPTS)


def test_another_persons_id_among_them_refuses_all(store: Database) -> None:
    """Nothing of that person's is answered either."""
    journal = Journal(store)
    journal.create_entries(batch(owner="bob"))
    with pytest.raises(JournalProblem):
        journal.create_entries(batch(click="ann's"))
    assert journal.queries.entries("ann") == ()


def test_over_the_days_cap_together_none_is_written(store: Database) -> None:
    """Each alone, and two of the three, would pass."""
    journal = Journal(store)
    with pytest.raises(SpendingCapReached, match="None of these 3 tasks"):
        journal.create_entries(batch(), Decimal("1.60"))
    assert journal.queries.entries("ann") == ()
    journal.create_entries(batch(), Decimal("1.68"))


def test_two_batches_at_once_stay_within_the_cap(store: Database) -> None:
    """Seen only before, both would have passed."""
    journal = Journal(store)

    def is_written(name: str) -> bool:
        try:
            journal.create_entries(batch(name, click=name), Decimal("3.00"))
        except SpendingCapReached:
            return False
        return True

    with ThreadPoolExecutor(2) as clicks:
        assert sorted(clicks.map(is_written, ("one", "two"))) == [False, True]
    assert len(journal.queries.entries("ann")) == len(PROMPTS)


def test_without_room_for_all_of_them_none_is_written(store: Database) -> None:
    """In words: how many came, how many there may be, and what to do."""
    journal = Journal(store)
    journal.create_entry(new_task())
    with pytest.raises(TooManyTasks, match=r"None of these 3 tasks .* may have 3 unfinished .* you have 1"):
        journal.create_entries(batch(), most_open=3)
    assert len(journal.queries.entries("ann")) == 1
    journal.create_entries(batch(), most_open=4)
