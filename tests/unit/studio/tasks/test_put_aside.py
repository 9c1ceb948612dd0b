"""What its owner does not wait for: looked at rarely, never sent again by itself, back when it ends."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kling import ReadTimeout, TaskStatus, TooManyRequests
from studio.files.video_download import DownloadProblem
from studio.journal.create_outcome import SETTLE_S
from studio.journal.database import Database
from studio.journal.entry import Entry, State
from studio.journal.journal import Journal
from studio.journal.schema import upgrade
from studio.tasks.schedule import DAY_S, HOUR_S, MINUTE_S, TRIES_IN_A_ROW
from studio.tasks.steps import Steps
from tests.support.make import new_task
from tests.support.queue_in_time import QueueInTime
from tests.support.services import Clock, FakeKeys, FakeService
from tests.support.worlds import keep_row


class World:
    """One slot, a service that finds by both ids, and what becomes of the tasks in virtual time."""

    def __init__(self, store: Database) -> None:
        self.clock = Clock()
        self.journal = Journal(store, self.clock)
        self.service = FakeService()
        self.looks: list[float] = []
        self.service.before_look = lambda: self.looks.append(self.line.now_s)
        self.broken = False
        self.store = store
        steps = Steps(
            journal=self.journal, keys=FakeKeys(self.service), keep_video=self._keep, now=self.clock
        )
        self.line = QueueInTime(steps, self.clock, slots=1)

    def submit(self, name: str = "one") -> Entry:
        """It is in line, or sent."""
        entry = self.journal.create_entry(new_task(name))
        self.line.submit(entry.entry_id)
        return entry

    def now(self, entry: Entry) -> Entry:
        """As it stands."""
        return self.journal.queries.entry(entry.entry_id)

    def put_aside(self, entry: Entry) -> Entry:
        """As the button does it."""
        aside = self.journal.put_aside(self.now(entry))
        assert aside is not None
        self.line.wake(entry.entry_id)
        return aside

    def _keep(self, entry: Entry, _url: str, _base_url: str) -> None:
        if self.broken:
            raise DownloadProblem("Not fetched.", "It broke.", "Wait.")
        keep_row(self.store, entry)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with closing(Database(f"sqlite:///{tmp_path}/studio.db")) as store:
        upgrade(store)
        yield World(store)


def test_its_slot_goes_to_the_next_at_once(world: World) -> None:
    """It is looked at once more, and the other one is sent."""
    stuck, waiting = world.submit("one"), world.submit("two")
    world.line.run(60)
    assert world.now(waiting).state is State.INTENT
    world.put_aside(stuck)
    world.line.run(1)
    assert world.now(waiting).state in (State.ACCEPTED, State.RUNNING)
    assert world.now(stuck).state is State.RUNNING


def test_it_is_looked_at_rarely_and_for_as_long_as_any_other(world: World) -> None:
    """Every ten minutes, then hourly, without end."""
    stuck = world.submit()
    world.line.run(60)
    world.put_aside(stuck)
    world.line.run(1)
    world.looks.clear()
    world.line.run(DAY_S)
    assert 24 * 5 <= len(world.looks) <= 24 * 8
    world.looks.clear()
    world.line.run(30 * DAY_S)
    assert 30 * 20 <= len(world.looks) <= 30 * 30


@pytest.mark.parametrize("end", [TaskStatus.SUCCEED, TaskStatus.FAILED])
def test_it_comes_back_when_it_ends(world: World, end: TaskStatus) -> None:
    """Within ten minutes, with its video or its reason."""
    stuck = world.submit()
    world.line.run(60)
    world.put_aside(stuck)
    world.line.run(60)
    assert world.now(stuck).put_aside_at is not None
    world.service.status = end
    world.line.run(13 * MINUTE_S)
    assert world.now(stuck).state is (State.KEPT if end is TaskStatus.SUCCEED else State.FAILED)
    assert world.now(stuck).put_aside_at is None


def test_a_video_that_cannot_be_fetched_brings_it_back_too(world: World) -> None:
    """Its owner has to see the link while it lives."""
    stuck = world.submit()
    world.line.run(60)
    world.put_aside(stuck)
    world.line.run(1)
    world.service.status, world.broken = TaskStatus.SUCCEED, True
    world.line.run(13 * MINUTE_S)
    assert (world.now(stuck).state, world.now(stuck).put_aside_at) == (State.SUCCEEDED, None)


def test_what_is_put_aside_while_it_is_saved_stays_so_until_it_is_kept(world: World) -> None:
    """Its owner has seen the link; that it cannot be fetched once more is no news."""
    world.service.status, world.broken = TaskStatus.SUCCEED, True
    stuck = world.submit()
    world.line.run(60)
    world.put_aside(stuck)
    world.line.run(HOUR_S)
    assert (world.now(stuck).state, world.now(stuck).put_aside_at is None) == (State.SUCCEEDED, False)
    world.broken = False
    world.line.run(13 * MINUTE_S)
    assert (world.now(stuck).state, world.now(stuck).put_aside_at) == (State.KEPT, None)


def test_an_unclear_one_is_looked_for_rarely_too(world: World) -> None:
    """Every ten minutes, where it would be every minute."""
    world.service.refusals = [ReadTimeout("no answer")]
    unclear = world.submit()
    world.line.run(1)
    world.put_aside(unclear)
    world.line.run(1)
    world.looks.clear()
    world.line.run(7 * MINUTE_S)
    assert world.looks == []
    world.line.run(HOUR_S)
    assert 4 <= len(world.looks) <= 8


def test_it_can_be_taken_back_and_is_looked_at_as_often_as_before(world: World) -> None:
    """Without a slot: that is another's."""
    stuck = world.submit()
    world.line.run(60)
    aside = world.put_aside(stuck)
    world.line.run(60)
    back = world.journal.take_back(world.now(stuck))
    assert back is not None
    assert (back.put_aside_at, back.slot_given_back) == (None, aside.slot_given_back)
    world.looks.clear()
    world.line.wake(stuck.entry_id)
    world.line.run(60)
    assert len(world.looks) >= 5


def test_an_unclear_one_is_never_sent_again_by_itself(world: World) -> None:
    """Where a missing task would be: its owner has gone on, and decides."""
    world.journal.record_lookup("https://far.example", found=True, lag_s=1.0)
    world.service.refusals = [ReadTimeout("no answer")]
    unclear = world.submit()
    world.line.run(1)
    world.put_aside(unclear)
    world.line.run(SETTLE_S + DAY_S)
    now = world.now(unclear)
    assert (now.state, now.attempts) == (State.NEEDS_PERSON, 1)
    assert now.put_aside_at is not None
    again = world.journal.send_again(now)
    assert again is not None
    assert (again.put_aside_at, again.slot_given_back) == (None, False)


def test_an_unclear_one_that_turns_up_stays_aside_until_it_ends(world: World) -> None:
    """That it is at work is no news for its owner."""
    world.service.refusals = [ReadTimeout("no answer")]
    unclear = world.submit()
    world.line.run(1)
    world.put_aside(unclear)
    world.service.created.append(unclear.external_task_id or "")
    world.line.run(13 * MINUTE_S)
    assert (world.now(unclear).state, world.now(unclear).put_aside_at is None) == (State.RUNNING, False)


def test_one_that_waits_for_a_person_and_is_taken_back_is_looked_at_by_the_schedule(world: World) -> None:
    """Its look is due at once, and is over when nothing was found: otherwise it would be due without end."""
    world.service.refusals = [ReadTimeout("no answer")]
    unclear = world.submit()
    world.line.run(2 * SETTLE_S)
    assert world.now(unclear).state is State.NEEDS_PERSON
    world.put_aside(unclear)
    assert world.journal.take_back(world.now(unclear)) is not None
    world.line.wake(unclear.entry_id)
    world.looks.clear()
    world.line.run(60 * MINUTE_S)
    assert 0 < len(world.looks) < 60


def test_only_what_is_awaited_can_be_put_aside(world: World) -> None:
    """What is in line is left, what is over is over."""
    queued = world.journal.create_entry(new_task())
    assert world.journal.put_aside(queued) is None
    assert world.journal.take_back(queued) is None


def test_a_task_that_the_service_never_takes_lets_the_next_one_try(world: World) -> None:
    """A model without a free channel, for instance, must not stop tasks for another."""
    world.service.refusals = [TooManyRequests("no channel", http_status=429)] * TRIES_IN_A_ROW
    busy, waiting = world.submit("one"), world.submit("two")
    world.line.run(10 * MINUTE_S)
    assert world.now(waiting).attempts == 1
    assert world.now(busy).attempts == TRIES_IN_A_ROW
