"""Keeps a finished video: whole, checked, and under its final name only then."""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import requests
import urllib3
from requests_hardened.ip_filter import InvalidIPAddress

from studio.errors import StudioError
from studio.fetch import Manager, hardened_manager

MAX_VIDEO_BYTES = 500_000_000
TIMEOUT_S = (10.0, 60.0)
TOTAL_TIMEOUT_S = 300.0
"""The longest that one body takes, however steadily it drips: other tasks wait for the same thread."""
CHUNK_BYTES = 1 << 20
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class DownloadProblem(StudioError):
    """A finished video could not be fetched yet."""


def download_video(
    url: str,
    target: Path,
    *,
    trusted_base_url: str,
    manager: Manager | None = None,
    max_bytes: int = MAX_VIDEO_BYTES,
    total_timeout_s: float = TOTAL_TIMEOUT_S,
) -> Path:
    """Fetches an MP4 to `target` through a part file, of which a failure leaves nothing.

    The far end's own address is reached directly; every other host through requests-hardened, https
    only, since the URL was chosen elsewhere (reliability.md). A redirect is refused: its target could be
    plain http, and result links are signed and direct.

    Raises:
        DownloadProblem: unreachable, refused, too large, too slow, cut short, not an MP4, or no room for it.
    """
    part = target.with_suffix(".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _session(url, trusted_base_url, manager) as session, _asked(session, url) as answer:
            if answer.status_code != requests.codes.ok:
                raise _problem(f"the server answered HTTP {answer.status_code}")
            _write(part, _pieces(answer, max_bytes, time.monotonic() + total_timeout_s))
        _check(part)
        return part.replace(target)
    except tuple(CAUSES) as failure:
        raise _problem(next(why for kind, why in CAUSES.items() if isinstance(failure, kind))) from failure
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


# The first that fits says it: requests' errors are OSErrors too, and its InvalidURL is a ValueError.
CAUSES: dict[type[Exception], str] = {
    InvalidIPAddress: "its address is inside a private network",
    requests.Timeout: "the server took too long",
    urllib3.exceptions.TimeoutError: "the server took too long",
    requests.exceptions.SSLError: "the server's certificate is not valid",
    urllib3.exceptions.HTTPError: "the transfer was cut short",
    ValueError: "its address is not a complete web address",
    requests.RequestException: "the server cannot be reached",
    OSError: "it could not be stored here",
}


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


def _write(part: Path, pieces: Iterator[bytes]) -> None:
    with part.open("wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _check(part: Path) -> None:
    with part.open("rb") as file:
        if file.read(12)[4:8] != b"ftyp":
            raise _problem("what came is not an MP4")


def _problem(why: str) -> DownloadProblem:
    return DownloadProblem(
        "The video is finished but could not be fetched yet.",
        f"Cause: {why}.",
        "The app tries again by itself.",
    )
