"""A picture from a public URL, fetched without reaching inside the network and without waiting for ever.

Addresses are checked by requests-hardened on the very connection that is used; here are the rest of the
guards: https only, no credentials in the URL, few redirects (each checked like the first), caps on bytes and
on time.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol
from urllib.parse import unquote, urljoin, urlsplit

import requests
import urllib3
from requests_hardened import Config
from requests_hardened import Manager as HardenedManager
from requests_hardened.ip_filter import InvalidIPAddress

from studio.errors import StudioError
from studio.pictures.source_image import ImageProblem, SourceImage, read_image
from studio.pictures.upload_checks import MAX_UPLOAD_BYTES

CONNECT_TIMEOUT_S = 5.0
READ_TIMEOUT_S = 10.0
"""The longest silence within an answer."""
TOTAL_TIMEOUT_S = 30.0
"""The longest that a person waits for the whole, however steadily it drips."""
MAX_REDIRECTS = 3
MAX_URL_CHARS = 2048

_CHUNK_BYTES = 64 * 1024
_HEADERS = {"Accept": "image/png, image/jpeg, image/webp", "Accept-Encoding": "identity"}
_UPLOAD_INSTEAD = "Download the picture yourself and upload it here."
_SLOTS = threading.BoundedSemaphore(8)  # fetches under way in this process, abandoned ones included


class UrlProblem(StudioError):
    """A picture's public URL cannot be loaded."""


class Manager(Protocol):
    """What gives sessions: requests-hardened's manager, or a fake in a test."""

    def get_session(self) -> requests.Session:
        """A new session, closed by whoever asked for it."""


def hardened_manager() -> Manager:
    """Sessions that refuse private, loopback and other inner addresses, and follow no redirect."""
    manager: Manager = HardenedManager(
        Config(
            ip_filter_enable=True,
            ip_filter_allow_loopback_ips=False,
            never_redirect=True,
            default_timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S),
            user_agent_override="motion-studio",
        )
    )
    return manager


def fetch_image(
    url: str,
    *,
    manager: Manager | None = None,
    total_timeout_s: float = TOTAL_TIMEOUT_S,
) -> SourceImage:
    """Load a picture that somebody gave by its URL.

    Args:
        url: `https://…`, public, without a user name or password in it.
        manager: gives the session; requests-hardened's by default.
        total_timeout_s: after this many seconds the caller is free, even if the far side still drips.

    Raises:
        UrlProblem: it is no such URL, leads inside the network, cannot be reached, is not found, is too large
            or too slow, or is not a usable picture.
    """
    address = _checked(url.strip())
    if not _SLOTS.acquire(blocking=False):
        raise UrlProblem(
            "The picture was not loaded.", "Too many are being loaded now.", "Try again shortly."
        )
    deadline = time.monotonic() + total_timeout_s
    answer: Future[bytes] = Future()
    work = (address, manager or hardened_manager(), deadline, answer)
    threading.Thread(target=_download_into, args=work, name="fetch-image", daemon=True).start()
    try:
        data = answer.result(timeout=total_timeout_s)
    except TimeoutError as error:
        raise _too_slow(address) from error
    try:
        return read_image(data, _name(address))
    except ImageProblem as problem:
        raise UrlProblem(problem.what, problem.why, problem.next_step) from problem


def _checked(url: str) -> str:
    """The URL itself when it may be asked for at all; its text is never repeated in a message."""
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
    return url


def _download_into(url: str, manager: Manager, deadline: float, answer: "Future[bytes]") -> None:
    """Run in a thread of its own, because dripping headers can outlast every time-out of a socket."""
    try:
        with manager.get_session() as session:
            answer.set_result(_translated(url, lambda: _download(session, url, deadline)))
    except BaseException as error:  # noqa: BLE001  # handed over to whoever waits
        answer.set_exception(error)
    finally:
        _SLOTS.release()


def _translated(url: str, work: Callable[[], bytes]) -> bytes:
    """The one place where errors of the transport become messages; each row says what it means."""
    host = urlsplit(url).hostname
    try:
        return work()
    except InvalidIPAddress as error:
        why = f"{host} is an address inside a private network."
        raise UrlProblem("This URL cannot be used.", why, _UPLOAD_INSTEAD) from error
    except (requests.Timeout, urllib3.exceptions.TimeoutError) as error:
        raise _too_slow(url) from error
    except requests.exceptions.SSLError as error:
        why = f"The certificate of {host} is not valid."
        raise UrlProblem("The picture was not loaded.", why, _UPLOAD_INSTEAD) from error
    except (requests.exceptions.InvalidURL, UnicodeError) as error:
        why = "It is not a complete web address."
        raise UrlProblem("This URL cannot be used.", why, "Copy the picture's own address.") from error
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        why = f"{host} cannot be reached, or it broke off."
        next_step = f"Check the address and try again. {_UPLOAD_INSTEAD}"
        raise UrlProblem("The picture was not loaded.", why, next_step) from error


def _download(session: requests.Session, url: str, deadline: float) -> bytes:
    for _ in range(MAX_REDIRECTS + 1):
        with session.get(
            url,
            headers=_HEADERS,
            stream=True,
            allow_redirects=False,
            auth=_nothing_from_netrc,
            timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S),
        ) as response:
            if not response.is_redirect:
                _check_answer(response)
                return _read(response, url, deadline)
            url = _checked(urljoin(url, response.headers["Location"]))
    why = f"It leads on to other addresses more than {MAX_REDIRECTS} times."
    raise UrlProblem("The picture was not loaded.", why, _UPLOAD_INSTEAD)


def _nothing_from_netrc(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """An authentication that adds none: without it requests would send what ~/.netrc holds for the host."""
    return request


def _check_answer(response: requests.Response) -> None:
    status, what = response.status_code, "The picture was not loaded."
    if status in {404, 410}:
        raise UrlProblem(what, f"Nothing is found there (HTTP {status}).", "Check the address.")
    if status in {401, 403}:
        raise UrlProblem(what, f"It is not public (HTTP {status}).", _UPLOAD_INSTEAD)
    if status != 200:
        raise UrlProblem(what, f"The server answered HTTP {status}.", f"Try again later. {_UPLOAD_INSTEAD}")
    if response.headers.get("Content-Type", "").lower().startswith("text/html"):
        next_step = "Open the picture alone in the browser and copy its address."
        raise UrlProblem("This is not a picture.", "The URL leads to a web page.", next_step)
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > MAX_UPLOAD_BYTES:
        raise _too_large()


def _read(response: requests.Response, url: str, deadline: float) -> bytes:
    """The body, as it comes: `read1` returns what has arrived, so that the deadline is seen in time."""
    data = bytearray()
    while chunk := response.raw.read1(_CHUNK_BYTES, decode_content=True):
        data += chunk
        if len(data) > MAX_UPLOAD_BYTES:
            raise _too_large()
        if time.monotonic() > deadline:
            raise _too_slow(url)
    return bytes(data)


def _too_large() -> UrlProblem:
    why = f"It has more than {MAX_UPLOAD_BYTES // 1024**2} MB."
    return UrlProblem("The picture is too large.", why, "Choose a smaller version of it.")


def _too_slow(url: str) -> UrlProblem:
    why = f"{urlsplit(url).hostname} took too long."
    return UrlProblem("The picture was not loaded.", why, f"Try again later. {_UPLOAD_INSTEAD}")


def _name(url: str) -> str:
    """What to call the picture: the last part of its address, or the host."""
    parts = urlsplit(url)
    last = unquote(parts.path.rsplit("/", 1)[-1])
    return "".join(letter for letter in last if letter.isprintable())[:80] or str(parts.hostname)
