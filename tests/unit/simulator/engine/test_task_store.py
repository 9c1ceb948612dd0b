"""The tasks that are kept: unique, bounded, newest first, and still there after a kill."""

from collections.abc import Callable
from dataclasses import replace
from math import inf
from pathlib import Path

import pytest

from simulator.contract.refusals import Refusal, RefusalReason
from simulator.engine.folder import StateFolder
from simulator.engine.pace import Pace
from simulator.engine.task_store import TaskStore
from simulator.engine.tasks import Failed, Rendered, SimulatedTask, Status

NOW_S = 1_773_366_840.306
AT_ONCE = Pace(submitted_s=0, processing_s=0)
OpenStore = Callable[..., TaskStore]


@pytest.fixture
def opened(tmp_path: Path) -> OpenStore:
    """Opens the store of the test's folder, as each start of a process does."""
    return lambda max_parallel=3, max_kept=3: TaskStore(
        StateFolder(tmp_path), max_parallel=max_parallel, max_kept=max_kept
    )


def entered(kept: TaskStore, external_task_id: str | None = None, now_s: float = NOW_S) -> SimulatedTask:
    task_id = kept.new_id(now_s)
    task = SimulatedTask(
        task_id=task_id,
        external_task_id=external_task_id,
        created_at_s=now_s,
        pace=AT_ONCE,
        video_id=f"v{task_id}",
        base_url="http://far.test",
    )
    kept.add(task)
    return task


def reason_of(call: object, *args: object) -> RefusalReason:
    with pytest.raises(Refusal) as caught:
        call(*args)  # type: ignore[operator]
    return caught.value.reason


def test_ids_are_numeric_unique_and_about_as_long_as_the_real_ones(opened: OpenStore) -> None:
    """19 digits."""
    kept = opened()
    ids = {kept.new_id(NOW_S) for _ in range(50)}
    assert len(ids) == 50
    assert all(task_id.isdigit() and len(task_id) == 19 for task_id in ids)


def test_a_task_is_found_by_either_id(opened: OpenStore) -> None:
    """The external id stands for the task id."""
    kept = opened()
    task = entered(kept, "mine")
    assert kept.find("mine") == kept.find(task.task_id) == task
    assert kept.with_video(task.video_id) == task
    assert reason_of(kept.find, "yours") is RefusalReason.NO_SUCH_TASK


def test_a_task_comes_back_from_the_file_as_it_was(opened: OpenStore) -> None:
    """Every field, also the infinite times of a pace in polls and what its callback was told of."""
    kept = opened()
    task = replace(
        entered(kept),
        task_id="t2",
        video_id="v2",
        external_task_id="mine",
        callback_url="https://example.org/hook",
        pace=Pace(submitted_s=inf, processing_s=inf, polls=3),
        polls_seen=1,
        called_back=Status.PROCESSING,
    )
    kept.add(task)
    assert opened().find("mine") == task
    kept.record_outcome("t2", Failed(at_s=NOW_S, message="no"))
    assert opened().find("mine").outcome == Failed(at_s=NOW_S, message="no")
    kept.record_outcome("t2", Rendered(at_s=NOW_S, duration_s=5.0))
    assert opened().find("mine").outcome == Failed(at_s=NOW_S, message="no")


def test_an_external_id_can_be_used_once(opened: OpenStore) -> None:
    """Also after its task has ended; and it cannot be the task id of another."""
    kept = opened()
    first = entered(kept, "mine")
    kept.record_outcome(first.task_id, Failed(at_s=NOW_S, message="no"))
    assert reason_of(entered, kept, "mine", NOW_S + 9) is RefusalReason.BAD_VALUE
    assert reason_of(entered, kept, first.task_id) is RefusalReason.BAD_VALUE


def test_parallel_tasks_count_from_submitted_to_the_end(opened: OpenStore) -> None:
    """One more is refused, until one has ended; also after a restart."""
    kept = opened(max_parallel=2)
    first = entered(kept)
    entered(kept)
    assert reason_of(entered, kept) is RefusalReason.TOO_MANY_PARALLEL
    assert reason_of(entered, opened(max_parallel=2)) is RefusalReason.TOO_MANY_PARALLEL
    kept.record_outcome(first.task_id, Failed(at_s=NOW_S, message="no"))
    entered(kept)
    assert kept.counts(NOW_S) == (3, 2)


def test_a_task_whose_planned_end_is_ahead_is_unfinished(opened: OpenStore) -> None:
    """Even when its video is ready."""
    kept = opened(max_parallel=1)
    task = entered(kept)
    kept.set_pace(task.task_id, Pace(submitted_s=2, processing_s=8))
    kept.record_outcome(task.task_id, Rendered(at_s=NOW_S + 1, duration_s=5.0))
    assert reason_of(entered, kept, None, NOW_S + 9.9) is RefusalReason.TOO_MANY_PARALLEL
    entered(kept, None, NOW_S + 10.1)


def test_the_oldest_finished_task_is_forgotten_with_its_files(opened: OpenStore, tmp_path: Path) -> None:
    """Disk stays bounded; its external id is free again."""
    kept, folder = opened(max_parallel=2, max_kept=2), StateFolder(tmp_path)
    waiting, done = entered(kept, "waiting"), entered(kept, "done")
    folder.video(done.video_id).write_bytes(b"film")
    kept.record_outcome(done.task_id, Rendered(at_s=NOW_S, duration_s=5.0))
    entered(kept, "third")
    assert (kept.with_video(done.video_id), folder.video(done.video_id).exists()) == (None, False)
    assert reason_of(kept.find, "done") is RefusalReason.NO_SUCH_TASK
    assert kept.find("waiting") == waiting


def test_of_several_that_are_finished_the_oldest_is_forgotten(opened: OpenStore) -> None:
    """One for each that comes."""
    kept = opened(max_parallel=1, max_kept=2)
    for name in ("first", "second", "third"):
        kept.record_outcome(entered(kept, name).task_id, Failed(at_s=NOW_S, message="no"))
    assert [task.external_task_id for task in kept.page(1, 10)] == ["third", "second"]


def test_the_first_outcome_counts(opened: OpenStore) -> None:
    """A forgotten task is left alone, and the caller hears of it."""
    kept = opened()
    task = entered(kept)
    assert kept.record_outcome(task.task_id, Rendered(at_s=NOW_S, duration_s=5.0))
    assert kept.record_outcome(task.task_id, Failed(at_s=NOW_S, message="late"))
    assert not kept.record_outcome("unknown", Failed(at_s=NOW_S, message="late"))
    assert kept.find(task.task_id).outcome == Rendered(at_s=NOW_S, duration_s=5.0)


def test_a_task_whose_end_was_called_back_awaits_no_more(opened: OpenStore) -> None:
    """A forgotten one is not called back at all."""
    kept = opened()
    task = replace(entered(kept), task_id="t2", video_id="v2", callback_url="https://example.org/hook")
    kept.add(task)
    assert kept.awaiting_callback() == [task]
    assert kept.record_callback("t2", Status.PROCESSING)
    assert [waiting.called_back for waiting in opened().awaiting_callback()] == [Status.PROCESSING]
    assert kept.record_callback("t2", Status.SUCCEED)
    assert not kept.record_callback("t2", Status.SUCCEED)  # somebody else has told it meanwhile
    assert not kept.record_callback("t2", Status.PROCESSING)
    assert kept.awaiting_callback() == []
    assert not kept.record_callback("unknown", Status.SUCCEED)


def test_pages_are_newest_first(opened: OpenStore) -> None:
    """The first page has the number 1; behind the last there is nothing."""
    kept = opened()
    for name in "abc":
        entered(kept, name)
    pages = [[task.external_task_id for task in kept.page(number, 2)] for number in (1, 2, 3)]
    assert pages == [["c", "b"], ["a"], []]


def test_a_refused_task_leaves_no_trace(opened: OpenStore) -> None:
    """The whole entry or nothing."""
    kept = opened(max_parallel=1)
    entered(kept, "first")
    assert reason_of(entered, kept, "second") is RefusalReason.TOO_MANY_PARALLEL
    assert [task.external_task_id for task in kept.page(1, 10)] == ["first"]


def test_the_order_of_the_tasks_outlives_a_restart(opened: OpenStore) -> None:
    """Also of those that were made within one tick of the clock."""
    kept = opened()
    for name in "abc":
        entered(kept, name)
    assert [task.external_task_id for task in opened().all()] == ["a", "b", "c"]


@pytest.mark.parametrize("content", [b"", b'{"task_id": "1", "pa', b"[]", b"{}", b"\xff", b'{"pace": 1}'])
def test_a_half_written_file_is_ignored(opened: OpenStore, tmp_path: Path, content: bytes) -> None:
    """The others are there; what a kill left beside them is no task either."""
    task = entered(opened(), "mine")
    folder = StateFolder(tmp_path)
    folder.task("1").write_bytes(content)
    (folder.tasks / "2.json.part").write_bytes(folder.task(task.task_id).read_bytes())
    assert opened().all() == [task]


def test_a_task_that_cannot_be_written_is_not_kept(opened: OpenStore, tmp_path: Path) -> None:
    """It would be gone after a restart, though it was answered."""
    kept = opened()
    StateFolder(tmp_path).tasks.rmdir()
    with pytest.raises(OSError, match="json"):
        entered(kept, "mine")
    assert kept.all() == []


def test_an_end_that_cannot_be_written_still_ends_the_task(opened: OpenStore, tmp_path: Path) -> None:
    """A full disk lets no task hang; only a restart would make it again."""
    kept = opened()
    task, folder = entered(kept), StateFolder(tmp_path)
    folder.task(task.task_id).rename(tmp_path / "away")
    folder.tasks.rmdir()
    kept.record_outcome(task.task_id, Failed(at_s=NOW_S, message="no"))
    assert kept.find(task.task_id).outcome == Failed(at_s=NOW_S, message="no")
