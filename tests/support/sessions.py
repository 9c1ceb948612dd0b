"""Managers of sessions, as `url_import` and `video_download` take them, that lead elsewhere or nowhere."""

from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter


@dataclass(frozen=True)
class LeadingTo:
    """Every https request goes to one loopback server, path and query as they are: it plays any site."""

    url: str

    def get_session(self) -> requests.Session:
        """A new session."""
        return _session(_Redirected(self.url))


@dataclass(frozen=True)
class Failing:
    """Every request fails in one way, before anything is answered."""

    error: Exception

    def get_session(self) -> requests.Session:
        """A new session."""
        return _session(_Broken(self.error))


class _Redirected(HTTPAdapter):
    def __init__(self, url: str) -> None:
        super().__init__()
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


def _session(adapter: HTTPAdapter) -> requests.Session:
    session = requests.Session()
    session.mount("https://", adapter)
    return session
