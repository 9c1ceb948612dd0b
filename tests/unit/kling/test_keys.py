"""The key is in no text that a service sends back, in whatever dress and at whatever place."""

import base64
import gc
import html
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from requests.structures import CaseInsensitiveDict

from kling import InvalidTaskId, KlingClient, KlingError, TaskStatus, UnreadableAnswer
from kling.keys import BearerAuth, hide_living_keys
from kling.read_answer import read_body
from kling.task_json import read_task
from kling.transport import Answer

KEYS = [
    "sk-0123456789abcdef",
    "a.b*c+(d)[e]{2}$^|/x",
    "key&<with>\"quotes'",
    "UPPER-lower-99",
    "\\\\back\\slash1",
]
SHORT = ["k9", "abc", "1.2", "a+b/c"]
DRESSES: list[Callable[[str], str]] = [
    str,
    str.upper,
    str.lower,
    lambda key: quote(key, safe=""),
    lambda key: quote(quote(key, safe="")),
    lambda key: quote(key, safe="").lower(),
    html.escape,
    lambda key: json.dumps(key)[1:-1],
    lambda key: json.dumps(json.dumps(key)),
    lambda key: "".join(f"\\u{ord(letter):04x}" for letter in key),
    lambda key: base64.b64encode(f"Bearer {key}".encode()).decode(),
    lambda key: base64.b64encode(f"x:{key}".encode()).decode(),
    lambda key: base64.urlsafe_b64encode(key.encode()).decode(),
    lambda key: key.encode().hex(),
]


def body_read(key: str, body: object, http_status: int = 200, **headers: str) -> object:
    """An answer's body as the client of that key understands it."""
    fields = CaseInsensitiveDict({name.replace("_", "-"): value for name, value in headers.items()})
    answer = Answer(http_status=http_status, headers=fields, body=json.dumps(body).encode())
    now = datetime(2026, 11, 28, tzinfo=UTC)
    return read_body(answer, now=now, hide_key=BearerAuth(key).hide_key, is_query=True)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("dress", DRESSES)
def test_a_key_is_blotted_out_of_a_success_in_every_dress(key: str, dress: Callable[[str], str]) -> None:
    """Of the reason, the ids, the status's word and the address."""
    echoed = dress(key)
    data = {
        "task_id": "t1",
        "task_status": echoed,
        "task_status_msg": f"token {echoed} is expired",
        "task_info": {"external_task_id": echoed},
        "task_result": {"videos": [{"id": echoed, "url": f"https://cdn.test/v.mp4?token={quote(echoed)}"}]},
        echoed: [{"deep": echoed}],
    }
    seen = repr(body_read(key, {"code": 0, "data": data}))
    assert "<key>" in seen
    assert not any(form in seen for form in (echoed, repr(echoed)[1:-1], key, quote(key, safe="")))


@pytest.mark.parametrize("key", SHORT)
@pytest.mark.parametrize("words", ["token {} is expired", "Bearer {}", "?token={}&x=1", '"{}"', "{}"])
def test_a_short_key_is_blotted_out_where_it_is_a_word(key: str, words: str) -> None:
    """Within other words its letters say nothing, and must stay."""
    hide = BearerAuth(key).hide_key
    assert hide(words.format(key)) == words.format("<key>")
    assert hide(f"x{key}x") == f"x{key}x"


@pytest.mark.parametrize("key", [*KEYS, *SHORT])
def test_a_key_in_the_place_of_an_id_is_no_id(key: str) -> None:
    """A task by that name could not be asked for without saying it."""
    body = body_read(key, {"code": 0, "data": {"task_id": key, "task_status": "submitted"}})
    with pytest.raises(UnreadableAnswer):
        read_task(body, status_if_missing=TaskStatus.SUBMITTED)


@pytest.mark.parametrize("key", [*KEYS, *SHORT])
@pytest.mark.parametrize("body", [{"code": 1200, "message": "no"}, {}, "no JSON"])
def test_a_key_is_blotted_out_of_the_request_id_in_the_head(key: str, body: Any) -> None:
    """Whatever the body is."""
    with pytest.raises(KlingError) as caught:
        body_read(key, body, 400, X_Request_Id=f"r {key}")
    assert key not in repr(caught.value)
    assert "<key>" in str(caught.value)


def test_a_key_typed_as_a_task_id_is_not_asked_for() -> None:
    """It would stand in the path, and in every log of it."""
    with KlingClient("http://127.0.0.1:9", KEYS[0]) as client, pytest.raises(InvalidTaskId) as caught:
        client.get(f" {KEYS[0]} ")
    assert KEYS[0] not in str(caught.value)


def test_the_keys_of_all_clients_are_blotted_out_of_logs_until_they_are_gone() -> None:
    """A key is in memory for as long as its session, and no longer."""
    first, second = BearerAuth("first.key(1)"), BearerAuth("second.key(2)")
    assert hide_living_keys("a first.key(1), a SECOND.KEY(2)") == "a <key>, a <key>"
    del first
    gc.collect()
    assert hide_living_keys("first.key(1) second.key(2)") == "first.key(1) <key>"
    assert second is not None


def test_a_key_that_is_no_secret_stays_in_every_text() -> None:
    """The simulator's is a word that logs are full of."""
    auth = BearerAuth("simulator", is_secret=False)
    assert auth.hide_key("the simulator") == hide_living_keys("the simulator") == "the simulator"
