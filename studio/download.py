"""Keeps a finished video: whole, checked, and under its final name only then."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import requests
from requests_hardened import Config, Manager

from studio.errors import StudioError

MAX_VIDEO_BYTES = 500_000_000
TIMEOUT_S = (10.0, 60.0)
CHUNK_BYTES = 1 << 20
# A redirect is refused: its target could be plain http, and result links are signed and direct.
GUARD = Config(
    never_redirect=True,
    ip_filter_enable=True,
    ip_filter_allow_loopback_ips=False,
    default_timeout=TIMEOUT_S,
)


class DownloadProblem(StudioError):
    """A finished video could not be fetched yet."""


def download_video(url: str, target: Path, *, trusted_base_url: str) -> Path:
    """Fetches an MP4 to `target` through a part file.

    The simulator's own address is reached directly; every other host through
    requests-hardened, https only, since the URL was chosen elsewhere (reliability.md).

    Raises:
        DownloadProblem: unreachable, refused, too large, cut short, or not an MP4.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    try:
        with _open(url, trusted_base_url) as answer:
            answer.raise_for_status()
            _write(part, answer.iter_content(CHUNK_BYTES))
            _check(part, answer.headers.get("Content-Length"))
    except (requests.RequestException, OSError) as failure:
        raise _problem(type(failure).__name__) from failure
    return part.replace(target)


def _open(url: str, trusted_base_url: str) -> requests.Response:
    if urlsplit(url)[:2] == urlsplit(trusted_base_url)[:2]:
        return requests.get(url, stream=True, timeout=TIMEOUT_S, allow_redirects=False)
    if urlsplit(url).scheme != "https":
        raise _problem("its address is not https")
    answer: requests.Response = Manager(GUARD).send_request("GET", url, stream=True)
    return answer


def _write(part: Path, chunks: Iterator[bytes]) -> None:
    size = 0
    with part.open("wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > MAX_VIDEO_BYTES:
                raise _problem("it is larger than 500 MB")
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def _check(part: Path, content_length: str | None) -> None:
    size = part.stat().st_size
    if content_length and content_length.isdigit() and int(content_length) != size:
        raise _problem("the transfer was cut short")
    with part.open("rb") as file:
        if file.read(12)[4:8] != b"ftyp":
            raise _problem("what came is not an MP4")


def _problem(why: str) -> DownloadProblem:
    return DownloadProblem(
        "The video is finished but could not be fetched yet.",
        f"Cause: {why}.",
        "The app tries again by itself.",
    )
