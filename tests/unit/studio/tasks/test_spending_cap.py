"""The cap on a person's day, on both databases: checked in the transaction that writes the task down."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest

from studio.journal.create_outcome import CreateOutcome, OutcomeKind
from studio.journal.database import Database
from studio.journal.entry import NewTask, utc_now
from studio.journal.journal import Journal
from studio.journal.spending_cap import SpendingCapReached, day_start
from tests.support.make import FINGERPRINT, new_task

CAP = Decimal("3.00")


def spent(journal: Journal) -> Decimal:
    return journal.queries.spent_usd("ann", day_start(utc_now()), FINGERPRINT)


def test_a_task_over_the_cap_is_not_written_down(store: Database) -> None:
    """Five of $0.56 are $2.80; the sixth leaves no entry."""
    journal = Journal(store)
    for _ in range(5):
        journal.create_entry(new_task(), CAP)
    with pytest.raises(SpendingCapReached):
        journal.create_entry(new_task(), CAP)
    assert len(journal.queries.entries("ann")) == 5
    assert spent(journal) == Decimal("2.80")


def test_the_same_click_at_the_cap_answers_its_own_entry(store: Database) -> None:
    """A rerun is not a second task, and is not refused for the first one's price."""
    journal = Journal(store)
    click = new_task(price_usd="3.00")
    assert journal.create_entry(click, CAP) == journal.create_entry(click, CAP)


def test_many_submits_at_once_stay_within_the_cap(store: Database) -> None:
    """Checked only before, all twelve would have seen nothing spent."""
    journal = Journal(store)

    def submit(what: NewTask) -> bool:
        try:
            journal.create_entry(what, CAP)
        except SpendingCapReached:
            return False
        return True

    with ThreadPoolExecutor(12) as threads:
        passed = list(threads.map(submit, [new_task() for _ in range(12)]))
    assert sum(passed) == 5
    assert spent(journal) == Decimal("2.80")


def test_an_unknown_price_is_counted(store: Database) -> None:
    """A model's name typed by hand spends the cap as the dearest model does."""
    journal = Journal(store)
    journal.create_entry(new_task(price_usd=None), CAP)
    assert spent(journal) == Decimal("2.80")
    with pytest.raises(SpendingCapReached):
        journal.create_entry(new_task(price_usd=None), CAP)


def test_each_person_and_each_key_has_a_cap_of_its_own(store: Database) -> None:
    """Another's tasks do not count, nor do those paid with a key of one's own."""
    journal = Journal(store)
    journal.create_entry(new_task(owner="bob", price_usd="3.00"), CAP)
    journal.create_entry(new_task(price_usd="3.00", key_fingerprint="a" * 64))
    journal.create_entry(new_task(price_usd="3.00"), CAP)


def test_a_refused_task_gives_its_price_back(store: Database) -> None:
    """What the service did not make was not paid."""
    journal = Journal(store)
    claimed = journal.claim(journal.create_entry(new_task(price_usd="3.00"), CAP))
    assert claimed is not None
    assert journal.settle(claimed, CreateOutcome(kind=OutcomeKind.REJECTED)) is not None
    assert spent(journal) == 0


def test_yesterday_s_tasks_do_not_count(store: Database) -> None:
    """The day begins at midnight UTC."""
    yesterday = Journal(store, now=lambda: utc_now() - timedelta(days=1))
    yesterday.create_entry(new_task(price_usd="3.00"), CAP)
    Journal(store).create_entry(new_task(price_usd="3.00"), CAP)
