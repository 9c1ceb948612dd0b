"""Check the API key before it goes anywhere, and keep it out of every text."""

from __future__ import annotations

import base64
import html
import json
import re
import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

from requests.auth import AuthBase

from kling.errors import InvalidApiKey

if TYPE_CHECKING:
    from requests import PreparedRequest

HIDDEN = "<key>"
"""Stands where a key stood."""
_SURELY_A_KEY = 8
"""Characters: a shorter key may be a part of any word, and is hidden where it stands as a word of its own."""


def check_key(key: str) -> None:
    """Refuse a key that cannot stand in a header: requests would quote the whole header in its error text.

    Raises:
        InvalidApiKey: says what is wrong, and never quotes the key.
    """
    problem = _problem(key)
    if problem:
        raise InvalidApiKey(
            f"The API key {problem}. Copy it again from the service's page, and only the key."
        )


class BearerAuth(AuthBase):
    """Puts the key into the Authorization header of each request; its repr hides it.

    Being an `auth` and not a header, it also keeps requests from taking a password out of a .netrc file
    instead.
    """

    def __init__(self, key: str, *, is_secret: bool = True) -> None:
        """Check it.

        Args:
            key: printable ASCII without spaces.
            is_secret: whether it is hidden; a simulator's may be a word that everybody uses.

        Raises:
            InvalidApiKey: says what is wrong, and never quotes the key.
        """
        check_key(key)
        self._key = key
        forms = sorted(set(_forms(key)), key=len, reverse=True) if is_secret else []
        self._folded = tuple(form.lower() for form in forms)
        ignoring_case = re.IGNORECASE if len(key) >= _SURELY_A_KEY else 0
        self._pattern = re.compile("|".join(map(_as_it_may_stand, forms)), ignoring_case)
        if is_secret:
            _LIVING.add(self)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._key}"
        return request

    def hide_key(self, text: str) -> str:
        """The text with the key, should a service echo it, replaced by `<key>`.

        Also in capitals, percent-encoded, in base64, or escaped as in JSON or HTML.
        """
        folded = text.lower()
        if not any(form in folded for form in self._folded):  # a search is much faster than a pattern
            return text
        return self._pattern.sub(HIDDEN, text)

    def __repr__(self) -> str:
        return "BearerAuth(<hidden>)"


_LIVING: weakref.WeakSet[BearerAuth] = weakref.WeakSet()
"""Of every client that there is now; a key is forgotten with the last that has it."""


def hide_living_keys(text: str) -> str:
    """The text without the keys of all clients that there are now: for logs, which are everybody's."""
    for auth in tuple(_LIVING):
        text = auth.hide_key(text)
    return text


def _forms(key: str) -> Iterator[str]:
    """The key as a text may hold it."""
    in_urls = (quote(key, safe=""), quote(key), quote_plus(key))
    yield from (key, *in_urls, *map(quote, in_urls), html.escape(key))
    in_json = key
    for _ in range(3):  # JSON as text in JSON
        in_json = json.dumps(in_json)[1:-1]
        yield from (in_json, in_json.replace("/", "\\/"))
    encoded = key.encode()
    yield from (encoded.hex(), base64.b64encode(encoded).decode().rstrip("="))
    if len(key) >= _SURELY_A_KEY:
        yield from _within_base64(encoded)


def _within_base64(encoded: bytes) -> Iterator[str]:
    """The letters that base64 has for these bytes, wherever among others they stand."""
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + encoded).decode().rstrip("=")
        inner = whole[(before * 8 + 5) // 6 : (before + len(encoded)) * 8 // 6]
        yield from (inner, inner.translate(str.maketrans("+/", "-_")))


def _as_it_may_stand(form: str) -> str:
    return (
        re.escape(form)
        if len(form) >= _SURELY_A_KEY
        else rf"(?<![A-Za-z0-9]){re.escape(form)}(?![A-Za-z0-9])"
    )


def _problem(key: str) -> str | None:
    if not key:
        return "is empty"
    if any(character in "\r\n" for character in key):
        return "contains a line break"
    if any(character.isspace() for character in key):
        return "contains a space"
    if not key.isascii():
        return "contains a character that no key has, such as a curly quote or an accented letter"
    if not key.isprintable():
        return "contains a control character"
    return None
