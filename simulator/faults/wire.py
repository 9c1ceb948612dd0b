"""The socket under HTTP: uvicorn's protocol with a way for an answer to cut the connection.

ASGI has no word for "no answer at all". The protocol puts a function into each request's scope, as an
extension of ASGI under the simulator's own name, and only the responses in this module call it.
"""

import asyncio
import socket
import struct
from asyncio import Transport
from typing import Any, Final, cast

from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

_CUT: Final = "motion_studio_simulator.cut"
_NO_LINGER: Final = struct.pack("ii", 1, 0)  # on, 0 seconds: closing sends RST instead of FIN
_SLICES: Final = 100


class CuttableProtocol(H11Protocol):
    """uvicorn's HTTP/1.1, whose application may cut the connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- as uvicorn makes it
        super().__init__(*args, **kwargs)
        inner: Any = self.app

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("extensions", {})[_CUT] = self._cut
            await inner(scope, receive, send)

        self.app = cast("Any", app)

    def _cut(self, *, reset: bool) -> None:
        transport: Transport = self.transport
        if reset:
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            transport.abort()
        else:
            transport.close()  # after what was written has left


async def _cut(scope: Scope, receive: Receive, *, reset: bool) -> None:
    scope["extensions"][_CUT](reset=reset)
    while (await receive())["type"] != "http.disconnect":
        pass  # uvicorn has heard of it only then, and no longer misses an answer


class CutResponse(Response):
    """No answer: the connection is closed (FIN), or reset (RST)."""

    def __init__(self, *, reset: bool) -> None:
        super().__init__()
        self._reset = reset

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Cut instead of sending."""
        await _cut(scope, receive, reset=self._reset)


class BrokenResponse(Response):
    """The first half of another answer's body, then the connection is cut."""

    def __init__(self, whole: Response) -> None:
        super().__init__()
        self._whole = whole

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the promised headers and half of what they promise."""
        left = 0

        async def half(message: Message) -> None:
            nonlocal left
            if message["type"] == "http.response.start":
                left = _length(message) // 2
                await send(message)
            elif left > 0:
                body = message.get("body", b"")[:left]
                left -= len(body)
                await send({"type": "http.response.body", "body": body, "more_body": True})

        await self._whole(scope, receive, half)
        await _cut(scope, receive, reset=False)


class DrippingResponse(Response):
    """Another answer whose body takes some seconds."""

    def __init__(self, whole: Response, seconds: float) -> None:
        super().__init__()
        self._whole = whole
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it in slices, evenly spread over the time."""
        length = 1

        async def drip(message: Message) -> None:
            nonlocal length
            if message["type"] == "http.response.start":
                length = max(1, _length(message))
                await send(message)
                return
            for body in _sliced(message.get("body", b""), length):
                await asyncio.sleep(self._seconds * len(body) / length)
                await send({"type": "http.response.body", "body": body, "more_body": True})
            await send({**message, "body": b""})

        await self._whole(scope, receive, drip)


def _length(start: Message) -> int:
    return int(dict(start["headers"]).get(b"content-length", b"0"))


def _sliced(body: bytes, length: int) -> list[bytes]:
    step = -(-length // _SLICES)
    return [body[at : at + step] for at in range(0, len(body), step)]
