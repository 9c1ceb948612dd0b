"""Fetches a picture by a URL that a stranger gave: guarded addresses, limited size and time."""

import time
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import urljoin, urlsplit

import requests

from simulator.contract.documented import MAX_IMAGE_BYTES
from simulator.contract.outgoing import Sender
from simulator.contract.pictures import PictureProblem

TOTAL_TIMEOUT_S: Final = 20.0
MAX_REDIRECTS: Final = 3
_CHUNK_BYTES: Final = 64 * 1024

Fetch = Callable[[str], bytes]  # raises PictureProblem


def fetch_picture(url: str, *, sender: Sender, clock: Callable[[], float] = time.monotonic) -> bytes:
    """The bytes behind `url`, at most 10 MB, within 20 s, after at most three redirects.

    Raises:
        PictureProblem: a sentence for the task's message; it never repeats the URL's query.
    """
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
    if parts.scheme not in {"http", "https"}:
        raise PictureProblem("Image URL must be http or https")
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
