"""Fetches a picture by a URL that a stranger gave: https, public addresses, limited size and time."""

import time
from collections.abc import Callable, Iterator
from typing import Final, Protocol
from urllib.parse import urljoin, urlsplit

import requests
from requests_hardened import Config, Manager

from simulator.documented import MAX_IMAGE_BYTES
from simulator.pictures import PictureProblem

CONNECT_TIMEOUT_S: Final = 5.0
READ_TIMEOUT_S: Final = 10.0
TOTAL_TIMEOUT_S: Final = 20.0
MAX_REDIRECTS: Final = 3
_CHUNK_BYTES: Final = 64 * 1024

Fetch = Callable[[str], bytes]  # raises PictureProblem


class Sender(Protocol):
    """The part of `requests_hardened.Manager` that is used."""

    def send_request(self, method: str, url: str, **kwargs: object) -> requests.Response:
        """Send one request."""


def hardened_manager() -> Sender:
    """A sender that refuses private and loopback addresses and never follows a redirect by itself."""
    config = Config(
        ip_filter_enable=True,
        ip_filter_allow_loopback_ips=False,
        never_redirect=True,
        default_timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S),
        user_agent_override="motion-studio-simulator",
    )
    manager: Sender = Manager(config)
    return manager


def fetch_picture(
    url: str, *, sender: Sender | None = None, clock: Callable[[], float] = time.monotonic
) -> bytes:
    """The bytes behind `url`, at most 10 MB, within 20 s, after at most three redirects.

    Raises:
        PictureProblem: a sentence for the task's message; it never repeats the URL's query.
    """
    sender = sender or hardened_manager()
    deadline = clock() + TOTAL_TIMEOUT_S
    try:
        for _ in range(MAX_REDIRECTS + 1):
            _check(url)
            response = sender.send_request("GET", url, stream=True)
            with response:
                if not response.is_redirect:
                    return _read(response, deadline, clock)
                url = urljoin(url, response.headers["location"])
    except (requests.RequestException, OSError, ValueError) as error:
        raise PictureProblem("Image URL cannot be downloaded") from error
    raise PictureProblem("Image URL redirects too often")


def _check(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https":
        raise PictureProblem("Image URL must be https")
    if parts.username is not None or parts.password is not None:
        raise PictureProblem("Image URL must not contain credentials")


def _read(response: requests.Response, deadline: float, clock: Callable[[], float]) -> bytes:
    if response.status_code != requests.codes.ok:
        raise PictureProblem(f"Image URL cannot be downloaded, it answered {response.status_code}")
    data = bytearray()
    chunks: Iterator[bytes] = response.iter_content(_CHUNK_BYTES)
    for chunk in chunks:
        data += chunk
        if len(data) > MAX_IMAGE_BYTES:
            raise PictureProblem("Image file size exceeds 10MB")
        if clock() > deadline:
            raise PictureProblem("Image URL took too long to download")
    return bytes(data)
