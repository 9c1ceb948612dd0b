"""Pictures by URL are fetched with care."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import requests
from requests.structures import CaseInsensitiveDict

from simulator.contract.fetch import fetch_picture
from simulator.contract.outgoing import HardenedSender
from simulator.contract.pictures import PictureProblem


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

    def send_request(self, method: str, url: str, **kwargs: object) -> requests.Response:
        assert (method, kwargs) == ("GET", {"stream": True})
        self.asked.append(url)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def fetched(*answers: requests.Response | Exception, url: str = "https://example.org/a.png") -> bytes:
    return fetch_picture(url, sender=FakeSender(list(answers)))


def test_the_bytes_are_put_together() -> None:
    """Whatever the chunks."""
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


def test_a_dripping_server_is_left() -> None:
    """The whole download has a deadline."""
    seconds = iter(range(0, 1000, 15))
    sender = FakeSender([CannedResponse(chunks=(b"a", b"b", b"c"))])
    with pytest.raises(PictureProblem, match="took too long"):
        fetch_picture("https://example.org/a.png", sender=sender, clock=lambda: float(next(seconds)))


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "10.0.0.1", "169.254.169.254", "localhost"])
def test_nothing_inside_the_network_is_reached(host: str) -> None:
    """The real sender refuses loopback, private and link-local addresses before it connects."""
    with pytest.raises(PictureProblem, match="cannot be downloaded"):
        fetch_picture(f"https://{host}/a.png", sender=HardenedSender(allow_loopback=False))
