"""What the cards read: all at once, in a bounded number of queries; and what a visitor's link reads."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kling import ImageToVideoRequest, TaskStatus
from studio.files.artifact import artifact_row
from studio.files.artifact_store import ArtifactKind, ArtifactStore
from studio.journal.create_outcome import SETTLE_S, CreateOutcome, OutcomeKind
from studio.journal.database import Database
from studio.journal.entry import Entry, LookupProof, State
from studio.journal.journal import Journal
from studio.journal.share_links import ShareLinks
from studio.service.keyring import Keyring
from studio.tasks.schedule import longest_wait_s
from studio.tasks.shared_task import read_shared_task
from studio.tasks.task_service import TaskService
from studio.tasks.task_view import Choice, asks_person, open_choices
from tests.support.counted_queries import counted_queries
from tests.support.kept_files import MP4
from tests.support.listed import listed
from tests.support.make import entry, new_task, picture_text
from tests.support.services import NOON, task

MOST_QUERIES = 4
REQUEST = ImageToVideoRequest(image=picture_text(64, 48), model_name="kling-v1", negative_prompt="blur")


@pytest.fixture
def artifacts(store: Database, tmp_path: Path) -> ArtifactStore:
    return ArtifactStore(store, str(tmp_path / "files"))


@pytest.fixture
def tasks(store: Database, artifacts: ArtifactStore) -> Iterator[TaskService]:
    """Nothing runs what is written down."""
    idle: Any = None
    keyring = Keyring(b"secret")
    yield TaskService(
        journal=Journal(store),
        keyring=keyring,
        artifacts=artifacts,
        runner=idle,
        recovery=idle,
        is_shared=lambda _: True,
        dump_recipe=lambda _: b"",
    )
    keyring.close()


def kept(journal: Journal, artifacts: ArtifactStore, owner: str = "ann") -> Entry:
    """A task with a recipe, a request and a video."""
    wanted = new_task(owner=owner, request=REQUEST)
    files = artifacts.write_sent(wanted.entry_id, REQUEST, b"a recipe")
    written = journal.create_entry(wanted, files=[artifact_row(file) for file in files])
    claimed = journal.claim(written)
    assert claimed is not None
    succeeded = journal.record_status(claimed, task(TaskStatus.SUCCEED, task_id=wanted.entry_id))
    assert succeeded is not None
    artifacts.keep(written.entry_id, ArtifactKind.VIDEO, MP4)
    done = journal.mark_kept(succeeded)
    assert done is not None
    return done


def unclear(journal: Journal) -> Entry:
    """A task whose create had no clear end."""
    claimed = journal.claim(journal.create_entry(new_task()))
    assert claimed is not None
    settled = journal.settle(claimed, CreateOutcome(kind=OutcomeKind.UNKNOWN, message="No answer."))
    assert settled is not None
    return settled


def test_a_queued_task_tells_the_longest_that_it_waits(tasks: TaskService) -> None:
    """By its position and the slots of its key."""
    for _ in range(4):
        tasks.journal.create_entry(new_task())
    waits = [view.longest_wait_s for view in listed(tasks, "ann").tasks]
    assert waits == [longest_wait_s(position, tasks.slots) for position in (4, 3, 2, 1)]
    assert waits[0] != waits[1]


def test_a_card_has_its_files_and_its_position(tasks: TaskService, artifacts: ArtifactStore) -> None:
    """The queue is counted over everybody with the same key."""
    done = kept(tasks.journal, artifacts)
    tasks.journal.create_entry(new_task(owner="bob"))
    tasks.journal.create_entry(new_task(owner="ann"))
    queued, shown = listed(tasks, "ann").tasks
    assert (queued.queue_position, shown.queue_position) == (2, None)
    assert shown.video == artifacts.video(done.entry_id)
    assert shown.recipe == artifacts.recipe(done)
    assert (queued.video, queued.recipe) == (None, None)


def test_thumbnails_are_read_apart_and_in_one_query(store: Database, tasks: TaskService) -> None:
    """They are most of a task's bytes, and a card with a video shows none."""
    mine = [tasks.journal.create_entry(new_task()).entry_id for _ in range(3)]
    bobs = tasks.journal.create_entry(new_task(owner="bob")).entry_id
    with counted_queries(store) as statements:
        found = tasks.thumbnails("ann", [*mine[:2], bobs])
    assert found == dict.fromkeys(mine[:2], b"JPEG")
    assert len(statements) == 1


UNKNOWN = entry(state=State.UNKNOWN, sent_at=NOON)


@pytest.mark.parametrize(
    ("shown", "age_s", "expected"),
    [
        (entry(), 0, {Choice.LEAVE_QUEUE}),
        (entry(state=State.SENDING), 0, set()),
        (UNKNOWN, SETTLE_S - 1, {Choice.LOOK_AGAIN, Choice.PUT_ASIDE}),
        (UNKNOWN, SETTLE_S, {Choice.LOOK_AGAIN, Choice.SEND_AGAIN, Choice.FORGET, Choice.PUT_ASIDE}),
        (
            entry(state=State.NEEDS_PERSON),
            0,
            {Choice.LOOK_AGAIN, Choice.SEND_AGAIN, Choice.FORGET, Choice.PUT_ASIDE},
        ),
        (entry(state=State.ACCEPTED), 0, {Choice.PUT_ASIDE}),
        (entry(state=State.RUNNING), 0, {Choice.PUT_ASIDE}),
        (entry(state=State.RUNNING, put_aside_at=NOON), 0, {Choice.TAKE_BACK}),
        (entry(state=State.RUNNING, message="No key."), 0, {Choice.FORGET, Choice.PUT_ASIDE}),
        (entry(state=State.SUCCEEDED), 0, set()),
        (entry(state=State.SUCCEEDED, message="No video."), 0, {Choice.FORGET, Choice.PUT_ASIDE}),
        (entry(state=State.KEPT), 0, set()),
    ],
)
def test_a_person_decides_only_where_something_is_to_be_decided(
    shown: Entry, age_s: float, expected: set[Choice]
) -> None:
    """Sending again too early could pay twice; one may always stop waiting for what is at the service."""
    assert open_choices(shown, None, NOON + timedelta(seconds=age_s)) == expected


def test_where_look_ups_lag_a_person_is_asked_later() -> None:
    """Three times the lag and 100 s: a task could still turn up."""
    slow = LookupProof(found=True, lag_s=1000.0)
    assert not asks_person(UNKNOWN, slow, NOON + timedelta(seconds=3099))
    assert asks_person(UNKNOWN, slow, NOON + timedelta(seconds=3100))


def test_a_link_is_read_in_two_queries_and_shows_its_task(
    store: Database, tasks: TaskService, artifacts: ArtifactStore
) -> None:
    """The entry by its token, and its files; nothing of them names the owner."""
    done, shares = kept(tasks.journal, artifacts), ShareLinks(store)
    token = shares.make("ann", done.entry_id)
    with counted_queries(store) as statements:
        seen = read_shared_task(shares, artifacts, token)
    assert len(statements) == 2
    assert seen is not None
    assert (seen.state, seen.prompt, seen.negative_prompt) == (State.KEPT, None, "blur")
    assert seen.video is not None
    assert seen.video.read_bytes() == MP4
    assert seen.picture == b"JPEG"
    assert done.entry_id not in repr(replace(seen))


def test_a_link_that_is_none_shows_nothing(store: Database, artifacts: ArtifactStore) -> None:
    """Withdrawn, or never made."""
    assert read_shared_task(ShareLinks(store), artifacts, "guessed") is None
