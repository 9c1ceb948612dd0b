"""A finished video is fetched whole or not at all, wherever its address leads."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from studio.files.video_download import CAUSES, LIMITS, DownloadProblem, download_video
from studio.guarded_http import FetchProblem, TooLarge, TooManyRedirects
from tests.support.lying_server import Behaviour, LyingServer, drop, raw, reply
from tests.support.sessions import Failing, LeadingTo
from tests.support.videos import small_mp4

MP4 = small_mp4()
ELSEWHERE = "https://far.test"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A path in the making, which its owner clears away."""
    return tmp_path / "one.mp4"


def kept(server: LyingServer, target: Path, **options: Any) -> Path:
    """A download from the service's own address."""
    return download_video(f"{server.url}/one.mp4", target, trusted_base_url=server.url, **options)


def refused(act: Callable[[], Path]) -> str:
    """Why it failed."""
    with pytest.raises(DownloadProblem) as caught:
        act()
    return caught.value.why


def chunked(body: bytes, *, whole: bool = True) -> Behaviour:
    """An answer without a length; without its end when it is not whole."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    return raw(head + b"%x\r\n%s\r\n" % (len(body), body) + (b"0\r\n\r\n" if whole else b""))


@pytest.mark.parametrize("answer", [reply(MP4), chunked(MP4)])
def test_a_whole_video_is_fetched(target: Path, answer: Behaviour) -> None:
    """Byte for byte, however its length is announced."""
    with LyingServer(answer) as server:
        assert kept(server, target) == target
    assert target.read_bytes() == MP4


def test_a_video_of_another_host_is_kept_too(target: Path) -> None:
    """One does not expect one host, and the signed link's query goes along (contract.md)."""
    with LyingServer(reply(MP4)) as server:
        url = "https://cdn.test/a/one.mp4?sign=x%2Fy&t=1"
        download_video(url, target, trusted_base_url=ELSEWHERE, open_session=LeadingTo(server.url))
    assert target.read_bytes() == MP4
    assert server.requests[0].path == "/a/one.mp4?sign=x%2Fy&t=1"


def test_an_app_that_stops_does_not_wait_for_the_rest_of_a_video(target: Path) -> None:
    """It is fetched anew after the next start."""
    with LyingServer(reply(MP4)) as server:
        assert "stopped" in refused(lambda: kept(server, target, is_over=lambda: True))


@pytest.mark.parametrize(
    "answer", [reply(MP4, headers={"Content-Length": "999999"}), chunked(MP4, whole=False)]
)
def test_a_transfer_that_breaks_off_is_not_kept(target: Path, answer: Behaviour) -> None:
    """Half a video is no video, however the length was announced."""
    with LyingServer(answer) as server:
        assert "cut short" in refused(lambda: kept(server, target))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"ftyp",
        b"<!doctype html><title>Gone</title>",
        b"RIFF....AVI LIST",
        MP4[:32],
        MP4[: len(MP4) // 2],
        MP4[:-1],
    ],
)
def test_what_is_no_whole_mp4_is_not_kept(target: Path, body: bytes) -> None:
    """Its first frame is decoded, and its pictures must be there to the last byte."""
    with LyingServer(raw(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body)) as server:
        assert "not a whole MP4" in refused(lambda: kept(server, target))


def test_a_video_at_the_cap_is_kept_and_one_byte_more_is_not(target: Path) -> None:
    """Counted as it comes, whatever the header says."""
    with LyingServer(chunked(MP4)) as server:
        assert "larger than" in refused(
            lambda: kept(server, target, limits=replace(LIMITS, max_bytes=len(MP4) - 1))
        )
        assert kept(server, target, limits=replace(LIMITS, max_bytes=len(MP4))).exists()


@pytest.mark.parametrize("status", [204, 206, 301, 302, 307, 401, 403, 404, 410, 500, 503])
def test_any_other_answer_than_200_is_not_kept(target: Path, status: int) -> None:
    """A redirect is refused, even with a video in its body."""
    with LyingServer(reply(MP4, status, {"Location": "/two.mp4"}), reply(MP4)) as server:
        assert f"HTTP {status}" in refused(lambda: kept(server, target))
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("status", "expired"), [(403, True), (404, True), (410, True), (401, False), (500, False)]
)
def test_an_expired_link_is_told_from_a_fault(target: Path, status: int, expired: bool) -> None:  # noqa: FBT001
    """Only then does a new GET of the task help (contract.md)."""
    with LyingServer(reply(b"", status)) as server, pytest.raises(DownloadProblem) as caught:
        kept(server, target)
    assert caught.value.expired is expired
    assert ("link has expired" in caught.value.why) is expired


def test_a_redirect_of_another_host_is_refused_too(target: Path) -> None:
    """Its target could be plain http, or inside the network."""
    with LyingServer(reply(b"", 302, {"Location": "https://cdn.test/two.mp4"}), reply(MP4)) as server:
        act = lambda: download_video(  # noqa: E731
            "https://cdn.test/one.mp4", target, trusted_base_url=ELSEWHERE, open_session=LeadingTo(server.url)
        )
        assert "HTTP 302" in refused(act)
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
        problem = refused(lambda: download_video(bad, target, trusted_base_url=ELSEWHERE))
    assert why in problem
    assert "secret" not in problem
    assert server.connections == 0


def test_another_port_of_the_far_ends_host_is_elsewhere(target: Path) -> None:
    """Only scheme, host and port together are its own address."""
    with LyingServer(reply(MP4)) as server, LyingServer(reply(MP4)) as other:
        url = f"{other.url}/one.mp4"
        assert "not https" in refused(lambda: download_video(url, target, trusted_base_url=server.url))
    assert other.connections == 0


def test_a_server_that_drops_the_connection_cannot_be_reached(target: Path) -> None:
    """And one is told that the app tries again."""
    with LyingServer(drop) as server:
        assert "cannot be reached" in refused(lambda: kept(server, target))


def test_a_place_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    """A read-only disk is not the server's fault."""
    with LyingServer(reply(MP4)) as server:
        assert "could not be stored here" in refused(lambda: kept(server, tmp_path / "missing" / "one.mp4"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
def test_a_full_disk_is_called_full(target: Path) -> None:
    """So that one makes room instead of waiting."""
    target.symlink_to("/dev/full")
    with LyingServer(reply(MP4)) as server:
        assert "the disk here is full" in refused(lambda: kept(server, target))


FETCHING = [kind for kind in CAUSES if issubclass(kind, FetchProblem)]


def test_every_way_to_fail_has_its_words() -> None:
    """Completeness; two are said with a number in them."""
    assert {*FETCHING, TooLarge, TooManyRedirects} == set(FetchProblem.__subclasses__())


@pytest.mark.parametrize("kind", FETCHING)
def test_each_failure_of_fetching_has_its_words(target: Path, kind: type[Exception]) -> None:
    """One row each; none is an expired link."""
    with pytest.raises(DownloadProblem, match=CAUSES[kind]) as caught:
        download_video(
            "https://cdn.test/one.mp4", target, trusted_base_url=ELSEWHERE, open_session=Failing(kind())
        )
    assert not caught.value.expired
