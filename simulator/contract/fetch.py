"""Fetches a picture by a URL that a caller gave: guarded addresses, limited size and time."""

from collections.abc import Callable
from typing import Final
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from simulator.contract.documented import MAX_IMAGE_BYTES
from simulator.contract.outgoing import Deadline, Sender
from simulator.contract.pictures import PictureProblem

TOTAL_TIMEOUT_S: Final = 20.0
MAX_REDIRECTS: Final = 3
_CHUNK_BYTES: Final = 64 * 1024

Fetch = Callable[[str], bytes]  # raises PictureProblem


def fetch_picture(url: str, *, sender: Sender, total_timeout_s: float = TOTAL_TIMEOUT_S) -> bytes:
    """The bytes behind `url`, at most 10 MB, within 20 s in all, after at most three redirects.

    Raises:
        PictureProblem: a sentence for the task's message; it never repeats the URL's query.
    """
    with Deadline(total_timeout_s) as deadline:
        try:
            data = _followed(url, sender, deadline)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            why = "took too long to download" if deadline.is_over else "cannot be downloaded"
            raise PictureProblem(f"Image URL {why}") from error
        if deadline.is_over:  # a body without a length seems to be whole when it is cut off
            raise PictureProblem("Image URL took too long to download")
        return data


def _followed(url: str, sender: Sender, deadline: Deadline) -> bytes:
    for _ in range(MAX_REDIRECTS + 1):
        _check(url)
        with sender.send("GET", url, deadline) as response:
            if not response.is_redirect:
                return _body(response)
            url = urljoin(url, response.headers["location"])
    raise PictureProblem("Image URL redirects too often")


def _check(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"}:
        raise PictureProblem("Image URL must be http or https")
    if parts.username is not None or parts.password is not None:
        raise PictureProblem("Image URL must not contain credentials")


def _body(response: requests.Response) -> bytes:
    if response.status_code != requests.codes.ok:
        raise PictureProblem(f"Image URL cannot be downloaded, it answered {response.status_code}")
    data = bytearray()
    for chunk in response.iter_content(_CHUNK_BYTES):
        data += chunk
        if len(data) > MAX_IMAGE_BYTES:
            raise PictureProblem("Image file size exceeds 10MB")
    return bytes(data)
