"""Fetch a finished video from the service: whole and playable, or not at all."""

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from motion import VideoError, check_mp4
from studio.errors import StudioError
from studio.guarded_http import (
    CertificateInvalid,
    CutShort,
    InsideNetwork,
    Limits,
    NotAnAddress,
    OpenSession,
    Route,
    TooLarge,
    TooManyRedirects,
    TooSlow,
    Unreachable,
    guarded_get,
)

LIMITS = Limits(
    max_bytes=500_000_000,
    total_timeout_s=300.0,  # however steadily it drips: other tasks wait for the same worker
    connect_timeout_s=10.0,
    silence_timeout_s=60.0,
    max_redirects=0,  # their targets could be plain http, and result links are direct
)
EXPIRED_STATUSES = {403, 404, 410}
"""Statuses of a link whose time is over (contract.md); a new GET of the task gives a new one."""


class DownloadProblem(StudioError):
    """A finished video could not be fetched yet.

    Attributes:
        expired: the link is over, and the service must be asked for another.
    """

    def __init__(self, what: str, why: str, next_step: str, *, expired: bool = False) -> None:
        super().__init__(what, why, next_step)
        self.expired = expired


def download_video(
    url: str,
    target: Path,
    *,
    trusted_base_url: str,
    limits: Limits = LIMITS,
    is_over: Callable[[], bool] = lambda: False,
    open_session: OpenSession | None = None,
) -> Path:
    """Fetch an MP4 to a temporary file, whose owner (`Storage.temporary_file`) clears it away.

    The service's own address is reached directly; every other host through the guard, https only, since the
    URL was chosen elsewhere (reliability.md). Its whole query is sent along, which holds its signature.
    Asked with each piece, `is_over` ends it: an app that stops would otherwise wait for the whole video.

    Raises:
        DownloadProblem: expired, unreachable, refused, too large, too slow, cut short, no MP4 that plays, or
            no room for it.
    """
    try:
        with guarded_get(
            url, lambda address: _route(address, trusted_base_url), limits, open_session=open_session
        ) as answer:
            _check_status(answer.http_status)
            _write(target, _stop_when_over(answer.pieces(), is_over))
        check_mp4(target)
    except TooLarge as failure:
        raise _problem(f"it is larger than {limits.max_bytes / 1_000_000:g} MB") from failure
    except TooManyRedirects as failure:
        raise _problem(f"the server answered HTTP {failure.http_status}") from failure
    except tuple(CAUSES) as failure:
        why = next(why for kind, why in CAUSES.items() if isinstance(failure, kind))
        raise _problem(_FULL if _is_full(failure) else why) from failure
    return target


CAUSES: dict[type[Exception], str] = {
    InsideNetwork: "its address is inside a private network",
    TooSlow: "the server took too long",
    CertificateInvalid: "the server's certificate is not valid",
    CutShort: "the transfer was cut short",
    VideoError: "what came is not a whole MP4 that plays",
    NotAnAddress: "its address is not a complete web address",
    Unreachable: "the server cannot be reached",
    OSError: "it could not be stored here",
}
_FULL = "the disk here is full"


def _is_full(failure: BaseException) -> bool:
    return isinstance(failure, OSError) and failure.errno in {errno.ENOSPC, errno.EDQUOT}


def _check_status(status: int) -> None:
    if status in EXPIRED_STATUSES:
        raise _problem(f"its link has expired (HTTP {status})", expired=True)
    if status != 200:
        raise _problem(f"the server answered HTTP {status}")


def _route(url: str, trusted_base_url: str) -> Route:
    try:
        parts, trusted = urlsplit(url), urlsplit(trusted_base_url)
    except ValueError as error:
        raise NotAnAddress from error
    if parts[:2] == trusted[:2]:
        return Route(is_trusted=True)
    if parts.scheme != "https":
        raise _problem("its address is not https")
    if "@" in parts.netloc:
        raise _problem("its address holds a user name or a password")
    return Route()


def _stop_when_over(pieces: Iterator[bytes], is_over: Callable[[], bool]) -> Iterator[bytes]:
    for piece in pieces:
        if is_over():
            raise _problem("the app was stopped")
        yield piece


def _write(target: Path, pieces: Iterator[bytes]) -> None:
    with target.open("wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _problem(why: str, *, expired: bool = False) -> DownloadProblem:
    return DownloadProblem(
        "The video is finished but could not be fetched yet.",
        f"Cause: {why}.",
        "The app tries again by itself.",
        expired=expired,
    )
