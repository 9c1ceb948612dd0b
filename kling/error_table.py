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
    *_rows(402, (None,), e.OutOfCredit),
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

QUOTA_TEXT = re.compile(
    r"not enough|insufficient|exhausted|used up|arrears|(out of|no) (credit|quota|balance)"
    r"|(quota|balance|credits?) (is |are )?(not sufficient|exceeded|empty|low)|余额不足|欠费|额度不足",
    re.IGNORECASE,
)
"""The account is empty, said unmistakably; CometAPI says "user quota is not enough"."""
QUOTA_STATUSES = frozenset({200, 402, 403, 429})
"""Where those words may decide: elsewhere they are about the request."""
TIME_TEXT = re.compile(
    r"per.?(second|minute|hour|day)|\brate\b|rate.?limit|concurren|\brpm\b|\bqps\b|parallel", re.IGNORECASE
)
"""A quota of calls in a time, or at a time: it comes back by itself."""
TOO_LARGE_TEXT = re.compile(
    r"(entity|payload|body|request|content|file|image)\b.{0,20}\btoo (large|big|long)|exceeds?.{0,30}\bsize",
    re.IGNORECASE,
)
NO_TASK_TEXT = re.compile(
    r"(task|record|resource|job)\w*.{0,40}(not.?(exist|found)|n.t exist|不存在)|任务.{0,9}不存在"
    r"|^not.?found\W*$"
    r"|(no such|unknown|not find( the| any)?|not found:?) (task|record|resource|job)",
    re.IGNORECASE,
)
"""A query's answer that the service has no such task."""

_QUOTED = re.compile(
    r"'(?:[^']|(?<=\w)'(?=\w))*'|\"[^\"]*\"|“[^”]*”|‘[^’]*’|「[^」]*」|`[^`]*`|(?<=prompt)\s*[:=：].*",
    re.IGNORECASE | re.DOTALL,
)


def own_words(message: str) -> str:
    """The service's words without what they quote: a person's prompt may say anything."""
    return _QUOTED.sub(" ", message)


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
    if code is not None and (http, code) in _EXACT:
        return _EXACT[http, code]
    if http >= 500:
        return e.PlatformError
    return _by_code_or_status(http, code, text, is_for_a_time=retry_after_s is not None)


def says_no_task(code: int | str | None, message: str) -> bool:
    """Whether the error answer to a query says that there is no such task, in its words or its code."""
    words = f"{code}".replace("_", " ") if isinstance(code, str) else ""
    return any(NO_TASK_TEXT.search(text) for text in (own_words(message).replace("_", " "), words))


def _by_code_or_status(
    http: int, code: int | str | None, text: str, *, is_for_a_time: bool
) -> type[e.KlingError]:
    if code in _BY_CODE:
        return _BY_CODE[code]
    is_for_a_time = is_for_a_time or TIME_TEXT.search(text) is not None
    if http in QUOTA_STATUSES and QUOTA_TEXT.search(text) and not is_for_a_time:
        return e.OutOfCredit
    if http in (400, 422) and TOO_LARGE_TEXT.search(text):
        return e.TooLarge
    return _EXACT.get((http, None), e.UnexpectedAnswer)
