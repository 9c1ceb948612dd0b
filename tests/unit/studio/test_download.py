"""A finished video is kept whole or not at all, wherever its address leads."""

import gzip
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests_hardened.ip_filter import InvalidIPAddress

from studio.download import CAUSES, DownloadProblem, download_video
from tests.support.lying_server import Behaviour, LyingServer, drop, raw, reply

MP4 = b"\x00\x00\x00\x18ftypisom" + bytes(range(256)) * 1000
ELSEWHERE = "https://far.test"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where the video is to be kept; its folder is not there yet."""
    return tmp_path / "videos" / "one.mp4"


def kept(server: LyingServer, target: Path, **options: Any) -> Path:
    """A download from the far end's own address."""
    return download_video(f"{server.url}/one.mp4", target, trusted_base_url=server.url, **options)


def refused(target: Path, act: Callable[[], Path]) -> str:
    """Why it failed; on every failure nothing is left of it."""
    with pytest.raises(DownloadProblem) as caught:
        act()
    assert not target.exists()
    assert not list(target.parent.glob("*.part"))
    return caught.value.why


class ToServer:
    """A manager whose https sessions lead to a loopback server, as if it were any site."""

    def __init__(self, server: LyingServer) -> None:
        self.server = server

    def get_session(self) -> requests.Session:
        url = self.server.url

        class Adapter(HTTPAdapter):
            def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> Any:
                request.url = url + request.path_url
                return super().send(request, *args, **options)

        session = requests.Session()
        session.mount("https://", Adapter())
        return session


class Failing:
    """A manager whose sessions fail in one way."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def get_session(self) -> requests.Session:
        error = self.error

        class Broken(HTTPAdapter):
            def send(self, *_: Any, **__: Any) -> Any:
                raise error

        session = requests.Session()
        session.mount("https://", Broken())
        return session


def chunked(body: bytes, *, whole: bool = True) -> Behaviour:
    """An answer without a length; without its end when it is not whole."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    return raw(head + b"%x\r\n%s\r\n" % (len(body), body) + (b"0\r\n\r\n" if whole else b""))


@pytest.mark.parametrize("answer", [reply(MP4), chunked(MP4)])
def test_a_whole_video_is_kept_under_its_name(target: Path, answer: Behaviour) -> None:
    """Byte for byte, with its folder made and no part file left."""
    with LyingServer(answer) as server:
        assert kept(server, target) == target
    assert target.read_bytes() == MP4
    assert list(target.parent.iterdir()) == [target]


def test_a_video_of_another_host_is_kept_too(target: Path) -> None:
    """One does not expect one host, and the signed link's query goes along (contract.md)."""
    with LyingServer(reply(MP4)) as server:
        url = "https://cdn.test/a/one.mp4?sign=x%2Fy&t=1"
        download_video(url, target, trusted_base_url=ELSEWHERE, manager=ToServer(server))
    assert target.read_bytes() == MP4
    assert server.requests[0].path == "/a/one.mp4?sign=x%2Fy&t=1"


def test_the_final_name_appears_only_when_all_is_there(target: Path) -> None:
    """Who finds the file finds a whole video, whatever happens in between."""
    seen: list[list[str]] = []

    def in_two_halves(connection: socket.socket, stopped: threading.Event) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(MP4) + MP4[:-1])
        while not any(file.stat().st_size for file in target.parent.glob("*")):
            stopped.wait(0.005)
        seen.append([file.suffix for file in target.parent.iterdir()])
        connection.sendall(MP4[-1:])

    with LyingServer(in_two_halves) as server:
        kept(server, target)
    assert seen == [[".part"]]


@pytest.mark.parametrize(
    "answer", [reply(MP4, headers={"Content-Length": "999999"}), chunked(MP4, whole=False)]
)
def test_a_transfer_that_breaks_off_is_not_kept(target: Path, answer: Behaviour) -> None:
    """Half a video is no video, however the length was announced."""
    with LyingServer(answer) as server:
        assert "cut short" in refused(target, lambda: kept(server, target))


@pytest.mark.parametrize("body", [b"", b"ftyp", b"<!doctype html><title>Gone</title>", b"RIFF....AVI LIST"])
def test_what_is_no_mp4_is_not_kept(target: Path, body: bytes) -> None:
    """An MP4 begins with a box named ftyp."""
    with LyingServer(reply(body)) as server:
        assert "not an MP4" in refused(target, lambda: kept(server, target))


def test_a_video_at_the_cap_is_kept_and_one_byte_more_is_not(target: Path) -> None:
    """Counted as it comes, whatever the header says."""
    with LyingServer(chunked(MP4)) as server:
        assert "larger than" in refused(target, lambda: kept(server, target, max_bytes=len(MP4) - 1))
        assert kept(server, target, max_bytes=len(MP4)).exists()


@pytest.mark.parametrize("status", [204, 206, 301, 302, 307, 403, 404, 500])
def test_any_other_answer_than_200_is_not_kept(target: Path, status: int) -> None:
    """An expired link answers 403 (contract.md); a redirect is refused, even with a video in its body."""
    with LyingServer(reply(MP4, status, {"Location": "/two.mp4"}), reply(MP4)) as server:
        assert f"HTTP {status}" in refused(target, lambda: kept(server, target))
    assert len(server.requests) == 1


def test_a_redirect_of_another_host_is_refused_too(target: Path) -> None:
    """Its target could be plain http, or inside the network."""
    with LyingServer(reply(b"", 302, {"Location": "https://cdn.test/two.mp4"}), reply(MP4)) as server:
        act = lambda: download_video(  # noqa: E731
            "https://cdn.test/one.mp4", target, trusted_base_url=ELSEWHERE, manager=ToServer(server)
        )
        assert "HTTP 302" in refused(target, act)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://{host}/one.mp4", "not https"),
        ("ftp://{host}/one.mp4", "not https"),
        ("file:///etc/passwd", "not https"),
        ("one.mp4", "not https"),
        ("https://me:secret@{host}/one.mp4", "user name or a password"),
        ("https://{host}/one.mp4", "private network"),
        ("https://localhost:9/one.mp4", "private network"),
        ("https://[::1/one.mp4", "not a complete web address"),
    ],
)
def test_an_address_of_elsewhere_is_guarded(target: Path, url: str, why: str) -> None:
    """Https only, no credentials, nothing inside the network: nothing is even connected to."""
    with LyingServer(reply(MP4)) as server:
        bad = url.format(host=server.url.removeprefix("http://"))
        problem = refused(target, lambda: download_video(bad, target, trusted_base_url=ELSEWHERE))
    assert why in problem
    assert "secret" not in problem
    assert server.connections == 0


def test_another_port_of_the_far_ends_host_is_elsewhere(target: Path) -> None:
    """Only scheme, host and port together are its own address."""
    with LyingServer(reply(MP4)) as server, LyingServer(reply(MP4)) as other:
        url = f"{other.url}/one.mp4"
        assert "not https" in refused(
            target, lambda: download_video(url, target, trusted_base_url=server.url)
        )
    assert other.connections == 0


def test_a_far_end_that_drips_is_given_up(target: Path) -> None:
    """One thread follows all tasks: steady drops must not hold it for ever."""

    def drip(connection: socket.socket, stopped: threading.Event) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + MP4[:12])
        while not stopped.wait(0.01):
            connection.sendall(b"\x00")

    with LyingServer(drip) as server:
        assert "too long" in refused(target, lambda: kept(server, target, total_timeout_s=0.1))


def test_a_packed_answer_is_unpacked(target: Path) -> None:
    """It is asked for unpacked, and its length is that of what was sent."""
    with LyingServer(reply(gzip.compress(MP4), headers={"Content-Encoding": "gzip"})) as server:
        kept(server, target)
    assert target.read_bytes() == MP4
    assert server.requests[0].headers["accept-encoding"] == "identity"


def test_a_failure_does_not_touch_the_video_that_is_there(target: Path) -> None:
    """A second attempt can only make it better."""
    target.parent.mkdir()
    target.write_bytes(b"the first")
    with LyingServer(reply(b"", 403)) as server, pytest.raises(DownloadProblem):
        kept(server, target)
    assert target.read_bytes() == b"the first"


def test_a_server_that_drops_the_connection_cannot_be_reached(target: Path) -> None:
    """And one is told that the app tries again."""
    with LyingServer(drop) as server:
        assert "cannot be reached" in refused(target, lambda: kept(server, target))


def test_a_folder_that_cannot_be_made_is_told(target: Path) -> None:
    """A full or read-only disk is not the server's fault."""
    target.parent.write_text("a file where the folder should be")
    with LyingServer(reply(MP4)) as server, pytest.raises(DownloadProblem, match="could not be stored here"):
        kept(server, target)


FAILURES: dict[type[Exception], Exception] = {
    InvalidIPAddress: InvalidIPAddress("10.0.0.1"),
    requests.Timeout: requests.ConnectTimeout("slow"),
    urllib3.exceptions.TimeoutError: urllib3.exceptions.TimeoutError("slow"),
    requests.exceptions.SSLError: requests.exceptions.SSLError("self-signed"),
    urllib3.exceptions.HTTPError: urllib3.exceptions.ProtocolError("reset"),
    ValueError: requests.exceptions.InvalidURL("no host"),
    requests.RequestException: requests.ConnectionError("no route"),
    OSError: OSError("disk full"),
}


def test_every_row_of_the_causes_is_tested_here() -> None:
    """Completeness."""
    assert list(FAILURES) == list(CAUSES)


@pytest.mark.parametrize("kind", FAILURES)
def test_each_failure_has_its_words(target: Path, kind: type[Exception]) -> None:
    """The first row that fits, and none of the transport's own text."""
    error = FAILURES[kind]
    problem = refused(
        target,
        lambda: download_video(
            "https://cdn.test/one.mp4", target, trusted_base_url=ELSEWHERE, manager=Failing(error)
        ),
    )
    assert problem == f"Cause: {CAUSES[kind]}."
    assert str(error) not in problem


def test_no_password_of_the_machine_is_sent_along(
    target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests would take it out of a .netrc file by itself."""
    netrc = tmp_path / "netrc"
    netrc.write_text("default login ann password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with LyingServer(reply(MP4)) as server:
        download_video(
            "https://cdn.test/one.mp4", target, trusted_base_url=ELSEWHERE, manager=ToServer(server)
        )
    assert "authorization" not in server.requests[0].headers


def test_the_simulators_videos_do_not_go_through_a_proxy(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy of the machine does not know this machine's loopback."""
    with LyingServer(reply(b"", 502)) as proxy, LyingServer(reply(MP4)) as server:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "")
        kept(server, target)
    assert proxy.connections == 0
