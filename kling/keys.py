"""Check the API key before it goes anywhere, and keep it out of every text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from requests.auth import AuthBase

from kling.errors import InvalidApiKey

if TYPE_CHECKING:
    from requests import PreparedRequest


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

    def __init__(self, key: str) -> None:
        check_key(key)
        self._key = key

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._key}"
        return request

    def hide_key(self, text: str) -> str:
        """The text with the key, should a service echo it, replaced by `<key>`."""
        return text.replace(self._key, "<key>")

    def __repr__(self) -> str:
        return "BearerAuth(<hidden>)"


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
