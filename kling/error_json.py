"""The three envelopes of an error, read into one.

gateway   {"error": {"message": "… (request id: …)", "type": "comet_api_error", "param"?: "", "code"?: ""}}
flat      {"code": null, "message": "user quota is not enough"}
Kling's   {"code": 1303, "message": "…", "request_id"?: "…"}      also with HTTP 200
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SUCCESS_CODES: tuple[int | str, ...] = (0, "success", "succeed")
"""Codes of an answer that is no error: Kling's 0 and the older wrapper's word (in lower case)."""

_REQUEST_ID_IN_TEXT = re.compile(r"\s*\(request id: ([^)]*)\)", re.IGNORECASE)
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}")
_LONGEST_MESSAGE = 2_000
_LONGEST_CODE = 60


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
    if isinstance(inner, Mapping) and inner:
        return _envelope(inner, body)
    if isinstance(inner, str) and inner:
        return _envelope({"message": inner, "code": body.get("code")}, body)
    return _envelope(body, body) if _reports_error(body) else None


def read_code(value: object) -> int | str | None:
    """A service code: an int, an int written as text, or a word; None for null, "" and anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    word = str(value).strip()[:_LONGEST_CODE]
    return int(word) if _WHOLE_NUMBER.fullmatch(word) else (word or None)


def read_id(value: object) -> str | None:
    """An id as text: a non-empty text or an int; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    return str(value).strip() or None


def _reports_error(body: Mapping[str, Any]) -> bool:
    """A code other than success, or no code and words instead of data."""
    code = read_code(body.get("code"))
    if code is None:
        return bool(body.get("message")) and not (body.get("data") or body.get("task_id"))
    return (code.lower() if isinstance(code, str) else code) not in SUCCESS_CODES


def _envelope(error: Mapping[str, Any], body: Mapping[str, Any]) -> ErrorEnvelope:
    message = str(error.get("message") or "")[:_LONGEST_MESSAGE]
    in_text = _REQUEST_ID_IN_TEXT.search(message)
    return ErrorEnvelope(
        message=_REQUEST_ID_IN_TEXT.sub("", message).strip() or "The service gave no reason.",
        code=read_code(error.get("code")),
        request_id=read_id(body.get("request_id")) or read_id(in_text.group(1) if in_text else None),
    )
