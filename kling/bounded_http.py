"""Requests whose answers are bounded where requests and http.client leave them open.

An answer comes within a time, its head included: http.client waits as long again for each piece of a head,
and for each of any number of `100 Continue`. A redirect's body is not read: requests reads it to its end,
unpacked, even when the redirect is not followed.
"""

import io
import math
import socket
import time
from http.client import HTTPException, HTTPResponse
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import ConnectionPool, HTTPConnectionPool

MAX_HEAD_BYTES = 256 * 1024
"""An answer's head, with every interim answer before it."""
LONGEST_SILENCE_S = 60.0
"""For a socket without a time-out of its own."""


class BoundedAnswer(HTTPResponse):
    """An answer that is read before a deadline; later, and beyond `MAX_HEAD_BYTES`, reading raises."""

    def __init__(
        self,
        sock: socket.socket,
        debuglevel: int = 0,
        method: str | None = None,
        url: str | None = None,
        *,
        deadline_s: float | None = None,
    ) -> None:
        """Begin to read; all but `deadline_s` are as http.client gives them.

        Args:
            sock: its time-out is the longest silence.
            debuglevel: 0.
            method: of the request.
            url: of the request.
            deadline_s: on the clock of `time.monotonic`; without one, the socket's time-out from now on.
        """
        super().__init__(sock, debuglevel, method, url)
        self._bounds = _BoundedReader(self.fp.detach(), sock, deadline_s)
        self.fp = io.BufferedReader(self._bounds)

    def begin(self) -> None:
        """Read the head."""
        super().begin()
        self._bounds.bytes_left = math.inf


class _BoundedReader(io.RawIOBase):
    """A socket's file that ends at a deadline."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, deadline_s: float | None) -> None:
        self._raw = raw
        self._sock = sock
        self._silence_s = sock.gettimeout() or LONGEST_SILENCE_S
        self._deadline_s = time.monotonic() + self._silence_s if deadline_s is None else deadline_s
        self.bytes_left: float = MAX_HEAD_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:  # noqa: ANN401 — any buffer, as of every RawIOBase
        left_s = min(self._silence_s, self._deadline_s - time.monotonic())
        if left_s <= 0:
            raise TimeoutError("The answer was not complete in time.")
        if left_s < math.inf:
            self._sock.settimeout(left_s)
        size: int | None = self._raw.readinto(buffer)
        self.bytes_left -= size or 0
        if self.bytes_left < 0:
            raise HTTPException("The answer's head has no end.")
        return size

    def close(self) -> None:
        self._raw.close()
        super().close()


class BoundedHttp(HTTPConnection):
    """A plain connection whose answers are bounded."""

    response_class = BoundedAnswer


class BoundedHttps(HTTPSConnection):
    """An encrypted connection whose answers are bounded."""

    response_class = BoundedAnswer


class BoundedAdapter(HTTPAdapter):
    """Sends requests by connections whose answers are bounded, proxied or not."""

    def get_connection_with_tls_context(self, *args: Any, **options: Any) -> ConnectionPool:  # noqa: ANN401
        """Give the pool that a request is sent by; called as that of `HTTPAdapter`."""
        pool = super().get_connection_with_tls_context(*args, **options)
        if isinstance(pool, HTTPConnectionPool):
            pool.ConnectionCls = BoundedHttps if pool.scheme == "https" else BoundedHttp
        return pool


class BoundedSession(requests.Session):
    """Hands redirects back, their bodies unread."""

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002 — requests' signature
        """None for every answer: whatever leads on is the caller's to follow."""
        return
