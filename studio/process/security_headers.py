"""Security headers on everything that is served, and a page for frames of other sites.

In such a frame the browser withholds the cookies with which uploads are protected. So the app is not shown in
it: a page says so, with the link.
"""

import base64
import hashlib
import re
from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# What Streamlit's page needs, and pictures by their address, which may be anywhere.
_POLICY = {
    "default-src": "'self'",
    "script-src": "'self' blob: 'wasm-unsafe-eval'",  # components of ours are loaded as blobs
    "style-src": "'self' 'unsafe-inline'",  # styles are written into the page while it runs
    "img-src": "'self' data: blob: https: http:",
    "media-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self' ws: wss:",  # 'self' does not cover the websocket in every browser
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
}
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_FRAMES = {"iframe", "frame", "embed", "object"}
_OUTSIDE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Motion Studio</title>
<body style="font-family: sans-serif; margin: 2rem">
<p>Motion Studio does not run inside another site's page.</p>
<p><a href="" target="_blank" rel="noopener">Open it outside the frame</a></p>
"""


def content_security_policy(page_html: str) -> str:
    """Return the policy for a page; of scripts written into a page it allows exactly those of this one."""
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in _INLINE_SCRIPT.findall(page_html)
    ]
    policy = _POLICY | {"script-src": " ".join([_POLICY["script-src"], *hashes])}
    return "; ".join(f"{name} {sources}" for name, sources in policy.items())


class SecurityHeaders:
    """Middleware that adds the headers, and answers frames of other sites itself."""

    def __init__(self, app: ASGIApp, page_html: str) -> None:
        """Wrap an app whose page is this HTML."""
        self._app = app
        self._headers = _ALWAYS | {"Content-Security-Policy": content_security_policy(page_html)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif _is_foreign_frame(Headers(scope=scope)):
            await HTMLResponse(_OUTSIDE, headers=_ALWAYS)(scope, receive, send)
        else:
            await self._app(scope, receive, self._with_headers(send))

    def _with_headers(self, send: Send) -> Send:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=_as_scope(message))
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        return send_with_headers


def _as_scope(message: Message) -> MutableMapping[str, Any]:
    message.setdefault("headers", [])
    return message


def _is_foreign_frame(headers: Headers) -> bool:
    """Whether another site's page loads this into a frame; browsers say so over https and on this machine."""
    is_frame = headers.get("sec-fetch-dest") in _FRAMES
    return is_frame and headers.get("sec-fetch-site") not in {"same-origin", "none", None}
