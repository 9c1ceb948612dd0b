"""A result's address, as an authenticated answer of the service told it: made whole, and judged. Pure.

The service's own origin (scheme, host and port of its base URL) is reached wherever it leads, and alone hears
the key. Everything else is public https, or what the operator allows; a redirect is judged like the first
address, and once a fetch has left the service's origin, nothing of it is the service's own any more.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from urllib3.util import Url, parse_url

from kling.keys import BearerAuth
from studio.guarded_http import NotAnAddress, Route
from studio.ip_addresses import NONE_ALLOWED, AllowedAddresses, Reach, is_inner_name, literal, reach_of

MAX_CHARS = 8_192
"""Signed links of some stores have 2,000."""
_PORTS = {"http": 80, "https": 443}
_WITH_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+-]*:(?![0-9]+(?:[/?]|$))", re.IGNORECASE)
# "cdn.example.org/…", "cdn.example.org:8443/…", "localhost:3000/…"
_WITH_HOST = re.compile(r"(?:[\w-]+\.)+[\w-]+(?::[0-9]+)?/|[\w.-]+:[0-9]+(?:[/?]|$)")


class UnsafeAddress(Exception):
    """An address that is not asked for; its text says why, as a clause."""


def whole_url(told: str, base_url: str) -> str:
    """The whole address: one without a scheme is https, and a path alone is the service's own."""
    text = told.strip()
    if text.startswith("//"):
        return f"https:{text}"
    if _WITH_SCHEME.match(text) or _OTHER_SCHEME.match(text):
        return text
    if _WITH_HOST.match(text):
        return f"https://{text}"
    return urljoin(f"{base_url.rstrip('/')}/", text)


def is_same_origin(url: str, base_url: str) -> bool:
    """Whether scheme, host and port are all the same, as the transport reads them."""
    url_origin = _origin(url)
    return url_origin is not None and url_origin == _origin(base_url)


@dataclass(kw_only=True)
class ResultRoutes:
    """Decides on the addresses of one fetch, each after the one before.

    Attributes:
        base_url: the service's.
        auth: puts the service's key into a request.
        allowed: what the operator lets results be fetched from, although it is not public.
    """

    base_url: str
    auth: BearerAuth | None = field(default=None, repr=False)
    allowed: AllowedAddresses = NONE_ALLOWED
    _has_left: bool = False

    def __call__(self, url: str) -> Route:
        """How this address is asked.

        Raises:
            NotAnAddress: it cannot be asked for at all.
            UnsafeAddress: it is not asked for.
        """
        parts = _parts(url)
        told = url.removeprefix(self.base_url)  # a word for a key may be its own service's name
        if self.auth is not None and self.auth.hide_key(told) != told:
            raise UnsafeAddress("its address has the key in it, which would be read on its way")
        if not self._has_left and is_same_origin(url, self.base_url):
            return Route(is_trusted=True, auth=self.auth)
        self._has_left = True
        if parts.auth is not None or "@" in urlsplit(url).netloc:
            raise UnsafeAddress("its address holds a user name or a password")
        if parts.scheme in _PORTS and _is_inner(parts.host or "", self.allowed):
            raise UnsafeAddress(
                "the service's own address is set wrongly there: it told one inside a private network, which "
                "nobody else can reach"
            )
        if parts.scheme != "https":
            raise UnsafeAddress("its address is not https, and could be read and changed on its way")
        # the service itself told it, asked with the key: no stranger leads a proxy inside by it
        return Route(allowed=self.allowed, is_left_to_proxy=True)


def _parts(url: str) -> Url:
    if len(url) > MAX_CHARS or "\\" in url or not url.isprintable():
        raise NotAnAddress
    try:
        urlsplit(url)
        return parse_url(url)
    except ValueError as error:
        raise NotAnAddress from error


def _origin(url: str) -> tuple[str, str, int] | None:
    try:
        parts = parse_url(url)
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.host or parts.auth is not None:
        return None
    return parts.scheme, parts.host.lower(), parts.port or _PORTS[parts.scheme]


def _is_inner(host: str, allowed: AllowedAddresses) -> bool:
    """Whether a host is inside by its very spelling."""
    if allowed.has_host(host):
        return False
    spelled = literal(host)
    return is_inner_name(host) if spelled is None else reach_of(spelled) is not Reach.PUBLIC
