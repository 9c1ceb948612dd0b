"""Requests to addresses that callers gave: pictures and callbacks.

They never reach private addresses, and this machine only where the settings allow it. No redirect is
followed, no body is read unasked, and each exchange, its head included, ends at a deadline.
"""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address
from typing import Any, Final, Protocol, Self
from urllib.parse import urlsplit

import requests
from requests_hardened.ip_filter_adapter import IPFilterAdapter
from urllib3.connectionpool import ConnectionPool, HTTPConnectionPool

CONNECT_TIMEOUT_S: Final = 5.0
READ_TIMEOUT_S: Final = 10.0  # the longest silence within an answer
CALLBACK_TIMEOUT_S: Final = 15.0
_HEADERS: Final = {"User-Agent": "motion-studio-simulator", "Accept-Encoding": "identity"}

Post = Callable[[str, dict[str, Any]], int | None]  # URL, JSON body → HTTP status; None: not reached


class Deadline:
    """Shuts every connection that it watches when the time is over, whatever is read from it then.

    A read timeout alone ends no answer that drips, and no head that never ends.
    """

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._shut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        """Begin to count."""
        self._timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop counting."""
        self._timer.cancel()

    def watch(self, connected: socket.socket) -> None:
        """Shut this one too; at once when the time is over."""
        with self._lock:
            self._sockets.append(connected)
        if self.is_over:
            self._shut()

    def _shut(self) -> None:
        self.is_over = True
        with self._lock:
            for connected in self._sockets:
                with suppress(OSError):  # closed already
                    socket.socket.shutdown(connected, socket.SHUT_RDWR)  # under TLS too: the reader wakes up


class Sender(Protocol):
    """Sends one request; `HardenedSender`, or a fake."""

    def send(self, method: str, url: str, deadline: Deadline, json: object = None) -> requests.Response:
        """Send it; the answer's body is still to be read."""


class HardenedSender:
    """Refuses private addresses before it connects."""

    def __init__(self, *, allow_loopback: bool) -> None:
        self._allow_loopback = allow_loopback

    def send(self, method: str, url: str, deadline: Deadline, json: object = None) -> requests.Response:
        """Send one request, whose answer's body is read or left by the caller.

        Raises:
            requests.RequestException: also for an address that is refused.
        """
        with requests.Session() as session:
            for scheme in ("http", "https"):
                session.mount(f"{scheme}://", _WatchedAdapter(scheme, self._allow_loopback, deadline))
            # Otherwise requests reads a redirect's body whole, though it follows none.
            session.get_redirect_target = lambda resp: None  # type: ignore[method-assign]  # noqa: ARG005
            session.trust_env = not is_loopback(urlsplit(url).hostname)  # no proxy leads to this machine
            timeout = (CONNECT_TIMEOUT_S, READ_TIMEOUT_S)
            return session.request(method, url, json=json, headers=_HEADERS, stream=True, timeout=timeout)


class _WatchedAdapter(IPFilterAdapter):  # type: ignore[misc]  # it has no types
    """Filters addresses, and lets a deadline watch each connection, also one to a proxy."""

    def __init__(self, scheme: str, allow_loopback: bool, deadline: Deadline) -> None:  # noqa: FBT001
        super().__init__(is_https_proto=scheme == "https", allow_loopback=allow_loopback)
        self._deadline = deadline

    def get_connection_with_tls_context(self, *args: Any, **options: Any) -> ConnectionPool:  # noqa: ANN401
        """Give the pool that a request is sent by; called as that of `HTTPAdapter`."""
        pool: ConnectionPool = super().get_connection_with_tls_context(*args, **options)
        if isinstance(pool, HTTPConnectionPool):
            pool.ConnectionCls = _watched(pool.ConnectionCls, self._deadline)
        return pool


def _watched(connection_class: Any, deadline: Deadline) -> Any:  # noqa: ANN401 -- a class of urllib3's
    class Watched(connection_class):  # type: ignore[misc]
        def connect(self) -> None:
            super().connect()
            deadline.watch(self.sock)

    return Watched


def is_loopback(host: str | None) -> bool:
    """Whether a host, as it stands in a URL, is this machine by name or number."""
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


def post_json(sender: Sender) -> Post:
    """A `Post` over `sender`: one attempt, whatever comes of it; of the answer only the status is read."""

    def post(url: str, body: dict[str, Any]) -> int | None:
        try:
            with Deadline(CALLBACK_TIMEOUT_S) as deadline, sender.send("POST", url, deadline, body) as answer:
                return answer.status_code
        except (requests.RequestException, OSError, ValueError):
            return None

    return post
