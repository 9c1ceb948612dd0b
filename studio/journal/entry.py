"""One task as the journal knows it: its states, their transitions, and the records.

The transitions are drawn in `studio/journal/__init__.py`. Besides, KEPT goes back to SUCCEEDED when its
file is gone and its owner wants it again (`mark_file_missing`), and evidence of a task moves an entry on
from wherever it stands (`after_look`), never back. Source: reliability.md, "The journal".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from uuid import uuid4

from kling import ErrorKind, ImageToVideoRequest, TaskStatus

SIMULATOR = "simulator"
"""The `service` of the embedded simulator, whose address changes with every start."""


class State(StrEnum):
    """Where a task stands."""

    INTENT = "intent"
    """Written down and not sent, or known to have made no task: queued."""
    SENDING = "sending"
    """Claimed by one process: its create call may be on its way."""
    UNKNOWN = "unknown"
    """Sent, and not known whether a paid task exists: it is looked for, never sent again by guess."""
    NEEDS_PERSON = "needs_person"
    """Not found, and not-found proves nothing here: only a person can say what to do."""
    ACCEPTED = "accepted"
    """The service has it."""
    RUNNING = "running"
    """The service is at work."""
    SUCCEEDED = "succeeded"
    """The service has the video; it is not on our storage yet."""
    FAILED = "failed"
    """The service gave up and says why; failed tasks are free."""
    KEPT = "kept"
    """The video is on our storage, with its SHA-256."""
    REJECTED = "rejected"
    """The service made no task; a corrected request is a new entry."""
    FORGOTTEN = "forgotten"
    """Dismissed by its owner."""


SETTLED = frozenset({State.FAILED, State.KEPT, State.REJECTED, State.FORGOTTEN})
"""Nothing more is done by itself."""

WITH_TASK = frozenset({State.ACCEPTED, State.RUNNING, State.SUCCEEDED, State.FAILED, State.KEPT})
"""The service has given a task id."""

WITHOUT_TASK = frozenset({State.INTENT, State.SENDING, State.UNKNOWN, State.NEEDS_PERSON, State.REJECTED})
"""No task id is known; the database refuses one here, so a task that exists cannot be sent again."""

AWAITED = frozenset({State.UNKNOWN, State.NEEDS_PERSON, State.ACCEPTED, State.RUNNING, State.SUCCEEDED})
"""The service has such a task or may have it, and its end is waited for: its owner may put it aside."""

FORGETTABLE = frozenset(State) - SETTLED - {State.SENDING}
"""A create that is on its way is not forgotten: its answer may tell of a paid task."""

_FROM_STATUS: Mapping[TaskStatus, State] = MappingProxyType(
    {
        TaskStatus.SUBMITTED: State.ACCEPTED,
        TaskStatus.PROCESSING: State.RUNNING,
        TaskStatus.SUCCEED: State.SUCCEEDED,
        TaskStatus.FAILED: State.FAILED,
    }
)
_PROGRESS = (State.ACCEPTED, State.RUNNING, State.FAILED, State.SUCCEEDED, State.KEPT)


def after_look(state: State, status: TaskStatus) -> State:
    """The state after the service reported a task's status: never back, as answers come out of order.

    FAILED may still become SUCCEEDED, since a video is the better evidence.
    """
    reported = _FROM_STATUS[status]
    if state not in _PROGRESS:
        return reported
    return max(state, reported, key=_PROGRESS.index)


def utc_now() -> datetime:
    """The present, aware."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class NewTask:
    """A task as a submit writes it down, before anything is sent."""

    owner: str
    # made when the form is drawn, so that reruns and double clicks are one task
    click_token: str
    # a base URL, or SIMULATOR
    service: str
    # HMAC of the key, never the key
    key_fingerprint: str
    # random 128 bits as hex, or the person's own id
    external_task_id: str
    request: ImageToVideoRequest = field(repr=False)
    # as shown; None when it is not known
    price_usd: Decimal | None
    # JPEG of the picture that is sent
    thumbnail: bytes | None = field(default=None, repr=False)
    # what its row will be called
    entry_id: str = field(default_factory=lambda: uuid4().hex)
    # shared by the variants that are sent together
    batch_id: str | None = None
    # the entry of the kept video that its picture is a frame of
    continues_entry_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One row of the journal as it was read; times are aware UTC."""

    # uuid4 as hex: names it everywhere in our own system
    entry_id: str
    # as the database knows it (`people.owner_on_record`)
    owner: str
    # a base URL, or SIMULATOR
    service: str
    key_fingerprint: str
    # None for a task made elsewhere
    external_task_id: str | None
    # None until the service has given it
    task_id: str | None
    state: State
    # counts the changes: the other half of the compare-and-swap
    version: int
    made_elsewhere: bool
    model_name: str | None
    mode: str | None
    duration: str | None
    prompt: str | None
    price_usd: Decimal | None
    thumbnail: bytes | None = field(repr=False)
    created_at: datetime
    state_since: datetime
    # when the latest create call was claimed
    sent_at: datetime | None
    accepted_at: datetime | None
    # when the service ended it, or refused it
    ended_at: datetime | None
    # create calls so far
    attempts: int
    # queued: the earliest next try; None means now
    retry_at: datetime | None
    # spaced not-founds since it became UNKNOWN, and the last of them that counted
    not_founds: int
    last_not_found_at: datetime | None
    # the last time that the service answered about it, and when to ask next
    last_look_at: datetime | None
    next_look_at: datetime | None
    # how the last create ended badly, None when it did not
    create_error: ErrorKind | None
    # the service's reason, or what is in the way of knowing more
    message: str | None
    # where the service has the video that could not be fetched, whole and with its signature: for its owner
    # alone, hence in no text of this record; None: nothing failed
    result_url: str | None = field(default=None, repr=False)
    # creates without a clear end; a repetition that the service knows of counts as two, since a task exists
    unclear_ends: int = 0
    # since when its owner does not wait for it; None: they do. It is looked at rarely until it ends
    put_aside_at: datetime | None = None
    # it was put aside once: it takes no slot of its key any more, unless it is sent again
    slot_given_back: bool = False
    # its owner's name for it, at most `marks.NAME_CHARS`
    name: str | None = None
    is_starred: bool = False
    # shared by the variants that were sent together
    batch_id: str | None = None
    # the entry of the kept video that its picture is a frame of
    continues_entry_id: str | None = None
    # when its owner first saw it finished; None: not yet
    seen_at: datetime | None = None

    @property
    def lookup_id(self) -> str:
        """The id to ask the service by."""
        return self.task_id or self.external_task_id or ""

    @property
    def title(self) -> str:
        """The words that one knows it by: its name, or else its prompt, or an id; a foreign text."""
        return self.name or self.prompt or self.lookup_id

    @property
    def is_settled(self) -> bool:
        """Nothing more is done by itself."""
        return self.state in SETTLED

    @property
    def is_simulated(self) -> bool:
        """Made by the embedded simulator: nothing was paid."""
        return self.service == SIMULATOR

    def elapsed_s(self, now: datetime) -> float:
        """Seconds since it was submitted, until its end."""
        return ((self.ended_at or now) - self.created_at).total_seconds()


@dataclass(frozen=True, kw_only=True)
class LookupProof:
    """Evidence of looking tasks up by their external ids at one service."""

    # accepted tasks were found by it, and none was missed lately
    found: bool
    # the longest seen between a create's answer and the first look that found it
    lag_s: float
