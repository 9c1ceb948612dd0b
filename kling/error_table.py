"""The service's error table as data, and the one function that reads it.

Source: the table "Errors" of the contract (CometAPI and Kling) and the outcomes that matter for a paid
create. A change on their side is a change of one row here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kling import errors as e
from kling.error_words import (
    DUPLICATE_ID_TEXT,
    FAULT_TEXT,
    MAY_BE_QUOTED,
    MODEL_TEXT,
    NO_TASK_TEXT,
    NOT_THERE_TEXT,
    PICTURE_TEXT,
    QUOTA_TEXT,
    TIME_TEXT,
    TOO_LARGE_TEXT,
    own_words,
)


@dataclass(frozen=True, kw_only=True)
class ErrorRow:
    """One row: what an HTTP status with a code in its body means.

    Attributes:
        http: the documented HTTP status; the codes of Kling also come with HTTP 200.
        code: the code in the body; None is the row for any other code (the gateway often sends none).
        error: the leaf of the error tree.
    """

    http: int
    code: int | str | None
    error: type[e.KlingError]


def _rows(http: int, codes: tuple[int | str | None, ...], error: type[e.KlingError]) -> tuple[ErrorRow, ...]:
    return tuple(ErrorRow(http=http, code=code, error=error) for code in codes)


ERROR_TABLE: tuple[ErrorRow, ...] = (
    *_rows(400, (1200, 1201, None), e.BadParameter),
    *_rows(400, (1300, 1301), e.PolicyRefused),
    *_rows(401, (1000, 1001, 1002, 1003, 1004, None), e.Unauthorized),
    *_rows(402, (None,), e.OutOfCredit),
    *_rows(403, (1103, None), e.NoAccess),
    *_rows(404, (1202,), e.WrongMethod),
    *_rows(404, (1203, None), e.NotFound),
    *_rows(408, (None,), e.ReadTimeout),
    *_rows(413, (None,), e.TooLarge),
    *_rows(422, (None,), e.BadParameter),
    *_rows(429, (1100, 1304), e.AccountBlocked),
    *_rows(429, (1101, 1102), e.OutOfCredit),
    *_rows(429, (1302, None), e.TooManyRequests),
    *_rows(429, (1303,), e.TooManyTasks),
    *_rows(500, ("invalid_request",), e.MalformedRequest),
    *_rows(503, ("model_not_found",), e.ModelNotServed),
    *_rows(500, (5000, 5001, 5002), e.PlatformError),
)
"""Every 5xx that has no row of its own is a `PlatformError` too: see `classify`."""

SURE_STATUSES: Mapping[int, tuple[type[e.KlingError], str]] = {
    402: (e.OutOfCredit, "The service wants to be paid first."),
    408: (e.ReadTimeout, "The service, or a relay before it, gave up waiting."),
    413: (e.TooLarge, "The request is larger than the service takes."),
}
"""Statuses that decide in any dress: as JSON with or without words, a web page, or nothing.

402 and 413 say by themselves that nothing was made. 408 does not: by its definition the request had not come
whole, but relays also send it when what is behind them takes too long. So it is looked up, like every end
that no row of the contract calls a refusal (reliability.md).
"""

_EXACT = {(row.http, row.code): row.error for row in ERROR_TABLE}
_BY_CODE = {row.code: row.error for row in ERROR_TABLE if row.code is not None}

QUOTA_STATUSES = frozenset({200, 402, 403, 429})
"""Where words of an empty account may decide: elsewhere they are about the request."""
MAY_BE_NOT_THERE = (e.BadParameter, e.NotFound, e.PlatformError, e.UnexpectedAnswer, e.MalformedRequest)
"""The errors whose words may say so; of a key, an account or a model that is not found they say nothing."""


def classify(
    http: int, code: int | str | None, message: str, *, retry_after_s: float | None = None
) -> type[e.KlingError]:
    """The leaf of the error tree for one readable error answer.

    The code and the status decide first. Words decide where they are unmistakable: of a repeated external
    id, of a model that is not served, of an empty account where the status fits; never quoted ones.

    Args:
        http: the status.
        code: the code in the body.
        message: the service's words.
        retry_after_s: a wait that it asks for: then it is no matter of an empty account.
    """
    text = f"{own_words(message)} {code}"
    if DUPLICATE_ID_TEXT.search(text) and not NOT_THERE_TEXT.search(text):
        return e.DuplicateExternalTaskId
    if MODEL_TEXT.search(own_words(message)):
        return e.ModelNotServed
    http, code = _plain(http, code)
    if code is not None and (http, code) in _EXACT:
        return _EXACT[http, code]
    if http >= 500:
        return e.PlatformError
    return _by_code_or_status(http, code, text, is_for_a_time=retry_after_s is not None)


def says_no_task(error: type[e.KlingError], code: int | str | None, message: str) -> bool:
    """Whether the error answer to a query says that there is no such task, in its words or its code."""
    if not issubclass(error, MAY_BE_NOT_THERE):
        return False
    words = f"{code}".replace("_", " ") if isinstance(code, str) else ""
    return any(NO_TASK_TEXT.search(text) for text in (own_words(message).replace("_", " "), words))


def _plain(http: int, code: int | str | None) -> tuple[int, int | str | None]:
    """The status that is meant: relays put it into the code of a 200, and that of a fault into a 400's."""
    if isinstance(code, int) and (400 <= code < 600 if http < 400 else http < 500 <= code < 600):
        return code, None
    return http, code


def _by_code_or_status(
    http: int, code: int | str | None, text: str, *, is_for_a_time: bool
) -> type[e.KlingError]:
    row = None if code is None else _BY_CODE.get(code)
    if row is not None and (http not in SURE_STATUSES or issubclass(row, (e.AccountProblem, e.Busy))):
        return row
    is_for_a_time = is_for_a_time or TIME_TEXT.search(text) is not None
    if http in QUOTA_STATUSES and QUOTA_TEXT.search(MAY_BE_QUOTED.sub(" ", text)) and not is_for_a_time:
        return e.OutOfCredit
    if http in (400, 422) and TOO_LARGE_TEXT.search(text):
        return e.TooLarge
    if http in SURE_STATUSES:
        return SURE_STATUSES[http][0]
    if FAULT_TEXT.search(text) and not PICTURE_TEXT.search(text):
        return e.PlatformError
    return _EXACT.get((http, None), e.UnexpectedAnswer)
