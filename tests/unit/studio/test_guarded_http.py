"""An address that somebody else chose is asked within its bounds, and never inside the network."""

import gzip
import socket
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
import urllib3

from kling.keys import BearerAuth
from studio.guarded_http import (
    MEANINGS,
    CertificateInvalid,
    CutShort,
    FetchProblem,
    InsideNetwork,
    Limits,
    NotAnAddress,
    ProxyFailed,
    Route,
    StandInAddress,
    TooLarge,
    TooManyRedirects,
    TooSlow,
    Unreachable,
    guarded_get,
)
from studio.ip_addresses import AllowedAddresses, allowed_addresses
from tests.support.lying_server import (
    Behaviour,
    LyingServer,
    dripping_head,
    drop,
    endless_head,
    hang,
    raw,
    reply,
    trickle_after,
)
from tests.support.sessions import Failing, LeadingTo

URL = "https://example.org/a"
LIMITS = Limits(max_bytes=1000, total_timeout_s=20)
SHORT = replace(LIMITS, total_timeout_s=0.3)
CASES = Path(__file__).parents[2] / "cases" / "files"


def guarded(_: str) -> Route:
    """Any address, at public numbers only."""
    return Route()


def trusted(_: str) -> Route:
    """Any address, wherever it leads."""
    return Route(is_trusted=True)


def fetched(server: LyingServer, limits: Limits = LIMITS) -> bytes:
    """The body that a site sends which the server plays."""
    with guarded_get(URL, guarded, limits, open_session=LeadingTo(server.url)) as answer:
        return b"".join(answer.pieces())


def endless(connection: socket.socket, _: threading.Event) -> None:
    """A body without end, as fast as it is read."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(bytes(1 << 16))


def test_the_body_comes_as_it_was_sent() -> None:
    """It is asked for as it is, and no word of this machine goes along."""
    with LyingServer(reply(b"abc")) as server:
        assert fetched(server) == b"abc"
    headers = server.requests[0].headers
    assert headers["accept-encoding"] == "identity"
    assert not {"authorization", "cookie"} & set(headers)


def test_headers_are_sent_with_every_hop_and_the_key_of_a_route_with_that_one() -> None:
    """A header for one address is not for the next, and stands in no text of its route."""
    with_key = Route(auth=BearerAuth("sk-secret"))
    assert "sk-secret" not in repr(with_key)
    routes = iter([with_key, Route()])
    with LyingServer(reply(b"", 302, {"Location": "/b"}), reply(b"abc")) as server:
        session = LeadingTo(server.url)
        with guarded_get(URL, lambda _: next(routes), LIMITS, {"Accept": "x/y"}, session):
            first, second = (request.headers for request in server.requests)
    assert (first["authorization"], first["accept"], second["accept"]) == ("Bearer sk-secret", "x/y", "x/y")
    assert "authorization" not in second


def test_no_password_of_this_machine_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Left alone, requests takes what ~/.netrc holds for the host."""
    (tmp_path / "netrc").write_text("default login me password secret")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with LyingServer(reply(b"abc")) as server:
        fetched(server)
    assert "authorization" not in server.requests[0].headers


def test_a_packed_body_is_unpacked() -> None:
    """A server may pack without being asked."""
    with LyingServer(reply(gzip.compress(b"abc"), headers={"Content-Encoding": "gzip"})) as server:
        assert fetched(server) == b"abc"


# ---- bounds


TOO_LARGE: dict[str, Behaviour] = {
    "announced": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n"),
    "one byte more": reply(bytes(1001), headers={"Content-Length": "x"}),
    "without end": endless,
    "a packed bomb": reply(gzip.compress(bytes(10**7)), headers={"Content-Encoding": "gzip"}),
}


@pytest.mark.parametrize("kind", TOO_LARGE)
def test_more_bytes_than_the_limit_are_not_read(kind: str) -> None:
    """Neither when the server says so first nor when it only keeps sending."""
    with LyingServer(TOO_LARGE[kind]) as server, pytest.raises(TooLarge):
        fetched(server)


def test_as_many_bytes_as_the_limit_are_read() -> None:
    """And not one fewer."""
    with LyingServer(reply(bytes(1000))) as server:
        assert len(fetched(server)) == 1000


def again_and_again(message: bytes) -> Behaviour:
    """Send the same, for ever."""

    def send(connection: socket.socket, stopped: threading.Event) -> None:
        while not stopped.wait(0.02):
            connection.sendall(message)

    return send


ENDLESS: dict[str, Behaviour] = {
    "no answer": hang,
    "a body that drips": trickle_after(b"HTTP/1.1 200 OK\r\n\r\n"),
    "a chunk that drips": trickle_after(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
    "a header that drips": dripping_head,
    "100 Continue, again and again": again_and_again((CASES / "head_without_end.http").read_bytes()),
    "redirects that drip": trickle_after(b"HTTP/1.1 302 Found\r\nX-Long: "),
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_an_answer_without_end_is_given_up_in_time(kind: str) -> None:
    """The whole has a deadline, its head included, and the connection is closed."""
    began = time.monotonic()
    with LyingServer(ENDLESS[kind]) as server, pytest.raises(TooSlow):
        fetched(server, SHORT)
    assert time.monotonic() - began < 5


def test_a_silence_is_given_up_before_the_whole_time_is_over() -> None:
    """A server that says nothing does not begin to speak after a minute."""
    with LyingServer(hang) as server, pytest.raises(TooSlow):
        fetched(server, replace(LIMITS, silence_timeout_s=0.1))


def test_a_head_of_any_length_is_not_read() -> None:
    """However fast it comes: it would keep a core busy until the deadline."""
    with LyingServer(endless_head) as server, pytest.raises(Unreachable):
        fetched(server)


def test_slow_redirects_share_one_deadline() -> None:
    """Each would be in time."""

    def slow(connection: socket.socket, _: threading.Event) -> None:
        time.sleep(0.2)
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /b\r\n\r\n")

    with LyingServer(slow) as server, pytest.raises(TooSlow):
        fetched(server, SHORT)


# ---- redirects


def test_redirects_are_followed_and_each_is_decided_on() -> None:
    """By its whole address."""
    asked: list[str] = []

    def route(url: str) -> Route:
        asked.append(url)
        return Route()

    ways = [
        reply(b"", 302, {"Location": "/b?c=d"}),
        reply(b"", 308, {"Location": "//other.org/e"}),
        reply(b"x"),
    ]
    with LyingServer(*ways) as server, guarded_get(URL, route, LIMITS, None, LeadingTo(server.url)) as answer:
        assert b"".join(answer.pieces()) == b"x"
    assert asked == [URL, "https://example.org/b?c=d", "https://other.org/e"]


def test_redirects_end() -> None:
    """With the status of the last."""
    with (
        LyingServer(reply(b"", 307, {"Location": "/b"})) as server,
        pytest.raises(TooManyRedirects) as caught,
    ):
        fetched(server)
    assert caught.value.http_status == 307
    assert len(server.requests) == LIMITS.max_redirects + 1


def test_an_address_that_the_caller_refuses_is_not_asked() -> None:
    """The caller's own error comes through."""

    def only_first(url: str) -> Route:
        if url != URL:
            raise LookupError(url)
        return Route()

    with LyingServer(reply(b"", 302, {"Location": "/b"})) as server, pytest.raises(LookupError):
        guarded_get(URL, only_first, LIMITS, None, LeadingTo(server.url))
    assert len(server.requests) == 1


def test_a_redirect_to_what_is_no_address_is_no_address() -> None:
    """Not an error of the program."""
    with LyingServer(reply(b"", 302, {"Location": "https://[::1"})) as server, pytest.raises(NotAnAddress):
        fetched(server)


def test_nothing_of_a_redirects_body_is_read() -> None:
    """Requests unpacks all of it, even of one that it does not follow."""
    whole = (CASES / "redirect_with_a_packed_body.http").read_bytes()
    head, _, body = whole.partition(b"\r\n\r\n")
    sent: list[int] = []

    def redirect(connection: socket.socket, stopped: threading.Event) -> None:
        connection.sendall(head.replace(str(len(body)).encode(), b"9" * 12) + b"\r\n\r\n")
        try:
            while not stopped.is_set():
                connection.sendall(body)
                sent.append(len(body))
        finally:
            connection.close()

    with LyingServer(redirect, reply(b"abc")) as server:
        assert fetched(server) == b"abc"
    assert sum(sent) < 10**7  # what fits into the buffers of two sockets


# ---- where it leads


INSIDE = (
    "127.0.0.1 localhost [::1] [::ffff:127.0.0.1] 0.0.0.0 2130706433 0x7f.1 10.0.0.1 192.168.1.1 "
    "169.254.169.254 100.64.0.1 [fd00::1] [64:ff9b::7f00:1] 224.0.0.1 [ff02::1] 198.18.0.1 [2002:7f00:1::] "
    "[fec0::1]"
)


@pytest.mark.parametrize("host", INSIDE.split())
def test_addresses_inside_the_network_are_refused(host: str) -> None:
    """In every spelling: nothing on this machine or in its network is reached."""
    with pytest.raises(InsideNetwork):
        guarded_get(f"https://{host}:9/a", guarded, LIMITS)


def test_nothing_is_connected_to_inside_the_network() -> None:
    """Not even for a moment."""
    with LyingServer(reply(b"x")) as server, pytest.raises(InsideNetwork):
        guarded_get(server.url.replace("http", "https"), guarded, LIMITS)
    assert server.connections == 0


def names(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Let every name lead to these numbers."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 9)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: found)


def test_each_public_number_of_a_name_is_tried_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """The very number that was found public is connected to."""
    tried: list[str] = []

    def connect(address: tuple[str, int], _timeout_s: float) -> socket.socket:
        tried.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr("studio.guarded_http.create_connection", connect)
    names(monkeypatch, "10.0.0.1", "93.184.216.34", "198.18.0.1", "64:ff9b::808:808", "64:ff9b::a00:1")
    with pytest.raises(Unreachable):
        guarded_get(URL, guarded, LIMITS)
    assert tried == ["93.184.216.34", "64:ff9b::808:808"]


def test_a_stand_in_is_told_from_an_inner_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the address, so that an operator can allow it; one that a URL spells is no stand-in."""
    names(monkeypatch, "10.0.0.1", "198.18.1.206")
    with pytest.raises(StandInAddress, match=r"^198\.18\.1\.206$"):
        guarded_get(URL, guarded, LIMITS)
    with pytest.raises(InsideNetwork):
        guarded_get("https://198.18.1.206/a", guarded, LIMITS)


@pytest.mark.parametrize("text", ["198.18.0.0/15", "example.org"])
def test_what_a_route_allows_is_connected_to(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """A range of stand-ins, or the host itself; no other."""
    tried: list[str] = []

    def connect(address: tuple[str, int], _timeout_s: float) -> socket.socket:
        tried.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr("studio.guarded_http.create_connection", connect)
    names(monkeypatch, "198.18.1.206")
    with pytest.raises(Unreachable):
        guarded_get(URL, lambda _: Route(allowed=allowed_addresses(text)), LIMITS)
    assert tried == ["198.18.1.206"]


def test_connecting_to_many_numbers_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name may have hundreds."""

    def connect(_: object, timeout_s: float) -> socket.socket:
        time.sleep(min(timeout_s, 0.1))
        raise TimeoutError

    monkeypatch.setattr("studio.guarded_http.create_connection", connect)
    names(monkeypatch, *["93.184.216.34"] * 300)
    with pytest.raises(TooSlow):
        guarded_get(URL, guarded, SHORT)


# ---- through a proxy

ALL_NAMES_FAIL = socket.gaierror(socket.EAI_NONAME, "not known")


def through_proxy(
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    *,
    leads_to: str | None,
    route: Route = Route(),  # noqa: B008
) -> tuple[list[str], type[FetchProblem]]:
    """Requests to a proxy that lets nothing through, and how it ended; names lead there here."""
    real = socket.getaddrinfo

    def look_up(host: str, *rest: Any) -> Any:
        if host == "127.0.0.1":
            return real(host, *rest)
        if leads_to is None:
            raise ALL_NAMES_FAIL
        return real(leads_to, *rest)

    with LyingServer(reply(b"", 502)) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "past.test")
        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        with pytest.raises(FetchProblem) as caught:
            guarded_get(url, lambda _: route, LIMITS)
    return [f"{request.method} {request.path}" for request in proxy.requests], caught.type


@pytest.mark.parametrize("leads_to", [None, "198.18.1.206", "93.184.216.34"])
def test_a_proxy_is_asked_for_the_name(monkeypatch: pytest.MonkeyPatch, leads_to: str | None) -> None:
    """Where only the proxy knows names, or this network has stand-ins; and how it refused is told."""
    asked = through_proxy(monkeypatch, "https://cdn.test/v.mp4", leads_to=leads_to)
    assert asked == (["CONNECT cdn.test:443"], ProxyFailed)


def test_a_name_that_leads_inside_is_left_to_the_proxy_only_where_the_route_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A service's own word is; a stranger's might name a site of the inside that has a certificate."""
    assert through_proxy(monkeypatch, URL, leads_to="10.1.2.3") == ([], InsideNetwork)
    left = through_proxy(monkeypatch, URL, leads_to="10.1.2.3", route=Route(is_left_to_proxy=True))
    assert left == (["CONNECT example.org:443"], ProxyFailed)


INSIDE_BY_SPELLING = (
    "10.0.0.1 127.1 2130706433 0x7f.1 169.254.169.254 [::1] [fd00::1] 198.18.0.1 [64:ff9b::a00:1] localhost "
    "metadata.google.internal printer.local wiki"
)


@pytest.mark.parametrize("host", INSIDE_BY_SPELLING.split())
def test_nothing_that_is_inside_by_its_spelling_goes_through_a_proxy(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    """However much is left to it: the proxy would reach it."""
    asked = through_proxy(monkeypatch, f"https://{host}/a", leads_to=None, route=Route(is_left_to_proxy=True))
    assert asked == ([], InsideNetwork)


def test_an_allowed_host_of_the_inside_goes_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator has named it."""
    route = Route(is_left_to_proxy=True, allowed=AllowedAddresses(hosts=frozenset({"wiki"})))
    assert through_proxy(monkeypatch, "https://wiki/a", leads_to=None, route=route)[0] == ["CONNECT wiki:443"]


def test_what_no_proxy_names_goes_past_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """And is judged as without one."""
    assert through_proxy(monkeypatch, "https://past.test/", leads_to="10.0.0.1") == ([], InsideNetwork)


def test_a_proxy_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not the server that cannot be reached."""
    with LyingServer(drop) as gone:
        monkeypatch.setenv("https_proxy", gone.url)
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(ProxyFailed):
        guarded_get(URL, lambda _: Route(is_left_to_proxy=True), LIMITS)


def test_a_trusted_address_is_reached_wherever_it_leads(monkeypatch: pytest.MonkeyPatch) -> None:
    """And one on this machine past any proxy, which does not know this machine's loopback."""
    with LyingServer(reply(b"", 502)) as proxy, LyingServer(reply(b"abc")) as server:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "")
        with guarded_get(server.url, trusted, LIMITS) as answer:
            assert b"".join(answer.pieces()) == b"abc"
    assert proxy.connections == 0


# ---- what failures mean


@pytest.mark.parametrize(
    ("failure", "problem"),
    [
        (requests.ConnectTimeout("slow"), TooSlow),
        (requests.ReadTimeout("slow"), TooSlow),
        (urllib3.exceptions.ReadTimeoutError(None, None, "slow"), TooSlow),  # type: ignore[arg-type]
        (requests.exceptions.SSLError("self-signed"), CertificateInvalid),
        (requests.exceptions.ProxyError("no proxy"), ProxyFailed),
        (requests.exceptions.InvalidURL("no host"), NotAnAddress),
        (UnicodeError("a label too long"), NotAnAddress),
        (requests.ConnectionError("no route"), Unreachable),
        (urllib3.exceptions.ProtocolError("reset"), CutShort),
        (ConnectionResetError("reset"), CutShort),
    ],
)
def test_each_error_of_the_transport_has_its_meaning(failure: Exception, problem: type[FetchProblem]) -> None:
    """And is kept as its cause."""
    with pytest.raises(problem) as caught:
        guarded_get(URL, guarded, LIMITS, None, Failing(failure))
    assert caught.value.__cause__ is failure


def test_every_row_of_the_meanings_can_be_reached() -> None:
    """No row stands behind one that takes all of its errors."""
    for at, (kind, _) in enumerate(MEANINGS):
        assert not any(issubclass(kind, earlier) for earlier, _ in MEANINGS[:at])


def test_unforeseen_errors_pass_through() -> None:
    """An error of ours is not dressed up as the network's."""
    with pytest.raises(ZeroDivisionError):
        guarded_get(URL, guarded, LIMITS, None, Failing(ZeroDivisionError()))


@pytest.mark.parametrize(
    ("behaviour", "problem"),
    [
        (drop, Unreachable),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), CutShort),
        (raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"), CutShort),
        (reply(b"no gzip", headers={"Content-Encoding": "gzip"}), CutShort),
    ],
)
def test_an_answer_that_is_not_whole_is_no_answer(behaviour: Behaviour, problem: type[FetchProblem]) -> None:
    """However its length was announced."""
    with LyingServer(behaviour) as server, pytest.raises(problem):
        fetched(server)
