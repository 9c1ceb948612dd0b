"""Read a whole HTTP answer: the parsed body of a success, or the one error that it means.

3xx                     NotTheApi            not followed: a create must not be sent anywhere else
402, 408, 413           by their row         in any dress, see `error_table.SURE_STATUSES`
no JSON, 5xx            PlatformError        also as a web page, which is what a proxy's 502 and 524 look like
no JSON, a web page     NotTheApi
no JSON                 UnreadableAnswer
an error envelope       by `error_table.classify`
5xx without envelope    PlatformError
404, 410 in any dress   NotFound             of a query for one task
4xx without envelope    UnexpectedAnswer
2xx                     the body
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from kling import errors as e
from kling.answer_json import clean_text, parse, parse_first
from kling.error_json import ErrorEnvelope, read_error
from kling.error_table import SURE_STATUSES, classify, says_no_task
from kling.task_json import names_task, reports_task

if TYPE_CHECKING:
    from collections.abc import Callable

    from kling.transport import Answer

_LONGEST_ID = 200


def read_body(
    answer: Answer, *, now: datetime, hide_key: Callable[[str], str] = str, is_query: bool = False
) -> object:
    """The parsed JSON of a success; also a body that tells a task beside an error.

    Args:
        answer: what came.
        now: aware; a `Retry-After` date is counted from it.
        hide_key: takes secrets out of the service's words.
        is_query: whether it answers a query for one task: its own status decides, and it may not be there.

    Raises:
        KlingError: a leaf of the tree.
    """
    fail = _Failing(answer, now, hide_key)
    if 300 <= answer.http_status < 400:
        raise fail.by(e.NotTheApi, "The address redirects elsewhere instead of answering.")
    try:
        body = _parsed(answer.body, hide_key, is_query=is_query)
    except ValueError as problem:
        raise fail.by(*_unreadable(answer, is_query=is_query)) from problem
    tells_task = reports_task(body)
    if tells_task and (is_query or answer.http_status < 400):
        return body
    envelope = read_error(body)
    if not is_query and names_task(body) and (envelope is not None or answer.http_status >= 400):
        kind, words = _unclear(answer.http_status)
        raise fail.by(kind, envelope.message if envelope else words, envelope)
    if envelope is not None:
        raise fail.as_reported(envelope, is_query=is_query)
    if answer.http_status >= 400:
        raise fail.by(*_without_words(answer.http_status, is_query=is_query))
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


def _parsed(text: bytes, hide_key: Callable[[str], str], *, is_query: bool) -> object:
    """The JSON of an answer; of a query also with marks around it, where a mistake costs nothing."""
    try:
        return parse(text, hide_key)
    except ValueError:
        if not is_query:
            raise
        body = parse_first(text, hide_key)
        if not reports_task(body):
            raise
        return body


def _unreadable(answer: Answer, *, is_query: bool) -> tuple[type[e.KlingError], str]:
    known = _by_status_alone(answer.http_status, is_query=is_query)
    if known is not None:
        return known
    if answer.http_status >= 500:
        return e.PlatformError, "The service has a fault of its own and gave no reason."
    if _is_web_page(answer):
        return e.NotTheApi, "A web page answered instead of the API: is the address right?"
    return e.UnreadableAnswer, "The answer is not JSON."


def _without_words(http_status: int, *, is_query: bool) -> tuple[type[e.KlingError], str]:
    return _by_status_alone(http_status, is_query=is_query) or _unclear(http_status)


def _unclear(http_status: int) -> tuple[type[e.KlingError], str]:
    """Of an error that says nothing, and of a create's that names a task all the same."""
    kind = e.PlatformError if http_status >= 500 else e.UnexpectedAnswer
    return kind, "The service reports an error without saying which."


def _by_status_alone(http_status: int, *, is_query: bool) -> tuple[type[e.KlingError], str] | None:
    """The meaning of a status that decides without a body, or with any; None: it does not."""
    if is_query and http_status in (404, 410):
        return e.NotFound, "The service answered that there is nothing at the task's address."
    return SURE_STATUSES.get(http_status)


def _is_web_page(answer: Answer) -> bool:
    return "html" in answer.headers.get("Content-Type", "").lower() or answer.body.lstrip()[:1] == b"<"


@dataclass(frozen=True)
class _Failing:
    """Makes the error of one answer; the key is in none of its texts."""

    answer: Answer
    now: datetime
    hide_key: Callable[[str], str]

    def by(self, kind: type[e.KlingError], words: str, envelope: ErrorEnvelope | None = None) -> e.KlingError:
        code = envelope.code if envelope else None
        request_id = (envelope.request_id if envelope else None) or self._header("X-Request-Id")
        return kind(
            self._hidden(words),
            http_status=self.answer.http_status,
            service_code=self._hidden(code) if isinstance(code, str) else code,
            request_id=self._hidden(request_id)[:_LONGEST_ID] if request_id else None,
            retry_after_s=self._wait_s,
        )

    def as_reported(self, envelope: ErrorEnvelope, *, is_query: bool) -> e.KlingError:
        http_status = self.answer.http_status
        kind = classify(http_status, envelope.code, envelope.message, retry_after_s=self._wait_s)
        if is_query and says_no_task(kind, envelope.code, envelope.message):
            kind = e.NotFound
        return self.by(kind, envelope.message, envelope)

    @property
    def _wait_s(self) -> float | None:
        return retry_after_s(self._header("Retry-After"), self.now)

    def _header(self, name: str) -> str | None:
        return self.answer.headers.get(name) or None

    def _hidden(self, text: str) -> str:
        return clean_text(text, self.hide_key)
