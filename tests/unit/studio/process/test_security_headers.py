"""What a browser may load into the page, and who may show it in a frame."""

import asyncio
import base64
import hashlib

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from studio.process.security_headers import SecurityHeaders, content_security_policy

SCRIPT = "\n  window.ready = false\n"
PAGE = f"<html><script>{SCRIPT}</script><script src='./a.js'></script></html>"


def answer(_: Request) -> PlainTextResponse:
    return PlainTextResponse("the app", headers={"Referrer-Policy": "no-referrer"})


def get(path: str, headers: dict[str, str] | None = None) -> httpx.Response:
    """What a browser gets from the app behind the headers."""
    app = Starlette(routes=[Route("/", answer)], middleware=[Middleware(SecurityHeaders, page_html=PAGE)])

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as client:
            return await client.get(path, headers=headers)

    return asyncio.run(ask())


def test_every_answer_says_what_may_be_loaded_and_who_may_frame_it() -> None:
    """Files that are not there included; what an answer says of itself stays."""
    for path in ("/", "/nothing"):
        headers = get(path).headers
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert "object-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
    assert get("/").headers["referrer-policy"] == "no-referrer"
    assert get("/nothing").headers["referrer-policy"] == "same-origin"


def test_of_scripts_written_into_a_page_only_streamlits_own_runs() -> None:
    """By its hash: text of others that became a script would not run."""
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    policy = dict(part.split(" ", 1) for part in content_security_policy(PAGE).split("; "))
    assert f"'sha256-{digest}'" in policy["script-src"]
    assert "unsafe-inline" not in policy["script-src"]
    assert "unsafe-eval" not in policy["script-src"].replace("wasm-unsafe-eval", "")


@pytest.mark.parametrize(
    ("kind", "site", "is_app"),
    [
        ("iframe", "cross-site", False),
        ("iframe", "same-site", False),
        ("object", "cross-site", False),
        ("iframe", "same-origin", True),
        ("document", "cross-site", True),
        ("iframe", None, True),
    ],
)
def test_another_sites_frame_gets_words_and_a_link(kind: str, site: str | None, *, is_app: bool) -> None:
    """Uploads would fail in it without a reason; a link from elsewhere opens the app."""
    headers = {"sec-fetch-dest": kind} | ({"sec-fetch-site": site} if site else {})
    text = get("/", headers=headers).text
    assert (text == "the app") == is_app
    assert ("Open it outside the frame" in text) != is_app
