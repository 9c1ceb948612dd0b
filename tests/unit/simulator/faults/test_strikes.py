"""Every fault on a real socket, as a plain client sees it."""

import json
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from simulator.embedded import serve
from simulator.engine.pipeline import Executors
from simulator.faults.kinds import KINDS
from simulator.http.app import create_app
from simulator.settings import SimulatorSettings
from tests.support.simulated import FILM_BYTES, KEY, TASKS, FakeRenderer, HeldExecutor, plain_body

TIMEOUT_S = 30


@dataclass(frozen=True, kw_only=True)
class Far:
    """A simulator on a socket at which every task is over at once."""

    base_url: str

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        url = path if path.startswith("http") else self.base_url + path
        return requests.request(method, url, headers=KEY, timeout=TIMEOUT_S, allow_redirects=False, **options)

    def create(self, name: str | None = None) -> requests.Response:
        return self.call("POST", TASKS, json=plain_body(external_task_id=name))

    def video_url(self) -> str:
        task_id = self.create().json()["data"]["task_id"]
        url: str = self.call("GET", f"{TASKS}/{task_id}").json()["data"]["task_result"]["videos"][0]["url"]
        return url

    def knows(self, name: str) -> bool:
        return self.call("GET", f"{TASKS}/{name}").status_code == 200

    def fault(self, on: str, kind: str, **fields: Any) -> None:
        body = {"on": on, "kind": kind, **fields}
        assert self.call("POST", "/_control/faults", json=body).status_code == 201


@pytest.fixture(scope="module")
def running() -> Iterator[Far]:
    def make_executors() -> Executors:
        return Executors(fetching=HeldExecutor(inline=True), rendering=HeldExecutor(inline=True))

    settings = SimulatorSettings(progression="at_once", max_kept_tasks=1000)
    server = serve(create_app(settings, render=FakeRenderer(), make_executors=make_executors), api_key="any")
    yield Far(base_url=server.base_url)
    server.stop()


@pytest.fixture
def far(running: Far) -> Far:
    """Without the tasks and faults of the test before."""
    assert running.call("POST", "/_control/reset").status_code == 204
    return running


@pytest.mark.parametrize("kind", ["drop_after_accepting", "reset_after"])
def test_the_answer_is_lost_but_the_task_exists(far: Far, kind: str) -> None:
    """The case in which a blind second create would pay twice."""
    far.fault("create", kind)
    with pytest.raises(requests.ConnectionError):
        far.create("mine")
    assert far.knows("mine")


def test_a_reset_before_leaves_no_task(far: Far) -> None:
    """And the next create goes through."""
    far.fault("create", "reset_before")
    with pytest.raises(requests.ConnectionError):
        far.create("mine")
    assert not far.knows("mine")
    assert far.create("mine").status_code == 200


@pytest.mark.parametrize(("kind", "ending"), [("drop_after_accepting", b""), ("reset_after", None)])
def test_dropping_closes_and_resetting_resets(far: Far, kind: str, ending: bytes | None) -> None:
    """FIN and RST differ: the one reads as an end, the other as an error."""
    far.fault("list", kind)
    host, _, port = far.base_url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), TIMEOUT_S) as own:
        own.sendall(f"GET {TASKS} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer k\r\n\r\n".encode())
        if ending is not None:
            assert own.recv(100) == ending
        else:
            with pytest.raises(ConnectionResetError):
                own.recv(100)


def test_nothing_is_logged_as_broken_when_a_connection_is_cut(
    far: Far, caplog: pytest.LogCaptureFixture
) -> None:
    """The request log has no status for it."""
    far.fault("query", "reset_before", times=2)
    far.create("mine")
    for _ in range(2):
        with pytest.raises(requests.ConnectionError):
            far.call("GET", f"{TASKS}/mine")
    (_, one, other) = far.call("GET", "/_control/requests").json()
    assert (one["status"], one["fault"], other["status"]) == (None, "reset_before", None)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_a_delay_answers_later(far: Far) -> None:
    """A client with a shorter patience gives up, and the task exists."""
    far.fault("create", "delay", seconds=0.5)
    with pytest.raises(requests.ReadTimeout):
        requests.post(
            far.base_url + TASKS,
            json=plain_body(external_task_id="mine"),
            headers=KEY,
            timeout=(TIMEOUT_S, 0.1),
        )
    far.fault("list", "delay", seconds=0.3)
    started_s = time.monotonic()
    assert far.call("GET", TASKS).status_code == 200
    assert time.monotonic() - started_s >= 0.3


@pytest.mark.parametrize("status", [500, 502, 503, 504, 524])
@pytest.mark.parametrize("accepted", [False, True])
def test_a_server_error_before_or_after_the_work(far: Far, status: int, accepted: bool) -> None:  # noqa: FBT001
    """The caller cannot tell which."""
    far.fault("create", "http", status=status, accepted=accepted)
    assert far.create("mine").status_code == status
    assert far.knows("mine") is accepted


@pytest.mark.parametrize("retry_after_s", [None, 7])
def test_too_many_requests_with_and_without_retry_after(far: Far, retry_after_s: int | None) -> None:
    """1302 by default."""
    far.fault("query", "http", status=429, retry_after_s=retry_after_s)
    answer = far.call("GET", f"{TASKS}/any")
    assert (answer.status_code, answer.json()["code"]) == (429, 1302)
    assert answer.headers.get("Retry-After") == (None if retry_after_s is None else "7")


def test_all_three_envelopes_and_an_error_with_http_200(far: Far) -> None:
    """As the contract has them."""
    bodies = []
    for envelope in ("kling", "gateway", "flat"):
        far.fault("list", "http", status=403, envelope=envelope, message="user quota is not enough")
        bodies.append(far.call("GET", TASKS).json())
    kling, gateway, flat = bodies
    assert (kling["code"], set(kling)) == (1103, {"code", "message", "request_id"})
    assert gateway["error"]["message"].startswith("user quota is not enough (request id: ")
    assert (gateway["error"]["type"], gateway["error"]["code"]) == ("comet_api_error", "")
    assert flat == {"code": None, "message": "user quota is not enough"}
    far.fault("create", "http", status=200, code=1303)
    answer = far.create()
    assert (answer.status_code, answer.json()["code"]) == (200, 1303)


@pytest.mark.parametrize("status", [200, 524])
def test_a_web_page_instead_of_json(far: Far, status: int) -> None:
    """As proxies answer."""
    far.fault("create", "html", status=status, accepted=True)
    answer = far.create("mine")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert far.knows("mine")


def test_a_redirect(far: Far) -> None:
    """301; nothing was done."""
    far.fault("create", "redirect")
    answer = far.create("mine")
    assert (answer.status_code, answer.headers["location"]) == (301, "/")
    assert not far.knows("mine")


@pytest.mark.parametrize("on", ["create", "query", "list"])
def test_json_that_ends_in_the_middle(far: Far, on: str) -> None:
    """With a length that fits, so that only the parser sees it."""
    far.create("first")
    far.fault(on, "truncated_json")
    calls = {"create": ("POST", TASKS), "query": ("GET", f"{TASKS}/first"), "list": ("GET", TASKS)}
    method, path = calls[on]
    answer = far.call(method, path, json=plain_body(external_task_id="mine") if on == "create" else None)
    assert answer.status_code == 200
    assert answer.text.startswith('{"code":0')
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.text)


@pytest.mark.parametrize("kind", ["older_wrapper", "older_wrapper_deep"])
def test_the_older_wrapper(far: Far, kind: str) -> None:
    """Its own words outside, the known object one or two levels further in."""
    far.fault("query", kind)
    far.create("mine")
    told = far.call("GET", f"{TASKS}/mine").json()["data"]
    assert (told["status"], told["progress"], told["fail_reason"]) == ("SUCCESS", "100%", "")
    inner = told["data"] if kind == "older_wrapper" else told["data"]["data"]
    assert inner == far.call("GET", f"{TASKS}/mine").json()["data"]


def test_the_older_wrapper_of_a_failure(far: Far) -> None:
    """FAILURE, with the reason in its own place."""
    far.fault("create", "fail_task", message="too dark")
    far.fault("query", "older_wrapper")
    far.create("mine")
    told = far.call("GET", f"{TASKS}/mine").json()["data"]
    assert (told["status"], told["fail_reason"], told["data"]["task_status_msg"]) == (
        "FAILURE",
        "too dark",
        "too dark",
    )


def test_a_sparse_answer(far: Far) -> None:
    """Only what is always there."""
    far.fault("create", "sparse")
    body = far.create("mine").json()
    assert (body["message"], set(body), set(body["data"])) == (
        "SUCCEED",
        {"code", "message", "data"},
        {"task_id", "task_status", "created_at", "updated_at"},
    )
    far.fault("query", "sparse")
    assert "task_result" in far.call("GET", f"{TASKS}/mine").json()["data"]


def test_a_task_that_fails(far: Far) -> None:
    """Accepted, then failed with the given or the usual words, still with code 0."""
    for words in ("", "too dark"):
        far.fault("create", "fail_task", message=words)
        task_id = far.create().json()["data"]["task_id"]
        body = far.call("GET", f"{TASKS}/{task_id}").json()
        assert (body["code"], body["data"]["task_status"]) == (0, "failed")
        assert body["data"]["task_status_msg"] == words or "risk control" in body["data"]["task_status_msg"]


def test_a_task_id_need_not_be_a_number(far: Far) -> None:
    """It is a string, and works like any other."""
    far.fault("create", "word_id")
    task_id = far.create().json()["data"]["task_id"]
    assert not task_id.isdigit()
    assert far.knows(task_id)


def test_an_expired_url(far: Far) -> None:
    """403, once; then it is there again."""
    url = far.video_url()
    far.fault("video", "expired_url")
    assert far.call("GET", url).status_code == 403
    assert far.call("GET", url).content == FILM_BYTES


def test_a_slow_download_arrives_whole(far: Far) -> None:
    """Over the asked time."""
    url = far.video_url()
    far.fault("video", "slow_download", seconds=0.5)
    started_s = time.monotonic()
    assert far.call("GET", url).content == FILM_BYTES
    assert time.monotonic() - started_s >= 0.45


def test_a_broken_download_ends_in_the_middle(far: Far) -> None:
    """After half of what its headers promise; in parts too."""
    url = far.video_url()
    far.fault("video", "broken_download", times=2)
    with requests.get(url, stream=True, timeout=TIMEOUT_S) as answer:
        assert (answer.status_code, answer.headers["content-length"]) == (200, "100")
        assert answer.raw.read(50) == FILM_BYTES[:50]
        with pytest.raises(Exception, match="IncompleteRead"):
            answer.raw.read(50)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        requests.get(url, headers={"Range": "bytes=50-"}, timeout=TIMEOUT_S)
    assert far.call("GET", url).content == FILM_BYTES


def test_a_fault_strikes_as_often_as_asked(far: Far) -> None:
    """Twice, or until it is taken away; the first that fits goes first."""
    far.fault("list", "http", status=500, times=2)
    far.fault("list", "http", status=502, times=None)
    assert [far.call("GET", TASKS).status_code for _ in range(4)] == [500, 500, 502, 502]
    far.call("DELETE", "/_control/faults")
    assert far.call("GET", TASKS).status_code == 200


@pytest.mark.parametrize("on", ["create", "query", "video"])
def test_a_fault_may_mean_one_task_only(far: Far, on: str) -> None:
    """Named by its external id before it exists; others are left alone."""
    far.fault(on, "http", status=500, task="mine", times=None)
    seen = {}
    for name in ("other", "mine"):
        created = far.create(name)
        looked = far.call("GET", f"{TASKS}/{name}")
        videos = looked.json().get("data", {}).get("task_result", {}).get("videos")
        seen[name] = {"create": created.status_code, "query": looked.status_code}
        seen[name]["video"] = far.call("GET", videos[0]["url"]).status_code if videos else 0
    assert seen["other"] == {"create": 200, "query": 200, "video": 200}
    assert seen["mine"][on] == 500


def test_a_query_for_an_unknown_id_is_struck_too(far: Far) -> None:
    """By a fault for all, though another one waits for a single task; and by one for that very id."""
    far.fault("query", "http", status=502)
    far.fault("query", "http", status=500, task="to-come")
    assert far.call("GET", f"{TASKS}/unknown").status_code == 502
    assert far.call("GET", f"{TASKS}/to-come").status_code == 500
    assert far.call("GET", f"{TASKS}/to-come").status_code == 404


def test_a_fault_for_a_task_id_strikes_a_query_by_the_external_id(far: Far) -> None:
    """Either id means the task."""
    task_id = far.create("mine").json()["data"]["task_id"]
    far.fault("query", "http", status=500, task=task_id)
    assert far.call("GET", f"{TASKS}/mine").status_code == 500


def test_without_the_key_no_fault_is_used_up(running: Far) -> None:
    """Strangers do not see it either."""
    running.call("POST", "/_control/reset")
    running.fault("list", "http", status=500)
    assert requests.get(running.base_url + TASKS, timeout=TIMEOUT_S).status_code == 401
    assert running.call("GET", TASKS).status_code == 500


def test_every_kind_says_what_it_does() -> None:
    """In one sentence, which --help and the panel show."""
    assert all(kind["says"].endswith(".") and "\n" not in kind["says"] for kind in KINDS)
