"""Fetch a finished video from the service: whole and playable, or not at all."""

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from kling.keys import BearerAuth
from motion import VideoError, check_mp4
from studio.errors import StudioError
from studio.files.result_address import ResultRoutes, UnsafeAddress, whole_url
from studio.files.unexpected_answer import is_whole, what_came, words_in
from studio.guarded_http import (
    Answer,
    CertificateInvalid,
    CutShort,
    FetchProblem,
    InsideNetwork,
    Limits,
    NotAnAddress,
    OpenSession,
    ProxyFailed,
    StandInAddress,
    TooLarge,
    TooManyRedirects,
    TooSlow,
    Unreachable,
    guarded_get,
)
from studio.ip_addresses import NONE_ALLOWED, AllowedAddresses

LIMITS = Limits(
    max_bytes=500_000_000,
    total_timeout_s=300.0,  # however steadily it drips: other tasks wait for the same worker
    connect_timeout_s=10.0,
    silence_timeout_s=60.0,
    max_redirects=3,  # each is judged like the first
)
_HEAD_BYTES = 65_536
"""As much of an answer as is read for the words in it."""


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
    auth: BearerAuth | None = None,
    allowed: AllowedAddresses = NONE_ALLOWED,
    limits: Limits = LIMITS,
    is_over: Callable[[], bool] = lambda: False,
    open_session: OpenSession | None = None,
) -> Path:
    """Fetch an MP4 to a temporary file, whose owner (`Storage.temporary_file`) clears it away.

    The service's own address is reached directly and with its key; every other host through the guard, https
    only, since the URL was chosen elsewhere (`result_address`). Its whole query is sent along, which holds
    its signature. Asked with each piece, `is_over` ends it: an app that stops would otherwise wait for the
    whole video.

    Raises:
        DownloadProblem: expired, unreachable, refused, too large, too slow, cut short, no MP4 that plays, or
            no room for it.
    """
    routes = ResultRoutes(base_url=trusted_base_url, auth=auth, allowed=allowed)
    whole = whole_url(url, trusted_base_url)
    hide_key = auth.hide_key if auth else str
    try:
        with guarded_get(whole, routes, limits, open_session=open_session) as answer:
            _check_status(answer, hide_key)
            _write(target, _stop_when_over(answer.pieces(), is_over))
        _check_video(target, hide_key)
    except UnsafeAddress as refusal:
        raise _problem(str(refusal)) from refusal
    except TooLarge as failure:
        raise _problem(f"it is larger than {limits.max_bytes / 1_000_000:g} MB") from failure
    except StandInAddress as failure:
        raise _problem(f"{CAUSES[StandInAddress]} ({failure}). {MAY_BE_ALLOWED}") from failure
    except tuple(CAUSES) as failure:
        why = next(why for kind, why in CAUSES.items() if isinstance(failure, kind))
        raise _problem(_FULL if _is_full(failure) else why) from failure
    return target


CAUSES: dict[type[Exception], str] = {
    InsideNetwork: "its address is inside a private network",
    StandInAddress: "this network answers with stand-in addresses, which are not asked",
    ProxyFailed: "this network's proxy is not there, or does not let it through",
    TooManyRedirects: "its link leads on and on",
    TooSlow: "the server took too long",
    CertificateInvalid: "the server's certificate is not valid",
    CutShort: "the transfer was cut short",
    VideoError: "what came is not a whole MP4 that plays",
    NotAnAddress: "its address is not a complete web address",
    Unreachable: "the server cannot be reached",
    OSError: "it could not be stored here",
}
MAY_BE_ALLOWED = "Whoever runs this app can allow them by RESULT_ADDRESSES_ALLOWED"
_FULL = "the disk here is full"


def _is_full(failure: BaseException) -> bool:
    return isinstance(failure, OSError) and failure.errno in {errno.ENOSPC, errno.EDQUOT}


def _check_status(answer: Answer, hide_key: Callable[[str], str]) -> None:
    """Refuse what is no answer with the whole file, in the server's own words where it has some.

    The link is as fresh as can be, since the service was asked for it just now: a 403 is called expired only
    where the server does.
    """
    status = answer.http_status
    if status == 200 or (status == 206 and is_whole(answer.headers.get("Content-Range"))):
        return
    words = hide_key(words_in(_head(answer)) or "")
    is_expired = status in {401, 403, 410} and "expire" in words.lower()
    why = "its link has expired" if is_expired else STATUSES.get(status, "the server did not give it")
    said = f"; it says “{words}”" if words else ""
    raise _problem(f"{why} (HTTP {status}){said}", expired=is_expired or status == 410)


STATUSES = {
    206: "the server gives only a part of it",
    401: "the server wants a key or a login for it",
    403: "the server refuses it to this app, although the link may open in your browser",
    404: "the server has nothing at its link",
    410: "its link has expired",
    429: "the server wants fewer requests",
}


def _head(answer: Answer) -> bytes:
    """The beginning of a body, or as much of it as comes."""
    head = b""
    try:
        for piece in answer.pieces():
            head += piece
            if len(head) >= _HEAD_BYTES:
                break
    except FetchProblem:
        pass  # its status has said it already
    return head[:_HEAD_BYTES]


def _check_video(path: Path, hide_key: Callable[[str], str]) -> None:
    try:
        check_mp4(path)
    except VideoError as failure:
        with path.open("rb") as file:
            came = what_came(file.read(_HEAD_BYTES))
        if came is None:
            raise
        raise _problem(hide_key(came)) from failure


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
