"""A finished task on a disk, as an app that ran before has left it."""

from pathlib import Path

from kling import ImageToVideoRequest, TaskStatus
from studio.files.artifact import artifact_row
from studio.files.artifact_store import ArtifactKind, ArtifactStore
from studio.journal.create_outcome import CreateOutcome, OutcomeKind
from studio.journal.database import Database
from studio.journal.entry import Entry
from studio.journal.journal import Journal
from studio.journal.schema import upgrade
from tests.support.make import new_task
from tests.support.services import Clock, task

PROMPT = "the kite rises over the bay"


def kept_task(
    data_dir: Path,
    owner: str,
    video: bytes,
    *,
    task_id: str = "task-of-the-owner",
    continues: str | None = None,
) -> Entry:
    """One in the folder that STUDIO_DATA_DIR will name, with its request and its video."""
    store = Database(f"sqlite:///{data_dir / 'studio.db'}")
    upgrade(store)
    journal, artifacts = Journal(store, Clock()), ArtifactStore(store, str(data_dir / "files"))
    request = ImageToVideoRequest(
        image="aW1n",
        model_name="kling-v1",
        mode="std",
        prompt=PROMPT,
        negative_prompt="blur",
        cfg_scale=0.4,
        callback_url="https://hooks.example.org/private",
    )
    wanted = new_task(
        owner=owner,
        request=request,
        thumbnail=None,
        service="https://far.example",
        continues_entry_id=continues,
    )
    files = artifacts.write_sent(wanted.entry_id, request)
    entry = journal.create_entry(wanted, files=[artifact_row(file) for file in files])
    claimed = journal.claim(entry)
    assert claimed is not None
    accepted = journal.settle(
        claimed,
        CreateOutcome(kind=OutcomeKind.ACCEPTED, task=task(TaskStatus.SUBMITTED, task_id=task_id)),
    )
    assert accepted is not None
    succeeded = journal.record_status(accepted, task(TaskStatus.SUCCEED, task_id=task_id))
    assert succeeded is not None
    artifacts.keep(entry.entry_id, ArtifactKind.VIDEO, video)
    kept = journal.mark_kept(succeeded)
    assert kept is not None
    store.close()
    return kept
