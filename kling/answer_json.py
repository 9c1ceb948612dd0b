"""Parse what a service sent as JSON, into values that can be kept, shown and logged.

A text may hold half a surrogate pair or a NUL, which no database and no file takes, and the key, which nobody
may see; names may be written as `taskId` or `task-id`. All of it is put right here, once, for whatever reads
the answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

MAX_LOGGED_CHARS = 2_000
"""Of an answer that nobody could make sense of."""
_BEFORE_JSON = re.compile(r"\A[\ufeff\s]*(?:\)\]\}',?|data:)?\s*")
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_WORD_BEGINS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_QUERY = re.compile(
    r"(\b[a-z0-9+]+://[^\s\"'?#<>]*|(?<=[^\s\"'?#<>]))[?#][^\s\"'<>]*|(?<=://)[^\s/@\"]+@", re.IGNORECASE
)
_LONG = re.compile(r"[A-Za-z0-9+/=_-]{200,}")


def parse(text: str | bytes, hide_key: Callable[[str], str] = str) -> object:
    """The value of a JSON text: its names in `snake_case`, every text of it cleaned.

    Raises:
        ValueError: it is no JSON, or nested too deeply.
    """
    try:
        return _cleaned(json.loads(text), hide_key)
    except RecursionError as problem:
        raise ValueError("nested too deeply") from problem


def parse_first(text: bytes, hide_key: Callable[[str], str] = str) -> object:
    """The first JSON object in what is no JSON as a whole: lines of it, a stream, or with marks around it.

    Raises:
        ValueError: there is none at its beginning.
    """
    words = _BEFORE_JSON.sub("", text.decode(errors="replace"))
    try:
        return _cleaned(json.JSONDecoder().raw_decode(words)[0], hide_key)
    except RecursionError as problem:
        raise ValueError("nested too deeply") from problem


def clean_text(text: str, hide_key: Callable[[str], str] = str) -> str:
    """The text with what cannot be kept replaced, and the key blotted out, also one in escapes of JSON."""
    clean = hide_key(_UNKEEPABLE.sub("\ufffd", text))
    if "\\u" not in clean:
        return clean
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), clean)
    hidden = hide_key(plain)
    return clean if hidden == plain else _UNKEEPABLE.sub("\ufffd", hidden)


def for_the_log(body: object) -> str:
    """An answer that `parse` gave as text, bounded and without what signs its links."""
    text = json.dumps(body, ensure_ascii=False, default=str)[: 5 * MAX_LOGGED_CHARS]
    text = _QUERY.sub(lambda found: "" if found[1] is None else f"{found[1]}?…", text)
    return _LONG.sub("…", text)[:MAX_LOGGED_CHARS]


def _cleaned(value: object, hide_key: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return clean_text(value, hide_key)
    if isinstance(value, list):
        return [_cleaned(item, hide_key) for item in value]
    if not isinstance(value, Mapping):
        return value
    items = [(clean_text(name, hide_key), _cleaned(item, hide_key)) for name, item in value.items()]
    return {_snake_case(name): item for name, item in items} | dict(items)


def _snake_case(name: str) -> str:
    return _WORD_BEGINS.sub("_", name).replace("-", "_").lower()


def read_decimal(value: object) -> Decimal | None:
    """A finite number, also when written as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
