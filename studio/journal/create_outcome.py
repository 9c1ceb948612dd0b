"""Rules: the meaning of a create call's end, and when a missing task may be sent again. Pure.

Source: reliability.md, the table of outcomes and the rule of UNKNOWN below it.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from kling import AccountProblem, ErrorKind, KlingError, Task
from kling.error_words import ABOUT_AN_ACCOUNT, QUOTA_TEXT
from studio.journal.entry import Entry, LookupProof

LONGEST_WAIT_S = 60.0
"""The longest that a Retry-After, or the doubling, may make a task wait in its queue."""

SETTLE_S = 600.0
"""A not-found proves nothing sooner after the create than this, or than 3 × the lag + 100 s."""

PAYMENT_REQUIRED = 402

NOT_FOUNDS_NEEDED = 3
NOT_FOUND_SPACING_S = 60.0
"""Not-founds closer together than this count as one."""


class OutcomeKind(StrEnum):
    """The kinds of a create call's end."""

    ACCEPTED = "accepted"
    """A task exists."""
    REJECTED = "rejected"
    """No task exists, and the same request would make none."""
    BACK_IN_LINE = "back_in_line"
    """No task exists; the same request may be sent after a wait."""
    UNKNOWN = "unknown"
    """A paid task may exist."""


_K = ErrorKind
_REJECTED = OutcomeKind.REJECTED
_BACK_IN_LINE = OutcomeKind.BACK_IN_LINE
_UNKNOWN = OutcomeKind.UNKNOWN

OUTCOMES: Mapping[ErrorKind, OutcomeKind] = MappingProxyType(
    {
        # refused here, before anything was sent
        _K.INVALID_API_KEY: _REJECTED,
        _K.INVALID_BASE_URL: _REJECTED,
        _K.INVALID_TASK_ID: _REJECTED,
        _K.UNSENDABLE_REQUEST: _REJECTED,
        # never sent
        _K.NAME_NOT_RESOLVED: _BACK_IN_LINE,
        _K.UNREACHABLE: _BACK_IN_LINE,
        _K.CONNECT_TIMEOUT: _BACK_IN_LINE,
        _K.HANDSHAKE_FAILED: _BACK_IN_LINE,
        # readable 400, 401, 403, 404, 413, 422, 500 invalid_request, 503 model_not_found
        _K.BAD_PARAMETER: _REJECTED,
        _K.POLICY_REFUSED: _REJECTED,
        _K.UNAUTHORIZED: _REJECTED,
        _K.NO_ACCESS: _REJECTED,
        _K.WRONG_METHOD: _REJECTED,
        _K.NOT_FOUND: _REJECTED,
        _K.TOO_LARGE: _REJECTED,
        _K.MALFORMED_REQUEST: _REJECTED,
        _K.MODEL_NOT_SERVED: _REJECTED,
        # 429 with 1100, 1101, 1102, 1304, and quota text: also stop sending for that key
        _K.ACCOUNT_BLOCKED: _REJECTED,
        _K.OUT_OF_CREDIT: _REJECTED,
        # 429 with 1302, 1303 or the gateway's
        _K.TOO_MANY_REQUESTS: _BACK_IN_LINE,
        _K.TOO_MANY_TASKS: _BACK_IN_LINE,
        # the first one landed
        _K.DUPLICATE_EXTERNAL_TASK_ID: _UNKNOWN,
        # read time-out, reset, EOF, 5xx, 524, 3xx, HTML, unreadable or id-less 200
        _K.READ_TIMEOUT: _UNKNOWN,
        _K.CONNECTION_LOST: _UNKNOWN,
        _K.PLATFORM_ERROR: _UNKNOWN,
        _K.UNREADABLE_ANSWER: _UNKNOWN,
        _K.NOT_THE_API: _UNKNOWN,
        _K.UNEXPECTED_ANSWER: _UNKNOWN,
    }
)
"""Every leaf of the error tree of a create."""


@dataclass(frozen=True, kw_only=True)
class CreateOutcome:
    """The end of a create call."""

    kind: OutcomeKind
    # back in line: seconds until the next try
    wait_s: float = 0.0
    # None when it did not end badly, or its end was not seen
    error_kind: ErrorKind | None = None
    # the service's words, or ours
    message: str | None = None
    # the task that was made
    task: Task | None = field(default=None, repr=False)
    # nothing more goes through with this key until its account is put right
    stop_key: bool = False
    # the service says so of the account itself: all that is queued for the key is refused with it
    refuses_queue: bool = False


INTERRUPTED = CreateOutcome(
    kind=OutcomeKind.UNKNOWN, message="The app stopped while it was sending, before an answer came."
)
"""Of a create whose process was killed, or broke in a way that stands in no table."""

MAY_EXIST = "It was sent before without a clear answer, so a paid task may exist, although it is refused now."
"""Of an entry that is refused after an unclear end: whatever the words, that proves nothing of the first."""

MOST_UNCLEAR_ENDS = 1
"""With more of them, nothing is sent again by itself."""

TOO_LATE = CreateOutcome(kind=OutcomeKind.BACK_IN_LINE)
"""Of a create that was surely not sent, since its process stood still for too long after the claim."""


def outcome_of(
    result: KlingError | Task, *, attempt: int = 1, rng: random.Random | None = None, own_words: str = ""
) -> CreateOutcome:
    """The meaning of the answer to, or the error of, a create call.

    An account problem is taken for confirmed where it cannot come from this one request: code and status
    decide before any words (`kling.error_table`), and where a person's own words could be what decided, it
    stops nobody else: the next in the queue is sent, and its answer confirms it or not. HTTP 402 without
    words of the account may be about this task's price: the queue waits for a try, and is not refused.

    Args:
        result: what `KlingClient.create` returned or raised.
        attempt: this entry's create calls so far, this one included, from 1; the wait doubles with it.
        rng: gives ± 20 % to a wait that the service did not ask for; None: no jitter.
        own_words: all texts of the request, which its refusal may quote.
    """
    if isinstance(result, Task):
        return CreateOutcome(kind=OutcomeKind.ACCEPTED, task=result)
    kind = OUTCOMES[result.kind]
    stops = isinstance(result, AccountProblem) and ABOUT_AN_ACCOUNT.search(own_words) is None
    return CreateOutcome(
        kind=kind,
        wait_s=_wait_s(result.retry_after_s, attempt, rng) if kind is _BACK_IN_LINE else 0.0,
        error_kind=result.kind,
        message=str(result),
        stop_key=stops,
        refuses_queue=stops and not _may_be_about_price(result),
    )


def _may_be_about_price(failure: KlingError) -> bool:
    return failure.http_status == PAYMENT_REQUIRED and QUOTA_TEXT.search(failure.message) is None


def _wait_s(asked_s: float | None, attempt: int, rng: random.Random | None) -> float:
    """Seconds: as the service asks, otherwise 1 s doubling; at most `LONGEST_WAIT_S` (before jitter)."""
    if asked_s is not None:
        return min(asked_s, LONGEST_WAIT_S)
    doubled_s = min(2.0 ** min(attempt - 1, 10), LONGEST_WAIT_S)
    return doubled_s * (rng.uniform(0.8, 1.2) if rng else 1.0)


class VerdictKind(StrEnum):
    """The ways on for an UNKNOWN entry that was not found."""

    LOOK_AGAIN = "look_again"
    """It may still turn up."""
    BACK_IN_LINE = "back_in_line"
    """It surely does not exist: send it again under the same external id."""
    ASK_PERSON = "ask_person"
    """Nothing more can be learnt here, and not-found proves nothing."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The way on, and for LOOK_AGAIN its time."""

    kind: VerdictKind
    at: datetime | None = None


def settle_s(proof: LookupProof | None) -> float:
    """Seconds after a create before a not-found can prove anything."""
    return SETTLE_S if proof is None else max(SETTLE_S, 3 * proof.lag_s + 100)


def verdict(entry: Entry, proof: LookupProof | None, now: datetime) -> Verdict:
    """The way on for an UNKNOWN entry after a look that did not find it.

    Args:
        entry: UNKNOWN, as `Journal.not_found` left it.
        proof: of looking up by external id at the entry's service; None when it was never tried.
        now: aware.
    """
    sent_at = entry.sent_at or entry.created_at
    if not _is_missing(entry, sent_at + timedelta(seconds=settle_s(proof))):
        age_s = (now - sent_at).total_seconds()
        return Verdict(
            kind=VerdictKind.LOOK_AGAIN,
            at=now + timedelta(seconds=min(max(age_s / 2, 10.0), NOT_FOUND_SPACING_S)),
        )
    proven = proof is not None and proof.found and entry.unclear_ends <= MOST_UNCLEAR_ENDS
    proven = proven and entry.put_aside_at is None  # its owner has gone on: nothing is sent behind their back
    return Verdict(kind=VerdictKind.BACK_IN_LINE if proven else VerdictKind.ASK_PERSON)


def _is_missing(entry: Entry, window_ends_at: datetime) -> bool:
    """Three spaced not-founds, the last of them after the settle window: earlier ones prove nothing."""
    if entry.last_not_found_at is None or entry.not_founds < NOT_FOUNDS_NEEDED:
        return False
    return entry.last_not_found_at >= window_ends_at
