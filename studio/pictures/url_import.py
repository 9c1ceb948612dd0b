"""Load a picture from a public URL, without reaching inside the network and without waiting for ever.

`guarded_http` fetches it; here is what may be asked for (https, no credentials), and what each failure is in
words.
"""

import threading
from urllib.parse import unquote, urlsplit

from studio.errors import StudioError
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
    Route,
    StandInAddress,
    TooLarge,
    TooManyRedirects,
    TooSlow,
    Unreachable,
    guarded_get,
)
from studio.pictures.source_image import ImageProblem, SourceImage, read_image
from studio.pictures.upload_checks import MAX_UPLOAD_BYTES

LIMITS = Limits(
    max_bytes=MAX_UPLOAD_BYTES,
    total_timeout_s=30.0,  # the longest that a person waits, however steadily it drips
    connect_timeout_s=5.0,
    silence_timeout_s=10.0,
    max_redirects=3,
)
MAX_URL_CHARS = 2048

_HEADERS = {"Accept": "image/png, image/jpeg, image/webp"}
_UPLOAD_INSTEAD = "Download the picture yourself and upload it here."
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
        _UPLOAD_INSTEAD,
    ),
    StandInAddress: (
        _NOT_LOADED,
        "This network answers {host} with a stand-in address, and no such address is asked.",
        _UPLOAD_INSTEAD,
    ),
    ProxyFailed: (_NOT_LOADED, "This network's proxy does not let {host} through.", _UPLOAD_INSTEAD),
    CertificateInvalid: (_NOT_LOADED, "The certificate of {host} is not valid.", _UPLOAD_INSTEAD),
    TooSlow: (_NOT_LOADED, "{host} took too long.", f"Try again later. {_UPLOAD_INSTEAD}"),
    Unreachable: (
        _NOT_LOADED,
        "{host} cannot be reached, or it broke off.",
        f"Check the address and try again. {_UPLOAD_INSTEAD}",
    ),
    CutShort: (
        _NOT_LOADED,
        "{host} cannot be reached, or it broke off.",
        f"Check the address and try again. {_UPLOAD_INSTEAD}",
    ),
    TooLarge: (
        "The picture is too large.",
        f"It has more than {MAX_UPLOAD_BYTES // 1024**2} MB.",
        "Choose a smaller version of it.",
    ),
    TooManyRedirects: (
        _NOT_LOADED,
        f"It leads on to other addresses more than {LIMITS.max_redirects} times.",
        _UPLOAD_INSTEAD,
    ),
}


class UrlProblem(StudioError):
    """A picture's public URL cannot be loaded."""


def fetch_image(url: str, *, limits: Limits = LIMITS, open_session: OpenSession | None = None) -> SourceImage:
    """Load the picture at a person's URL.

    Args:
        url: `https://…`, public, without a user name or password in it.
        limits: of time and size.
        open_session: as of `guarded_get`.

    Raises:
        UrlProblem: it is no such URL, leads inside the network, cannot be reached, is not found, is too large
            or too slow, or is not a usable picture.
    """
    address = url.strip()
    _route(address)
    if not _SLOTS.acquire(blocking=False):
        raise UrlProblem(_NOT_LOADED, "Too many are being loaded now.", "Try again shortly.")
    try:
        with guarded_get(address, _route, limits, _HEADERS, open_session) as answer:
            _check_answer(answer)
            data = b"".join(answer.pieces())
    except FetchProblem as problem:
        what, why, next_step = WORDS[type(problem)]
        raise UrlProblem(what, why.format(host=urlsplit(address).hostname), next_step) from problem
    finally:
        _SLOTS.release()
    try:
        return read_image(data, _name(address))
    except ImageProblem as problem:
        raise UrlProblem(problem.what, problem.why, problem.next_step) from problem


def _route(url: str) -> Route:
    """The guarded way to a URL that may be asked for at all; its text is never repeated in a message."""
    what = "This URL cannot be used."
    try:
        parts = urlsplit(url)
        odd = len(url) > MAX_URL_CHARS or "\\" in url or not url.isprintable() or " " in url
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise UrlProblem(
            what, "It is not a complete web address.", "Copy the picture's own address."
        ) from error
    if odd or not host or not parts.scheme:
        why = "It is not a complete web address such as https://example.org/photo.jpg."
        raise UrlProblem(what, why, "Copy the picture's own address.")
    if parts.scheme != "https":
        why = f"It begins with {parts.scheme}:// and only https:// is loaded."
        raise UrlProblem(what, why, f"Try it with https://. {_UPLOAD_INSTEAD}")
    if "@" in parts.netloc:
        why = "It holds a user name or a password, which would be passed on."
        raise UrlProblem(what, why, f"Leave out what stands before the @. {_UPLOAD_INSTEAD}")
    return Route()


def _check_answer(answer: Answer) -> None:
    status = answer.http_status
    if status in {404, 410}:
        raise UrlProblem(_NOT_LOADED, f"Nothing is found there (HTTP {status}).", "Check the address.")
    if status in {401, 403}:
        raise UrlProblem(_NOT_LOADED, f"It is not public (HTTP {status}).", _UPLOAD_INSTEAD)
    if status != 200:
        why = f"The server answered HTTP {status}."
        raise UrlProblem(_NOT_LOADED, why, f"Try again later. {_UPLOAD_INSTEAD}")
    if answer.headers.get("Content-Type", "").lower().startswith("text/html"):
        next_step = "Open the picture alone in the browser and copy its address."
        raise UrlProblem("This is not a picture.", "The URL leads to a web page.", next_step)


def _name(url: str) -> str:
    """The picture's name: the last part of its address, or the host."""
    parts = urlsplit(url)
    last = unquote(parts.path.rsplit("/", 1)[-1])
    return "".join(letter for letter in last if letter.isprintable())[:80] or str(parts.hostname)
