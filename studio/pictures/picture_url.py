"""Addresses of pictures: what may stand in a draft, wherever it came from. Pure."""

import re
from collections.abc import Mapping
from typing import NewType
from urllib.parse import urlsplit

from studio.errors import StudioError

MAX_URL_CHARS = 2048
UPLOAD_INSTEAD = "Download the picture yourself and upload it here."

PictureUrl = NewType("PictureUrl", str)
"""A whole http(s) URL without a name or password in it, as `check_picture_url` gives it.

Any other text may be a path, which a page would open on the server's own disk.
"""


NO_ADDRESSES: Mapping[re.Pattern[str], tuple[str, str]] = {
    re.compile(pattern, re.IGNORECASE): said
    for pattern, said in {
        r"data:": (
            "It is the picture itself, and no address of it.",
            "Load it to paint on it, or save it as a file and upload that.",
        ),
        r"blob:|about:|chrome": (
            "It is an address inside your own browser, which nobody else can open.",
            UPLOAD_INSTEAD,
        ),
        r"file:|[a-z]:[\\/]|\\\\|~?/(?!/)": (
            "It is a file on a computer, and this app sees none of yours.",
            "Upload the file here.",
        ),
        r"(?![a-z][a-z0-9+-]*:)[^/\s@]+\.[^/\s@]+/": (
            "It is not a complete web address: https:// is missing at its beginning.",
            "Put https:// before it.",
        ),
    }.items()
}
"""Things pasted for an address: how each begins, why it is none, and what to do instead."""


class UrlProblem(StudioError):
    """A picture's public URL cannot be used or loaded."""


def check_picture_url(text: str) -> PictureUrl:
    """Check that a text is the address of a picture; it is never repeated in a message.

    Raises:
        UrlProblem: it is another thing.
    """
    what = "This URL cannot be used."
    url = text.strip()
    for beginning, (why, next_step) in NO_ADDRESSES.items():
        if beginning.match(url):
            raise UrlProblem(what, why, next_step)
    try:
        parts = urlsplit(url)
        is_whole = bool(parts.hostname and parts.port != 0)
    except ValueError:
        is_whole = False
    is_odd = len(url) > MAX_URL_CHARS or "\\" in url or not url.isprintable() or " " in url
    if is_odd or not is_whole or parts.scheme == "":
        why = "It is not a complete web address such as https://example.org/photo.jpg."
        raise UrlProblem(what, why, "Copy the picture's own address.")
    if parts.scheme not in {"http", "https"}:
        why = f"It begins with {parts.scheme}:// and only https:// is loaded."
        raise UrlProblem(what, why, f"Try it with https://. {UPLOAD_INSTEAD}")
    if "@" in parts.netloc:
        why = "It holds a user name or a password, which would be passed on."
        raise UrlProblem(what, why, f"Leave out what stands before the @. {UPLOAD_INSTEAD}")
    return PictureUrl(url)
