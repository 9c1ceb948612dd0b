"""The service's error table as data, and the one function that reads it.

Source: the table "Errors" of the contract (CometAPI and Kling) and the outcomes that matter for a paid
create. A change on their side is a change of one row here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kling import errors as e


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
    *_rows(403, (1103, None), e.NoAccess),
    *_rows(404, (1202,), e.WrongMethod),
    *_rows(404, (1203, None), e.NotFound),
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

_EXACT = {(row.http, row.code): row.error for row in ERROR_TABLE}
_BY_CODE = {row.code: row.error for row in ERROR_TABLE if row.code is not None}

DUPLICATE_ID_TEXT = re.compile(
    r"external.?task.?(id)?.*(duplicat|repeat|already|exist(s|ed)\b|\b(re)?used|in use|unique|conflict|taken"
    r"|registered|occupied)|(duplicat|repeat|already|\b(re)?used|in use|unique|conflict).*external.?task"
    r"|duplicat\w*.*\btask.?id|(重复|已存在|已被使用).*任务|任务.*(重复|已存在|已被使用)",
    re.IGNORECASE | re.DOTALL,
)
"""A second create with one external id, "in any wording": rather a look-up too many than paying twice."""

NOT_THERE_TEXT = re.compile(r"not.?(exist|found)|n.t exist|不存在", re.IGNORECASE)
"""A look-up that found nothing also speaks of an external id that "exists": it is no duplicate."""

MODEL_TEXT = re.compile(
    r"invalid model|model.?not.?found|\bmodel\b.{0,60}\b(not exist|not found|not served)", re.IGNORECASE
)
"""The model is not served, said in words instead of a code; CometAPI was seen to say "invalid model name"."""

QUOTA_TEXT = re.compile(r"quota|balance|\bcredits?\b|arrears", re.IGNORECASE)
"""The account is empty, said in words; CometAPI says "user quota is not enough"."""


def classify(http: int, code: int | str | None, message: str) -> type[e.KlingError]:
    """The leaf of the error tree for one readable error answer.

    The wording decides first where it is unmistakable, then the exact row, then a 5xx (whatever its code: a
    task may exist), then the code under another HTTP status, then the status alone.
    """
    text = f"{message} {code}"
    if DUPLICATE_ID_TEXT.search(text) and not NOT_THERE_TEXT.search(text):
        return e.DuplicateExternalTaskId
    if MODEL_TEXT.search(message):
        return e.ModelNotServed
    if code is not None and (http, code) in _EXACT:
        return _EXACT[http, code]
    if http >= 500:
        return e.PlatformError
    return _by_code_or_status(http, code, text)


def _by_code_or_status(http: int, code: int | str | None, text: str) -> type[e.KlingError]:
    if code in _BY_CODE:
        return _BY_CODE[code]
    if QUOTA_TEXT.search(text):
        return e.OutOfCredit
    return _EXACT.get((http, None), e.UnexpectedAnswer)
