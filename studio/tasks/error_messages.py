"""The service's errors in words for a person: what happened, why, and what to do next."""

from datetime import datetime

from kling import ErrorKind, ImageToVideoRequest, KlingError
from kling.keys import hide_living_keys
from kling.model_lives import cheapest_living_model, seen_working
from studio.errors import StudioError
from studio.journal.entry import Entry
from studio.journal.queue_stops import QueueStop


class SubmitProblem(StudioError):
    """A request did not become a task."""


class LookupProblem(StudioError):
    """A task could not be looked up."""


NO_KEY = (
    "Its key is not at hand: keys are kept in memory only. It goes on when you enter the same key on the "
    "Settings page."
)
NOT_THERE = (
    "The service does not show it, but it is not known whether it shows tasks by this id at all: it may "
    "exist, and may have been charged."
)
_K = ErrorKind
# kind → (why, next step)
WORDS: dict[ErrorKind, tuple[str, str]] = {
    _K.INVALID_API_KEY: (
        "The key holds a character that no key has.",
        "Enter it again on the Settings page.",
    ),
    _K.INVALID_BASE_URL: ("The service's address is not a web address.", "Correct COMETAPI_BASE_URL."),
    _K.INVALID_TASK_ID: ("This is not a task id.", "Copy the id once more, without anything around it."),
    _K.UNSENDABLE_REQUEST: (
        "The request cannot be written as JSON.",
        "Remove unusual characters from the texts.",
    ),
    _K.NAME_NOT_RESOLVED: ("The service's name could not be found.", "Check the network, then try again."),
    _K.UNREACHABLE: ("The service could not be reached.", "Check the network, then try again."),
    _K.CONNECT_TIMEOUT: ("The service did not pick up in time.", "Try again in a minute."),
    _K.HANDSHAKE_FAILED: (
        "No secure connection could be made.",
        "Check the clock and the network's certificates, then try again.",
    ),
    _K.BAD_PARAMETER: ("A value was refused.", "Change what the service names, then send again."),
    _K.POLICY_REFUSED: (
        "The picture or the text is against the service's policy.",
        "Change the picture or the prompt.",
    ),
    _K.UNAUTHORIZED: (
        "The key is missing, wrong or expired.",
        "Enter a valid key on the Settings page.",
    ),
    _K.NO_ACCESS: ("The key may not use this.", "Choose another model, or ask CometAPI for access."),
    _K.WRONG_METHOD: ("The address is not the one of the API.", "Check COMETAPI_BASE_URL."),
    _K.NOT_FOUND: (
        "The service does not know this task.",
        "Check the id, and that the key is the one it was made with.",
    ),
    _K.TOO_LARGE: ("The request is larger than the service takes.", "Use a smaller picture."),
    _K.MALFORMED_REQUEST: (
        "The service could not read the request.",
        "Change the parameters, or report it with the request id.",
    ),
    _K.MODEL_NOT_SERVED: ("This model is not served.", "Choose another model."),
    _K.ACCOUNT_BLOCKED: (
        "The account is blocked or limited by address.",
        "Look at the account at CometAPI.",
    ),
    _K.OUT_OF_CREDIT: ("The account has no credit left.", "Add credit at CometAPI, then send again."),
    _K.TOO_MANY_REQUESTS: (
        "Too many requests were made at once.",
        "Wait a minute, then send again.",
    ),
    _K.TOO_MANY_TASKS: (
        "Too many tasks of this account are running.",
        "Wait until one has finished, then send again.",
    ),
    _K.DUPLICATE_EXTERNAL_TASK_ID: (
        "A task with this external task id exists already.",
        "It is looked up by that id.",
    ),
    _K.READ_TIMEOUT: ("The answer did not come in time.", "It is looked up by its external task id."),
    _K.CONNECTION_LOST: (
        "The connection broke before the answer.",
        "It is looked up by its external task id.",
    ),
    _K.PLATFORM_ERROR: ("The service had a fault of its own.", "It is looked up by its external task id."),
    _K.UNREADABLE_ANSWER: (
        "The answer could not be read.",
        "It is looked up by its external task id.",
    ),
    _K.NOT_THE_API: (
        "A web page answered instead of the API.",
        "Check COMETAPI_BASE_URL.",
    ),
    _K.UNEXPECTED_ANSWER: (
        "The answer is in no table of the contract.",
        "It is looked up by its external task id.",
    ),
}


_HINT = "\nThe request has "
"""Between the service's words and ours."""
HEAVY_BYTES = 4_000_000
REFUSED_AS_HEAVY = frozenset({_K.BAD_PARAMETER, _K.MALFORMED_REQUEST, _K.TOO_LARGE})
"""Refusals that relays were seen to give a body that is too large for them."""
BROKEN_AS_HEAVY = frozenset(
    {_K.READ_TIMEOUT, _K.CONNECTION_LOST, _K.PLATFORM_ERROR, _K.NOT_THE_API, _K.UNEXPECTED_ANSWER}
)
"""Unclear ends that such a body may have too: 408, a connection that is cut, a relay's own fault or page."""
NO_REASON = (
    "it gave no reason. Usually its policy is against the picture or the words, or it was too busy. Failed "
    "tasks are not charged"
)
"""Of a failed task, after "The service gave up: "."""


def refusal(entry: Entry, request: ImageToVideoRequest) -> SubmitProblem:
    """The reason why no task was made of a request, and what to change."""
    refused = refused_task(entry)
    if entry.create_error is ErrorKind.MODEL_NOT_SERVED:
        return SubmitProblem(refused.what, refused.why, _other_model(request))
    return refused


def refused_task(entry: Entry) -> SubmitProblem:
    """The same of a task that was refused a while ago."""
    why, next_step = (
        WORDS[entry.create_error] if entry.create_error else ("The request was refused.", "Change it.")
    )
    told, has_hint, size = (entry.message or "").partition(_HINT)
    hint = f"{has_hint.strip()} {size}" if has_hint else ""
    # An empty 413 has no words of its own: the client put ours.
    words = f" (The service: “{told}”)" if told and not told.startswith(why) else ""
    return SubmitProblem(
        "No task was made, and nothing was paid.", f"{why}{words}", f"{next_step} {hint}".strip()
    )


def heavy_request_hint(kind: ErrorKind, size_bytes: int) -> str:
    """Words to add to an end that a large body may be the cause of; empty for any other."""
    if size_bytes < HEAVY_BYTES or kind not in REFUSED_AS_HEAVY | BROKEN_AS_HEAVY:
        return ""
    likely = "is likely" if kind in REFUSED_AS_HEAVY else "may be"
    size = f"{size_bytes / 1e6:.1f} MB"
    return (
        f"{_HINT}{size}, which {likely} too much: a lighter picture helps (Edit a lighter copy, on its card)."
    )


def size_hint(message: str | None) -> str:
    """The hint that stands in an entry's message, to keep it in another; empty without one."""
    _, has_hint, size = (message or "").partition(_HINT)
    return f"{has_hint}{size}"


def held_in_line(entry: Entry) -> str | None:
    """The reason why a queued task waits that is sent by itself later; None when there is none."""
    return WORDS[entry.create_error][0] if entry.create_error else entry.message


def stopped_queue(stop: QueueStop, now: datetime) -> str:
    """The reason why nothing of a queue is sent, since when, and when it is tried again."""
    why, _ = WORDS[stop.reason]
    return (
        f"{why} Nothing is sent with this key since {stop.since:%d %B %H:%M} UTC, for "
        f"{duration((now - stop.since).total_seconds())} so far. The next try comes by itself in "
        f"{duration((stop.next_try_at - now).total_seconds())}; one that goes through opens the line again. "
        "Look at the account at CometAPI."
    )


def duration(seconds: float, *, round_up: bool = False) -> str:
    """A time in words, to the second below a minute, then to the minute; at least 0 s."""
    whole_s = round(max(seconds, 0.0))
    if whole_s < 60:
        return f"{whole_s} s"
    hours, minutes = divmod(-(-whole_s // 60) if round_up else whole_s // 60, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def lookup_problem(failure: KlingError, task_id: str) -> LookupProblem:
    """The reason why a task could not be looked up."""
    why, next_step = WORDS[failure.kind]
    if failure.may_repeat:
        next_step = "The app looks again by itself; or try again in a minute."
    told_id = hide_living_keys(task_id)  # somebody may type the key where the id belongs
    return LookupProblem(f"Nothing could be learnt about {told_id}.", f"{why} {_quote(failure)}", next_step)


def _quote(failure: KlingError) -> str:
    """The service's own words with what its support asks for."""
    return f"(The service: “{failure}”)" if failure.http_status is not None else ""


def _other_model(request: ImageToVideoRequest) -> str:
    """A model that was seen working, and what becomes of the drawing there."""
    other = next((name for name in seen_working() if name != request.model_name), cheapest_living_model())
    known = f"Choose another model; {other} was seen working in September 2026."
    if not request.has_masks:
        return known
    return f"{known} It has no motion brush: your drawing goes along as a last frame, or in words."
