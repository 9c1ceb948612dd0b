"""A task as its card shows it, with the choices of its owner; read for all cards at once. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from studio.files.artifact import Artifact, ArtifactKind
from studio.journal.create_outcome import settle_s
from studio.journal.entry import AWAITED, Entry, LookupProof, State
from studio.journal.queue_stops import QueueStop
from studio.tasks.schedule import longest_wait_s

CARD_FILES = (ArtifactKind.VIDEO, ArtifactKind.RECIPE)
"""The kinds of files that a card shows or offers."""

HELD_UP = frozenset({State.ACCEPTED, State.RUNNING, State.SUCCEEDED})
"""With something in the way, such a task may wait for ever: for a key that is lost, for instance."""


class Choice(StrEnum):
    """The decisions that an owner may make about a task."""

    LEAVE_QUEUE = "leave_queue"
    """Not to send it after all."""
    LOOK_AGAIN = "look_again"
    """To look for it now."""
    SEND_AGAIN = "send_again"
    """To send it once more, having looked at the service."""
    FORGET = "forget"
    """Not to see it any more."""
    PUT_ASIDE = "put_aside"
    """Not to wait for it: its slot goes to the next, and it comes back when it ends."""
    TAKE_BACK = "take_back"
    """To wait for it after all."""
    TRY_NOW = "try_now"
    """To have the queue tried now that stands still."""


@dataclass(frozen=True, kw_only=True)
class TaskView:
    """One card; its thumbnail is read apart, where it is shown."""

    # without its thumbnail
    entry: Entry
    choices: frozenset[Choice]
    # a removed one says so; None: none was ever kept
    video: Artifact | None
    # what it was made from; None where that is not kept beside it
    recipe: Artifact | None
    # from 1; None when it is not in a queue
    queue_position: int | None
    # seconds after which it is sent at the latest, whatever is before it; None when it is not in a queue
    longest_wait_s: float | None = None
    # None: its queue goes on
    stop: QueueStop | None = None

    @property
    def kept_video(self) -> Artifact | None:
        """Its video, where it is kept and not removed, as far as the database knows."""
        is_there = self.entry.state is State.KEPT and self.video is not None and self.video.removed_at is None
        return self.video if is_there else None


def asks_person(entry: Entry, proof: LookupProof | None, now: datetime) -> bool:
    """Whether its owner may decide: nothing was found, in all the time in which it should have been.

    Args:
        entry: in any state.
        proof: of looking up by external id at its service; None when it was never tried.
        now: aware.
    """
    if entry.state is not State.UNKNOWN or entry.sent_at is None:
        return entry.state is State.NEEDS_PERSON
    return now >= entry.sent_at + timedelta(seconds=settle_s(proof))


def open_choices(entry: Entry, proof: LookupProof | None, now: datetime) -> frozenset[Choice]:
    """The choices of its owner, with the arguments of `asks_person`."""
    return _decisions(entry, proof, now) | _ways_aside(entry)


def _ways_aside(entry: Entry) -> frozenset[Choice]:
    """Out of the list and back; what is merely being saved comes by itself."""
    if entry.state not in AWAITED:
        return frozenset()
    if entry.put_aside_at is not None:
        return frozenset({Choice.TAKE_BACK})
    is_saving = entry.state is State.SUCCEEDED and entry.message is None
    return frozenset() if is_saving else frozenset({Choice.PUT_ASIDE})


def _decisions(entry: Entry, proof: LookupProof | None, now: datetime) -> frozenset[Choice]:
    """Those that settle something; none while all goes its way."""
    if entry.state is State.INTENT:
        return frozenset({Choice.LEAVE_QUEUE})
    if asks_person(entry, proof, now):
        return frozenset({Choice.LOOK_AGAIN, Choice.SEND_AGAIN, Choice.FORGET})
    if entry.state is State.UNKNOWN:
        return frozenset({Choice.LOOK_AGAIN})
    if entry.state in HELD_UP and entry.message is not None:
        return frozenset({Choice.FORGET})
    return frozenset()


def view_tasks(
    entries: Collection[Entry],
    *,
    files: Mapping[str, Collection[Artifact]],
    positions: Mapping[str, int],
    proofs: Mapping[str, LookupProof],
    now: datetime,
    stops: Mapping[str, QueueStop] = MappingProxyType({}),
    slots: int = 1,
) -> tuple[TaskView, ...]:
    """The cards of entries.

    Args:
        entries: in the order of the cards.
        files: by entry id, those of `CARD_FILES` at least.
        positions: by entry id, of those in a queue.
        proofs: by service.
        now: aware.
        stops: by entry id, of those in a queue that stands still.
        slots: tasks of one key that may be at the service at a time.
    """
    return tuple(
        TaskView(
            entry=entry,
            choices=open_choices(entry, proofs.get(entry.service), now) | _try_now(stops.get(entry.entry_id)),
            video=_of_kind(files.get(entry.entry_id, ()), ArtifactKind.VIDEO),
            recipe=_of_kind(files.get(entry.entry_id, ()), ArtifactKind.RECIPE),
            queue_position=positions.get(entry.entry_id),
            longest_wait_s=_longest_wait_s(positions.get(entry.entry_id), slots),
            stop=stops.get(entry.entry_id),
        )
        for entry in entries
    )


def _try_now(stop: QueueStop | None) -> frozenset[Choice]:
    return frozenset({Choice.TRY_NOW}) if stop else frozenset()


def _longest_wait_s(position: int | None, slots: int) -> float | None:
    return None if position is None else longest_wait_s(position, slots)


def _of_kind(files: Collection[Artifact], kind: ArtifactKind) -> Artifact | None:
    return next((file for file in files if file.kind is kind), None)
