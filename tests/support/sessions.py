"""Sessions, as `guarded_http` opens them, that lead elsewhere or nowhere."""

from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from studio.guarded_http import GuardedAdapter, Route, guarded_session


@dataclass(frozen=True)
class LeadingTo:
    """Every https request of some addresses goes to one loopback server: it plays any site.

    Attributes:
        url: the server's; path and query stay as they are.
        of: how the addresses begin.
    """

    url: str
    of: str = "https://"

    def __call__(self, route: Route, deadline_s: float) -> requests.Session:
        """A session as any other but for where it leads."""
        session = guarded_session(route, deadline_s)
        session.mount(self.of, _Redirected(self.url, deadline_s))
        return session


@dataclass(frozen=True)
class Failing:
    """Every request fails in one way, before anything is answered."""

    error: Exception

    def __call__(self, route: Route, deadline_s: float) -> requests.Session:
        """A session as any other but for its end."""
        session = guarded_session(route, deadline_s)
        session.mount("https://", _Broken(self.error))
        return session


class _Redirected(GuardedAdapter):
    def __init__(self, url: str, deadline_s: float) -> None:
        super().__init__(Route(is_trusted=True), deadline_s)
        self._url = url

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        request.url = self._url + request.path_url
        return super().send(request, *args, **options)


class _Broken(HTTPAdapter):
    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def send(self, *_: Any, **__: Any) -> requests.Response:
        raise self._error
