"""An account problem stops the queue of its key alone, for a time that is told, until a try goes through."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

import kling
from kling import ErrorKind, KlingError, TaskStatus
from studio.journal.create_outcome import CreateOutcome, OutcomeKind, outcome_of
from studio.journal.database import Database
from studio.journal.entry import Entry, State
from studio.journal.gallery import GalleryFilter
from studio.journal.journal import Journal
from studio.journal.queue_stops import FIRST_PAUSE_S, LONGEST_PAUSE_S, QueueStop, pause_s
from tests.support.make import new_task
from tests.support.services import NOON, Clock, task

PAYMENT_REQUIRED = kling.OutOfCredit("payment required", http_status=402)
NO_QUOTA = kling.OutOfCredit("user quota is not enough", http_status=403)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(store: Database, clock: Clock) -> Journal:
    return Journal(store, clock)


def submitted(journal: Journal, clock: Clock, owner: str = "ann", **fields: Any) -> Entry:
    """At the end of the queue."""
    clock.advance(0.001)
    return journal.create_entry(new_task(owner=owner, **fields))


def present(entry: Entry | None) -> Entry:
    assert entry is not None
    return entry


def answered(journal: Journal, entry: Entry, answer: KlingError, own_words: str = "") -> Entry:
    """Its create is answered so."""
    return present(journal.settle(present(journal.claim(entry)), outcome_of(answer, own_words=own_words)))


def accepted(journal: Journal, entry: Entry) -> Entry:
    made = CreateOutcome(kind=OutcomeKind.ACCEPTED, task=task(TaskStatus.SUBMITTED, task_id=entry.entry_id))
    return present(journal.settle(present(journal.claim(entry)), made))


def stops_of(journal: Journal, owner: str) -> Mapping[str, QueueStop]:
    """The stops of queues that a person's tasks wait in, by entry id."""
    page = journal.gallery.page(
        owner, GalleryFilter(), number=1, size=9, refused_since=NOON, asked_since=NOON
    )
    return page.stops


def test_after_402_the_queue_stands_still_and_is_not_refused(journal: Journal, clock: Clock) -> None:
    """It may be about the price of that one task; the others wait, and can read why and how long."""
    first, second = submitted(journal, clock), submitted(journal, clock, "bob")
    assert answered(journal, first, PAYMENT_REQUIRED).state is State.REJECTED
    assert journal.claim(second) is None
    stop = stops_of(journal, "bob")[second.entry_id]
    assert (stop.reason, stop.since) == (ErrorKind.OUT_OF_CREDIT, clock.moment)
    assert stop.next_try_at == clock.moment + timedelta(seconds=FIRST_PAUSE_S)
    assert stops_of(journal, "ann") == {}


def test_an_account_that_is_said_to_be_empty_refuses_the_queue_and_stops_it(
    journal: Journal, clock: Clock
) -> None:
    """One create was sent; what comes a moment later waits for the next try."""
    first, second = submitted(journal, clock), submitted(journal, clock, "bob")
    answered(journal, first, NO_QUOTA)
    assert journal.queries.entry(second.entry_id).state is State.REJECTED
    third = submitted(journal, clock, "cara")
    assert journal.claim(third) is None
    clock.advance(FIRST_PAUSE_S)
    assert journal.claim(third) is not None


def test_the_queues_of_other_keys_go_on(journal: Journal, clock: Clock) -> None:
    """Also the same key's at another service."""
    answered(journal, submitted(journal, clock), PAYMENT_REQUIRED)
    for other in ({"key_fingerprint": "e" * 64}, {"service": "https://other.example"}):
        assert journal.claim(submitted(journal, clock, **other)) is not None


def test_when_its_time_has_come_one_task_is_tried_alone(journal: Journal, clock: Clock) -> None:
    """The others wait for what comes of it."""
    answered(journal, submitted(journal, clock), PAYMENT_REQUIRED)
    second, third = submitted(journal, clock), submitted(journal, clock)
    clock.advance(FIRST_PAUSE_S)
    assert journal.claim(second) is not None
    assert journal.claim(third) is None


def test_a_try_that_goes_through_opens_the_queue(journal: Journal, clock: Clock) -> None:
    """At once, for all."""
    answered(journal, submitted(journal, clock), PAYMENT_REQUIRED)
    second, third = submitted(journal, clock), submitted(journal, clock)
    clock.advance(FIRST_PAUSE_S)
    accepted(journal, second)
    assert journal.queries.queue_stop(third) is None
    assert journal.claim(third) is not None


def test_each_try_that_is_refused_makes_the_pause_longer(journal: Journal, clock: Clock) -> None:
    """It says since when all the while."""
    answered(journal, submitted(journal, clock), PAYMENT_REQUIRED)
    stops = []
    for _ in range(3):
        waiting = submitted(journal, clock)
        stop = journal.queries.queue_stop(waiting)
        assert stop is not None
        stops.append(stop)
        clock.moment = stop.next_try_at
        answered(journal, waiting, PAYMENT_REQUIRED)
    assert {stop.since for stop in stops} == {stops[0].since}
    pauses = [(stop.next_try_at - stop.since).total_seconds() for stop in stops]
    assert pauses == [FIRST_PAUSE_S, 2 * FIRST_PAUSE_S, 4 * FIRST_PAUSE_S]


def test_a_pause_has_an_upper_end() -> None:
    """An account that was topped up is noticed within half an hour."""
    assert pause_s(0) == FIRST_PAUSE_S
    assert pause_s(86400) == LONGEST_PAUSE_S


def test_a_person_who_has_seen_to_the_account_need_not_wait(journal: Journal, clock: Clock) -> None:
    """The next try comes now; where nothing stops the queue there is nothing to do."""
    waiting = submitted(journal, clock)
    assert journal.try_now(waiting) is None
    answered(journal, submitted(journal, clock), PAYMENT_REQUIRED)
    assert journal.try_now(waiting) == waiting
    assert journal.claim(waiting) is not None


@pytest.mark.parametrize(
    "own_words",
    ["my balance is not enough", "an exhausted runner", "他的余额不足"],
)
def test_one_persons_prompt_never_stops_anothers_queue(
    journal: Journal, clock: Clock, own_words: str
) -> None:
    """The refusal may quote it without any marks: the next one's answer is another's word."""
    first, second, third = (submitted(journal, clock) for _ in range(3))
    quoted = kling.OutOfCredit(f"blocked: {own_words}", http_status=403)
    assert answered(journal, first, quoted, own_words).state is State.REJECTED
    assert journal.queries.queue_stop(second) is None
    answered(journal, second, NO_QUOTA, "wind in the leaves")
    assert journal.queries.entry(third.entry_id).state is State.REJECTED


def test_what_may_have_been_paid_waits_and_is_not_refused(journal: Journal, clock: Clock) -> None:
    """It was sent before with an unclear end, and is queued again."""
    unclear = submitted(journal, clock)
    lost = present(journal.settle(present(journal.claim(unclear)), outcome_of(kling.ReadTimeout("late"))))
    queued = present(journal.send_again(lost))
    answered(journal, submitted(journal, clock), NO_QUOTA)
    assert journal.queries.entry(queued.entry_id) == queued
    assert stops_of(journal, "ann").keys() == {queued.entry_id}


def test_a_persons_prompt_is_on_no_card_of_another(journal: Journal, clock: Clock) -> None:
    """The refusal of one task may quote it, and its reason is that of all in the queue."""
    first, second = submitted(journal, clock), submitted(journal, clock, "bob")
    assert first.prompt is not None
    answered(journal, first, kling.OutOfCredit(f"quota is not enough: {first.prompt}", http_status=403))
    refused = journal.queries.entry(second.entry_id)
    assert (refused.create_error, refused.message) == (ErrorKind.OUT_OF_CREDIT, None)
