"""A task's times step by step, and its price. Pure."""

from dataclasses import dataclass
from datetime import datetime

from studio.journal.entry import Entry, State
from studio.journal.ledger import Cost, cost_of
from studio.tasks.task_view import TaskView

_ENDS = {State.FAILED: "Given up by the service", State.REJECTED: "Refused"}


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something that happened to a task."""

    # aware UTC
    at: datetime
    words: str


def steps(view: TaskView) -> tuple[Step, ...]:
    """The steps that are known to have happened, in order."""
    entry, video = view.entry, view.video
    known = (
        (entry.created_at, "Made elsewhere" if entry.made_elsewhere else "Written down"),
        (entry.sent_at, "Sent" if entry.attempts <= 1 else f"Sent, try {entry.attempts}"),
        (entry.accepted_at, "Followed from here" if entry.made_elsewhere else "Accepted by the service"),
        (entry.put_aside_at, "Put aside"),
        (entry.ended_at, _end(entry)),
        (video.created_at if video else None, "Video kept here"),
        (video.removed_at if video else None, "Video removed"),
    )
    happened = (Step(at=at, words=words) for at, words in known if at is not None)
    return tuple(sorted(happened, key=lambda step: step.at))


def price_words(entry: Entry) -> str:
    """The price of a task in words, counted as on the ledger."""
    if entry.made_elsewhere:
        return "Made elsewhere: it is not counted here"
    cost = cost_of(entry.state, is_sent=entry.sent_at is not None, is_simulated=entry.is_simulated)
    if cost is None:
        return "Nothing is spent on it"
    if cost is Cost.SIMULATED:
        return "Free: made by the simulator"
    if cost is Cost.FREE:
        return "Free: no video came of it"
    if entry.price_usd is None:
        return "Its price is not known here"
    return f"{entry.price_usd:.2f} USD by the price list"


def _end(entry: Entry) -> str:
    return _ENDS.get(entry.state, "Finished by the service")
