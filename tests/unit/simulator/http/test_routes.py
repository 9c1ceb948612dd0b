"""The simulator's HTTP: shapes, envelopes and oddities of the documented service."""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from simulator.contract.refusals import ROWS, RefusalReason
from simulator.engine.scene import MASKS_DIFFER
from simulator.settings import SimulatorSettings
from tests.support.pictures import encoded, gradient
from tests.support.simulated import (
    FILM_BYTES,
    INSTANT,
    KEY,
    TASKS,
    HeldExecutor,
    Simulated,
    brush,
    plain_body,
    simulated,
    wire_mask,
    wire_picture,
)


@pytest.fixture
def service() -> Iterator[Simulated]:
    with simulated() as running:
        yield running


@pytest.fixture
def instant() -> Iterator[Simulated]:
    with simulated(INSTANT) as running:
        yield running


def test_a_create_answers_in_the_documented_shape(service: Simulated) -> None:
    """Code 0, numeric id as a string, milliseconds, no request id, no result yet."""
    answer = service.create()
    body = answer.json()
    assert (answer.status_code, set(body), body["code"]) == (200, {"code", "message", "data"}, 0)
    data = body["data"]
    assert re.fullmatch(r"\d{19}", data.pop("task_id"))
    assert data == {
        "task_status": "submitted",
        "task_info": {},
        "created_at": 1_773_366_840_250,
        "updated_at": 1_773_366_840_250,
    }


def test_a_create_answers_submitted_however_fast_the_task_is(instant: Simulated) -> None:
    """Its answer has no result: a client that read `succeed` there would look for one in vain."""
    instant.fault("create", "fail_task")
    for _ in ("one that fails", "one that succeeds"):
        assert instant.create().json()["data"]["task_status"] == "submitted"


def test_a_task_goes_from_submitted_to_succeed(service: Simulated) -> None:
    """2 s submitted, 8 s processing by default; the result is empty before and there after."""
    task_id = service.created_id(external_task_id="mine")
    seen = []
    for seconds in (0, 2, 7.9, 0.1):
        service.clock.advance(seconds)
        data = service.look("mine")
        seen.append((data["task_status"], bool(data["task_result"])))
    assert seen == [("submitted", False), ("processing", False), ("processing", False), ("succeed", True)]
    assert (data["task_id"], data["task_info"]) == (task_id, {"external_task_id": "mine"})
    assert data["updated_at"] - data["created_at"] == 10_000
    assert "task_status_msg" not in data


def test_the_video_has_a_decimal_duration_and_a_url(instant: Simulated) -> None:
    """The real length as a string, not the number asked for."""
    (video,) = instant.look(instant.created_id())["task_result"]["videos"]
    assert set(video) == {"id", "url", "duration"}
    assert video["duration"] == "5.0"
    assert video["url"].startswith(f"http://far.test/videos/{video['id']}.mp4?Expires=")


def test_it_never_succeeds_before_the_video_is_ready() -> None:
    """However much time has passed."""
    held = HeldExecutor()
    with simulated(rendering=held) as service:
        task_id = service.created_id()
        service.clock.advance(100)
        assert service.look(task_id)["task_status"] == "processing"
        held.run()
        assert service.look(task_id)["task_status"] == "succeed"


def test_the_video_is_served_whole_in_parts_and_by_its_headers(instant: Simulated) -> None:
    """GET, Range with 206 and 416, HEAD; no key is asked for."""
    url = instant.look(instant.created_id())["task_result"]["videos"][0]["url"]
    whole = instant.send("GET", url)
    assert (whole.content, whole.headers["content-type"]) == (FILM_BYTES, "video/mp4")
    part = instant.send("GET", url, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, FILM_BYTES[10:20])
    assert part.headers["content-range"] == "bytes 10-19/100"
    assert instant.send("GET", url, headers={"Range": "bytes=100-"}).status_code == 416
    head = instant.send("HEAD", url)
    assert (head.content, head.headers["content-length"], head.headers["accept-ranges"]) == (
        b"",
        "100",
        "bytes",
    )


@pytest.mark.parametrize("change", [("?", "?x="), ("Signature=", "Signature=0"), ("Expires=1", "Expires=2")])
def test_a_video_url_without_its_query_is_refused(instant: Simulated, change: tuple[str, str]) -> None:
    """403 in XML, as content networks answer; a client must keep the query string."""
    url = instant.look(instant.created_id())["task_result"]["videos"][0]["url"]
    for wrong in (url.replace(*change), url.partition("?")[0]):
        answer = instant.send("GET", wrong)
        assert (answer.status_code, answer.headers["content-type"]) == (403, "application/xml")


def test_a_video_url_expires(instant: Simulated) -> None:
    """After 30 days; a new query gives the same URL before."""
    task_id = instant.created_id()
    url = instant.look(task_id)["task_result"]["videos"][0]["url"]
    instant.clock.advance(30 * 24 * 3600 - 2)
    assert instant.look(task_id)["task_result"]["videos"][0]["url"] == url
    assert instant.send("GET", url).status_code == 200
    instant.clock.advance(2)
    assert instant.send("GET", url).status_code == 403


def test_the_videos_are_gone_when_it_stops() -> None:
    """Its folder lives as long as it does."""
    with simulated(INSTANT) as service:
        (video,) = service.look(service.created_id())["task_result"]["videos"]
        path = service.app.state.service.folder.video(video["id"])
        assert path.read_bytes() == FILM_BYTES
    assert not path.parent.parent.exists()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"dynamic_masks": [brush(mask=wire_mask(width_px=401))]}, MASKS_DIFFER),
        ({"static_mask": wire_mask(height_px=100)}, MASKS_DIFFER),
        ({"image": wire_picture(338, 191)}, "Image pixel is invalid"),
        ({"image": wire_picture()[:400]}, "Image cannot be decoded"),
    ],
)
def test_what_only_an_opened_picture_shows_fails_after_submission(
    service: Simulated, fields: dict[str, Any], message: str
) -> None:
    """Accepted with code 0, failed later, still with code 0 and SUCCEED; the reason in one place."""
    task_id = service.created_id(**fields)
    assert service.look(task_id)["task_status"] == "submitted"
    service.clock.advance(2)
    body = service.send("GET", f"{TASKS}/{task_id}", headers=KEY).json()
    assert (body["code"], body["message"]) == (0, "SUCCEED")
    assert (body["data"]["task_status"], body["data"]["task_status_msg"]) == ("failed", message)
    assert body["data"]["task_result"] == {}


def test_a_broken_renderer_fails_the_task(instant: Simulated, caplog: pytest.LogCaptureFixture) -> None:
    """The simulator goes on; its log has the cause, the caller does not."""
    instant.renderer.problem = ZeroDivisionError("inside")
    data = instant.look(instant.created_id())
    assert (data["task_status"], data["task_status_msg"]) == ("failed", "Internal service error")
    assert "ZeroDivisionError" in caplog.text


def test_pictures_by_url_are_fetched(instant: Simulated) -> None:
    """The image and any mask."""
    instant.web.files["https://example.org/a.png"] = encoded(gradient())
    data = instant.look(instant.created_id(image="https://example.org/a.png", dynamic_masks=[brush()]))
    assert data["task_status"] == "succeed"
    assert instant.renderer.orders[0].image.shape == (320, 400, 3)


def test_what_has_no_url_waits_for_no_stranger() -> None:
    """Pictures are fetched by hands of their own."""
    with simulated(INSTANT, fetching=HeldExecutor()) as service:
        by_url = service.created_id(image="https://example.org/a.png")
        assert service.look(service.created_id())["task_status"] == "succeed"
        assert service.look(by_url)["task_status"] == "processing"


def test_a_url_that_cannot_be_fetched_fails_the_task(instant: Simulated) -> None:
    """With a message; nothing is rendered."""
    data = instant.look(instant.created_id(image_tail="https://example.org/none.png"))
    assert (data["task_status"], data["task_status_msg"]) == ("failed", "Image URL cannot be downloaded")
    assert instant.renderer.orders == []


def test_a_url_with_something_else_behind_it_fails_the_task(instant: Simulated) -> None:
    """A web page, most often; the words are those of a picture that cannot be read."""
    instant.web.files["https://example.org/a.png"] = b"<!doctype html>"
    data = instant.look(instant.created_id(dynamic_masks=[brush(mask="https://example.org/a.png")]))
    assert (data["task_status"], data["task_status_msg"]) == ("failed", "Image cannot be decoded")


def test_the_list_is_newest_first_and_has_pages(instant: Simulated) -> None:
    """The same objects as a query."""
    for name in "abc":
        instant.create(external_task_id=name)
    body = instant.send("GET", TASKS, params={"pageNum": 1, "pageSize": 2}, headers=KEY).json()
    assert [data["task_info"]["external_task_id"] for data in body["data"]] == ["c", "b"]
    assert body["data"][0] == instant.look("c")
    assert len(instant.send("GET", TASKS, headers=KEY).json()["data"]) == 3


@pytest.mark.parametrize("query", ["pageNum=0", "pageSize=501", "pageNum=x", "pageSize=-1", "pageNum=1001"])
def test_a_page_out_of_range_is_1201(service: Simulated, query: str) -> None:
    """1..1000 pages of 1..500."""
    answer = service.send("GET", f"{TASKS}?{query}", headers=KEY)
    assert (answer.status_code, answer.json()["code"]) == (400, 1201)


def test_an_external_id_is_taken_once(service: Simulated) -> None:
    """The second create is told that it is a duplicate."""
    service.create(external_task_id="mine")
    second = service.create(external_task_id="mine")
    assert (second.status_code, second.json()["code"]) == (400, 1201)
    assert "duplicate external_task_id" in second.json()["message"]


def test_too_many_parallel_tasks_are_1303() -> None:
    """Until one has ended; queries go on."""
    with simulated(SimulatorSettings(max_parallel=1)) as service:
        task_id = service.created_id()
        refused = service.create()
        assert (refused.status_code, refused.json()["code"]) == (429, 1303)
        assert refused.json()["message"] == "parallel task over resource pack limit"
        service.clock.advance(10)
        assert service.look(task_id)["task_status"] == "succeed"
        assert service.create().status_code == 200


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, None),
        ({"Authorization": "Bearer wrong"}, None),
        ({"Authorization": "Bearer "}, 1001),
        ({"Authorization": "Basic abc"}, 1002),
    ],
)
def test_without_the_right_key_everything_is_401(headers: dict[str, str], code: int | None) -> None:
    """The gateway's envelope, or Kling's codes where they are documented."""
    with simulated(SimulatorSettings(api_key="right")) as service:
        for method, path in (("POST", TASKS), ("GET", TASKS), ("GET", f"{TASKS}/1")):
            answer = service.send(method, path, headers=headers)
            assert answer.status_code == 401
            assert answer.json().get("code") == code
            assert ("error" in answer.json()) == (code is None)
        assert service.send("GET", TASKS, headers={"Authorization": "Bearer right"}).status_code == 200


def test_the_gateways_envelope_is_whole(service: Simulated) -> None:
    """Message with a request id, type, param and code."""
    error = service.send("GET", TASKS).json()["error"]
    assert re.search(r"\(request id: [0-9a-f-]{36}\)$", error["message"])
    assert (error["type"], error["param"], error["code"]) == ("comet_api_error", "", "")


def test_klings_envelope_is_whole(service: Simulated) -> None:
    """Code, message, request id."""
    body = service.create(image="data:image/png;base64,AAAA").json()
    assert (body["code"], body["message"]) == (1201, "File is not in a valid base64 format")
    assert re.fullmatch(r"[0-9a-f-]{36}", body["request_id"])


def test_an_unknown_task_is_1203(service: Simulated) -> None:
    """With HTTP 404."""
    answer = service.send("GET", f"{TASKS}/unknown", headers=KEY)
    assert (answer.status_code, answer.json()["code"]) == (404, 1203)


@pytest.mark.parametrize("path", [TASKS, f"{TASKS}/1"])
def test_a_wrong_method_is_1202(service: Simulated, path: str) -> None:
    """With HTTP 404, not 405."""
    answer = service.send("DELETE", path, headers=KEY)
    assert (answer.status_code, answer.json()["code"]) == (404, 1202)


@pytest.mark.parametrize(
    "path",
    ["/", "/v1/videos/image2video", TASKS + "/a/b", "/videos/none.mp4", "/videos/..%2Fa.mp4"],
)
def test_a_wrong_path_answers_a_web_page(service: Simulated, path: str) -> None:
    """HTML, not JSON."""
    answer = service.send("GET", path, headers=KEY)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")


@pytest.mark.parametrize("path", [TASKS + "/", TASKS + "/1/", TASKS.replace("/v1", "//v1"), "/" + TASKS])
def test_a_path_with_a_slash_too_many_is_moved(service: Simulated, path: str) -> None:
    """301 to the right one, on the same host, which nobody should follow with a POST."""
    answer = service.send("POST", f"http://far.test{path}?a=b", headers=KEY, content=b"{}")
    assert (answer.status_code, answer.content) == (301, b"")
    assert answer.headers["location"] in {f"{TASKS}?a=b", f"{TASKS}/1?a=b"}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"x"', b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_json_object_is_an_invalid_request(service: Simulated, content: bytes) -> None:
    """500 with the gateway's code, as documented."""
    answer = service.send("POST", TASKS, content=content, headers=KEY)
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "invalid_request")


def test_a_body_that_is_too_large_is_413() -> None:
    """In the gateway's envelope."""
    with simulated(SimulatorSettings(max_body_bytes=1000)) as service:
        for size in (1001, 3000, 9000):
            answer = service.send("POST", TASKS, content=b"x" * size, headers=KEY)
            assert (answer.status_code, set(answer.json())) == (413, {"error"})


def test_a_body_without_end_is_left() -> None:
    """One that is a little too large is read to its end, so that its sender hears the answer."""
    taken = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal taken
        while taken < 1000:
            taken += 1
            yield bytes(1000)

    with simulated(SimulatorSettings(max_body_bytes=1000)) as service:
        assert service.send("POST", TASKS, content=pieces(), headers=KEY).status_code == 413
    assert taken < 10


def test_a_sparse_answer_has_no_empty_result(service: Simulated) -> None:
    """The key may be missing as long as there is no video."""
    task_id = service.created_id()
    service.fault("query", "sparse")
    assert "task_result" not in service.look(task_id)


def test_an_unknown_model_is_503(service: Simulated) -> None:
    """The gateway's model_not_found; names seen refused are 400."""
    answer = service.create(model_name="kling-v99")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "model_not_found")
    assert service.create(model_name="kling-v3-omni").status_code == 400


def test_a_refused_create_leaves_nothing_behind(service: Simulated) -> None:
    """No task, no rendering, and its external id stays free."""
    service.create(external_task_id="mine", mode="fast")
    assert service.send("GET", TASKS, headers=KEY).json()["data"] == []
    assert service.renderer.orders == []
    assert service.create(plain_body(external_task_id="mine")).status_code == 200


def test_every_reason_has_a_row() -> None:
    """The table is complete."""
    assert set(ROWS) == set(RefusalReason)
