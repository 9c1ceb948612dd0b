"""KlingClient against the simulator on a real socket: the life of a task, and every way to be refused."""

from datetime import timedelta
from typing import Any

import pytest
import requests

from kling import (
    DynamicMask,
    ErrorKind,
    ImageToVideoRequest,
    KlingClient,
    KlingError,
    TaskStatus,
    TrajectoryPoint,
)
from simulator.settings import SimulatorSettings
from tests.contract.conftest import Join, Joined
from tests.support.pictures import encoded, gradient
from tests.support.simulated import FILM_BYTES, wire_mask, wire_picture

TIMEOUT_S = 20
IMAGE, MASK = wire_picture(), wire_mask()


def request(**fields: Any) -> ImageToVideoRequest:
    return ImageToVideoRequest(**{"image": IMAGE, "model_name": "kling-v1", **fields})


def moving(*points: tuple[int, int], mask: str = MASK) -> tuple[DynamicMask, ...]:
    way = tuple(TrajectoryPoint(x=x, y=y) for x, y in points or ((130, 200), (230, 200)))
    return (DynamicMask(mask=mask, trajectories=way),)


def refused_with(client: KlingClient, **fields: Any) -> KlingError:
    with pytest.raises(KlingError) as caught:
        client.create(request(**fields))
    return caught.value


def test_a_task_is_followed_from_create_to_succeed(join: Join) -> None:
    """Created, seen by its own id and by ours, and at last with its video."""
    with join(SimulatorSettings()) as both:
        created = both.client.create(
            request(external_task_id="mine", dynamic_masks=moving(), static_mask=MASK)
        )
        assert (created.status, created.external_task_id) == (TaskStatus.SUBMITTED, "mine")
        both.clock.advance(2)
        assert both.client.get("mine").status is TaskStatus.PROCESSING
        both.clock.advance(8)
        done = both.client.get(created.task_id)
        assert (done.task_id, done.status, done.status_message) == (created.task_id, TaskStatus.SUCCEED, None)
        assert done.created_at is not None
        assert done.updated_at == done.created_at + timedelta(seconds=10)
        assert done.created_at.timestamp() == pytest.approx(both.clock.now_s - 10, abs=0.001)
        (video,) = done.videos
        assert video.duration_s == 5.0
        assert both.client.get("mine") == done


def test_the_video_is_fetched_whole_and_in_parts(service: Joined) -> None:
    """By plain requests, as a browser or a download does."""
    task = service.client.get(service.client.create(request()).task_id)
    url = task.videos[0].url
    assert url.startswith(service.base_url)
    assert requests.get(url, timeout=TIMEOUT_S).content == FILM_BYTES
    part = requests.get(url, headers={"Range": "bytes=90-"}, timeout=TIMEOUT_S)
    assert (part.status_code, part.content) == (206, FILM_BYTES[90:])
    assert requests.head(url, timeout=TIMEOUT_S).headers["Content-Length"] == "100"


def test_the_list_has_the_same_tasks_newest_first(join: Join) -> None:
    """Page by page."""
    with join() as both:
        ids = [both.client.create(request()).task_id for _ in range(3)]
        listed = both.client.list(page=1, size=2)
        assert [task.task_id for task in listed] == [ids[2], ids[1]]
        assert listed[0] == both.client.get(ids[2])
        assert [task.task_id for task in both.client.list(page=2, size=2)] == [ids[0]]
        assert both.client.list(page=3, size=2) == ()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"static_mask": wire_mask(width_px=401)}, "size of the mask"),
        ({"dynamic_masks": moving(mask=wire_mask(height_px=319))}, "size of the mask"),
        ({"dynamic_masks": moving((0, 0), (400, 0))}, "out of the range"),
        ({"image": wire_picture(338, 191)}, "Image pixel is invalid"),
        ({"image": "https://example.org/none.png"}, "cannot be downloaded"),
    ],
)
def test_a_failure_after_submission_is_a_failed_task_with_its_reason(
    service: Joined, fields: dict[str, Any], message: str
) -> None:
    """No error: the service answers code 0 and SUCCEED."""
    task = service.client.get(service.client.create(request(**fields)).task_id)
    assert (task.status, task.videos) == (TaskStatus.FAILED, ())
    assert message in (task.status_message or "")


def test_an_image_by_url_succeeds(service: Joined) -> None:
    """The simulator fetches it."""
    service.web.files["https://example.org/a.png"] = encoded(gradient())
    task = service.client.create(request(image="https://example.org/a.png", dynamic_masks=moving()))
    assert service.client.get(task.task_id).status is TaskStatus.SUCCEED


BAD_PARAMETERS = [
    {"image": ""},
    {"image": "data:image/jpeg;base64," + IMAGE},
    {"image": "bm90IGEgcGljdHVyZQ=="},
    {"prompt": "p" * 501},
    {"negative_prompt": "n" * 201},
    {"callback_url": "not a url"},
    {"mode": "fast"},
    {"duration": "7"},
    {"cfg_scale": 1.5},
    {"dynamic_masks": moving((1, 1))},
    {"dynamic_masks": moving(*[(x, 1) for x in range(78)])},
    {"dynamic_masks": moving() * 7},
    {"dynamic_masks": moving(), "duration": "10"},
    {"dynamic_masks": moving(), "image_tail": IMAGE},
    {"dynamic_masks": moving(), "model_name": "kling-v1-6", "mode": "pro"},
    {"static_mask": MASK, "model_name": "kling-v1-5", "mode": "std"},
    {"image_tail": IMAGE, "model_name": "kling-v2-6", "mode": "std"},
    {"mode": "std", "model_name": "kling-v2-master"},
    {"cfg_scale": 0.5, "model_name": "kling-v2-6"},
]


@pytest.mark.parametrize("fields", BAD_PARAMETERS)
def test_each_documented_check_is_read_as_a_bad_parameter(service: Joined, fields: dict[str, Any]) -> None:
    """HTTP 400, 1200 or 1201, a request id to quote; surely no task exists."""
    error = refused_with(service.client, **fields)
    assert (error.kind, error.http_status) == (ErrorKind.BAD_PARAMETER, 400)
    assert error.service_code in {1200, 1201}
    assert error.request_id
    assert not error.task_may_exist
    assert not error.may_repeat


@pytest.mark.parametrize("model_name", ["kling-3.0-turbo", "kling-v3-omni", "kling-video-o1", "kling-v99"])
def test_a_model_that_is_not_served_is_one_kind_of_error(service: Joined, model_name: str) -> None:
    """Whether the answer is "invalid model name" or 503 `model_not_found`."""
    error = refused_with(service.client, model_name=model_name)
    assert (error.kind, error.may_repeat) == (ErrorKind.MODEL_NOT_SERVED, False)


def test_a_second_create_with_one_external_id_says_that_the_first_landed(service: Joined) -> None:
    """So that it is looked up instead of paid twice."""
    first = service.client.create(request(external_task_id="once"))
    error = refused_with(service.client, external_task_id="once")
    assert (error.kind, error.task_may_exist) == (ErrorKind.DUPLICATE_EXTERNAL_TASK_ID, True)
    assert service.client.get("once").task_id == first.task_id


def test_too_many_parallel_tasks_may_be_tried_again(join: Join) -> None:
    """429 with 1303; the next one goes through when one has ended."""
    with join(SimulatorSettings(max_parallel=1)) as both:
        both.client.create(request())
        error = refused_with(both.client)
        assert (error.kind, error.may_repeat, error.task_may_exist) == (ErrorKind.TOO_MANY_TASKS, True, False)
        both.clock.advance(10)
        both.client.create(request())


def test_a_wrong_key_is_unauthorized(service: Joined) -> None:
    """For each call, with a request id, and without the key in the words."""
    with KlingClient(service.base_url, "wrong-key") as stranger:
        for call in (lambda: stranger.create(request()), lambda: stranger.get("1"), stranger.list):
            with pytest.raises(KlingError) as caught:
                call()
            assert caught.value.kind is ErrorKind.UNAUTHORIZED
            assert caught.value.request_id
            assert "wrong-key" not in str(caught.value)


def test_an_unknown_task_is_not_found(service: Joined) -> None:
    """404 with 1203."""
    with pytest.raises(KlingError) as caught:
        service.client.get("unknown")
    assert (caught.value.kind, caught.value.service_code) == (ErrorKind.NOT_FOUND, 1203)


def test_a_page_out_of_range_is_a_bad_parameter(service: Joined) -> None:
    """The list takes 1 to 500 a page."""
    with pytest.raises(KlingError) as caught:
        service.client.list(size=501)
    assert caught.value.kind is ErrorKind.BAD_PARAMETER


def test_a_wrong_base_url_is_not_the_api(service: Joined) -> None:
    """HTML instead of JSON."""
    with KlingClient(service.base_url + "/v2", "simulator") as lost, pytest.raises(KlingError) as caught:
        lost.create(request())
    assert caught.value.kind is ErrorKind.NOT_THE_API


def test_a_body_that_is_too_large_is_told_so(join: Join) -> None:
    """413, heard although the body was long."""
    with join(SimulatorSettings(max_body_bytes=100_000)) as both:
        error = refused_with(both.client, image="A" * 350_000)
        assert (error.kind, error.http_status) == (ErrorKind.TOO_LARGE, 413)
