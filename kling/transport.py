"""One HTTP exchange: sent as often as allowed, answered within a size and a time, failures translated.

The one question that decides about money is asked here by evidence: had any of the body left for the socket
when the exchange broke? If not, the service never had the whole request (`NotSent`), whatever the exception
is called; if so, it may have acted on it (`Unclear`). An exception's class alone cannot tell: TLS may break
before or after.
"""

from __future__ import annotations

import io
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import requests
from requests.cookies import RequestsCookieJar
from urllib3 import BaseHTTPResponse, Retry
from urllib3.connectionpool import ConnectionPool
from urllib3.exceptions import InvalidHeader

from kling import errors as e
from kling.bounded_http import BoundedAdapter, BoundedSession
from kling.keys import BearerAuth
from kling.network_errors import NETWORK_EXCEPTIONS, translate

_PIECE = 65_536

NEVER_REPEAT = Retry(0, read=False)
"""The retries of a create: none of any kind."""


class QueryRetry(Retry):
    """As urllib3's, for answers that may be anything.

    A `Retry-After` that cannot be read asks for nothing, instead of being an error, and an answer that is not
    wanted is closed, instead of read to its end.
    """

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        """Count one attempt more."""
        following = super().increment(method, url, response, error, _pool, _stacktrace)
        if response is not None:
            response.close()
        return following

    def parse_retry_after(self, retry_after: str) -> float:
        """Seconds to wait."""
        try:
            return super().parse_retry_after(retry_after)
        except InvalidHeader:
            return 0.0


GET_RETRY = QueryRetry(
    total=3,
    connect=3,
    read=2,
    other=0,
    allowed_methods=("GET",),
    status_forcelist=(502, 503, 504),
    backoff_factor=0.5,
    backoff_jitter=0.5,
    retry_after_max=60,
    raise_on_status=False,
)
"""How urllib3 repeats a query, which costs nothing. Waits are seconds; retry_after_max would be 6 hours."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits of one exchange: time and size.

    Attributes:
        connect_timeout_s: to be connected, and for each piece of the body to be taken.
        read_timeout_s: for the whole answer, its head included.
        max_answer_bytes: a longer answer is refused (after decompression).
    """

    connect_timeout_s: float
    read_timeout_s: float
    max_answer_bytes: int


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A whole answer, not yet understood."""

    http_status: int
    headers: Mapping[str, str]
    body: bytes


class WatchedBody(io.BytesIO):
    """A request's body that remembers whether any of it was taken to be sent."""

    began = False

    def read(self, size: int | None = -1, /) -> bytes:
        """Read up to `size` bytes, and note that some were taken."""
        self.began = True
        return super().read(size)


def new_session(base_url: str, auth: BearerAuth, retry: Retry) -> requests.Session:
    """A session without cookies; a loopback service is spoken to directly, past any configured proxy."""
    session = BoundedSession()
    session.auth = auth
    session.cookies = RequestsCookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
    session.trust_env = not _is_loopback(base_url)
    session.headers.update({"User-Agent": "motion-studio", "Accept": "application/json"})
    session.mount("http://", BoundedAdapter(max_retries=retry))
    session.mount("https://", BoundedAdapter(max_retries=retry))
    return session


def exchange(session: requests.Session, request: requests.Request, limits: Limits) -> Answer:
    """Send one request and read its whole answer; redirects are handed back, not followed.

    Raises:
        NotSent, Unclear: the network's failures, see `network_errors`.
        UnreadableAnswer: an answer longer than the limit.
    """
    body = request.data if isinstance(request.data, WatchedBody) else None
    prepared = session.prepare_request(request)
    settings = session.merge_environment_settings(prepared.url, {}, stream=True, verify=None, cert=None)
    timeout = (limits.connect_timeout_s, limits.read_timeout_s)
    try:
        with session.send(prepared, timeout=timeout, allow_redirects=False, **settings) as response:
            read = _read(response, limits)
            return Answer(http_status=response.status_code, headers=response.headers, body=read)
    except NETWORK_EXCEPTIONS as failure:
        raise translate(failure, sent=body.began if body else None) from failure


def _read(response: requests.Response, limits: Limits) -> bytes:
    """The decoded body, within its size; `BoundedAnswer` keeps it within its time."""
    body = bytearray()
    while piece := response.raw.read1(_PIECE, decode_content=True):
        body += piece
        if len(body) > limits.max_answer_bytes:
            raise e.UnreadableAnswer(
                f"The answer is longer than {limits.max_answer_bytes} bytes.",
                http_status=response.status_code,
            )
    return bytes(body)


def _is_loopback(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
