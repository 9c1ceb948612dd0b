"""Requests to addresses that strangers gave: pictures and callbacks.

They never reach private addresses, and this machine only where the settings allow it; no redirect is
followed without a look at where it leads.
"""

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import requests
from requests_hardened import Config, Manager

CONNECT_TIMEOUT_S: Final = 5.0
READ_TIMEOUT_S: Final = 10.0

Post = Callable[[str, dict[str, Any]], int | None]  # URL, JSON body → HTTP status; None: not reached


class Sender(Protocol):
    """What sends one request; `HardenedSender`, or a fake."""

    def send_request(self, method: str, url: str, **kwargs: Any) -> requests.Response:  # noqa: ANN401
        """Send it, with the keywords of `requests.Session.request`."""


class HardenedSender:
    """Refuses private addresses before it connects."""

    def __init__(self, *, allow_loopback: bool) -> None:
        self._manager = Manager(
            Config(
                ip_filter_enable=True,
                ip_filter_allow_loopback_ips=allow_loopback,
                never_redirect=True,
                default_timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S),
                user_agent_override="motion-studio-simulator",
            )
        )

    def send_request(self, method: str, url: str, **kwargs: Any) -> requests.Response:  # noqa: ANN401
        """Send one request.

        Raises:
            requests.RequestException: also for an address that is refused.
        """
        session: requests.Session = self._manager.get_session()
        with session:
            session.trust_env = not is_loopback(urlsplit(url).hostname)  # no proxy leads to this machine
            return session.request(method, url, **kwargs)


def is_loopback(host: str | None) -> bool:
    """Whether a host, as it stands in a URL, is this machine by name or number."""
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


def post_json(sender: Sender) -> Post:
    """A `Post` over `sender`: one attempt, whatever comes of it."""

    def post(url: str, body: dict[str, Any]) -> int | None:
        try:
            with sender.send_request("POST", url, json=body) as response:
                return response.status_code
        except (requests.RequestException, OSError, ValueError):
            return None

    return post
