"""A finished video is fetched whole or not at all, wherever its address leads."""

import socket
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from kling.keys import BearerAuth
from studio.files.video_download import CAUSES, LIMITS, DownloadProblem, download_video
from studio.guarded_http import FetchProblem, TooLarge, TooManyRedirects
from studio.ip_addresses import allowed_addresses
from tests.support.lying_server import Behaviour, LyingServer, Received, drop, raw, reply
from tests.support.sessions import Failing, LeadingTo
from tests.support.tls_proxy import certificate, lets_through
from tests.support.videos import small_mp4

MP4 = small_mp4()
ELSEWHERE = "https://far.test"
CDN = "https://cdn.test/one.mp4?sig=1"
KEY = BearerAuth("sk-secret")


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


@pytest.mark.parametrize("status", [204, 206, 401, 403, 404, 410, 429, 500, 503])
def test_any_other_answer_than_200_is_not_kept(target: Path, status: int) -> None:
    """Even with a video in its body."""
    with LyingServer(reply(MP4, status)) as server:
        assert f"HTTP {status}" in refused(lambda: kept(server, target))
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("status", "body", "expired"),
    [
        (403, b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>", True),
        (403, b"", False),
        (401, b'{"message": "token expired"}', True),
        (404, b"", False),
        (410, b"", True),
        (500, b"expired", False),
    ],
)
def test_a_link_is_called_expired_only_where_the_server_says_so(
    target: Path,
    status: int,
    body: bytes,
    expired: bool,  # noqa: FBT001
) -> None:
    """It was told just now; a 403 may as well be for our User-Agent."""
    with LyingServer(reply(body, status)) as server, pytest.raises(DownloadProblem) as caught:
        kept(server, target)
    assert caught.value.expired is expired
    assert ("link has expired" in caught.value.why) is expired


def test_a_403_says_that_a_browser_may_have_more_luck(target: Path) -> None:
    """And what the server says."""
    with LyingServer(reply({"error": {"message": "bad agent"}}, 403)) as server:
        why = refused(lambda: kept(server, target))
    assert "may open in your browser (HTTP 403); it says “bad agent”" in why


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"error": {"message": "missing header"}}', "answered “missing header” instead"),
        (b'{"code": 5}', "answered with JSON instead"),
        (b"<!doctype html><title>Hello</title>", "answered with a web page instead"),
    ],
)
def test_what_came_instead_of_a_video_is_said(target: Path, body: bytes, words: str) -> None:
    """With a 200, whatever its Content-Type."""
    with LyingServer(reply(body)) as server:
        assert words in refused(lambda: kept(server, target))


def test_a_key_that_a_server_echoes_is_in_no_words(target: Path) -> None:
    """Neither with an error nor instead of a video."""
    echo = {"error": {"message": "no credit left on sk-secret"}}
    with LyingServer(reply(echo, 402), reply(echo)) as server:
        for _ in range(2):
            why = refused(lambda: kept(server, target, auth=KEY))
            assert "sk-secret" not in why
            assert "<key>" in why


# ---- a part


def test_a_206_with_the_whole_file_is_kept(target: Path) -> None:
    """Some stores answer nothing else."""
    whole = {"Content-Range": f"bytes 0-{len(MP4) - 1}/{len(MP4)}"}
    with LyingServer(reply(MP4, 206, whole)) as server:
        assert kept(server, target).read_bytes() == MP4


@pytest.mark.parametrize("given", [None, "bytes 1-9/10", "bytes 0-8/10", "bytes 0-9/*", "items 0-9/10", "x"])
def test_a_206_with_less_is_refused_in_words(target: Path, given: str | None) -> None:
    """Or with nothing that says how much there is."""
    with LyingServer(reply(MP4, 206, {"Content-Range": given} if given else {})) as server:
        assert "only a part" in refused(lambda: kept(server, target))


# ---- redirects and the key


def through(*answers: Behaviour, url: str, target: Path, **options: Any) -> list[Received]:
    """Requests to one server that plays all https sites, for a download of the service at far.test."""
    with LyingServer(*answers) as server:
        session = LeadingTo(server.url)
        download_video(url, target, trusted_base_url=ELSEWHERE, auth=KEY, open_session=session, **options)
    return server.requests


def has_key(request: Received) -> bool:
    """Whether it came with the service's key."""
    return request.headers.get("authorization") == "Bearer sk-secret"


def leads_to(url: str) -> Behaviour:
    """A redirect."""
    return reply(b"", 302, {"Location": url})


def test_the_services_own_address_hears_the_key(target: Path) -> None:
    """It may want it; also for a path alone, and with the port written out."""
    for url in (f"{ELSEWHERE}/v1/videos/1/content", "/v.mp4", "https://FAR.test:443/v.mp4"):
        (asked,) = through(reply(MP4), url=url, target=target)
        assert has_key(asked)


@pytest.mark.parametrize(
    "url",
    [
        "https://cdn.test/v.mp4",
        "https://far.test:8443/v.mp4",
        "https://a.far.test/v.mp4",
        "https://far.test.evil.test/v.mp4",
        "//cdn.test/v.mp4",
        "cdn.test/v.mp4",
    ],
)
def test_no_other_address_hears_the_key(target: Path, url: str) -> None:
    """Scheme, host and port must all be the service's."""
    (asked,) = through(reply(MP4), url=url, target=target)
    assert not has_key(asked)


def test_a_redirect_to_a_cdn_is_followed_without_the_key(target: Path) -> None:
    """The service's own address hears it, also a second time; the CDN cannot send it back with the key."""
    ways = (leads_to("/b"), leads_to("https://cdn.test/c"), leads_to(f"{ELSEWHERE}/d"), reply(MP4))
    asked = through(*ways, url=f"{ELSEWHERE}/a", target=target)
    assert [has_key(request) for request in asked] == [True, True, False, False]
    assert target.read_bytes() == MP4


@pytest.mark.parametrize("echo", ["sk-secret", "c2stc2VjcmV0", "SK-SECRET"])
def test_an_address_with_the_key_in_it_is_not_asked(target: Path, echo: str) -> None:
    """Anywhere, in any writing that is known: a service that echoes it in a redirect would give it away."""
    for host in ("https://cdn.test", ELSEWHERE):
        with LyingServer(leads_to(f"{host}/v.mp4?token={echo}"), reply(MP4)) as server:
            session = LeadingTo(server.url)
            options: dict[str, Any] = {"auth": KEY, "open_session": session}
            act = partial(download_video, f"{ELSEWHERE}/a", target, trusted_base_url=ELSEWHERE, **options)
            assert "has the key in it" in refused(act)
        assert len(server.requests) == 1


def test_a_key_that_is_the_services_name_is_no_key_in_its_address(target: Path) -> None:
    """Some write any word for the key of a service of their own."""
    with LyingServer(reply(MP4)) as server:
        assert kept(server, target, auth=BearerAuth(server.url.removeprefix("http://"))) == target


def test_redirects_end(target: Path) -> None:
    """After three."""
    with LyingServer(leads_to("/again")) as server:
        assert "leads on and on" in refused(lambda: kept(server, target))
    assert len(server.requests) == 4


@pytest.mark.parametrize(
    ("onward", "why"),
    [
        ("http://cdn.test/two.mp4", "not https"),
        ("http://far.test/two.mp4", "not https"),
        ("https://localhost:9/two.mp4", "private network"),
        ("https://169.254.169.254/two.mp4", "private network"),
        ("https://u:p@cdn.test/two.mp4", "user name or a password"),
    ],
)
def test_a_redirect_is_judged_like_the_first_address(target: Path, onward: str, why: str) -> None:
    """From the service's own address too."""
    with LyingServer(leads_to(onward), reply(MP4)) as server:
        act = lambda: download_video(  # noqa: E731
            f"{ELSEWHERE}/1", target, trusted_base_url=ELSEWHERE, auth=KEY, open_session=LeadingTo(server.url)
        )
        assert why in refused(act)
    assert len(server.requests) == 1


# ---- where it leads


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://plain.test/one.mp4", "not https"),
        ("ftp://cdn.test/one.mp4", "not https"),
        ("file:///etc/passwd", "not https"),
        ("data:video/mp4;base64,AAAA", "not https"),
        ("https://me:secret@{host}/one.mp4", "user name or a password"),
        ("http://{host}/one.mp4", "set wrongly there: it told one inside a private network"),
        ("http://localhost:3000/one.mp4", "set wrongly there: it told one inside a private network"),
        ("localhost:3000/one.mp4", "set wrongly there: it told one inside a private network"),
        ("https://{host}/one.mp4", "private network"),
        ("https://198.18.0.1/one.mp4", "private network"),
        ("https://gateway:3000/one.mp4", "private network"),
        ("https://[::1/one.mp4", "not a complete web address"),
        ("https://far.test\\@cdn.test/one.mp4", "not a complete web address"),
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
        assert "private network" in refused(
            lambda: download_video(url, target, trusted_base_url=server.url, auth=KEY)
        )
    assert other.connections == 0


def test_a_network_with_stand_in_addresses_is_named_with_what_allows_them(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address is there to be allowed; allowed, it is asked."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("198.18.1.206", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: found)
    why = refused(lambda: download_video(CDN, target, trusted_base_url=ELSEWHERE))
    assert "this network answers with stand-in addresses" in why
    assert "198.18.1.206" in why
    assert "RESULT_ADDRESSES_ALLOWED" in why

    def connect(*_: object) -> socket.socket:
        raise ConnectionRefusedError

    monkeypatch.setattr("studio.guarded_http.create_connection", connect)
    allowed = allowed_addresses("198.18.0.0/15")
    assert "cannot be reached" in refused(
        lambda: download_video(CDN, target, trusted_base_url=ELSEWHERE, allowed=allowed)
    )


def test_a_proxy_is_asked_for_the_name_whatever_this_network_knows(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for the create; that the proxy refuses it is said."""
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *rest: real(host if host == "127.0.0.1" else "10.1.2.3", *rest),
    )
    with LyingServer(reply(b"", 502)) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "")
        assert "proxy" in refused(lambda: download_video(CDN, target, trusted_base_url=ELSEWHERE))
    assert [request.path for request in proxy.requests] == ["cdn.test:443"]


@pytest.mark.parametrize(("site", "is_kept"), [("cdn.test", True), ("elsewhere.test", False)])
def test_a_video_comes_home_through_a_proxy_that_alone_resolves_names(
    target: Path,
    monkeypatch: pytest.MonkeyPatch,
    site: str,
    is_kept: bool,  # noqa: FBT001
) -> None:
    """And only from a site that has a certificate for that name: the proxy may have led anywhere."""
    real = socket.getaddrinfo

    def look_up(host: str, *rest: Any) -> Any:
        if host != "127.0.0.1":
            raise socket.gaierror(socket.EAI_NONAME, "not known")
        return real(host, *rest)

    pem = certificate(site, target.parent)
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(pem))
    monkeypatch.setenv("no_proxy", "")
    with LyingServer(lets_through(reply(MP4), pem)) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        act = partial(download_video, CDN, target, trusted_base_url=ELSEWHERE)
        if is_kept:
            assert act().read_bytes() == MP4
        else:
            assert "certificate is not valid" in refused(act)
    assert proxy.requests[0].path == "cdn.test:443"


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


def failing(kind: type[Exception]) -> Exception:
    """One of that kind."""
    return TooManyRedirects(302) if kind is TooManyRedirects else kind()


FETCHING = [kind for kind in CAUSES if issubclass(kind, FetchProblem)]


def test_every_way_to_fail_has_its_words() -> None:
    """Completeness; one is said with a number in it."""
    assert {*FETCHING, TooLarge} == set(FetchProblem.__subclasses__())


@pytest.mark.parametrize("kind", FETCHING)
def test_each_failure_of_fetching_has_its_words(target: Path, kind: type[Exception]) -> None:
    """One row each; none is an expired link."""
    with pytest.raises(DownloadProblem, match=CAUSES[kind]) as caught:
        download_video(
            "https://cdn.test/one.mp4",
            target,
            trusted_base_url=ELSEWHERE,
            open_session=Failing(failing(kind)),
        )
    assert not caught.value.expired
