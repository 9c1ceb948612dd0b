"""The client against a lying server on a real socket: what is sent, how often, and what comes of it."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest
from urllib3 import Retry

import kling
from kling import ErrorKind, ImageToVideoRequest, KlingClient, KlingError, TaskStatus
from kling.transport import GET_RETRY, NEVER_REPEAT
from tests.support.lying_server import (
    LyingServer,
    continues,
    dripping_head,
    drop,
    endless_head,
    hang,
    html,
    raw,
    reply,
    reset,
    trickle,
    trickle_after,
)

if TYPE_CHECKING:
    from tests.support.lying_server import Behaviour

KEY = "sk-abc123DEF456"
REQUEST = ImageToVideoRequest(image="aGVsbG8=", model_name="kling-v1", external_task_id="mine-1")
SUBMITTED = {
    "code": 0,
    "message": "success",
    "data": {"task_id": "2032", "task_status": "submitted", "task_info": {}, "created_at": 1773366840306},
}
PATH = "/kling/v1/videos/image2video"
SHORT_S = 0.4
AT_ONCE = GET_RETRY.new(backoff_factor=0, backoff_jitter=0)


def client_of(server: LyingServer, **options: Any) -> KlingClient:
    """A client with the patience that a busy machine asks for."""
    return KlingClient(server.url, KEY, **{"connect_timeout_s": 10, "read_timeout_s": 10, **options})


def create_against(server: LyingServer, **options: Any) -> KlingError:
    """The error of one create."""
    with client_of(server, **options) as client, pytest.raises(KlingError) as caught:
        client.create(REQUEST)
    return caught.value


# ---- what is sent


def test_a_create_is_one_post_with_the_bearer_key_and_the_wire_body() -> None:
    """Contract, create: path, headers and body."""
    with LyingServer(reply(SUBMITTED)) as server, client_of(server) as client:
        client.create(REQUEST)
    (sent,) = server.requests
    assert (sent.method, sent.path) == ("POST", PATH)
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    assert sent.headers["content-type"] == "application/json"
    assert "transfer-encoding" not in sent.headers
    assert json.loads(sent.body) == REQUEST.to_wire()


def test_a_query_is_one_get_by_either_id() -> None:
    """Contract, query: the id stands in the path, made safe for it."""
    with LyingServer(reply(SUBMITTED)) as server, client_of(server) as client:
        client.get("2032")
        client.get(" mine:1é ")
    assert [sent.path for sent in server.requests] == [f"{PATH}/2032", f"{PATH}/mine%3A1%C3%A9"]
    assert {sent.method for sent in server.requests} == {"GET"}


def test_a_list_asks_for_page_and_size() -> None:
    """Contract, list: pageNum and pageSize."""
    with LyingServer(reply({"code": 0, "data": [SUBMITTED["data"]]})) as server, client_of(server) as client:
        tasks = client.list(page=2, size=50)
    assert [task.task_id for task in tasks] == ["2032"]
    assert server.requests[0].path == f"{PATH}?pageNum=2&pageSize=50"


def test_a_base_url_may_have_a_path_and_a_slash_at_its_end() -> None:
    """The API's path is put behind the base."""
    with LyingServer(reply(SUBMITTED)) as server, KlingClient(server.url + "/proxy/", KEY) as client:
        client.create(REQUEST)
    assert server.requests[0].path == "/proxy" + PATH


def test_a_password_file_does_not_replace_the_key(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests prefers a .netrc entry to a header of one's own: the key goes as `auth`."""
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with LyingServer(reply(SUBMITTED)) as server, client_of(server) as client:
        client._queries.trust_env = True
        client.get("1")
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_loopback_service_is_spoken_to_past_any_proxy(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulator in one's own process must work behind a company's proxy."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with (
        LyingServer(reply(SUBMITTED)) as server,
        KlingClient(server.url.replace("127.0.0.1", host), KEY) as client,
    ):
        assert client.create(REQUEST).task_id == "2032"
        assert client.get("2032").task_id == "2032"


def test_any_other_service_is_spoken_to_through_the_proxy_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Behind a company's proxy the real service must be reachable."""
    with LyingServer(reply(SUBMITTED)) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        with KlingClient("http://no-such-service.invalid", KEY) as client:
            assert client.create(REQUEST).task_id == "2032"
    assert proxy.requests[0].path == "http://no-such-service.invalid" + PATH


def test_cookies_are_neither_kept_nor_sent() -> None:
    """Shared between threads, a session must not change."""
    behaviour = reply(SUBMITTED, headers={"Set-Cookie": "a=b; Path=/"})
    with LyingServer(behaviour) as server, client_of(server) as client:
        client.get("1")
        client.get("1")
    assert "cookie" not in server.requests[1].headers


# ---- a create is sent once, and what its bad ends mean


LONG = json.dumps(SUBMITTED).encode() + b" " * 70_000
UNCLEAR_ENDS: dict[str, tuple[Behaviour, ErrorKind]] = {
    "dropped after the body": (drop, ErrorKind.CONNECTION_LOST),
    "reset after the body": (reset, ErrorKind.CONNECTION_LOST),
    "cut in the head": (raw(b"HTT"), ErrorKind.CONNECTION_LOST),
    "cut in the body": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}"), ErrorKind.CONNECTION_LOST),
    "not HTTP": (raw(b"SSH-2.0-OpenSSH_9\r\n\r\n"), ErrorKind.CONNECTION_LOST),
    "no answer in time": (hang, ErrorKind.READ_TIMEOUT),
    "a trickle without end": (trickle, ErrorKind.READ_TIMEOUT),
    "100 Continue without end": (continues, ErrorKind.READ_TIMEOUT),
    "a header without end": (dripping_head, ErrorKind.READ_TIMEOUT),
    "a head of any length": (endless_head, ErrorKind.CONNECTION_LOST),
    "a redirect whose body has no end": (
        trickle_after(b"HTTP/1.1 302 Found\r\nLocation: /b\r\n\r\n"),
        ErrorKind.READ_TIMEOUT,
    ),
    "a redirect with a packed body": (
        reply(gzip.compress(LONG), 302, {"Location": "/b", "Content-Encoding": "gzip"}),
        ErrorKind.UNREADABLE_ANSWER,
    ),
    "a redirect to what is no address": (reply(b"", 302, {"Location": "http://[::1"}), ErrorKind.NOT_THE_API),
    "301": (reply(b"", 301, {"Location": "/elsewhere"}), ErrorKind.NOT_THE_API),
    "302": (reply(b"", 302, {"Location": "/elsewhere"}), ErrorKind.NOT_THE_API),
    "307": (reply(b"", 307, {"Location": "/elsewhere"}), ErrorKind.NOT_THE_API),
    "308": (reply(b"", 308, {"Location": "/elsewhere"}), ErrorKind.NOT_THE_API),
    "a web page": (html(), ErrorKind.NOT_THE_API),
    "a web page 404": (html(404), ErrorKind.NOT_THE_API),
    "a web page 524": (html(524), ErrorKind.PLATFORM_ERROR),
    "malformed JSON": (reply(b'{"code": 0, "data": {"task'), ErrorKind.UNREADABLE_ANSWER),
    "JSON nested too deep": (reply(b"[" * 100_000), ErrorKind.UNREADABLE_ANSWER),
    "not text": (reply(b"\xff\xfe\xfa"), ErrorKind.UNREADABLE_ANSWER),
    "empty": (reply(b""), ErrorKind.UNREADABLE_ANSWER),
    "a list": (reply([1, 2]), ErrorKind.UNREADABLE_ANSWER),
    "an oversized answer": (reply(LONG), ErrorKind.UNREADABLE_ANSWER),
    "an oversized answer, compressed": (
        reply(gzip.compress(LONG), headers={"Content-Encoding": "gzip"}),
        ErrorKind.UNREADABLE_ANSWER,
    ),
    "broken compression": (
        reply(b"not gzip at all", headers={"Content-Encoding": "gzip"}),
        ErrorKind.UNREADABLE_ANSWER,
    ),
    "200 without a task id": (
        reply({"code": 0, "message": "SUCCEED", "data": {}}),
        ErrorKind.UNREADABLE_ANSWER,
    ),
    "200 without data": (reply({"code": 0, "message": "SUCCEED"}), ErrorKind.UNREADABLE_ANSWER),
    "200 with an unknown code": (reply({"code": 9999, "message": "?"}), ErrorKind.UNEXPECTED_ANSWER),
    "500": (reply({"code": 5000, "message": "oops"}, 500), ErrorKind.PLATFORM_ERROR),
    "502": (reply(b"", 502), ErrorKind.PLATFORM_ERROR),
    "503 with Retry-After": (reply({}, 503, {"Retry-After": "1"}), ErrorKind.PLATFORM_ERROR),
    "504": (reply({"error": {"message": "x", "code": ""}}, 504), ErrorKind.PLATFORM_ERROR),
}


@pytest.mark.parametrize("end", UNCLEAR_ENDS)
def test_an_unclear_end_is_reported_as_such_and_the_create_was_received_once(end: str) -> None:
    """Reliability: time-out, break, 5xx, 3xx, HTML, an unreadable or id-less 200 leave a task possible."""
    behaviour, kind = UNCLEAR_ENDS[end]
    patience = {"read_timeout_s": SHORT_S} if kind is ErrorKind.READ_TIMEOUT else {}
    with LyingServer(behaviour) as server:
        error = create_against(server, max_answer_bytes=60_000, **patience)
    assert error.kind is kind
    assert error.task_may_exist
    assert len(server.requests) == 1
    assert server.connections == 1


def test_a_429_says_how_long_to_wait_in_seconds_and_is_not_repeated_by_itself() -> None:
    """Contract: honour Retry-After; a create is never repeated by the transport."""
    full = {"code": 1303, "message": "parallel task over resource pack limit", "request_id": "r-1"}
    with LyingServer(reply(full, 429, {"Retry-After": "7"})) as server:
        error = create_against(server)
    assert (error.kind, error.retry_after_s) == (ErrorKind.TOO_MANY_TASKS, 7.0)
    assert (error.http_status, error.service_code, error.request_id) == (429, 1303, "r-1")
    assert (error.may_repeat, error.task_may_exist) == (True, False)
    assert len(server.requests) == 1


def test_a_429_says_how_long_to_wait_as_a_date() -> None:
    """Contract: Retry-After also comes as an HTTP date."""
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    with LyingServer(reply({"code": 1302, "message": "slow down"}, 429, {"Retry-After": then})) as server:
        error = create_against(server)
    assert error.retry_after_s == pytest.approx(90, abs=5)


def test_an_error_code_with_http_200_is_an_error() -> None:
    """Contract, envelope 3: Kling's codes come with HTTP 200 too."""
    with LyingServer(reply({"code": 1201, "message": "File is not in a valid base64 format"})) as server:
        error = create_against(server)
    assert error.kind is ErrorKind.BAD_PARAMETER
    assert error.message == "File is not in a valid base64 format"
    assert not error.task_may_exist


# ---- never sent


def test_a_refused_connection_was_never_sent() -> None:
    """Reliability: refused is not sent, and may be repeated."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    error = create_at(url)
    assert error.kind is ErrorKind.UNREACHABLE
    assert (error.may_repeat, error.task_may_exist) == (True, False)


def test_an_unknown_name_was_never_sent() -> None:
    """Reliability: a name that is not resolved is not sent."""
    error = create_at("http://no-such-service.invalid")
    assert error.kind is ErrorKind.NAME_NOT_RESOLVED
    assert (error.may_repeat, error.task_may_exist) == (True, False)


def test_an_impossible_name_was_never_sent() -> None:
    """A label of 70 letters is found out only when it is about to be called."""
    error = create_at(f"http://{'a' * 70}.org")
    assert error.kind is ErrorKind.NAME_NOT_RESOLVED


def test_nobody_picking_up_was_never_sent() -> None:
    """Reliability: a connect time-out is not sent; a read time-out is another thing."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=0)) as full:
        callers = [socket.socket() for _ in range(4)]
        try:
            for caller in callers:
                caller.setblocking(False)
                caller.connect_ex(full.getsockname())
            start = time.monotonic()
            error = create_at(f"http://127.0.0.1:{full.getsockname()[1]}")
            took_s = time.monotonic() - start
        finally:
            for caller in callers:
                caller.close()
    assert error.kind is ErrorKind.CONNECT_TIMEOUT
    assert 0.3 <= took_s < 1.2, "a create is not even connected twice"
    assert (error.may_repeat, error.task_may_exist) == (True, False)


def test_a_failed_handshake_was_never_sent() -> None:
    """Reliability: TLS that fails before the body leaves is not sent."""
    with LyingServer(raw(b"HTTP/1.1 400 Bad Request\r\n\r\n"), reads=False) as server:
        error = create_at(server.url.replace("http:", "https:"))
    assert error.kind is ErrorKind.HANDSHAKE_FAILED
    assert (error.may_repeat, error.task_may_exist) == (True, False)


def create_at(url: str) -> KlingError:
    """The error of one create at an address."""
    with KlingClient(url, KEY, connect_timeout_s=0.3) as client, pytest.raises(KlingError) as caught:
        client.create(REQUEST)
    return caught.value


def test_a_request_that_is_no_json_is_refused_before_it_is_sent() -> None:
    """NaN has no place in JSON."""
    broken = ImageToVideoRequest(image="aGVsbG8=", model_name="kling-v1", cfg_scale=float("nan"))
    with (
        LyingServer(reply(SUBMITTED)) as server,
        client_of(server) as client,
        pytest.raises(kling.UnsendableRequest),
    ):
        client.create(broken)
    assert server.connections == 0


# ---- queries


@pytest.mark.parametrize("first", [drop, reset, reply({}, 502), reply({}, 503), reply({}, 504)])
def test_a_query_is_repeated_by_itself(first: Behaviour) -> None:
    """Reliability: GETs cost nothing and may be repeated."""
    with LyingServer(first, reply(SUBMITTED)) as server, client_of(server, get_retry=AT_ONCE) as client:
        assert client.get("2032").status is TaskStatus.SUBMITTED
    assert len(server.requests) == 2


def test_a_query_gives_up_after_three_repetitions_and_tells_the_last_answer() -> None:
    """Reliability: Retry(total=3); the answer, not urllib3, decides the error."""
    behaviour = reply({"code": 5001, "message": "temporarily unavailable"}, 503)
    with (
        LyingServer(behaviour) as server,
        client_of(server, get_retry=AT_ONCE) as client,
        pytest.raises(kling.PlatformError, match="temporarily unavailable"),
    ):
        client.get("2032")
    assert len(server.requests) == 4


def test_a_retry_after_that_cannot_be_read_hides_no_answer() -> None:
    """To urllib3 it is an error of its own, which would tell of a lost connection."""
    behaviour = reply({"code": 1302, "message": "slow down"}, 429, {"Retry-After": "soon"})
    with (
        LyingServer(behaviour) as server,
        client_of(server, get_retry=AT_ONCE) as client,
        pytest.raises(kling.TooManyRequests, match="slow down"),
    ):
        client.get("2032")


def test_a_query_without_an_answer_is_a_read_timeout() -> None:
    """Three times unanswered (read=2): the network's failure is translated after urllib3 wrapped it."""
    with (
        LyingServer(hang) as server,
        client_of(server, get_retry=AT_ONCE, read_timeout_s=0.1) as client,
        pytest.raises(kling.ReadTimeout),
    ):
        client.get("2032")
    assert len(server.requests) == 3


def test_a_query_does_not_follow_a_redirect() -> None:
    """Contract: a 301 is "not the API"."""
    behaviour = reply(b"", 301, {"Location": "/elsewhere"})
    with LyingServer(behaviour) as server, client_of(server) as client, pytest.raises(kling.NotTheApi):
        client.get("2032")
    assert len(server.requests) == 1


def test_an_unknown_task_id_is_not_found() -> None:
    """Contract: 404 1203."""
    behaviour = reply({"code": 1203, "message": "task not found"}, 404)
    with LyingServer(behaviour) as server, client_of(server) as client, pytest.raises(kling.NotFound):
        client.get("2032")


@pytest.mark.parametrize(
    "task_id", ["", "  ", ".", "..", "a/b", "a b", "a?b", "a#b", "a%2Fb", "a\nb", "x" * 201]
)
def test_an_id_that_cannot_stand_in_a_path_is_refused_before_anything_is_sent(task_id: str) -> None:
    """A typed id must not become another path."""
    with (
        LyingServer(reply(SUBMITTED)) as server,
        client_of(server) as client,
        pytest.raises(kling.InvalidTaskId),
    ):
        client.get(task_id)
    assert server.connections == 0


def test_several_threads_may_query_at_once() -> None:
    """The client is thread-safe for queries."""
    found: list[str] = []
    with LyingServer(reply(SUBMITTED)) as server, client_of(server) as client:
        threads = [threading.Thread(target=lambda: found.append(client.get("1").task_id)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == ["2032"] * 8


def test_the_retry_settings_are_those_of_the_reliability_rules() -> None:
    """Reliability: total 3, connect 3, read 2, other 0, 502 to 504, 0.5 s doubling, at most 60 s."""
    told = (GET_RETRY.total, GET_RETRY.connect, GET_RETRY.read, GET_RETRY.other)
    assert told == (3, 3, 2, 0)
    assert set(GET_RETRY.status_forcelist) == {502, 503, 504}
    assert (GET_RETRY.backoff_factor, GET_RETRY.backoff_jitter) == (0.5, 0.5)
    assert GET_RETRY.retry_after_max == 60
    assert GET_RETRY.allowed_methods == ("GET",)


def test_a_create_session_has_no_repetition_at_all() -> None:
    """Reliability: max_retries=0 with its own Session."""
    assert isinstance(NEVER_REPEAT, Retry)
    assert (NEVER_REPEAT.total, NEVER_REPEAT.read) == (0, False)


# ---- the key and the address


BAD_KEYS = [
    "",
    " sk-1",
    "sk-1 ",
    "sk 1",
    "sk-1\n",
    "sk\r\n-1",
    "sk\t1",
    "sk-\x001",
    "sk-\x7f",
    "sk-é",
    "sk-“1”",
    "ключ",
]


@pytest.mark.parametrize("key", BAD_KEYS)
def test_a_key_that_cannot_stand_in_a_header_is_refused_and_never_quoted(key: str) -> None:
    """Reliability: requests would quote the whole header in its error text."""
    with pytest.raises(kling.InvalidApiKey) as caught:
        KlingClient("http://127.0.0.1:9", key)
    for text in (str(caught.value), repr(caught.value), caught.value.message):
        assert not key or (key not in text and key.strip() not in text)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("", "is empty"),
        ("sk-1\r\n", "a line break"),
        (" sk-1", "a space"),
        ("sk\u00a01", "a space"),
        ("sk-\x00", "a control character"),
        ("sk-é", "a character that no key has"),
    ],
)
def test_a_refused_key_is_told_what_is_wrong_with_it(key: str, words: str) -> None:
    """The reader cannot see a line break: the message must name it."""
    with pytest.raises(kling.InvalidApiKey, match=words):
        KlingClient("http://127.0.0.1:9", key)


def test_a_good_key_is_in_no_repr() -> None:
    """The repr of a client goes to logs."""
    client = KlingClient("https://api.cometapi.com", KEY)
    assert KEY not in repr(client)
    assert KEY not in repr(vars(client))
    assert "https://api.cometapi.com" in repr(client)


def test_a_key_that_the_service_echoes_is_blotted_out() -> None:
    """Gateways quote a wrong key in their message."""
    echo = {"error": {"message": f"Incorrect key: {KEY}. (request id: {KEY}-1)", "code": f"bad_{KEY}"}}
    with LyingServer(reply(echo, 401)) as server:
        error = create_against(server)
    assert error.kind is ErrorKind.UNAUTHORIZED
    assert KEY not in str(error) + repr(error) + repr(vars(error))
    assert error.message == "Incorrect key: <key>."


@pytest.mark.parametrize("behaviour", [drop, hang])
def test_no_cause_of_an_error_carries_the_key(behaviour: Behaviour) -> None:
    """Requests hangs the request, with its header, on its exceptions."""
    with LyingServer(behaviour) as server:
        error = create_against(server, read_timeout_s=SHORT_S)
    cause = error.__cause__
    assert cause is not None
    assert getattr(cause, "request", None) is None
    assert KEY not in str(cause) + repr(vars(cause))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.cometapi.com",
        "ftp://x.org",
        "http://",
        "http://me:pw@x.org",
        "http://x.org?a=b",
        "http://x.org:99999",
        "http://.x.org",
        "http://x.org#a",
        "http://x y.org",
    ],
)
def test_an_address_that_is_no_plain_url_is_refused_and_never_quoted(url: str) -> None:
    """The address may hold a password."""
    with pytest.raises(kling.InvalidBaseUrl) as caught:
        KlingClient(url, KEY)
    assert "pw" not in str(caught.value)
