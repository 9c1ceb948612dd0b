"""The three envelopes of an error, read into one.

gateway   {"error": {"message": "… (request id: …)", "type": "comet_api_error", "param"?: "", "code"?: ""}}
flat      {"code": null, "message": "user quota is not enough"}
Kling's   {"code": 1303, "message": "…", "request_id"?: "…"}      also with HTTP 200
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kling.answer_json import parse
from kling.keys import HIDDEN

SUCCESS_CODES: tuple[int | str, ...] = (
    *(0, 200, 201, 202),
    *("success", "succeed", "succeeded", "successful", "ok", "created", "accepted"),
)
"""Codes of an answer that is no error, in lower case: Kling's 0, the older wrapper's words, other relays'."""

MESSAGE_NAMES = (
    "message",
    "msg",
    "detail",
    "error",
    "error_message",
    "error_msg",
    "err_msg",
    "errmsg",
    "errors",
    "data",
)
"""Where a refusal's sentence was seen: a text, JSON as text, a list, or an object with these names again."""

_REQUEST_ID_IN_TEXT = re.compile(r"\s*\(request[ _-]?id[:：]\s*([^)]*)\)", re.IGNORECASE)
_JSON_AFTER_WORDS = re.compile(r"([^{}\"'“”「」`]{1,80}?)(\{.*\})[^{}]{0,40}", re.DOTALL)
_MAY_QUOTE = re.compile(r"prompt|text|words?\b|content|input|description|提示|文本|内容|描述", re.IGNORECASE)
"""Before JSON that may be what a person wrote."""
_PAGE_BEGINS = re.compile(r"<(!doctype|!--|\?xml|html|head|title|body|center|div|p|h[1-6])\b", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}")
_LONGEST_MESSAGE = 2_000
_LONGEST_CODE = 60
_LONGEST_ID = 200


@dataclass(frozen=True, kw_only=True)
class ErrorEnvelope:
    """The content of an error answer, in whichever envelope it came.

    Attributes:
        message: the service's words without the request id; never empty.
        code: the code in the body; None when it is null, empty or missing.
        request_id: from the body or from the words; None when neither tells one.
    """

    message: str
    code: int | str | None
    request_id: str | None


def read_error(body: object) -> ErrorEnvelope | None:
    """The error that a parsed body reports; None for a success and for anything that is no known envelope."""
    if not isinstance(body, Mapping):
        return None
    inner = body.get("error")
    if isinstance(inner, Mapping) and _says_something(inner):
        return _envelope(inner, body)
    if isinstance(inner, str) and inner:
        words = body.get("message")
        message = f"{inner}: {words}" if isinstance(words, str) and words else inner
        return _envelope({"message": message, "code": body.get("code")}, body)
    return _envelope(body, body) if _reports_error(body) else None


def innermost(told: object, depth: int = 16) -> tuple[str, int | str | None, str | None]:
    """The sentence, code and request id of the innermost refusal: relays wrap one in another's text."""
    if depth == 0:
        return "", None, None
    if isinstance(told, str):
        return _innermost_of_text(told, depth - 1)
    if isinstance(told, list):
        each = (innermost(item, depth - 1) for item in told)
        return next((found for found in each if found[0]), ("", None, None))
    if not isinstance(told, Mapping):
        return "", None, None
    inner = (innermost(told.get(name), depth - 1) for name in MESSAGE_NAMES)
    message, code, request_id = next((found for found in inner if found[0]), ("", None, None))
    own = read_code(told.get("code"))
    return message, own if code is None else code, request_id or read_id(told.get("request_id"))


def innermost_message(told: object) -> str:
    """The sentence alone, without a request id in it."""
    return _REQUEST_ID_IN_TEXT.sub("", innermost(told)[0]).strip()


def _innermost_of_text(text: str, depth: int) -> tuple[str, int | str | None, str | None]:
    """Of JSON in a text, also after a few words; otherwise the text itself."""
    text = text.strip()
    own = (_sentence(text), None, None)
    after_words = _JSON_AFTER_WORDS.fullmatch(text)
    if text[:1] not in {"{", "[", '"'} and (after_words is None or _MAY_QUOTE.search(after_words[1])):
        return own
    try:
        found = innermost(parse(after_words[2] if after_words else text), depth)
    except ValueError:
        return own
    return own if after_words and not found[0] else found


def _sentence(text: str) -> str:
    """The words of a text, bounded; of a web page its title."""
    if _PAGE_BEGINS.match(text):
        page = text[: 10 * _LONGEST_MESSAGE]
        title = _TITLE.search(page)
        text = " ".join(html.unescape(_TAG.sub(" ", title[1] if title else page)).split())
    return text[:_LONGEST_MESSAGE].strip()


def _says_something(error: Mapping[str, Any]) -> bool:
    """An empty `error`, or one with a success code, stands beside many a success."""
    code = read_code(error.get("code"))
    return bool(innermost(error)[0]) or (code is not None and not _is_success(code))


def _is_success(code: int | str) -> bool:
    return (code.lower() if isinstance(code, str) else code) in SUCCESS_CODES


def read_code(value: object) -> int | str | None:
    """A service code: an int, an int written as text, or a word; None for null, "" and anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    word = str(value).strip()[:_LONGEST_CODE]
    return int(word) if _WHOLE_NUMBER.fullmatch(word) else (word or None)


def read_id(value: object) -> str | None:
    """An id as text: a non-empty text or an int; None for anything else, and for the key as an id."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    text = str(value).strip()[: _LONGEST_ID + 1]  # one that is too long can be told from a whole one
    return text if text and HIDDEN not in text else None


def _reports_error(body: Mapping[str, Any]) -> bool:
    """A code other than success, or no code and words instead of data."""
    code = read_code(body.get("code"))
    if code is None:
        has_words = any(body.get(name) for name in ("message", "msg", "detail"))
        return has_words and not (body.get("data") or body.get("task_id"))
    return not _is_success(code)


def _envelope(error: Mapping[str, Any], body: Mapping[str, Any]) -> ErrorEnvelope:
    message, code, inner_id = innermost(error)
    in_text = _REQUEST_ID_IN_TEXT.search(message)
    in_words = read_id(in_text.group(1) if in_text else None)
    return ErrorEnvelope(
        message=_REQUEST_ID_IN_TEXT.sub("", message).strip() or "The service gave no reason.",
        code=code,
        request_id=inner_id or read_id(body.get("request_id")) or in_words,
    )
