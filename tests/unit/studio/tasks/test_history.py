"""A task's times, step by step."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from studio.files.artifact import ArtifactKind, describe_file
from studio.journal.entry import SIMULATOR, State
from studio.tasks.history import price_words, steps
from studio.tasks.task_view import TaskView, view_tasks
from tests.support.make import entry
from tests.support.services import NOON


def viewed(**fields: object) -> TaskView:
    """A task that was written down at noon."""
    written = replace(entry(created_at=NOON), **fields)  # type: ignore[arg-type]
    return view_tasks([written], files={}, positions={}, proofs={}, now=NOON)[0]


def later(seconds: int) -> object:
    """So long after noon."""
    return NOON + timedelta(seconds=seconds)


def test_what_has_not_happened_is_no_step() -> None:
    """A task in line was written down, and nothing more."""
    assert [step.words for step in steps(viewed())] == ["Written down"]


def test_the_steps_of_a_kept_task_are_in_order() -> None:
    """From the click to the file on our storage, and its removal."""
    view = viewed(state=State.KEPT, sent_at=later(1), accepted_at=later(2), ended_at=later(60), attempts=2)
    kept = describe_file("e1", ArtifactKind.VIDEO, 0, b"mp4", NOON + timedelta(seconds=63))
    view = replace(view, video=replace(kept, removed_at=NOON + timedelta(days=1)))
    assert [step.words for step in steps(view)] == [
        "Written down",
        "Sent, try 2",
        "Accepted by the service",
        "Finished by the service",
        "Video kept here",
        "Video removed",
    ]
    times = [step.at for step in steps(view)]
    assert times == sorted(times)


@pytest.mark.parametrize(
    ("state", "words"), [(State.FAILED, "Given up by the service"), (State.REJECTED, "Refused")]
)
def test_an_end_without_a_video_says_whose_it_was(state: State, words: str) -> None:
    """The service gave up, or made no task."""
    assert steps(viewed(state=state, ended_at=later(9)))[-1].words == words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Nothing is spent on it"),
        ({"state": State.FAILED, "sent_at": later(1)}, "Free: no video came of it"),
        ({"state": State.RUNNING, "sent_at": later(1), "price_usd": None}, "Its price is not known here"),
        ({"state": State.UNKNOWN, "sent_at": later(1)}, "0.56 USD by the price list"),
        ({"state": State.KEPT, "made_elsewhere": True}, "Made elsewhere: it is not counted here"),
        ({"state": State.KEPT, "sent_at": later(1), "service": SIMULATOR}, "Free: made by the simulator"),
    ],
)
def test_a_task_counts_on_its_page_as_on_the_ledger(fields: dict[str, object], words: str) -> None:
    """One that waits costs nothing yet; one whose outcome is not known may have been charged."""
    task = replace(entry(created_at=NOON), price_usd=Decimal("0.56"))
    assert price_words(replace(task, **fields)) == words  # type: ignore[arg-type]
