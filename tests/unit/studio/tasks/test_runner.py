"""The durable workflow on SQLite: waits, places, wake-ups, and going on after a stop."""

import sqlite3
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from dbos import DBOS

from kling import PlatformError, ReadTimeout, TaskStatus, TooManyTasks
from studio.journal.entry import Entry, State, utc_now
from studio.journal.journal import Journal
from studio.tasks import schedule
from studio.tasks.error_messages import NO_KEY
from studio.tasks.runner import QUEUE_PERIOD_S, RunningWorkflow
from tests.support.services import FakeService
from tests.support.worlds import Worked, new_task, working


def until(works: Worked, entry: Entry, holds: Callable[[Entry], bool]) -> Entry:
    """The entry as soon as it is as expected; the test's time-out ends a vain wait."""
    pause = threading.Event()
    while True:
        found = works.journal.queries.entry(entry.entry_id)
        if holds(found):
            return found
        pause.wait(0.02)


def until_true(holds: Callable[[], bool]) -> None:
    """Waits for a condition; the test's time-out ends a vain wait."""
    pause = threading.Event()
    while not holds():
        pause.wait(0.02)


def wait_for(event: threading.Event) -> None:
    """A download that takes as long as the test wants."""
    assert event.wait(60)


def count_looks(endpoint: FakeService) -> Iterator[int]:
    """How many looks there were from now on."""
    looks: list[None] = []
    endpoint.before_look = lambda: looks.append(None)
    while True:
        yield len(looks)


def is_in(*states: State) -> Callable[[Entry], bool]:
    """The state is one of these."""
    return lambda entry: entry.state in states


def test_a_task_is_carried_to_its_end(tmp_path: Path) -> None:
    """Submit → wait → look → download → kept, with nobody watching."""
    endpoint = FakeService()
    with working(tmp_path, endpoint) as works:
        entry = works.journal.create_entry(new_task())
        works.runner.start_workflow(entry)
        until(works, entry, is_in(State.RUNNING))
        endpoint.status = TaskStatus.SUCCEED
        until(works, entry, is_in(State.KEPT))
    assert len(endpoint.created) == 1


def test_carrying_twice_is_carrying_once(tmp_path: Path) -> None:
    """A double click, a reconciling round and another process mean the same."""
    with working(tmp_path, FakeService()) as works:
        entry = works.journal.create_entry(new_task())
        for _ in range(3):
            works.runner.start_workflow(entry)
        until(works, entry, is_in(State.RUNNING))
        works.runner.start_workflow(entry)
        assert len(works.runner.running_workflows()) == 1


def test_no_more_tasks_of_a_key_are_at_the_far_end_than_it_allows(tmp_path: Path) -> None:
    """Kling answers 1303 otherwise; the others stand in line and follow."""
    endpoint = FakeService()
    with working(tmp_path, endpoint, parallel_tasks=1) as works:
        entries = [works.journal.create_entry(new_task(name)) for name in ("one", "two", "three")]
        for entry in entries:
            works.runner.start_workflow(entry)
        looks = count_looks(endpoint)
        until_true(lambda: next(looks) >= 4)
        assert len(endpoint.created) == 1
        endpoint.status = TaskStatus.SUCCEED
        for entry in entries:
            until(works, entry, is_in(State.KEPT))
    assert sorted(endpoint.created) == ["mine-one", "mine-three", "mine-two"]


def test_what_is_at_the_far_end_already_is_followed_before_anything_new_is_sent(tmp_path: Path) -> None:
    """It is paid for and may be done; it takes the next place though it came to the line later."""
    endpoint = FakeService()
    with working(tmp_path, endpoint, parallel_tasks=1) as works:
        first, new, old = (works.journal.create_entry(new_task(name)) for name in ("one", "two", "three"))
        works.runner.start_workflow(first)
        until(works, first, is_in(State.RUNNING))
        works.runner.start_workflow(new)
        works.runner.start_workflow(at_service(works, endpoint, old))
        endpoint.status = TaskStatus.SUCCEED
        new, old = (until(works, entry, is_in(State.KEPT)) for entry in (new, old))
    assert old.last_look_at is not None
    assert new.sent_at is not None
    assert old.last_look_at < new.sent_at


def test_a_task_has_its_place_by_its_submit_whenever_it_was_queued(tmp_path: Path) -> None:
    """Its key was away, for instance: its card told that place all the while."""
    endpoint = FakeService()
    with working(tmp_path, endpoint, parallel_tasks=1) as works:
        earlier = Journal(works.store, lambda: utc_now() - timedelta(hours=1))
        first, new = (works.journal.create_entry(new_task(name)) for name in ("one", "two"))
        old = earlier.create_entry(new_task("three"))
        works.runner.start_workflow(first)
        until(works, first, is_in(State.RUNNING))
        works.runner.start_workflow(new)
        works.runner.start_workflow(old)
        endpoint.status = TaskStatus.SUCCEED
        for entry in (new, old):
            until(works, entry, is_in(State.KEPT))
    assert endpoint.created == ["mine-one", "mine-three", "mine-two"]


def at_service(works: Worked, endpoint: FakeService, entry: Entry) -> Entry:
    """The entry as a process left it that has sent it."""
    claimed = works.journal.claim(entry)
    assert claimed is not None
    endpoint.created.append(entry.external_task_id or "")
    found = works.journal.record_status(claimed, endpoint.get(entry.external_task_id or ""))
    assert found is not None
    return found


def test_another_key_has_places_of_its_own(tmp_path: Path) -> None:
    """One person's full line holds up nobody else."""
    with working(tmp_path, FakeService(), parallel_tasks=1) as works:
        for key in ("k1", "k2"):
            entry = works.journal.create_entry(new_task(key, key_fingerprint=key))
            works.runner.start_workflow(entry)
            until(works, entry, is_in(State.RUNNING))


def test_a_message_ends_a_wait(tmp_path: Path) -> None:
    """A callback means: look now, not in a minute."""
    slow = [PlatformError("down", http_status=503, retry_after_s=60.0)]
    endpoint = FakeService(status=TaskStatus.SUCCEED)

    def look() -> None:
        if slow:
            raise slow.pop()

    endpoint.before_look = look
    with working(tmp_path, endpoint) as works:
        entry = works.journal.create_entry(new_task())
        works.runner.start_workflow(entry)
        until(works, entry, lambda found: found.message is not None)
        assert works.runner.wake(entry.entry_id)
        until(works, entry, is_in(State.KEPT))
        assert not works.runner.wake("nobody")


def test_after_a_stop_the_next_start_goes_on_without_another_create(tmp_path: Path) -> None:
    """DBOS takes up its own workflow; the journal keeps the create from being repeated."""
    endpoint = FakeService()
    with working(tmp_path, endpoint) as works:
        entry = works.journal.create_entry(new_task())
        works.runner.start_workflow(entry)
        until(works, entry, is_in(State.RUNNING))
    endpoint.status = TaskStatus.SUCCEED
    with working(tmp_path, endpoint) as works:
        until(works, entry, is_in(State.KEPT))
    assert len(endpoint.created) == 1


def test_a_slow_download_takes_no_place_and_holds_up_nobody(tmp_path: Path) -> None:
    """The far end has done its work: the next in line is sent, and looked at."""
    endpoint, go_on = FakeService(status=TaskStatus.SUCCEED), threading.Event()
    with working(tmp_path, endpoint, parallel_tasks=1) as works:
        first, second = (
            works.journal.create_entry(new_task("one")),
            works.journal.create_entry(new_task("two")),
        )
        works.before_download = lambda entry: None if entry.entry_id == second.entry_id else wait_for(go_on)
        works.runner.start_workflow(first)
        until(works, first, is_in(State.SUCCEEDED))
        works.runner.start_workflow(second)
        until(works, second, is_in(State.KEPT))
        assert works.journal.queries.entry(first.entry_id).state is State.SUCCEEDED
        go_on.set()
        until(works, first, is_in(State.KEPT))


def test_a_broken_step_is_taken_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault that nobody foresaw must not end a paid task."""
    monkeypatch.setattr("studio.tasks.runner.AFTER_FAULT_S", 0.1)
    endpoint, faults = FakeService(status=TaskStatus.SUCCEED), [RuntimeError("a bug")]

    def look() -> None:
        if faults:
            raise faults.pop()

    endpoint.before_look = look
    with working(tmp_path, endpoint) as works:
        entry = works.journal.create_entry(new_task())
        works.runner.start_workflow(entry)
        until(works, entry, is_in(State.KEPT))


def test_a_full_account_is_waited_for_in_line(tmp_path: Path) -> None:
    """1303: no task was made; the same request follows when there is room."""
    busy = TooManyTasks("parallel task over resource pack limit", http_status=429, retry_after_s=0.2)
    endpoint = FakeService(status=TaskStatus.SUCCEED, refusals=[busy, busy])
    with working(tmp_path, endpoint) as works:
        entry = works.journal.create_entry(new_task())
        works.runner.start_workflow(entry)
        assert until(works, entry, is_in(State.KEPT)).attempts == 3


def test_a_task_whose_key_is_missing_ends_its_workflow_and_starts_anew_with_it(tmp_path: Path) -> None:
    """It takes no place while it waits; a round of the recovery finds it once the key is there."""
    endpoint = FakeService(status=TaskStatus.SUCCEED)
    with working(tmp_path, endpoint) as works:
        works.keys.client = None
        entry = works.journal.create_entry(new_task())
        works.runner.start_workflow(entry)
        until(works, entry, lambda found: found.message is not None and not works.runner.running_workflows())
        works.recovery.run_once()
        assert not works.runner.running_workflows()
        works.keys.client = endpoint
        works.recovery.run_once()
        until(works, entry, is_in(State.KEPT))


def test_a_round_says_which_tasks_wait_for_a_key_that_nobody_brings(tmp_path: Path) -> None:
    """In the second round: until then another process may have taken them."""
    with working(tmp_path, FakeService()) as works:
        works.keys.client = None
        entry = works.journal.create_entry(new_task())
        works.recovery.run_once()
        assert works.journal.queries.entry(entry.entry_id).message is None
        works.recovery.run_once()
        noted = works.journal.queries.entry(entry.entry_id)
        assert noted.message == NO_KEY
        works.recovery.run_once()
        works.recovery.run_once()
        assert works.journal.queries.entry(entry.entry_id) == noted


def test_a_round_starts_what_was_written_down_and_never_carried(tmp_path: Path) -> None:
    """The process may die between the two."""
    with working(tmp_path, FakeService(status=TaskStatus.SUCCEED)) as works:
        entry = works.journal.create_entry(new_task())
        works.recovery.run_once()
        until(works, entry, is_in(State.KEPT))


def test_the_tasks_of_a_process_that_fell_silent_are_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that it had in hand and those in its own line, and nothing is sent twice."""
    endpoint = FakeService()
    with working(tmp_path, endpoint, parallel_tasks=1, executor_id="other") as works:
        first, second = (
            works.journal.create_entry(new_task("one")),
            works.journal.create_entry(new_task("two")),
        )
        works.runner.start_workflow(first)
        until(works, first, is_in(State.RUNNING))
        works.runner.start_workflow(second)
    endpoint.status = TaskStatus.SUCCEED
    with working(tmp_path, endpoint, parallel_tasks=1, executor_id="me") as works:
        works.recovery.run_once()
        assert {carrier.executor_id for carrier in works.runner.running_workflows()} == {
            "other"
        }  # not silent yet
        monkeypatch.setattr("studio.tasks.takeover.STALLED_AFTER_S", 0.0)
        works.recovery.run_once()
        until(works, first, is_in(State.KEPT))
        until(works, second, is_in(State.KEPT))
    assert sorted(endpoint.created) == ["mine-one", "mine-two"]


def test_what_a_dead_process_followed_has_its_slot_before_what_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line is everybody's: what stands in it would be sent as soon as the dead one's slots are free."""
    endpoint = FakeService()
    with working(tmp_path, endpoint, parallel_tasks=1, executor_id="other") as works:
        works.shared = True
        first, second = (works.journal.create_entry(new_task(name)) for name in ("one", "two"))
        works.runner.start_workflow(first)
        until(works, first, is_in(State.RUNNING))
        works.runner.start_workflow(second)
    with working(tmp_path, endpoint, parallel_tasks=1, executor_id="me") as works:
        works.shared = True
        monkeypatch.setattr("studio.tasks.takeover.STALLED_AFTER_S", 0.0)
        cancel = works.runner.cancel

        def cancel_slowly(workflows: Collection[RunningWorkflow]) -> None:
            cancel(workflows)
            threading.Event().wait(5 * QUEUE_PERIOD_S)

        monkeypatch.setattr(works.runner, "cancel", cancel_slowly)
        looks = count_looks(endpoint)
        works.recovery.run_once()
        until_true(lambda: next(looks) >= 2)
    assert endpoint.created == ["mine-one"]


def test_a_task_that_is_put_aside_gives_its_slot_to_the_next(tmp_path: Path) -> None:
    """At once; it is followed without one, and so it is by the next process."""
    endpoint = FakeService()
    with working(tmp_path, endpoint, parallel_tasks=1) as works:
        stuck, waiting = (works.journal.create_entry(new_task(name)) for name in ("one", "two"))
        works.runner.start_workflow(stuck)
        until(works, stuck, is_in(State.RUNNING))
        works.runner.start_workflow(waiting)
        assert works.journal.put_aside(works.journal.queries.entry(stuck.entry_id))
        works.runner.wake(stuck.entry_id)
        until(works, waiting, is_in(State.RUNNING))
    with working(tmp_path, endpoint, parallel_tasks=1) as works:
        assert works.journal.take_back(works.journal.queries.entry(stuck.entry_id))
        endpoint.status = TaskStatus.SUCCEED
        works.runner.wake(stuck.entry_id)
        for entry in (stuck, waiting):
            until(works, entry, is_in(State.KEPT))
    assert len(endpoint.created) == 2


def test_a_task_whose_steps_always_fail_gives_its_slot_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is wrong with it must not stop the others."""
    monkeypatch.setattr("studio.tasks.runner.AFTER_FAULT_S", 0.02)
    monkeypatch.setattr("studio.tasks.runner.FAULTS_IN_A_ROW", 3)
    endpoint = FakeService(status=TaskStatus.SUCCEED)

    def look_at(task_id: str) -> None:
        if task_id == "task-of-mine-one":
            raise RuntimeError("a bug")

    endpoint.looked_at = look_at
    with working(tmp_path, endpoint, parallel_tasks=1) as works:
        broken, waiting = (works.journal.create_entry(new_task(name)) for name in ("one", "two"))
        for entry in (broken, waiting):
            works.runner.start_workflow(entry)
        until(works, waiting, is_in(State.KEPT))
        endpoint.looked_at = lambda _: None
        until(works, broken, is_in(State.KEPT))


def test_an_unclear_create_is_resolved_while_it_keeps_its_place(tmp_path: Path) -> None:
    """A task may be at work there."""
    endpoint = FakeService(refusals=[ReadTimeout("no answer")])
    with working(tmp_path, endpoint) as works:
        entry = works.journal.create_entry(new_task())
        works.runner.start_workflow(entry)
        until(works, entry, is_in(State.UNKNOWN))
        assert works.runner.running_workflows()
        endpoint.created.append("mine-one")
        works.runner.wake(entry.entry_id)
        until(works, entry, is_in(State.RUNNING))


def test_what_ended_is_forgotten_by_dbos_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its tables do not grow for ever, and an entry may still be started again."""
    monkeypatch.setattr("studio.tasks.runner.REMEMBERED_FOR", timedelta())
    endpoint = FakeService(status=TaskStatus.SUCCEED)
    with working(tmp_path, endpoint) as works:
        entry = works.journal.create_entry(new_task())
        works.runner.start_workflow(entry)
        until(works, entry, is_in(State.KEPT))
        until_true(lambda: not works.runner.running_workflows())
        works.runner.tidy()
        assert DBOS.list_workflows() == []
        works.runner.start_workflow(entry)
        until_true(lambda: not works.runner.running_workflows())
    assert len(endpoint.created) == 1


def test_a_restart_takes_up_first_what_is_at_the_service(tmp_path: Path) -> None:
    """Submitted within one second, which is all that DBOS keeps on SQLite: what waited goes on waiting."""
    endpoint = FakeService()
    running = {"mine-one", "mine-two"}
    with working(tmp_path, endpoint, parallel_tasks=2) as works:
        for number, name in enumerate(("one", "two", "three", "four")):
            # the later they come, the earlier their workflows' ids stand
            wanted = new_task(name, entry_id=f"{9 - number}" * 32)
            works.runner.start_workflow(works.journal.create_entry(wanted))
            until_true(lambda: running <= set(endpoint.created) or len(endpoint.created) == number + 1)  # noqa: B023 — waited for here
    with closing(sqlite3.connect(tmp_path / "dbos.db")) as workflows:
        workflows.execute("UPDATE workflow_status SET created_at = 1000")
        workflows.commit()
    looked_at: set[str] = set()
    endpoint.looked_at = looked_at.add
    with working(tmp_path, endpoint, parallel_tasks=2):
        until_true(lambda: looked_at >= {f"task-of-{name}" for name in running})
    assert set(endpoint.created) == running


def test_a_task_that_is_at_work_for_ever_gives_its_slot_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another is sent, and this one is looked at all the same: it ends when the service says so."""
    monkeypatch.setitem(schedule.SLOT_HELD_S, State.RUNNING, 0.5)
    endpoint = FakeService()
    with working(tmp_path, endpoint, parallel_tasks=1) as works:
        stuck, waiting = (works.journal.create_entry(new_task(name)) for name in ("one", "two"))
        works.runner.start_workflow(stuck)
        until(works, stuck, is_in(State.RUNNING))
        works.runner.start_workflow(waiting)
        until(works, waiting, is_in(State.RUNNING))
        endpoint.status = TaskStatus.SUCCEED
        for entry in (stuck, waiting):
            until(works, entry, is_in(State.KEPT))
