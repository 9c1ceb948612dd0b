"""Success bodies of both shapes become one Task."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kling import Task, TaskStatus, UnreadableAnswer, Video
from kling.task_json import STATUS_WORDS, read_task, read_tasks

VIDEO = {"id": "v1", "url": "https://cdn.example/a.mp4?sig=1&x=2", "duration": "5.1"}
KLING = {
    "task_id": "2032273942220931072",
    "task_status": "succeed",
    "task_status_msg": "",
    "task_info": {"external_task_id": "mine-1"},
    "created_at": 1773366840306,
    "updated_at": 1773367077000,
    "task_result": {"videos": [VIDEO]},
}


def flat(**changes: Any) -> dict[str, Any]:
    """Kling's shape."""
    return {"code": 0, "message": "SUCCEED", "request_id": "r", "data": {**KLING, **changes}}


def test_a_finished_task_in_kling_s_shape_is_read_whole() -> None:
    """Contract, query: succeed, with the video's decimal length."""
    assert read_task(flat()) == Task(
        task_id="2032273942220931072",
        status=TaskStatus.SUCCEED,
        status_message=None,
        external_task_id="mine-1",
        created_at=datetime(2026, 3, 13, 1, 54, 0, 306000, tzinfo=UTC),
        updated_at=datetime(2026, 3, 13, 1, 57, 57, tzinfo=UTC),
        videos=(Video(video_id="v1", url=VIDEO["url"], duration_s=5.1),),
    )


def test_a_submitted_task_may_lack_nearly_everything() -> None:
    """Contract: tolerate unknown and missing keys."""
    task = read_task({"data": {"task_id": "kl-7f", "task_status": "submitted", "news": [1]}})
    assert (task.task_id, task.status) == ("kl-7f", TaskStatus.SUBMITTED)
    assert (task.created_at, task.updated_at, task.external_task_id, task.videos) == (None, None, None, ())


def test_a_processing_task_has_no_video_yet() -> None:
    """Contract: task_result is {}."""
    assert read_task(flat(task_status="processing", task_result={})).videos == ()


def test_a_failed_task_tells_its_reason() -> None:
    """Contract: still code 0; the reason is in task_status_msg only."""
    task = read_task(flat(task_status="failed", task_status_msg="Image pixel is invalid", task_result={}))
    assert (task.status, task.status_message) == (TaskStatus.FAILED, "Image pixel is invalid")


@pytest.mark.parametrize("place", [{"task_info": None}, {"task_info": {}}, {"task_info": "x"}])
def test_the_external_id_may_stand_beside_the_task_id(place: dict[str, Any]) -> None:
    """Where there is no task_info, or none that has it."""
    assert read_task(flat(**place)).external_task_id is None
    assert read_task(flat(**place, external_task_id="mine-1")).external_task_id == "mine-1"


@pytest.mark.parametrize(
    "body", [{}, {"data": {}}, {"data": {"task_id": ""}}, {"data": {"task_id": None}}, {"data": []}, [], None]
)
def test_an_answer_without_a_task_id_is_refused(body: object) -> None:
    """Contract: refuse an answer without a task id."""
    with pytest.raises(UnreadableAnswer):
        read_task(body, status_if_missing=TaskStatus.SUBMITTED)


def test_a_task_id_may_be_a_number() -> None:
    """Some gateways write it without quotes; 2^63 is kept exactly."""
    assert read_task(flat(task_id=2032273942220931072)).task_id == "2032273942220931072"


def test_a_missing_status_is_assumed_for_a_create_only() -> None:
    """A task that was just made waits; of another nothing can be assumed."""
    body = {"code": 0, "data": {"task_id": "1"}}
    assert read_task(body, status_if_missing=TaskStatus.SUBMITTED).status is TaskStatus.SUBMITTED
    with pytest.raises(UnreadableAnswer):
        read_task(body)


def test_an_unknown_status_word_keeps_the_task_open_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Tolerate the unknown, and say so in the log."""
    with caplog.at_level(logging.WARNING):
        task = read_task(flat(task_status="rendering", task_result={}))
    assert (task.status, task.status_word) == (TaskStatus.PROCESSING, "rendering")
    assert "rendering" in caplog.text


# ---- the older wrapper


def wrapped(inner: Any, **outer: Any) -> dict[str, Any]:
    """The older wrapper around anything."""
    data = {"task_id": "outer-1", "status": "SUCCESS", "progress": "100%", "fail_reason": "", "data": inner}
    return {"code": "success", "message": "", "data": {**data, **outer}}


@pytest.mark.parametrize("inner", [KLING, flat()], ids=["data.data", "data.data.data"])
def test_the_wrapper_is_read_at_either_depth(inner: dict[str, Any]) -> None:
    """Contract: the body under data.data, or data.data.data."""
    task = read_task(wrapped(inner))
    assert task.status is TaskStatus.SUCCEED
    assert task.videos[0].url == VIDEO["url"]
    assert task.external_task_id == "mine-1"
    assert task.created_at is not None


def test_the_wrapper_s_own_id_is_the_one_to_query_by() -> None:
    """The gateway knows its id; the one inside may be another's."""
    assert read_task(wrapped(KLING)).task_id == "outer-1"
    assert read_task(wrapped(KLING, task_id=None)).task_id == KLING["task_id"]


def test_the_wrapper_s_failure_has_its_reason_in_fail_reason() -> None:
    """Contract: FAILURE and fail_reason."""
    task = read_task(wrapped(None, status="FAILURE", fail_reason="risk control"))
    assert (task.status, task.status_message) == (TaskStatus.FAILED, "risk control")


def test_fail_reason_is_no_message_of_a_success() -> None:
    """A gateway puts other things there when nothing failed."""
    assert read_task(wrapped(KLING, fail_reason="https://x.org/a.mp4")).status_message is None


@pytest.mark.parametrize(
    ("inner", "outer", "status"),
    [
        ("succeed", "IN_PROGRESS", TaskStatus.SUCCEED),
        ("failed", "SUCCESS", TaskStatus.FAILED),
        ("processing", "SUCCESS", TaskStatus.PROCESSING),
        ("processing", "FAILURE", TaskStatus.FAILED),
        ("succeed", "FAILURE", TaskStatus.SUCCEED),
        (None, "SUCCESS", TaskStatus.SUCCEED),
        (None, "NOT_START", TaskStatus.SUBMITTED),
        (None, "QUEUED", TaskStatus.SUBMITTED),
        (None, "IN_PROGRESS", TaskStatus.PROCESSING),
    ],
)
def test_where_the_two_disagree_a_final_word_wins(inner: str | None, outer: str, status: TaskStatus) -> None:
    """Kling's final word, else the wrapper's FAILURE, else Kling's, else the wrapper's."""
    body = {"task_status": inner} if inner else {}
    assert read_task(wrapped(body, status=outer)).status is status


def test_the_status_words_of_both_shapes_are_known() -> None:
    """Completeness: all four states in both spellings."""
    assert {"submitted", "processing", "succeed", "failed", "success", "failure"} <= set(STATUS_WORDS)
    assert set(STATUS_WORDS.values()) == set(TaskStatus)


# ---- values


@pytest.mark.parametrize("value", [None, "", "soon", -1, True, 1e300, float("nan"), [], {}])
def test_a_time_that_is_none_is_none(value: Any) -> None:
    """Unix milliseconds, or nothing."""
    assert read_task(flat(created_at=value)).created_at is None


def test_a_time_may_be_a_text() -> None:
    """Some gateways quote numbers."""
    assert read_task(flat(created_at="1773366840306")).created_at == read_task(flat()).created_at


@pytest.mark.parametrize("duration", [None, "", "long", "nan", "-1", True])
def test_a_video_s_length_that_is_none_is_none(duration: Any) -> None:
    """A decimal text, or nothing."""
    assert (
        read_task(flat(task_result={"videos": [{**VIDEO, "duration": duration}]})).videos[0].duration_s
        is None
    )


def test_a_video_without_a_url_is_no_video() -> None:
    """There is nothing to play."""
    assert (
        read_task(flat(task_result={"videos": [{"id": "v0"}, {"url": ""}, None, VIDEO]})).videos[0].video_id
        == "v1"
    )


# ---- lists


def test_a_list_is_read_in_its_order() -> None:
    """Contract, list: data is an array of the same objects."""
    body = {"code": 0, "data": [{**KLING, "task_id": name} for name in ("b", "a")]}
    assert [task.task_id for task in read_tasks(body)] == ["b", "a"]


def test_an_unreadable_entry_of_a_list_is_left_out_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    """One bad row must not hide the others."""
    assert [task.task_id for task in read_tasks({"data": [{"x": 1}, KLING]})] == [KLING["task_id"]]
    assert "left out" in caplog.text


def test_an_empty_list_is_a_list() -> None:
    """No tasks is an answer."""
    assert read_tasks({"code": 0, "data": []}) == ()


@pytest.mark.parametrize("body", [{}, {"data": {}}, {"data": None}, [], "x"])
def test_no_list_is_refused(body: object) -> None:
    """An answer to something else."""
    with pytest.raises(UnreadableAnswer):
        read_tasks(body)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "data",
                    "task_id",
                    "task_status",
                    "status",
                    "task_result",
                    "videos",
                    "url",
                    "id",
                    "duration",
                    "task_info",
                    "external_task_id",
                    "created_at",
                    "progress",
                    "fail_reason",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(json_values)
def test_any_json_is_a_task_or_unreadable(body: object) -> None:
    """Property: no other exception, whatever comes."""
    try:
        assert read_task(body).task_id
    except UnreadableAnswer:
        return
