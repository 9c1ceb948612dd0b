"""Pictures by URL are fetched with care."""

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import requests
from requests.structures import CaseInsensitiveDict

from simulator.contract.fetch import fetch_picture
from simulator.contract.outgoing import Deadline, HardenedSender
from simulator.contract.pictures import PictureProblem
from tests.support.lying_server import Behaviour, LyingServer, hang, raw, reply, trickle


class CannedResponse(requests.Response):
    """An answer from memory."""

    def __init__(
        self, status: int = 200, chunks: tuple[bytes, ...] = (), location: str | None = None
    ) -> None:
        super().__init__()
        self.status_code = status
        self.chunks = chunks
        self.headers = CaseInsensitiveDict({"location": location} if location else {})

    def iter_content(self, *_args: object, **_options: object) -> Iterator[bytes]:
        return iter(self.chunks)

    def close(self) -> None: ...


@dataclass
class FakeSender:
    """Answers in order, and remembers the URLs."""

    answers: list[requests.Response | Exception]
    asked: list[str] = field(default_factory=list)

    def send(self, method: str, url: str, deadline: Deadline, json: object = None) -> requests.Response:
        assert (method, deadline.is_over, json) == ("GET", False, None)
        self.asked.append(url)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def fetched(*answers: requests.Response | Exception, url: str = "https://example.org/a.png") -> bytes:
    return fetch_picture(url, sender=FakeSender(list(answers)))


def test_the_bytes_are_put_together() -> None:
    """In chunks of any size."""
    assert fetched(CannedResponse(chunks=(b"ab", b"c"))) == b"abc"


@pytest.mark.parametrize(
    "url", ["ftp://example.org/a.png", "https://me:secret@example.org/a.png", "file:///etc/passwd"]
)
def test_only_plain_web_addresses_are_asked(url: str) -> None:
    """No other scheme, no credentials; nothing is sent."""
    sender = FakeSender([])
    with pytest.raises(PictureProblem):
        fetch_picture(url, sender=sender)
    assert sender.asked == []


def test_a_redirect_is_followed_with_the_same_checks() -> None:
    """Relative ones too, but never to another scheme."""
    sender = FakeSender([CannedResponse(302, location="/b.png"), CannedResponse(chunks=(b"x",))])
    assert fetch_picture("https://example.org/a.png", sender=sender) == b"x"
    assert sender.asked[1] == "https://example.org/b.png"
    with pytest.raises(PictureProblem, match="https"):
        fetched(CannedResponse(302, location="file:///etc/passwd"))


def test_a_circle_of_redirects_ends() -> None:
    """After three."""
    with pytest.raises(PictureProblem, match="redirects too often"):
        fetched(*[CannedResponse(302, location="/a.png") for _ in range(4)])


@pytest.mark.parametrize(
    "answer",
    [
        CannedResponse(404),
        CannedResponse(500),
        CannedResponse(302, location="http://[::1"),
        requests.ConnectionError("x"),
        requests.Timeout("x"),
        OSError(),
    ],
)
def test_what_does_not_answer_well_cannot_be_downloaded(answer: requests.Response | Exception) -> None:
    """One sentence for the task's message."""
    with pytest.raises(PictureProblem, match="cannot be downloaded"):
        fetched(answer)


def test_too_much_is_cut_off() -> None:
    """10 MB, counted while it comes."""
    with pytest.raises(PictureProblem, match="10MB"):
        fetched(CannedResponse(chunks=(bytes(6_000_000), bytes(6_000_000))))


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "10.0.0.1", "169.254.169.254", "localhost"])
def test_nothing_inside_the_network_is_reached(host: str) -> None:
    """The real sender refuses loopback, private and link-local addresses before it connects."""
    with pytest.raises(PictureProblem, match="cannot be downloaded"):
        fetch_picture(f"https://{host}/a.png", sender=HardenedSender(allow_loopback=False))


def head(*lines: bytes) -> Behaviour:
    """Say this and nothing more, until the client has gone."""

    def say(connection: socket.socket, stopped: threading.Event) -> None:
        connection.sendall(b"\r\n".join(lines))
        hang(connection, stopped)

    return say


def repeat(piece: bytes) -> Behaviour:
    """Say the same again and again."""

    def say(connection: socket.socket, stopped: threading.Event) -> None:
        while not stopped.wait(0.02):
            connection.sendall(piece)

    return say


def fetched_here(*behaviours: Behaviour, total_timeout_s: float = 10) -> bytes:
    """From a server on this machine, over a real socket."""
    with LyingServer(*behaviours) as web:
        sender = HardenedSender(allow_loopback=True)
        return fetch_picture(f"{web.url}/a.png", sender=sender, total_timeout_s=total_timeout_s)


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(trickle, id="a body that drips"),
        pytest.param(
            head(b"HTTP/1.1 200 OK", b"", b"half a picture"), id="a body without a length or an end"
        ),
        pytest.param(head(b"HTTP/1.1 200 OK", b"X-Slow: "), id="half a head"),
        pytest.param(repeat(b"HTTP/1.1 100 Continue\r\n\r\n"), id="a head that is announced for ever"),
        pytest.param(hang, id="silence"),
    ],
)
def test_an_answer_without_end_is_cut_off(behaviour: Behaviour) -> None:
    """The whole fetch has a deadline, its head included; what came until then is no picture."""
    started_s = time.monotonic()
    with pytest.raises(PictureProblem, match="took too long"):
        fetched_here(behaviour, total_timeout_s=0.3)
    assert time.monotonic() - started_s < 5


def test_the_deadline_is_one_for_all_redirects() -> None:
    """Not one for each."""
    slow = repeat(b"HTTP/1.1 100 Continue\r\n\r\n")
    with pytest.raises(PictureProblem, match="took too long"):
        fetched_here(reply({}, 302, {"Location": "/b.png"}), slow, total_timeout_s=0.3)


def test_the_body_of_a_redirect_is_not_read() -> None:
    """However large it says it is; the picture behind it is there at once."""
    moved = head(b"HTTP/1.1 302 Found", b"Location: /b.png", b"Content-Length: 999999999", b"", b"x")
    started_s = time.monotonic()
    assert fetched_here(moved, reply(b"picture")) == b"picture"
    assert time.monotonic() - started_s < 5


def test_packed_data_is_counted_unpacked() -> None:
    """A hundred megabytes of nothing are small on the way."""
    packed = gzip.compress(bytes(100_000_000))
    with pytest.raises(PictureProblem, match="10MB"):
        fetched_here(reply(packed, headers={"Content-Encoding": "gzip"}))


def test_control_the_same_server_is_read_when_it_answers_well() -> None:
    """With and without a length."""
    assert fetched_here(reply(b"picture")) == b"picture"
    assert fetched_here(raw(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\npicture")) == b"picture"
