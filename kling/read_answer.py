"""Read a whole HTTP answer: the parsed body of a success, or the one error that it means.

3xx                     NotTheApi            not followed: a create must not be sent anywhere else
no JSON, 5xx            PlatformError        also as a web page, which is what a proxy's 502 and 524 look like
no JSON, a web page     NotTheApi
no JSON                 UnreadableAnswer
an error envelope       by `error_table.classify`
5xx without envelope    PlatformError
413 in any dress        TooLarge
404 in any dress        NotFound             of a query for one task
4xx without envelope    UnexpectedAnswer
2xx                     the body
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from kling import errors as e
from kling.error_json import ErrorEnvelope, read_error
from kling.error_table import classify, says_no_task
from kling.task_json import reports_task

if TYPE_CHECKING:
    from collections.abc import Callable

    from kling.transport import Answer


def read_body(
    answer: Answer, *, now: datetime, hide_key: Callable[[str], str] = str, is_query: bool = False
) -> object:
    """The parsed JSON of a success; of a query also a body that tells a task beside an error.

    Args:
        answer: what came.
        now: aware; a `Retry-After` date is counted from it.
        hide_key: takes secrets out of the service's words.
        is_query: whether it answers a query for one task: its own status decides, and it may not be there.

    Raises:
        KlingError: a leaf of the tree.
    """
    if 300 <= answer.http_status < 400:
        raise _error(e.NotTheApi, "The address redirects elsewhere instead of answering.", answer, now)
    try:
        body = json.loads(answer.body)
    except (ValueError, RecursionError) as problem:
        error, words = _unreadable(answer, is_query=is_query)
        raise _error(error, words, answer, now) from problem
    if is_query and reports_task(body):
        return body
    envelope = read_error(body)
    if envelope is not None:
        raise _reported(envelope, answer, now, hide_key, is_query=is_query)
    if answer.http_status == 413:
        raise _error(e.TooLarge, "The request is larger than the service takes.", answer, now)
    if answer.http_status >= 400:
        kind = e.PlatformError if answer.http_status >= 500 else e.UnexpectedAnswer
        raise _error(kind, "The service reports an error without saying which.", answer, now)
    return body


def retry_after_s(value: str | None, now: datetime) -> float | None:
    """Seconds that a `Retry-After` header asks to wait, from a number or a date; None when unreadable."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (date - now).total_seconds())


def _unreadable(answer: Answer, *, is_query: bool) -> tuple[type[e.KlingError], str]:
    if answer.http_status == 413:
        return e.TooLarge, "The request is larger than the service takes."
    if answer.http_status == 404 and is_query:
        return e.NotFound, "The service answered that there is nothing at the task's address."
    if answer.http_status >= 500:
        return e.PlatformError, "The service has a fault of its own and gave no reason."
    if _is_web_page(answer):
        return e.NotTheApi, "A web page answered instead of the API: is the address right?"
    return e.UnreadableAnswer, "The answer is not JSON."


def _is_web_page(answer: Answer) -> bool:
    return "html" in answer.headers.get("Content-Type", "").lower() or answer.body.lstrip()[:1] == b"<"


def _reported(
    envelope: ErrorEnvelope, answer: Answer, now: datetime, hide_key: Callable[[str], str], *, is_query: bool
) -> e.KlingError:
    wait_s = retry_after_s(answer.headers.get("Retry-After"), now)
    kind = classify(answer.http_status, envelope.code, envelope.message, retry_after_s=wait_s)
    if is_query and says_no_task(envelope.code, envelope.message):
        kind = e.NotFound
    return kind(
        hide_key(envelope.message),
        http_status=answer.http_status,
        service_code=hide_key(envelope.code) if isinstance(envelope.code, str) else envelope.code,
        request_id=hide_key(envelope.request_id) if envelope.request_id else _header_id(answer),
        retry_after_s=wait_s,
    )


def _error(kind: type[e.KlingError], words: str, answer: Answer, now: datetime) -> e.KlingError:
    wait_s = retry_after_s(answer.headers.get("Retry-After"), now)
    return kind(words, http_status=answer.http_status, request_id=_header_id(answer), retry_after_s=wait_s)


def _header_id(answer: Answer) -> str | None:
    return answer.headers.get("X-Request-Id") or None
