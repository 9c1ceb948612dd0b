"""Fetches a finished video from the service: whole and playable, or not at all."""

import errno
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import requests
import urllib3
from requests_hardened.ip_filter import InvalidIPAddress

from motion import VideoError, check_mp4
from studio.errors import StudioError
from studio.pictures.url_import import Manager, hardened_manager

MAX_VIDEO_BYTES = 500_000_000
TIMEOUT_S = (10.0, 60.0)
TOTAL_TIMEOUT_S = 300.0
"""The longest that one body takes, however steadily it drips: other tasks wait for the same worker."""
CHUNK_BYTES = 1 << 20
EXPIRED_STATUSES = {403, 404, 410}
"""What a link answers once its time is over (contract.md); a new GET of the task gives a new one."""
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


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
    manager: Manager | None = None,
    max_bytes: int = MAX_VIDEO_BYTES,
    total_timeout_s: float = TOTAL_TIMEOUT_S,
    is_over: Callable[[], bool] = lambda: False,
) -> Path:
    """Fetches an MP4 to a path in the making, whose owner (`Storage.temporary_file`) clears it away.

    The far end's own address is reached directly; every other host through requests-hardened, https
    only, since the URL was chosen elsewhere (reliability.md). It is asked for with its whole query, which
    holds its signature. A redirect is refused: its target could be plain http, and result links are direct.
    Asked with each piece, `is_over` ends it: an app that stops would otherwise wait for the whole video.

    Raises:
        DownloadProblem: expired, unreachable, refused, too large, too slow, cut short, no MP4 that plays, or
            no room for it.
    """
    try:
        with _session(url, trusted_base_url, manager) as session, _asked(session, url) as answer:
            _check_status(answer.status_code)
            _write(target, _wanted(_pieces(answer, max_bytes, time.monotonic() + total_timeout_s), is_over))
        check_mp4(target)
    except tuple(CAUSES) as failure:
        why = next(why for kind, why in CAUSES.items() if isinstance(failure, kind))
        raise _problem(_FULL if _is_full(failure) else why) from failure
    return target


# The first that fits says it: requests' errors are OSErrors too, and its InvalidURL is a ValueError.
CAUSES: dict[type[Exception], str] = {
    InvalidIPAddress: "its address is inside a private network",
    requests.Timeout: "the server took too long",
    urllib3.exceptions.TimeoutError: "the server took too long",
    requests.exceptions.SSLError: "the server's certificate is not valid",
    urllib3.exceptions.HTTPError: "the transfer was cut short",
    VideoError: "what came is not a whole MP4 that plays",
    ValueError: "its address is not a complete web address",
    requests.RequestException: "the server cannot be reached",
    OSError: "it could not be stored here",
}
_FULL = "the disk here is full"


def _is_full(failure: BaseException) -> bool:
    return isinstance(failure, OSError) and failure.errno in {errno.ENOSPC, errno.EDQUOT}


def _check_status(status: int) -> None:
    if status in EXPIRED_STATUSES:
        raise _problem(f"its link has expired (HTTP {status})", expired=True)
    if status != requests.codes.ok:
        raise _problem(f"the server answered HTTP {status}")


def _session(url: str, trusted_base_url: str, manager: Manager | None) -> requests.Session:
    parts = urlsplit(url)
    if parts[:2] == urlsplit(trusted_base_url)[:2]:
        session = requests.Session()
        session.trust_env = parts.hostname not in _LOOPBACK  # no proxy leads to the simulator
        return session
    if parts.scheme != "https":
        raise _problem("its address is not https")
    if "@" in parts.netloc:
        raise _problem("its address holds a user name or a password")
    return (manager or hardened_manager()).get_session()


def _asked(session: requests.Session, url: str) -> requests.Response:
    return session.get(
        url,
        headers={"Accept-Encoding": "identity"},
        stream=True,
        allow_redirects=False,
        auth=lambda request: request,  # otherwise requests would send what ~/.netrc holds for the host
        timeout=TIMEOUT_S,
    )


def _pieces(answer: requests.Response, max_bytes: int, deadline: float) -> Iterator[bytes]:
    """The body as it arrives; urllib3 itself raises when it is shorter than its Content-Length."""
    size = 0
    while piece := answer.raw.read1(CHUNK_BYTES, decode_content=True):
        size += len(piece)
        if size > max_bytes:
            raise _problem(f"it is larger than {max_bytes / 1_000_000:g} MB")
        if time.monotonic() > deadline:
            raise _problem("the server took too long")
        yield piece


def _wanted(pieces: Iterator[bytes], is_over: Callable[[], bool]) -> Iterator[bytes]:
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
