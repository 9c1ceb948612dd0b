"""The book of tasks: unique, bounded, newest first, and still there after a kill."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from math import inf
from pathlib import Path

import pytest

from simulator.contract.refusals import Refusal, RefusalReason
from simulator.engine.book import TaskBook, open_book
from simulator.engine.folder import StateFolder
from simulator.engine.pace import Pace
from simulator.engine.tasks import Failed, Rendered, SimulatedTask, Status

NOW_S = 1_773_366_840.306
AT_ONCE = Pace(submitted_s=0, processing_s=0)
MakeBook = Callable[..., TaskBook]


@pytest.fixture
def book(tmp_path: Path) -> Iterator[MakeBook]:
    """Opens the one book of the test, as often as it is asked."""
    with ExitStack() as stack:
        yield lambda max_parallel=3, max_kept=3: stack.enter_context(
            open_book(StateFolder(tmp_path), max_parallel=max_parallel, max_kept=max_kept)
        )


def entered(kept: TaskBook, external_task_id: str | None = None, now_s: float = NOW_S) -> SimulatedTask:
    task_id = kept.new_id(now_s)
    task = SimulatedTask(
        task_id=task_id,
        external_task_id=external_task_id,
        created_at_s=now_s,
        pace=AT_ONCE,
        video_id=f"v{task_id}",
        base_url="http://far.test",
    )
    kept.open(task)
    return task


def reason_of(call: object, *args: object) -> RefusalReason:
    with pytest.raises(Refusal) as caught:
        call(*args)  # type: ignore[operator]
    return caught.value.reason


def test_ids_are_numeric_unique_and_about_as_long_as_the_real_ones(book: MakeBook) -> None:
    """19 digits."""
    kept = book()
    ids = {kept.new_id(NOW_S) for _ in range(50)}
    assert len(ids) == 50
    assert all(task_id.isdigit() and len(task_id) == 19 for task_id in ids)


def test_a_task_is_found_by_either_id(book: MakeBook) -> None:
    """The external id stands for the task id."""
    kept = book()
    task = entered(kept, "mine")
    assert kept.find("mine") == kept.find(task.task_id) == task
    assert kept.with_video(task.video_id) == task
    assert reason_of(kept.find, "yours") is RefusalReason.NO_SUCH_TASK


def test_a_task_comes_back_from_the_file_as_it_was(book: MakeBook) -> None:
    """Every field, also the infinite times of a pace in polls; a second process sees the same."""
    kept = book()
    task = replace(
        entered(kept),
        task_id="t2",
        video_id="v2",
        external_task_id="mine",
        callback_url="https://example.org/hook",
        pace=Pace(submitted_s=inf, processing_s=inf, polls=3),
        polls_seen=1,
    )
    kept.open(task)
    assert book().find("mine") == task
    kept.close("t2", Failed(at_s=NOW_S, message="no"))
    assert book().find("mine").outcome == Failed(at_s=NOW_S, message="no")
    assert [known.task_id for known in book().all()][1:] == ["t2"]


def test_an_external_id_can_be_used_once(book: MakeBook) -> None:
    """Also after its task has ended; and it cannot be the task id of another."""
    kept = book()
    first = entered(kept, "mine")
    kept.close(first.task_id, Failed(at_s=NOW_S, message="no"))
    assert reason_of(entered, kept, "mine", NOW_S + 9) is RefusalReason.BAD_VALUE
    assert reason_of(entered, kept, first.task_id) is RefusalReason.BAD_VALUE


def test_parallel_tasks_count_from_submitted_to_the_end(book: MakeBook) -> None:
    """One more is refused, until one has ended; another process counts the same ones."""
    kept = book(max_parallel=2)
    first = entered(kept)
    entered(kept)
    assert reason_of(entered, kept) is RefusalReason.TOO_MANY_PARALLEL
    assert reason_of(entered, book(max_parallel=2)) is RefusalReason.TOO_MANY_PARALLEL
    kept.close(first.task_id, Failed(at_s=NOW_S, message="no"))
    entered(kept)
    assert kept.counts(NOW_S) == (3, 2)


def test_a_task_whose_planned_end_is_ahead_is_unfinished(book: MakeBook) -> None:
    """Even when its video is ready."""
    kept = book(max_parallel=1)
    task = entered(kept)
    kept.set_pace(task.task_id, Pace(submitted_s=2, processing_s=8))
    kept.close(task.task_id, Rendered(at_s=NOW_S + 1, duration_s=5.0))
    assert reason_of(entered, kept, None, NOW_S + 9.9) is RefusalReason.TOO_MANY_PARALLEL
    entered(kept, None, NOW_S + 10.1)


def test_the_oldest_finished_task_is_forgotten_with_its_files(book: MakeBook, tmp_path: Path) -> None:
    """Disk stays bounded; its external id is free again."""
    kept, folder = book(max_parallel=2, max_kept=2), StateFolder(tmp_path)
    waiting, done = entered(kept, "waiting"), entered(kept, "done")
    folder.video(done.video_id).write_bytes(b"film")
    kept.close(done.task_id, Rendered(at_s=NOW_S, duration_s=5.0))
    entered(kept, "third")
    assert (kept.with_video(done.video_id), folder.video(done.video_id).exists()) == (None, False)
    assert reason_of(kept.find, "done") is RefusalReason.NO_SUCH_TASK
    assert kept.find("waiting") == waiting


def test_of_several_that_are_finished_the_oldest_is_forgotten(book: MakeBook) -> None:
    """One for each that comes."""
    kept = book(max_parallel=1, max_kept=2)
    for name in ("first", "second", "third"):
        kept.close(entered(kept, name).task_id, Failed(at_s=NOW_S, message="no"))
    assert [task.external_task_id for task in kept.page(1, 10)] == ["third", "second"]


def test_the_first_outcome_counts(book: MakeBook) -> None:
    """Two processes may have worked on one task; a forgotten task is left alone."""
    kept = book()
    task = entered(kept)
    kept.close(task.task_id, Rendered(at_s=NOW_S, duration_s=5.0))
    kept.close(task.task_id, Failed(at_s=NOW_S, message="late"))
    kept.close("nobody", Failed(at_s=NOW_S, message="late"))
    assert kept.find(task.task_id).outcome == Rendered(at_s=NOW_S, duration_s=5.0)


def test_each_status_is_told_by_one_process_only(book: MakeBook) -> None:
    """And a task whose end was told is no longer looked at."""
    kept = book()
    task = replace(entered(kept), task_id="t2", video_id="v2", callback_url="https://example.org/hook")
    kept.open(task)
    assert kept.untold() == [(task, Status.SUBMITTED)]
    assert [kept.tell("t2", Status.PROCESSING), book().tell("t2", Status.PROCESSING)] == [True, False]
    assert kept.tell("t2", Status.SUCCEED)
    assert kept.untold() == []


def test_pages_are_newest_first(book: MakeBook) -> None:
    """The first page has the number 1; behind the last there is nothing."""
    kept = book()
    for name in "abc":
        entered(kept, name)
    pages = [[task.external_task_id for task in kept.page(number, 2)] for number in (1, 2, 3)]
    assert pages == [["c", "b"], ["a"], []]


def test_a_refused_task_leaves_no_trace(book: MakeBook) -> None:
    """The whole entry or nothing."""
    kept = book(max_parallel=1)
    entered(kept, "first")
    assert reason_of(entered, kept, "second") is RefusalReason.TOO_MANY_PARALLEL
    assert [task.external_task_id for task in kept.page(1, 10)] == ["first"]
