"""Callback addresses: each task has one of its own, and a call there only means "look now".

`{PUBLIC_URL}/api/callback/{entry_id}/{token}`, the token an HMAC of the entry's id under the deployment's
secret. Callbacks are unsigned, repeat, and come late or never (contract.md): what one says is not read.
"""

import asyncio
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

PATH = "/api/callback/{entry_id}/{token}"
MAX_BODY_BYTES = 64 * 1024
"""Ten times the largest answer known; nothing of it is used."""


@dataclass(frozen=True, kw_only=True)
class CallbackUrls:
    """Makes callback addresses and knows its own again; all processes of a deployment share the secret."""

    secret: bytes = field(repr=False)
    # where the outside reaches this app, without a slash at its end; None: it cannot be called back
    public_url: str | None = None

    def address(self, entry_id: str) -> str | None:
        """The address for one task; None when the deployment has no public one."""
        if self.public_url is None:
            return None
        return self.public_url + PATH.format(entry_id=entry_id, token=self._token(entry_id))

    def is_genuine(self, entry_id: str, token: str) -> bool:
        """Whether this address was made here; takes the same time for every wrong one."""
        return hmac.compare_digest(self._token(entry_id).encode(), token.encode())

    def _token(self, entry_id: str) -> str:
        # "callback" keeps it apart from whatever else is signed with the same secret
        return hmac.new(self.secret, b"callback\n" + entry_id.encode(), hashlib.sha256).hexdigest()


def callback_route(callbacks: Callable[[], CallbackUrls], wake: Callable[[str], None]) -> Route:
    """The app's route for them, for `st.App(routes=[…])`.

    Args:
        callbacks: asked at each call, since the app's services are made after its routes.
        wake: has the task of this entry id looked at; may block, and runs in a thread.
    """

    async def receive(request: Request) -> Response:
        entry_id, token = request.path_params["entry_id"], request.path_params["token"]
        if not (await asyncio.to_thread(callbacks)).is_genuine(entry_id, token):
            return PlainTextResponse("Not found", status_code=404)
        if not await _is_small(request):
            return PlainTextResponse("Too large", status_code=413)
        await asyncio.to_thread(wake, entry_id)
        return Response(status_code=204)

    return Route(PATH, receive, methods=["POST"])


async def _is_small(request: Request) -> bool:
    """Reads the body away, no further than its cap."""
    received_bytes = 0
    async for chunk in request.stream():
        received_bytes += len(chunk)
        if received_bytes > MAX_BODY_BYTES:
            return False
    return True
