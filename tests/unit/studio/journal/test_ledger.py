"""The sums of the ledger: what counts, as what, and for whom."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from kling import Task, TaskStatus
from studio.journal.create_outcome import CreateOutcome, OutcomeKind
from studio.journal.database import Database
from studio.journal.entry import SIMULATOR, State
from studio.journal.journal import Journal
from studio.journal.key_colours import key_colours
from studio.journal.ledger import Cost, Ledger, LedgerLine, charged_words, cost_of, merged, total
from studio.journal.ledger_csv import ledger_csv, person_mark, plain_cell
from tests.support.make import FINGERPRINT, new_task, request
from tests.support.services import task

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def send(journal: Journal, outcome: Task | CreateOutcome, **fields: Any) -> None:
    """A task that was sent, with that end of its create."""
    claimed = journal.claim(journal.create_entry(new_task(**fields)))
    assert claimed is not None
    told = CreateOutcome(kind=OutcomeKind.ACCEPTED, task=outcome) if isinstance(outcome, Task) else outcome
    assert journal.settle(claimed, told) is not None


def accepted(name: str, status: TaskStatus = TaskStatus.SUBMITTED) -> Task:
    return task(status, task_id=name)


def test_each_task_counts_as_what_it_is(store: Database) -> None:
    """At its price, free, or nothing yet; on both databases."""
    journal = Journal(store, lambda: NOON)
    send(journal, accepted("t1"), price_usd="0.56")
    send(journal, accepted("t2"), price_usd=None)
    send(journal, accepted("t3", TaskStatus.FAILED))
    send(journal, CreateOutcome(kind=OutcomeKind.REJECTED))
    send(journal, accepted("t4"), service=SIMULATOR, price_usd="0")
    journal.create_entry(new_task())
    journal.adopt("ann", "https://far.example", FINGERPRINT, accepted("t5"))
    lines = Ledger(store).lines("ann", NOON - timedelta(days=1))
    spent = total(lines)
    figures = (spent.tasks, spent.estimated_usd, spent.unpriced, spent.free, spent.simulated)
    assert figures == (2, Decimal("0.56"), 1, 2, 1)
    assert {line.key_fingerprint for line in lines} == {FINGERPRINT, ""}


def test_counts_are_numbers_in_tables_and_files(store: Database) -> None:
    """A table shows a truth value as a box to be ticked, and a CSV as True."""
    send(Journal(store, lambda: NOON), accepted("t1"))
    (line,) = Ledger(store).lines("ann", NOON - timedelta(days=1))
    counts = (line.tasks, line.unpriced, line.free, line.simulated)
    assert [type(count) for count in counts] == [int] * 4


def test_a_line_is_of_one_day_model_key_and_person(store: Database) -> None:
    """The newest day first; a day is UTC's."""
    times = iter([NOON - timedelta(days=1)] * 9)
    send(Journal(store, lambda: next(times, NOON)), accepted("t1"))
    journal = Journal(store, lambda: NOON)
    send(journal, accepted("t2"))
    send(journal, accepted("t3"))
    send(journal, accepted("t4"), request=request(model_name="kling-v3"))
    lines = Ledger(store).lines("ann", NOON - timedelta(days=7))
    assert [(line.day.day, line.model_name, line.tasks) for line in lines] == [
        (28, "kling-v3", 1),
        (28, "kling-v1", 2),
        (27, "kling-v1", 1),
    ]
    by_model = merged(lines, lambda line: line.model_name)
    assert [(line.model_name, line.tasks) for line in by_model] == [("kling-v3", 1), ("kling-v1", 3)]


def test_a_person_sees_their_own_and_nobody_elses(store: Database) -> None:
    """None asks for everybody's: for the deployment's owner alone."""
    journal, ledger = Journal(store, lambda: NOON), Ledger(store)
    send(journal, accepted("t1"))
    send(journal, accepted("t2"), owner="bob")
    since = NOON - timedelta(days=1)
    assert [line.person for line in ledger.lines("ann", since)] == ["ann"]
    assert [line.person for line in ledger.lines(None, since)] == ["bob", "ann"]
    assert ledger.lines("ann", NOON + timedelta(days=1)) == ()


@pytest.mark.parametrize(
    ("state", "cost"),
    [
        (State.INTENT, None),
        (State.SENDING, Cost.ESTIMATED),
        (State.UNKNOWN, Cost.ESTIMATED),
        (State.KEPT, Cost.ESTIMATED),
        (State.FORGOTTEN, Cost.ESTIMATED),
        (State.FAILED, Cost.FREE),
        (State.REJECTED, Cost.FREE),
    ],
)
def test_what_may_have_been_charged_is_counted(state: State, cost: Cost | None) -> None:
    """Unclear and forgotten ones too; what was never sent is nothing."""
    assert cost_of(state, is_sent=True, is_simulated=False) is cost
    assert cost_of(state, is_sent=False, is_simulated=False) is None
    assert cost_of(state, is_sent=True, is_simulated=True) is (cost and Cost.SIMULATED)


LINE = LedgerLine(
    day=NOON.date(),
    model_name="kling-v1",
    key_fingerprint=FINGERPRINT,
    person="login:3f2a91c7",
    tasks=1,
    estimated_usd=Decimal("0.5"),
)


def test_the_csv_has_a_line_for_each_and_no_key() -> None:
    """The key is its colours, the person a mark."""
    head, line, *rest = ledger_csv([LINE]).decode().splitlines()
    assert head.startswith("day,model,key,person,tasks,estimated_usd")
    assert line == f"2026-11-28,kling-v1,{'/'.join(key_colours(FINGERPRINT))},login 3f2a91,1,0.50,0,0,0,"
    assert rest == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_is_a_formula(start: str) -> None:
    """A model's name is typed by a person, and a spreadsheet would run it."""
    assert plain_cell(f"{start}1+1") == f"'{start}1+1"
    assert plain_cell("kling-v1") == "kling-v1"


def test_a_key_has_its_colours_which_tell_nothing_of_it() -> None:
    """`#rrggbb`, the same every time."""
    assert key_colours("a") == key_colours("a") != key_colours("b")
    assert [len(colour) for colour in key_colours("")] == [7, 7]


def test_a_person_is_a_short_mark() -> None:
    """Enough to tell people apart."""
    assert person_mark("browser:0123456789") == "browser 012345"
    assert person_mark("ann") == "ann"


def test_what_the_service_says_it_charged_stands_beside_the_estimate(store: Database) -> None:
    """By its own unit, summed; an answer that says nothing of it takes nothing back."""
    journal = Journal(store, lambda: NOON)
    told = replace(accepted("t1"), charges={"units": Decimal("3.5")})
    send(journal, told)
    entry = journal.record_status(journal.queries.entries("ann")[0], accepted("t1", TaskStatus.SUCCEED))
    assert entry is not None
    send(journal, replace(accepted("t2"), charges={"units": Decimal(2), "balance": Decimal("0.70")}))
    send(journal, replace(accepted("t3"), charges={"units": Decimal(9)}), service=SIMULATOR)
    spent = total(Ledger(store).lines("ann", NOON - timedelta(days=1)))
    assert charged_words(spent.charged) == "0.7 balance, 5.5 units"
    assert spent.estimated_usd == Decimal("1.12")
