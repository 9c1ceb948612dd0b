"""Translate exceptions of requests and urllib3 into the error tree, in this one place."""

from __future__ import annotations

from collections.abc import Iterator

import requests
import urllib3.exceptions as u3

from kling import errors as e

NETWORK_EXCEPTIONS = (requests.RequestException, u3.HTTPError, OSError)
"""Everything that requests and a raw read of its answer raise when the network fails."""

NOT_SENT_TABLE: tuple[tuple[type[Exception], type[e.NotSent], str], ...] = (
    (u3.NameResolutionError, e.NameNotResolved, "The service's name was not found: is this machine online?"),
    (u3.LocationValueError, e.NameNotResolved, "The service's address is no possible host name."),
    (u3.ProxyError, e.Unreachable, "The proxy could not be reached."),
    (u3.NewConnectionError, e.Unreachable, "The service could not be reached."),
    (u3.ConnectTimeoutError, e.ConnectTimeout, "The service did not pick up in time."),
    (u3.SSLError, e.HandshakeFailed, "No trusted TLS connection to the service could be made."),
)
"""The first class found among an exception and its causes; the more special ones stand first."""

BROKEN_TABLE: tuple[tuple[type[Exception], type[e.Unclear], str], ...] = (
    (u3.ReadTimeoutError, e.ReadTimeout, "The service did not answer in time."),
    (TimeoutError, e.ReadTimeout, "The service stopped taking the request or answering it."),
    (u3.DecodeError, e.UnreadableAnswer, "The answer could not be decompressed."),
    (Exception, e.ConnectionLost, "The connection broke before the answer was complete."),
)


def translate(failure: Exception, *, sent: bool | None) -> e.KlingError:
    """The leaf for one failed exchange.

    Args:
        failure: what requests or urllib3 raised. The request that it carries, which holds the key, is taken
            off.
        sent: whether any of the body had left; None for a call without a body (then the exception's class
            decides).
    """
    causes = tuple(_causes(failure))
    _forget_request(causes)
    if not sent:
        for kind, error, words in NOT_SENT_TABLE:
            if any(isinstance(cause, kind) for cause in causes):
                return error(words)
        if sent is False:
            return e.Unreachable("The connection broke before the request was sent.")
    for kind, broken, words in BROKEN_TABLE:
        if any(isinstance(cause, kind) for cause in causes):
            return broken(words)
    raise AssertionError  # pragma: no cover -- the last row takes every exception


def _forget_request(causes: tuple[BaseException, ...]) -> None:
    for cause in causes:
        if isinstance(cause, requests.RequestException):
            cause.request = None


def _causes(failure: BaseException) -> Iterator[BaseException]:
    """The exception and all that it wraps: they are kept in args, reason and __context__."""
    waiting, seen = [failure], set[int]()
    while waiting:
        cause = waiting.pop()
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        inner = (*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__)
        waiting.extend(item for item in inner if isinstance(item, BaseException))
