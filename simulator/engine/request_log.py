"""The last thousand requests and what they were answered, without keys, queries and bodies."""

import threading
from collections import deque
from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_KEPT: Final = 1000
CONTROL_PATH: Final = "/_control"


@dataclass(frozen=True, kw_only=True)
class Logged:
    """One request, or one callback that was sent (method "CALLBACK").

    Attributes:
        at_s: Unix seconds of its beginning.
        status: HTTP status; None when the connection ended without one.
        fault: the kind of fault that struck it.
        task: the task id that it was about.
    """

    at_s: float
    method: str
    path: str
    status: int | None
    fault: str | None
    task: str | None


class RequestLog:
    """The last entries; safe to use from several threads."""

    def __init__(self) -> None:
        self._entries: deque[Logged] = deque(maxlen=MAX_KEPT)
        self._lock = threading.Lock()

    def add(self, entry: Logged) -> None:
        """Add one."""
        with self._lock:
            self._entries.append(entry)

    def last(self, limit: int) -> list[Logged]:
        """At most `limit` (at least 1), newest last."""
        with self._lock:
            return list(self._entries)[-limit:]

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._entries.clear()


class Logging:
    """Middleware that notes every request but those to the control prefix."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note its answer's status."""
        if scope["type"] != "http" or scope["path"].startswith(CONTROL_PATH):
            await self._app(scope, receive, send)
            return
        service = scope["app"].state.service
        at_s, status = service.now_s(), None
        said = scope.setdefault("state", {})  # the handlers' request.state

        async def heard(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, heard)
        finally:
            entry = Logged(
                at_s=at_s,
                method=scope["method"],
                path=scope["path"],
                status=status,
                fault=said.get("fault"),
                task=said.get("task"),
            )
            service.log.add(entry)
