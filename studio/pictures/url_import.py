"""Load a picture from a public URL, without reaching inside the network and without waiting for ever.

`guarded_http` fetches it; here is what may be asked for (https, no credentials), and what each failure is in
words. A `data:` address is the picture itself, and is read.
"""

import base64
import binascii
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from kling.read_answer import retry_after_s
from studio.guarded_http import (
    USER_AGENT,
    Answer,
    CertificateInvalid,
    CutShort,
    FetchProblem,
    InsideNetwork,
    Limits,
    NotAnAddress,
    OpenSession,
    ProxyFailed,
    Route,
    StandInAddress,
    TooLarge,
    TooManyRedirects,
    TooSlow,
    Unreachable,
    guarded_get,
)
from studio.pictures.picture_url import UPLOAD_INSTEAD, UrlProblem, check_picture_url
from studio.pictures.source_image import ImageProblem, SourceImage, read_image
from studio.pictures.upload_checks import MAX_UPLOAD_BYTES

LIMITS = Limits(
    max_bytes=MAX_UPLOAD_BYTES,
    total_timeout_s=30.0,  # the longest that a person waits, however steadily it drips
    connect_timeout_s=5.0,
    silence_timeout_s=10.0,
    max_redirects=3,
)

_ACCEPT = "image/png, image/jpeg, image/webp, image/*;q=0.8, */*;q=0.5"  # some refuse what has no */*
_NOT_LOADED = "The picture was not loaded."
_SLOTS = threading.BoundedSemaphore(8)  # fetches under way in this process

# what, why and what to do, with the address's {host}
WORDS: dict[type[FetchProblem], tuple[str, str, str]] = {
    NotAnAddress: (
        "This URL cannot be used.",
        "It is not a complete web address.",
        "Copy the picture's own address.",
    ),
    InsideNetwork: (
        "This URL cannot be used.",
        "{host} is an address inside a private network.",
        UPLOAD_INSTEAD,
    ),
    StandInAddress: (
        _NOT_LOADED,
        "This network answers {host} with a stand-in address, and no such address is asked.",
        UPLOAD_INSTEAD,
    ),
    ProxyFailed: (_NOT_LOADED, "This network's proxy does not let {host} through.", UPLOAD_INSTEAD),
    CertificateInvalid: (_NOT_LOADED, "The certificate of {host} is not valid.", UPLOAD_INSTEAD),
    TooSlow: (_NOT_LOADED, "{host} took too long.", f"Try again later. {UPLOAD_INSTEAD}"),
    Unreachable: (
        _NOT_LOADED,
        "{host} cannot be reached, or it broke off.",
        f"Check the address and try again. {UPLOAD_INSTEAD}",
    ),
    CutShort: (
        _NOT_LOADED,
        "{host} cannot be reached, or it broke off.",
        f"Check the address and try again. {UPLOAD_INSTEAD}",
    ),
    TooLarge: (
        "The picture is too large.",
        f"It has more than {MAX_UPLOAD_BYTES // 1024**2} MB.",
        "Choose a smaller version of it.",
    ),
    TooManyRedirects: (
        _NOT_LOADED,
        f"It leads on to other addresses more than {LIMITS.max_redirects} times.",
        UPLOAD_INSTEAD,
    ),
}


def fetch_image(
    url: str,
    *,
    tell_place: Callable[[int], None] | None = None,
    contact: str | None = None,
    limits: Limits = LIMITS,
    open_session: OpenSession | None = None,
) -> SourceImage:
    """Load the picture at a person's URL.

    Args:
        url: `https://…`, public, without a user name or password in it; or `data:…`.
        tell_place: as of `read_image`.
        contact: the address of this app, for those whose pictures are fetched: some refuse who gives none.
        limits: of time and size.
        open_session: as of `guarded_get`.

    Raises:
        UrlProblem: it is no such URL, leads inside the network, cannot be reached, is not found, is too large
            or too slow, or is not a usable picture.
    """
    address = url.strip()
    if address[:5].lower() == "data:":
        return _read(_data(address), "pasted picture", tell_place)
    _route(address)
    headers = {
        "Accept": _ACCEPT,
        "User-Agent": f"{USER_AGENT} ({f'+{contact}' if contact else 'self-hosted'})",
    }
    if not _SLOTS.acquire(blocking=False):
        raise UrlProblem(_NOT_LOADED, "Too many are being loaded now.", "Try again shortly.")
    try:
        with guarded_get(address, _route, limits, headers, open_session) as answer:
            _check_answer(answer)
            data = b"".join(answer.pieces())
    except FetchProblem as problem:
        what, why, next_step = WORDS[type(problem)]
        raise UrlProblem(what, why.format(host=urlsplit(address).hostname), next_step) from problem
    finally:
        _SLOTS.release()
    return _read(data, _name(address), tell_place)


def _read(data: bytes, name: str, tell_place: Callable[[int], None] | None) -> SourceImage:
    try:
        return read_image(data, name, tell_place)
    except ImageProblem as problem:
        raise UrlProblem(problem.what, problem.why, problem.next_step) from problem


def _data(address: str) -> bytes:
    """The bytes that a `data:` address is made of."""
    if len(address) > 4 * MAX_UPLOAD_BYTES:  # three letters a byte at the most, percent-encoded
        raise UrlProblem(*WORDS[TooLarge])
    head, _, body = address.partition(",")
    if not head.lower().rstrip().endswith(";base64"):
        return unquote_to_bytes(body)
    try:
        return base64.b64decode("".join(unquote(body).split()) + "==")
    except binascii.Error as broken:
        raise UrlProblem(
            "The picture is broken.",
            "It was pasted as text, and not all of it came.",
            "Save it as a file and upload that.",
        ) from broken


def _route(url: str) -> Route:
    """The guarded way to a URL that may be loaded."""
    checked = check_picture_url(url)
    if not checked.lower().startswith("https:"):
        why = "It begins with http:// and only https:// is loaded."
        raise UrlProblem("This URL cannot be used.", why, f"Try it with https://. {UPLOAD_INSTEAD}")
    return Route()


def _check_answer(answer: Answer) -> None:
    status = answer.http_status
    if status in {404, 410}:
        raise UrlProblem(_NOT_LOADED, f"Nothing is found there (HTTP {status}).", "Check the address.")
    if status == 401:
        raise UrlProblem(_NOT_LOADED, f"It is not public (HTTP {status}).", UPLOAD_INSTEAD)
    if status == 403:
        why = f"It is refused to this app, although it may open in your browser (HTTP {status})."
        raise UrlProblem(_NOT_LOADED, why, UPLOAD_INSTEAD)
    if status == 429:
        wait_s = retry_after_s(answer.headers.get("Retry-After"), datetime.now(UTC))
        when = "in a minute" if wait_s is None else f"in {wait_s:.0f} s"
        why = f"The server wants fewer requests (HTTP {status})."
        raise UrlProblem(_NOT_LOADED, why, f"Try again {when}. {UPLOAD_INSTEAD}")
    if status != 200:
        why = f"The server answered HTTP {status}."
        raise UrlProblem(_NOT_LOADED, why, f"Try again later. {UPLOAD_INSTEAD}")
    if answer.headers.get("Content-Type", "").lower().startswith("text/html"):
        next_step = "Open the picture alone in the browser and copy its address."
        raise UrlProblem("This is not a picture.", "The URL leads to a web page.", next_step)


def _name(url: str) -> str:
    """The picture's name: the last part of its address, or the host."""
    parts = urlsplit(url)
    last = unquote(parts.path.rsplit("/", 1)[-1])
    return "".join(letter for letter in last if letter.isprintable())[:80] or str(parts.hostname)
