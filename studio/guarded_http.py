"""One GET of an address that somebody else chose: guarded, and bounded in time, bytes and redirects.

    FetchProblem
    ├── NotAnAddress        it cannot be asked for at all
    ├── InsideNetwork       it leads to no public address
    ├── StandInAddress      this network's DNS answers with an address that stands in for the real one
    ├── ProxyFailed         the proxy is not there, or does not let it through
    ├── CertificateInvalid  the server is not whom the address names
    ├── Unreachable         no answer came
    ├── TooSlow             a silence was too long, or the whole
    ├── CutShort            the answer broke off
    ├── TooLarge            the answer has more bytes than the limit
    └── TooManyRedirects    it leads on and on

Its caller decides on every address (`Route`), on those of redirects like the first. A guarded one is looked
up once, and the very number that was found public is connected to; each of a name's numbers is tried. Where a
proxy is set for it (`HTTPS_PROXY`, and not `NO_PROXY`), the proxy is asked for the name: often nobody else
knows it, and many let no numbers through.
"""

import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.auth import AuthBase
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import ConnectionPool, HTTPConnectionPool
from urllib3.util.connection import allowed_gai_family, create_connection

from kling.bounded_http import BoundedAdapter, BoundedAnswer, BoundedSession
from studio.ip_addresses import (
    NONE_ALLOWED,
    AllowedAddresses,
    Reach,
    is_inner_name,
    literal,
    reach_of,
)

USER_AGENT = "motion-studio/0.1.0"
_CHUNK_BYTES = 256 * 1024
_REDIRECTS = {301, 302, 303, 307, 308}
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class FetchProblem(Exception):
    """An address could not be fetched; the transport's own error is its `__cause__`."""


class NotAnAddress(FetchProblem):
    """It cannot be asked for at all."""


class InsideNetwork(FetchProblem):
    """It leads to no public address."""


class StandInAddress(FetchProblem):
    """This network's DNS answers with a stand-in for the real address; the text is what it answers."""


class ProxyFailed(FetchProblem):
    """The proxy is not there, or does not let it through."""


class CertificateInvalid(FetchProblem):
    """The server is not whom the address names, or cannot prove it."""


class Unreachable(FetchProblem):
    """No answer came."""


class TooSlow(FetchProblem):
    """A silence was too long, or the whole."""


class CutShort(FetchProblem):
    """The answer broke off, or cannot be unpacked."""


class TooLarge(FetchProblem):
    """The answer has more bytes than the limit."""


class TooManyRedirects(FetchProblem):
    """It leads on and on."""

    def __init__(self, http_status: int) -> None:
        """Of the last answer."""
        super().__init__(f"HTTP {http_status}")
        self.http_status = http_status


# The first that fits: requests' errors are OSErrors too, and its InvalidURL is a ValueError.
MEANINGS: tuple[tuple[type[Exception], type[FetchProblem]], ...] = (
    (requests.Timeout, TooSlow),
    (urllib3.exceptions.TimeoutError, TooSlow),
    (requests.exceptions.SSLError, CertificateInvalid),
    (requests.exceptions.ProxyError, ProxyFailed),
    (ValueError, NotAnAddress),
    (requests.RequestException, Unreachable),
    (urllib3.exceptions.HTTPError, CutShort),
    (OSError, CutShort),
)
"""The meaning of each error of the transport; one that is in no row passes."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long and how much one fetch may take.

    Attributes:
        max_bytes: of the body, unpacked.
        total_timeout_s: for everything, redirects included; only looking a name up keeps to the system's own.
        connect_timeout_s: for one number of a name.
        silence_timeout_s: the longest silence within an answer.
        max_redirects: how often it may lead on.
    """

    max_bytes: int
    total_timeout_s: float
    connect_timeout_s: float = 10.0
    silence_timeout_s: float = 10.0
    max_redirects: int = 3


@dataclass(frozen=True, kw_only=True)
class Route:
    """How one address is asked.

    Attributes:
        is_trusted: it is reached wherever it leads; any other at public addresses only.
        auth: puts a key into the request for this address alone; a redirect has a route of its own.
        allowed: reached although they are not public.
        is_left_to_proxy: a proxy is given the name without a look at where it leads in this network.
    """

    is_trusted: bool = False
    auth: AuthBase | None = field(default=None, repr=False)
    allowed: AllowedAddresses = NONE_ALLOWED
    is_left_to_proxy: bool = False


Routes = Callable[[str], Route]
"""Decides on each address; raises the caller's own error for one that may not be asked."""
OpenSession = Callable[[Route, float], requests.Session]
"""Gives the session for a route and a deadline."""


class Answer:
    """An answer whose head has come, and whose body has not; a `with` closes it."""

    def __init__(self, response: requests.Response, max_bytes: int) -> None:
        """As `guarded_get` gives it."""
        self.http_status = response.status_code
        self.headers = response.headers
        self._response = response
        self._max_bytes = max_bytes

    def pieces(self) -> Iterator[bytes]:
        """The body, unpacked, as it comes.

        Raises:
            TooLarge, TooSlow, CutShort: there is more of it, or not all of it comes.
        """
        announced = self.headers.get("Content-Length", "")
        size = int(announced) if announced.isdecimal() else 0
        if size > self._max_bytes:
            raise TooLarge
        size = 0
        with _typed():
            # read1 gives what has arrived; urllib3 itself raises when less comes than was announced
            while piece := self._response.raw.read1(_CHUNK_BYTES, decode_content=True):
                size += len(piece)
                if size > self._max_bytes:
                    raise TooLarge
                yield piece

    def __enter__(self) -> Self:
        """The answer itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection, whatever is still to come."""
        self._response.close()


def guarded_get(
    url: str,
    route: Callable[[str], Route],
    limits: Limits,
    headers: Mapping[str, str] | None = None,
    open_session: OpenSession | None = None,
) -> Answer:
    """Ask for an address, and for those that it leads on to; the body is left to `Answer.pieces`.

    Args:
        url: the address, with its whole query.
        route: decides on each address, and raises an error of its own for one that may not be asked.
        limits: for all of it.
        headers: for every address.
        open_session: gives the session for a route and a deadline; guarded by default.

    Raises:
        FetchProblem: one of its kinds.
    """
    deadline_s = time.monotonic() + limits.total_timeout_s
    for _ in range(limits.max_redirects + 1):
        way = route(url)
        with (open_session or guarded_session)(way, deadline_s) as session, _typed():
            # an answer outlives its session, which keeps only connections that are idle
            # a proxy of this machine does not know this machine's own loopback
            session.trust_env = not (way.is_trusted and urlsplit(url).hostname in _LOOPBACK)
            response = _send(session, url, headers or {}, limits, deadline_s)
            onward = response.headers.get("Location")
            if onward is None or response.status_code not in _REDIRECTS:
                return Answer(response, limits.max_bytes)
            response.close()
            url = urljoin(url, onward)
    raise TooManyRedirects(response.status_code)


def guarded_session(route: Route, deadline_s: float) -> requests.Session:
    """A session for one address: no cookies, no password of this machine, nothing later than the deadline."""
    session = BoundedSession()
    # without any, requests would send what ~/.netrc holds for the host
    session.auth = route.auth or (lambda request: request)
    session.headers["User-Agent"] = USER_AGENT
    adapter = GuardedAdapter(route, deadline_s)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


class GuardedAdapter(BoundedAdapter):
    """Sends requests of one route, before one deadline."""

    def __init__(self, route: Route, deadline_s: float) -> None:
        """For a session of one fetch."""
        super().__init__()
        self._guard = {"route": route, "deadline_s": deadline_s}

    def get_connection_with_tls_context(self, *args: Any, **options: Any) -> ConnectionPool:  # noqa: ANN401
        """Give the pool that a request is sent by; called as that of `HTTPAdapter`."""
        pool = super().get_connection_with_tls_context(*args, **options)
        if isinstance(pool, HTTPConnectionPool):
            pool.ConnectionCls = _GuardedHttps if pool.scheme == "https" else _GuardedHttp
            pool.conn_kw.update(self._guard)
        return pool


class _GuardedHttp(HTTPConnection):
    """Connects as its route says. A proxy is the operator's own, and is asked for a name."""

    def __init__(self, *args: Any, route: Route, deadline_s: float, **options: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **options)
        self._route = route
        self._deadline_s = deadline_s
        self.response_class = partial(BoundedAnswer, deadline_s=deadline_s)  # type: ignore[assignment]

    def set_tunnel(self, host: str, *args: Any, **options: Any) -> None:  # noqa: ANN401 — as urllib3 has them
        if not self._route.is_trusted:
            self._check_for_proxy(host.strip("[]"))
        super().set_tunnel(host, *args, **options)

    def _tunnel(self) -> None:
        try:
            super()._tunnel()
        except TimeoutError:
            raise
        except OSError as failure:
            raise ProxyFailed from failure

    def _new_conn(self) -> socket.socket:
        if self._route.is_trusted or self.proxy_is_tunneling:
            return super()._new_conn()
        failure: Exception | None = None
        for address in self._addresses(self._dns_host.strip("[]")):
            left_s = self._deadline_s - time.monotonic()
            if left_s <= 0:
                break
            try:
                return create_connection((address, self.port), min(left_s, self.timeout or left_s))
            except OSError as error:
                failure = error
        raise (Unreachable if failure and not isinstance(failure, TimeoutError) else TooSlow) from failure

    def _check_for_proxy(self, host: str) -> None:
        """Refuse what is inside by its spelling or, unless it is left to the proxy, by this network's DNS.

        What the proxy finds is not seen here. A stranger's name may lead it inside; but only https is asked
        for, and what answers there has no certificate for that name. A name of the inside with a certificate
        of its own is the exception: this network's DNS gives it away, if any does. A name that has a stand-in
        here, or is not known here, is none of the inside.
        """
        spelled = literal(host)
        if spelled is not None:
            self._reachable(host, [str(spelled)])
        elif is_inner_name(host) and not self._route.allowed.has_host(host):
            raise InsideNetwork
        elif not self._route.is_left_to_proxy:
            with suppress(socket.gaierror, StandInAddress):
                self._addresses(host)

    def _addresses(self, host: str) -> list[str]:
        """The numbers of a name that may be connected to, in the system's order."""
        found = socket.getaddrinfo(host, self.port, allowed_gai_family(), socket.SOCK_STREAM)
        return self._reachable(host, [str(place[0]) for *_, place in found])

    def _reachable(self, host: str, addresses: list[str]) -> list[str]:
        """Those that may be connected to.

        Raises:
            InsideNetwork, StandInAddress: none may.
        """
        reached = [(address, reach_of(address)) for address in addresses]
        allowed = self._route.allowed
        may = [address for address, reach in reached if reach is Reach.PUBLIC or allowed.has(host, address)]
        if may:
            return may
        stand_in = next((address for address, reach in reached if reach is Reach.STAND_IN), None)
        if stand_in is None or literal(host) is not None:
            raise InsideNetwork
        raise StandInAddress(stand_in)


class _GuardedHttps(_GuardedHttp, HTTPSConnection):
    """The same, encrypted."""


def _send(
    session: requests.Session, url: str, headers: Mapping[str, str], limits: Limits, deadline_s: float
) -> requests.Response:
    left_s = deadline_s - time.monotonic()
    if left_s <= 0:
        raise TooSlow
    return session.get(
        url,
        headers={"Accept-Encoding": "identity", **headers},
        stream=True,
        allow_redirects=False,
        timeout=(min(limits.connect_timeout_s, left_s), min(limits.silence_timeout_s, left_s)),
    )


@contextmanager
def _typed() -> Iterator[None]:
    """Translate the transport's errors by `MEANINGS`, here alone."""
    try:
        yield
    except tuple(kind for kind, _ in MEANINGS) as failure:
        raise meaning(failure) from failure


def meaning(failure: Exception) -> type[FetchProblem]:
    """The meaning of an error of the transport."""
    return next(problem for kind, problem in MEANINGS if isinstance(failure, kind))
