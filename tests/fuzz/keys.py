"""Keys of every shape, echoed by the service in every place and in every writing."""

import base64
import html
import json
import random
import string
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote

from kling import InvalidApiKey, KlingError
from studio.errors import StudioError
from tests.fuzz.answers import CALLS, STEPS, Talk, answer, dressed, hold
from tests.fuzz.oddities import words
from tests.fuzz.trial import Kind
from tests.support.lying_server import Behaviour, raw

_LETTERS: Final = string.ascii_letters + string.digits
_SHAPES: Final[tuple[Callable[[random.Random], str], ...]] = (
    lambda rng: "sk-" + drawn(rng, _LETTERS, 48),
    lambda rng: drawn(rng, _LETTERS, rng.randrange(8, 40)),
    lambda rng: drawn(rng, _LETTERS + "-_./+=:~", rng.randrange(8, 90)),
    lambda rng: drawn(rng, string.printable[:94], rng.randrange(8, 60)),
    lambda rng: f"{drawn(rng, _LETTERS, 32)}.{drawn(rng, _LETTERS, 60)}.{drawn(rng, _LETTERS, 43)}",
    lambda rng: base64.b64encode(rng.randbytes(24)).decode(),
    lambda rng: f"{rng.getrandbits(128):032x}",
    lambda rng: drawn(rng, string.digits, 20),
)
_WRITINGS: Final[tuple[Callable[[str], str], ...]] = (
    *(str, str, str.upper, str.lower, html.escape, lambda key: quote(key, safe="")),
    *(lambda key: json.dumps(key)[1:-1], lambda key: key.encode().hex()),
    lambda key: base64.b64encode(key.encode()).decode(),
    lambda key: base64.b64encode(f"Bearer {key}".encode()).decode(),
)
_PLACES: Final = words(
    "task_id task_status task_status_msg message code request_id fail_reason error url id external_task_id"
    " created_at duration data reason type status"
)
_HEADERS: Final = words("X-Request-Id Location Retry-After Content-Type Set-Cookie Server Warning")


def drawn(rng: random.Random, letters: str, length: int) -> str:
    """So many of these letters."""
    return "".join(rng.choice(letters) for _ in range(length))


def talk(rng: random.Random) -> Talk:
    """A call by a key that its answers echo; sometimes the key is asked for as a task's id."""
    key = rng.choice(_SHAPES)(rng)
    answers, task_id = [echo(key, rng) for _ in range(STEPS)], key if rng.random() < 0.05 else "t1"
    return Talk(call=rng.choice(CALLS), answers=answers, key=key, task_id=task_id)


def echo(key: str, rng: random.Random) -> Behaviour:
    """An answer with the key in some of its words and headers."""
    word = rng.choice(_WRITINGS)(key)
    long = "x" * rng.randrange(4000)
    said = rng.choice((word, f"token {word} is wrong", f"{word} {word}", f"{long} {word}", f"/v/{word}.mp4"))
    status, body = answer(rng, lambda value: planted(value, said, rng))
    headers = (f"{rng.choice(_HEADERS)}: {said}",) if rng.random() < 0.4 else ()
    return raw(dressed(rng, status, body, headers))


def planted(value: Any, said: str, rng: random.Random) -> Any:
    """The value with the words in some of its places, and beside them."""
    if isinstance(value, list):
        return [planted(one, said, rng) for one in value]
    if not isinstance(value, dict):
        return said if isinstance(value, str) and rng.random() < 0.25 else value
    found = {name: planted(one, said, rng) for name, one in value.items()}
    return found | {rng.choice((*_PLACES, said)): said} if rng.random() < 0.4 else found


KIND: Final = Kind(make=talk, read=hold, ours=(KlingError, StudioError, InvalidApiKey))
