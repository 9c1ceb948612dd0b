"""Judge whether a service elsewhere can call an http(s) URL. Nothing is resolved or fetched here."""

import ipaddress
from urllib.parse import SplitResult, urlsplit


def is_usable(url: str) -> bool:
    """True for a whole http(s) URL: a host, a possible port, no spaces or control characters."""
    parts = _parts(url)
    return parts is not None and all(character.isprintable() and character != " " for character in url)


def is_public(url: str) -> bool:
    """False for a host that is local by its name or address; a name is not looked up."""
    parts = _parts(url)
    host = ((parts and parts.hostname) or "").rstrip(".")
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if usable else None
