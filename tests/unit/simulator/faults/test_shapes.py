"""Shapes that users of relays report: each on demand, about the task at hand, once it is so far."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest

from simulator.contract.refusals import Refusal
from simulator.faults.shapes import CREATE_SHAPES, DONE, OVER, QUERY_SHAPES, Shape, filled
from simulator.settings import SimulatorSettings
from tests.support.simulated import FILM_BYTES, KEY, TASKS, Simulated, simulated

WITHOUT_ITS_ADDRESS = {"address_nowhere", "url_http_elsewhere", "url_wrong_own_name"}
ELSEWHERE = {"url_own_content", "url_own_content_then_cdn", "url_own_redirect"}
REASON = 'too "dark"'


@pytest.fixture
def service() -> Iterator[Simulated]:
    with simulated() as running:
        yield running


def asked(service: Simulated, any_id: str) -> httpx.Response:
    return service.send("GET", f"{TASKS}/{any_id}", headers=KEY)


def at(when: str) -> list[str]:
    """The shapes of a query that wait for this: a video, or an end."""
    waits_for = {"video": DONE, "end": OVER, "nothing": frozenset[Any]()}[when]
    return [name for name, shape in QUERY_SHAPES.items() if shape.when == waits_for]


def texts(value: object) -> list[str]:
    """Every text in some JSON, also in JSON that is a text in it."""
    if isinstance(value, dict | list):
        return [text for one in (value.values() if isinstance(value, dict) else value) for text in texts(one)]
    if isinstance(value, str) and value.startswith("{"):
        return texts(json.loads(value))
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("name", at("video"))
def test_a_shape_with_a_video_waits_for_the_video(service: Simulated, name: str) -> None:
    """Then it has its address, once; the next query is plain again."""
    task_id = service.created_id(external_task_id="mine")
    service.fault("query", "query_shape", shape=name)
    assert asked(service, task_id).json()["data"]["task_status"] == "submitted"
    service.clock.advance(10)
    odd, plain = asked(service, task_id), service.look(task_id)
    (video,) = plain["task_result"]["videos"]
    path = video["url"].removeprefix("http://far.test")
    told = texts(odd.json())
    assert odd.status_code == QUERY_SHAPES[name].status
    assert any(text.endswith(path) for text in told) != (name in WITHOUT_ITS_ADDRESS | ELSEWHERE)
    assert any(text == f"http://far.test/r/{task_id}" for text in told) == (name == "url_own_redirect")
    assert odd.json() != asked(service, task_id).json()


def is_about(answer: Mapping[str, Any]) -> str:
    return str(answer["data"]["task_id"] if "data" in answer else answer["task_id"])


@pytest.mark.parametrize("name", [name for name in at("end") if name.startswith(("reason", "error"))])
def test_a_failure_tells_its_reason_at_its_place(service: Simulated, name: str) -> None:
    """Of a task that failed, and of one that would have succeeded, in the words that the fault has."""
    service.fault("create", "fail_task", message=REASON)
    for message in ("", "other words"):
        task_id = service.created_id()
        service.clock.advance(10)
        service.fault("query", "query_shape", shape=name, message=message)
        answer = asked(service, task_id)
        assert answer.status_code == QUERY_SHAPES[name].status
        assert is_about(answer.json()) == task_id
        assert ((message or REASON) in texts(answer.json())) != (name == "reason_nowhere")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("id_other", ("another", None)),
        ("id_other_with_ours", ("another", "mine")),
        ("id_foreign_external", ("its own", "somebody-else")),
    ],
)
def test_an_answer_names_another_id(service: Simulated, name: str, expected: tuple[str, str | None]) -> None:
    """The task's, the caller's, or both; all else is as it was."""
    task_id = service.created_id(external_task_id="mine")
    service.clock.advance(10)
    service.fault("query", "query_shape", shape=name)
    odd, plain = asked(service, task_id).json()["data"], service.look(task_id)
    named = "its own" if odd["task_id"] == task_id else "another"
    assert (named, odd["task_info"].get("external_task_id")) == expected
    assert (odd["task_status"], odd["task_result"]) == (plain["task_status"], plain["task_result"])


@pytest.mark.parametrize("name", at("nothing"))
def test_not_there_is_said_of_any_task(service: Simulated, name: str) -> None:
    """Of one that is there, and of one that is not."""
    for any_id in (service.created_id(), "unknown"):
        service.fault("query", "query_shape", shape=name)
        answer = asked(service, any_id)
        assert answer.status_code == QUERY_SHAPES[name].status
        assert "task_status" not in answer.text


@pytest.mark.parametrize(
    ("name", "milliseconds_later"),
    [("times_in_seconds", None), ("times_zero", None), ("times_ahead", 24 * 3600 * 1000)],
)
def test_times_are_odd(service: Simulated, name: str, milliseconds_later: int | None) -> None:
    """Seconds, nothing, or a clock that is a day ahead."""
    task_id = service.created_id()
    service.clock.advance(10)
    service.fault("query", "query_shape", shape=name)
    odd, plain = asked(service, task_id).json()["data"], service.look(task_id)
    expected = {
        "times_in_seconds": plain["updated_at"] // 1000,
        "times_zero": 0,
        "times_ahead": plain["updated_at"] + (milliseconds_later or 0),
    }
    assert odd["updated_at"] == expected[name]


@pytest.mark.parametrize(
    ("word", "has_video"),
    [("Completed", True), ("DONE", True), ("processing", True), ("aborted", False), ("cancelled", False)],
)
def test_another_word_for_the_status(service: Simulated, word: str, *, has_video: bool) -> None:
    """Not before the task is over; a word that does not mean done has no video."""
    task_id = service.created_id()
    service.fault("query", "status_word", word=word, times=None)
    assert service.look(task_id)["task_status"] == "submitted"
    service.clock.advance(10)
    odd = service.look(task_id)
    assert (odd["task_status"], bool(odd["task_result"])) == (word, has_video)


def test_a_shape_waits_for_the_query_that_ends_a_task(service: Simulated) -> None:
    """Where queries are counted the last one ends it, and is the one that is struck."""
    service.control("PUT", "/progression", json={"kind": "polls", "polls": 2})
    task_id = service.created_id()
    service.fault("query", "query_shape", shape="address_result_url", task=task_id)
    assert "result_url" not in asked(service, task_id).text
    assert "result_url" in asked(service, task_id).text


@pytest.mark.parametrize("name", CREATE_SHAPES)
def test_a_create_is_refused_in_each_shape(service: Simulated, name: str) -> None:
    """Nothing is made, and the next create goes through; with words of one's own where it has words."""
    shape = CREATE_SHAPES[name]
    for message in ("", REASON):
        service.fault("create", "create_shape", shape=name, message=message)
        answer = service.create(external_task_id="mine")
        words = (message or shape.words) if isinstance(shape.body, dict) else ""
        told = texts(answer.json()) if words else []
        assert (answer.status_code, words in told) == (shape.status, bool(words))
        assert answer.headers.get("Retry-After") == shape.headers.get("Retry-After")
    assert service.create(external_task_id="mine").status_code == 200


def test_a_refusal_may_come_after_the_task_was_made(service: Simulated) -> None:
    """The caller cannot tell."""
    service.fault("create", "create_shape", shape="nested_busy", accepted=True)
    assert service.create(external_task_id="mine").status_code == 500
    assert service.look("mine")["task_status"] == "submitted"


def test_one_model_may_be_gone_for_good(service: Simulated) -> None:
    """The others are served; without a name the first model is meant that is asked for."""
    service.fault("create", "create_shape", shape="model_not_found", model="kling-v1", times=None)
    for _ in range(2):
        gone = service.create()
        assert (gone.status_code, gone.json()["error"]["code"]) == (503, "model_not_found")
    assert service.create(model_name=None).status_code == 503  # it is the default
    assert service.create(model_name="kling-v1-6").status_code == 200


def video_url(service: Simulated) -> str:
    task_id = service.created_id(external_task_id="mine")
    service.clock.advance(10)
    return str(service.look(task_id)["task_result"]["videos"][0]["url"])


def test_a_video_comes_whole_with_206(service: Simulated) -> None:
    """With the range that is all of it."""
    url = video_url(service)
    service.fault("video", "video_shape", shape="partial")
    answer = service.send("GET", url)
    assert (answer.status_code, answer.content) == (206, FILM_BYTES)
    assert answer.headers["Content-Range"] == "bytes 0-99/100"


def test_json_comes_instead_of_a_video(service: Simulated) -> None:
    """With HTTP 200; then the video is there."""
    url = video_url(service)
    service.fault("video", "video_shape", shape="json")
    assert service.send("GET", url).json() == {"error": {"message": "missing header"}}
    assert service.send("GET", url).content == FILM_BYTES


@pytest.mark.parametrize(("shape", "status"), [("refused_to_apps", 403), ("page", 200)])
def test_a_page_comes_instead_of_a_video(service: Simulated, shape: str, status: int) -> None:
    """Then the video is there."""
    url = video_url(service)
    service.fault("video", "video_shape", shape=shape)
    answer = service.send("GET", url)
    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (status, "text/html")
    assert service.send("GET", url).content == FILM_BYTES


def test_a_video_is_at_another_name_of_this_machine(service: Simulated) -> None:
    """Another host to a client, and it answers."""
    url = video_url(service).replace("far.test", "127.0.0.1:8901")
    service.fault("video", "video_shape", shape="redirect")
    moved = service.send("GET", url)
    assert (moved.status_code, moved.headers["Location"]) == (302, url.replace("127.0.0.1", "localhost"))
    assert service.send("GET", moved.headers["Location"]).content == FILM_BYTES


def test_the_services_own_address_wants_the_key(service: Simulated) -> None:
    """401 without it; with it the video, or the way to another host; nothing before there is a video."""
    task_id = service.created_id()
    content = f"/v1/videos/{task_id}/content"
    assert service.send("GET", content, headers=KEY).status_code == 404
    assert service.send("GET", f"/r/{task_id}").status_code == 404
    service.clock.advance(10)
    assert service.send("GET", content).status_code == 401
    assert service.send("GET", content, headers=KEY).content == FILM_BYTES
    for path, headers in ((f"{content}?to=cdn", KEY), (f"/r/{task_id}", {})):
        moved = service.send("GET", f"http://localhost{path}", headers=headers)
        assert (moved.status_code, moved.headers["Location"].startswith("http://127.0.0.1/")) == (302, True)
        assert service.send("GET", moved.headers["Location"]).content == FILM_BYTES


def test_faults_of_a_video_strike_the_services_own_address_too(service: Simulated) -> None:
    """It is a download like the other."""
    video_url(service)
    service.fault("video", "expired_url", task="mine")
    assert service.send("GET", "/v1/videos/mine/content", headers=KEY).status_code == 403


def test_every_row_says_what_is_odd_and_how_sure_it_is() -> None:
    """In a few words, which --help, the panel and the docs show."""
    rows: list[Shape] = [*QUERY_SHAPES.values(), *CREATE_SHAPES.values()]
    assert len({row.says for row in rows}) == len(rows)
    assert {row.source for row in rows} == {"CometAPI", "reported", "guess"}


def test_a_template_is_filled() -> None:
    """With values of any type, within texts, and over an object that it changes."""
    facts = {"N": 1, "WORD": "yes", "MAP": {"a": 1, "b": 2}}
    template = {"*": "{MAP}", "b": "{N}", "c": ["{WORD}!", None, {"as text": {"d": "{N}"}}], "e": "{OTHER}"}
    assert filled(template, facts) == {"a": 1, "b": 1, "c": ["yes!", None, '{"d": 1}'], "e": "{OTHER}"}


def test_control_a_plain_refusal_is_none_of_the_shapes() -> None:
    """The tests above would see no difference otherwise."""
    with simulated(SimulatorSettings(max_parallel=1)) as service:
        service.create()
        assert service.create().status_code not in {shape.status for shape in CREATE_SHAPES.values()} - {429}
    assert not issubclass(Refusal, Shape)
