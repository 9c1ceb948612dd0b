"""Callback addresses: their own are known again, any other changes nothing."""

import asyncio
from urllib.parse import quote, urlsplit

import httpx
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from starlette.applications import Starlette

from studio.tasks.callback_urls import MAX_BODY_BYTES, CallbackUrls, callback_route

ENTRY, OTHER = "0f" * 16, "1e" * 16
CALLBACKS = CallbackUrls(secret=b"the deployment's", public_url="https://studio.example.org")


def path_of(entry_id: str, callbacks: CallbackUrls = CALLBACKS) -> str:
    address = callbacks.address(entry_id)
    assert address is not None
    return urlsplit(address).path


def token_of(entry_id: str) -> str:
    return path_of(entry_id).rsplit("/", 1)[1]


class Bell:
    """Counts who was woken, through the real route."""

    def __init__(self) -> None:
        self.woken: list[str] = []
        self.app = Starlette(routes=[callback_route(lambda: CALLBACKS, self.woken.append)])

    def call(self, path: str, body: bytes = b"", method: str = "POST") -> int:
        """The status that a caller gets."""
        return asyncio.run(self._call(path, body, method))

    async def _call(self, path: str, body: bytes, method: str) -> int:
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://studio.test", follow_redirects=True
        ) as client:
            return (await client.request(method, path, content=body)).status_code


@pytest.fixture
def bell() -> Bell:
    return Bell()


def test_the_address_is_public_and_names_its_entry() -> None:
    """The service is given an address outside, with the entry's id and a token in it."""
    address = CALLBACKS.address(ENTRY)
    assert address is not None
    assert address.startswith(f"https://studio.example.org/api/callback/{ENTRY}/")


def test_without_a_public_address_nobody_is_asked_to_call() -> None:
    """A deployment that cannot be reached sends no callback address."""
    assert CallbackUrls(secret=b"s").address(ENTRY) is None


def test_every_task_has_a_token_of_its_own_and_every_deployment_other_ones() -> None:
    """One task's address says nothing of another's."""
    elsewhere = CallbackUrls(secret=b"another's", public_url=CALLBACKS.public_url)
    assert len({path_of(ENTRY), path_of(OTHER), path_of(ENTRY, elsewhere)}) == 3
    assert not elsewhere.is_genuine(ENTRY, token_of(ENTRY))


def test_a_genuine_call_wakes_its_task_whatever_it_says(bell: Bell) -> None:
    """The body is not believed: even one that is no JSON only means "look now"."""
    for body in (b"", b'{"task_status": "failed"}', b"\xff not JSON"):
        assert bell.call(path_of(ENTRY), body) == 204
    assert bell.woken == [ENTRY] * 3


def test_another_task_s_token_wakes_nobody(bell: Bell) -> None:
    """A token is for its own entry only."""
    assert bell.call(f"/api/callback/{OTHER}/{token_of(ENTRY)}") == 404
    assert bell.woken == []


def test_a_huge_body_is_refused_and_wakes_nobody(bell: Bell) -> None:
    """The body is read no further than its cap."""
    assert bell.call(path_of(ENTRY), b"x" * (MAX_BODY_BYTES + 1)) == 413
    assert bell.woken == []


def test_a_wrong_call_is_answered_before_its_body_is_read(bell: Bell) -> None:
    """Nobody fills the memory or learns of the cap without a genuine address."""
    assert bell.call(f"/api/callback/{ENTRY}/{'0' * 64}", b"x" * (MAX_BODY_BYTES + 1)) == 404


def test_reading_an_address_wakes_nobody(bell: Bell) -> None:
    """A link checker that opens an address changes nothing."""
    assert bell.call(path_of(ENTRY), method="GET") == 405
    assert bell.woken == []


def test_the_secret_is_not_shown() -> None:
    """A log line that holds the object does not hold the secret."""
    assert "deployment" not in repr(CALLBACKS)


@st.composite
def forged_tokens(draw: st.DrawFn) -> str:
    """A genuine token with characters changed, cut, added or turned; or anything at all."""
    token = token_of(ENTRY)
    kind = draw(st.sampled_from(("changed", "cut", "longer", "upper", "any")))
    at = draw(st.integers(0, len(token) - 1))
    put = draw(st.text(min_size=1, max_size=4))
    return {
        "changed": token[:at] + put + token[at + 1 :],
        "cut": token[:at],
        "longer": token + put,
        "upper": token.upper(),
        "any": draw(st.text(max_size=80)),
    }[kind]


@example("/", ENTRY)
@given(forged_tokens(), st.sampled_from((ENTRY, OTHER, ENTRY[:-1], ENTRY + "0")))
def test_no_forged_address_wakes_anybody(token: str, entry_id: str) -> None:
    """Whatever is changed in a genuine address: not found, and nothing happens."""
    assume(f"/api/callback/{quote(entry_id)}/{quote(token, safe='')}" != path_of(ENTRY))
    assume(token.strip(".") or not token)  # a client resolves /../ by itself
    bell = Bell()
    # a slash at its end is taken off by a redirect, which leads to nothing either
    assert bell.call(f"/api/callback/{quote(entry_id)}/{quote(token, safe='')}") == 404
    assert bell.woken == []
