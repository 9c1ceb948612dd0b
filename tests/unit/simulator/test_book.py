"""The book of tasks: unique, bounded, newest first."""

from pathlib import Path

import pytest

from simulator.book import TaskBook
from simulator.refusals import Reason, Refusal
from simulator.tasks import Broken, Pace, Rendered

NOW_S = 1_773_366_840.306
AT_ONCE = Pace(submitted_s=0, processing_s=0)


def book(max_parallel: int = 3, max_kept: int = 3) -> TaskBook:
    return TaskBook(max_parallel=max_parallel, max_kept=max_kept)


def reason_of(call: object, *args: object) -> Reason:
    with pytest.raises(Refusal) as caught:
        call(*args)  # type: ignore[operator]
    return caught.value.reason


def test_ids_are_numeric_unique_and_about_as_long_as_the_real_ones() -> None:
    """19 digits."""
    kept = book(max_parallel=50, max_kept=50)
    ids = {kept.open(None, AT_ONCE, NOW_S).task_id for _ in range(50)}
    assert len(ids) == 50
    assert all(task_id.isdigit() and len(task_id) == 19 for task_id in ids)


def test_a_task_is_found_by_either_id() -> None:
    """The external id stands for the task id."""
    kept = book()
    task = kept.open("mine", AT_ONCE, NOW_S)
    assert kept.find("mine") == kept.find(task.task_id) == task
    assert reason_of(kept.find, "yours") is Reason.NO_SUCH_TASK


def test_an_external_id_can_be_used_once() -> None:
    """Also after its task has ended."""
    kept = book()
    kept.close(kept.open("mine", AT_ONCE, NOW_S).task_id, Broken(at_s=NOW_S, message="no"))
    assert reason_of(kept.open, "mine", AT_ONCE, NOW_S + 9) is Reason.BAD_VALUE


def test_parallel_tasks_count_from_submitted_to_the_end() -> None:
    """One more is refused, until one has ended."""
    kept = book(max_parallel=2)
    first = kept.open(None, AT_ONCE, NOW_S)
    kept.open(None, AT_ONCE, NOW_S)
    assert reason_of(kept.open, None, AT_ONCE, NOW_S) is Reason.TOO_MANY_PARALLEL
    kept.close(first.task_id, Broken(at_s=NOW_S, message="no"))
    kept.open(None, AT_ONCE, NOW_S)


def test_the_oldest_finished_task_is_forgotten_with_its_video(tmp_path: Path) -> None:
    """Memory and disk stay bounded; its external id is free again."""
    kept, path = book(max_parallel=2, max_kept=2), tmp_path / "v.mp4"
    path.write_bytes(b"film")
    waiting = kept.open("waiting", AT_ONCE, NOW_S)
    done = kept.open("done", AT_ONCE, NOW_S)
    kept.close(done.task_id, Rendered(at_s=NOW_S, video_id="v", path=path, duration_s=5.0))
    assert kept.video("v") == path
    kept.open("third", AT_ONCE, NOW_S)
    assert (kept.video("v"), path.exists()) == (None, False)
    assert reason_of(kept.find, "done") is Reason.NO_SUCH_TASK
    assert kept.find("waiting") == waiting


def test_pages_are_newest_first() -> None:
    """The first page has the number 1; behind the last there is nothing."""
    kept = book()
    for name in "abc":
        kept.open(name, AT_ONCE, NOW_S)
    pages = [[task.external_task_id for task in kept.page(number, 2)] for number in (1, 2, 3)]
    assert pages == [["c", "b"], ["a"], []]
