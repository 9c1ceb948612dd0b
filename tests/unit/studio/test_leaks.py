"""Another person's ids, guessed or copied, on every read and action of a page: nothing is seen or changed.

A new method of these classes fails the first test until it has a row of its own.
"""

import inspect
import pickle
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from kling import ImageToVideoRequest, TaskStatus
from studio.errors import StudioError
from studio.files.artifact_store import ArtifactKind, ArtifactStore
from studio.files.storage import Storage
from studio.journal.database import Database
from studio.journal.entry import Entry
from studio.journal.gallery import GalleryFilter
from studio.journal.journal import Journal
from studio.journal.schema import artifacts as artifact_rows
from studio.journal.schema import entries, shares, upgrade
from studio.journal.share_links import ShareLinks
from studio.recipes.draft_store import DraftStore, _folder_of
from studio.recipes.sent_drafts import SentDrafts, dump_sent_draft
from studio.service.endpoint import ServiceEndpoint
from studio.service.keyring import Keyring
from studio.tasks.gallery import Gallery
from studio.tasks.task_service import TaskService
from tests.support.listed import listed
from tests.support.lying_server import LyingServer, reply
from tests.support.make import draft, new_task
from tests.support.running_app import ROOT
from tests.support.services import task
from tests.support.videos import small_mp4

ANN, BOB = "ann-4f1c", "bob-99aa"
PROMPT, VIDEO, CLICK = "ann's secret picnic", b"ann's video", "ann's click"
LINK = "https://cdn.test/link-of-ann.mp4?sig=1"


class Idle:
    """Carries nothing on: what stands in the journal stands still."""

    def __getattr__(self, _name: str) -> Callable[..., bool]:
        return lambda *_, **__: True


@dataclass(frozen=True, kw_only=True)
class World:
    """Ann with a finished task, one in line, a link, a recipe and a draft; Bob with nothing."""

    store: Database
    tasks: TaskService
    artifacts: ArtifactStore
    shares: ShareLinks
    sent: SentDrafts
    drafts: DraftStore
    endpoint: ServiceEndpoint
    folder: Path
    kept: Entry
    in_line: Entry

    @property
    def gallery(self) -> Gallery:
        """The same tasks as the gallery reads them."""
        return Gallery(journal=self.tasks.journal, artifacts=self.artifacts)

    def stolen(self) -> tuple[str, ...]:
        """What Bob may have copied, and what he guesses from it."""
        ids = [self.kept.entry_id, self.in_line.entry_id, self.kept.task_id, self.kept.external_task_id]
        copied = [one for one in ids if one]
        turned = [f(one) for one in copied for f in (str.upper, lambda i: i[:-1] + "0", lambda i: f"../{i}")]
        return (*copied, *turned, ANN, CLICK, "", "%", "' OR 1=1 --", uuid4().hex)

    def of_ann(self) -> object:
        """All that is Ann's: her rows, her files, her draft."""
        with self.store.reading() as connection:
            mine = connection.execute(select(entries).where(entries.c.owner == ANN)).all()
            ids = [row.entry_id for row in mine]
            rest = [
                connection.execute(select(table).where(table.c.entry_id.in_(ids))).all()
                for table in (artifact_rows, shares)
            ]
        self.drafts.flush()
        files = sorted((f, f.read_bytes()) for f in self.folder.rglob("*") if f.is_file() and is_a_file(f))
        return mine, rest, files, self.drafts.load(ANN)


def is_a_file(path: Path) -> bool:
    """Not the database, and nothing of Bob's own."""
    return "studio.db" not in path.name and _folder_of(BOB) not in {parent.name for parent in path.parents}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    store = Database(f"sqlite:///{tmp_path / 'studio.db'}")
    upgrade(store)
    journal, artifacts = Journal(store), ArtifactStore(store, str(tmp_path / "files"))
    idle: Any = Idle()
    answer = {"task_id": "task-of-ann", "task_status": "succeed", "created_at": 1, "updated_at": 2}
    with LyingServer(reply({"code": 0, "message": "", "request_id": "r", "data": answer})) as server:
        endpoint = ServiceEndpoint(base_url=server.url, api_key="sk-shared-key", simulated=False)
        keyring = Keyring(b"secret")
        kept, in_line = anns_tasks(journal, artifacts, endpoint, keyring)
        world = World(
            store=store,
            tasks=TaskService(
                journal=journal,
                keyring=keyring,
                artifacts=artifacts,
                runner=idle,
                recovery=idle,
                is_shared=lambda _: True,
                dump_recipe=dump_sent_draft,
            ),
            artifacts=artifacts,
            shares=ShareLinks(store),
            sent=SentDrafts(artifacts, earlier=Storage(str(tmp_path / "recipes"))),
            drafts=DraftStore(Storage(str(tmp_path / "drafts"))),
            endpoint=endpoint,
            folder=tmp_path,
            kept=kept,
            in_line=in_line,
        )
        world.shares.make(ANN, kept.entry_id)
        world.drafts.keep(ANN, draft(prompt=PROMPT))
        yield world
        world.drafts.close()
        keyring.close()
        store.close()


def anns_tasks(
    journal: Journal, artifacts: ArtifactStore, endpoint: ServiceEndpoint, keyring: Keyring
) -> tuple[Entry, Entry]:
    """One kept with its video, one in line."""
    named: dict[str, Any] = {
        "service": endpoint.journal_name,
        "key_fingerprint": keyring.fingerprint(endpoint.api_key),
        "request": request(PROMPT),
    }
    kept = journal.create_entry(
        new_task(**named, owner=ANN, click_token=CLICK, external_task_id="external-of-ann")
    )
    claimed = journal.claim(kept)
    assert claimed is not None
    succeeded = journal.record_status(claimed, task(TaskStatus.SUCCEED, task_id="task-of-ann"))
    assert succeeded is not None
    artifacts.keep(kept.entry_id, ArtifactKind.VIDEO, VIDEO)
    sent = replace(draft(prompt=PROMPT), picture=None)
    artifacts.keep(kept.entry_id, ArtifactKind.RECIPE, dump_sent_draft(sent))
    ended = journal.mark_kept(succeeded)
    assert ended is not None
    in_line = journal.note(journal.create_entry(new_task(**named, owner=ANN)), result_url=LINK)
    assert in_line is not None
    return ended, in_line


def request(prompt: str) -> ImageToVideoRequest:
    return ImageToVideoRequest(image="aW1n", model_name="kling-v1", prompt=prompt)


def bobs(entry: Entry) -> Entry:
    """Ann's entry as Bob would forge it."""
    return replace(entry, owner=BOB)


Attempt = Callable[[World, str], object]
ATTEMPTS: dict[str, Attempt] = {
    "TaskService.submit": lambda w, stolen: w.tasks.submit(
        BOB,
        w.endpoint,
        replace(request("bob's"), external_task_id=stolen or None),
        CLICK,
        draft(prompt="bob's"),
    ),
    "TaskService.follow": lambda w, stolen: w.tasks.follow(BOB, w.endpoint, stolen or "-"),
    "TaskService.allowance": lambda w, _: w.tasks.allowance(BOB, w.endpoint),
    "TaskService.has_tasks": lambda w, _: w.tasks.has_tasks(BOB) or None,
    "TaskService.is_sent": lambda w, stolen: w.tasks.is_sent(BOB, stolen) or None,
    "TaskService.thumbnails": lambda w, stolen: w.tasks.thumbnails(BOB, [stolen]),
    "ArtifactStore.files_of_many": lambda w, stolen: w.artifacts.files_of_many(
        BOB, [stolen], [*ArtifactKind]
    ),
    "TaskService.look_again": lambda w, stolen: w.tasks.look_again(BOB, stolen),
    "TaskService.send_again": lambda w, stolen: w.tasks.send_again(BOB, stolen),
    "TaskService.forget": lambda w, stolen: w.tasks.forget(BOB, stolen),
    "TaskService.put_aside": lambda w, stolen: w.tasks.put_aside(BOB, stolen),
    "TaskService.take_back": lambda w, stolen: w.tasks.take_back(BOB, stolen),
    "TaskService.try_now": lambda w, stolen: w.tasks.try_now(BOB, stolen),
    "TaskService.get_again": lambda w, stolen: w.tasks.get_again(BOB, stolen),
    "TaskService.bring_video": lambda w, stolen: w.tasks.bring_video(BOB, stolen, BytesIO(small_mp4())),
    "Gallery.page": lambda w, stolen: w.gallery.page(BOB, GalleryFilter(text=stolen, batch_id=stolen)),
    "Gallery.task": lambda w, stolen: w.gallery.task(BOB, stolen),
    "Gallery.relatives": lambda w, _: w.gallery.relatives(BOB, bobs(w.kept)),
    "Gallery.rename": lambda w, stolen: w.gallery.rename(BOB, stolen, "mine"),
    "Gallery.star": lambda w, stolen: w.gallery.star(BOB, stolen, is_starred=True),
    "TaskService.find": lambda w, stolen: w.tasks.find(BOB, stolen),
    "Gallery.mark_seen": lambda w, stolen: w.gallery.mark_seen(BOB, [stolen]),
    "Gallery.models": lambda w, _: w.gallery.models(BOB) or None,
    "ArtifactStore.kept_bytes": lambda w, _: w.artifacts.kept_bytes(BOB) or None,
    "ArtifactStore.videos": lambda w, _: w.artifacts.videos(BOB),
    "ArtifactStore.pin": lambda w, stolen: w.artifacts.pin(BOB, stolen, pinned=True),
    "ArtifactStore.remove": lambda w, stolen: w.artifacts.remove(BOB, stolen),
    "ShareLinks.make": lambda w, stolen: w.shares.make(BOB, stolen),
    "ShareLinks.withdraw": lambda w, stolen: w.shares.withdraw(BOB, stolen),
    "ShareLinks.is_shared": lambda w, stolen: w.shares.is_shared(BOB, stolen) or None,
    "ShareLinks.find_shared": lambda w, stolen: w.shares.find_shared(stolen),
    "SentDrafts.has": lambda w, _: w.sent.has(bobs(w.kept)) or None,
    "SentDrafts.draft": lambda w, _: w.sent.draft(bobs(w.kept)),
    "SentDrafts.recipe": lambda w, _: w.sent.recipe(bobs(w.kept)) or None,
    "SentDrafts.has_from_before": lambda w, _: w.sent.has_from_before(bobs(w.kept)) or None,
    "DraftStore.load": lambda w, stolen: w.drafts.load(stolen) if stolen != ANN else None,
    "DraftStore.keep": lambda w, _: w.drafts.keep(BOB, draft(prompt="bob's")),
}
GIVEN = "asked with an entry, or its file, that the person was given by Desk.entries or by a link"
INNER = {
    "TaskService.submit_batch": "writes new tasks of one's own, and takes no id",
    "TaskService.wake": "only looks, after a genuine callback or a decision that was checked",
    "TaskService.register_key": "takes a key and no id",
    "ArtifactStore.keep": GIVEN,
    "ArtifactStore.write_sent": GIVEN,
    "ArtifactStore.discard": GIVEN,
    "ArtifactStore.recipe": GIVEN,
    "ArtifactStore.keep_video": GIVEN,
    "ArtifactStore.keep_video_by_hand": GIVEN,
    "ArtifactStore.files_of": GIVEN,
    "ArtifactStore.video": GIVEN,
    "ArtifactStore.has_lost_video": GIVEN,
    "ArtifactStore.read": GIVEN,
    "ArtifactStore.fetch_local_path": GIVEN,
    "ArtifactStore.used_bytes": "one number for all",
    "DraftStore.flush": "takes no id",
    "DraftStore.close": "takes no id",
}


def test_every_read_and_action_has_its_row() -> None:
    """Whoever adds one says here how another person's id is kept out of it."""
    found = {
        f"{kind.__name__}.{name}"
        for kind in (TaskService, Gallery, ArtifactStore, ShareLinks, SentDrafts, DraftStore)
        for name, _ in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_")
    }
    fields = {
        "TaskService.is_shared",
        "TaskService.cap_usd",
        "TaskService.now",
        "Gallery.now",
    }  # handed in, not for pages
    assert found - fields == set(ATTEMPTS) | set(INNER)


@pytest.mark.parametrize("name", sorted(ATTEMPTS))
def test_another_person_s_ids_show_and_change_nothing(world: World, name: str) -> None:
    """For each id that Bob copied or guessed: no word of Ann's in the answer, no byte of hers changed."""
    before = world.of_ann()
    for stolen in world.stolen():
        try:
            answer: object = ATTEMPTS[name](world, stolen)
        except StudioError as refused:
            answer = str(refused)
        assert not leaks(world, answer, stolen), (name, stolen, answer)
        assert world.of_ann() == before, (name, stolen)


def leaks(world: World, answer: object, stolen: str) -> bool:
    """Whether something of Ann's is in it that Bob did not have."""
    told = pickle.dumps(answer)
    secrets = [
        PROMPT,
        ANN,
        world.kept.entry_id,
        world.in_line.entry_id,
        "task-of-ann",
        "external-of-ann",
        LINK,
    ]
    return VIDEO in told or any(secret.encode() in told for secret in secrets if secret not in stolen)


def test_ann_herself_sees_it_all(world: World) -> None:
    """The words that are looked for are there to be found, so the tests above can fail."""
    seen = pickle.dumps(
        (listed(world.tasks, ANN).entries, world.drafts.load(ANN), world.sent.draft(world.kept))
    )
    for secret in (PROMPT, ANN, "task-of-ann", "external-of-ann", LINK):
        assert secret.encode() in seen
    assert world.artifacts.videos(ANN) != ()
    assert world.shares.is_shared(ANN, world.kept.entry_id)


@pytest.mark.parametrize(
    "name",
    [
        "TaskService.look_again",
        "TaskService.send_again",
        "TaskService.forget",
        "TaskService.put_aside",
        "TaskService.take_back",
        "TaskService.try_now",
        "TaskService.get_again",
        "ShareLinks.make",
    ],
)
def test_a_refusal_does_not_tell_a_real_id_from_a_made_up_one(world: World, name: str) -> None:
    """Otherwise ids could be tried out."""
    told = set()
    for entry_id in (world.kept.entry_id, world.in_line.entry_id, uuid4().hex):
        with pytest.raises(StudioError) as refused:
            ATTEMPTS[name](world, entry_id)
        told.add(str(refused.value))
    assert len(told) == 1


def test_pages_take_no_id_out_of_the_address() -> None:
    """But for these few: a shared link's token, a task, a batch and a comparison, each read by owner."""
    readers = [
        file.name
        for folder in ("components", "pages")
        for file in (ROOT / folder).rglob("*.py")
        if "st.query_params" in file.read_text()
    ]
    assert sorted(readers) == [
        "address.py",
        "comparison.py",
        "done_signs.py",
        "main.py",
        "shared_task.py",
    ]


def test_pages_never_read_the_journal_themselves() -> None:
    """It answers by entry ids, whoever asks."""
    for folder in ("components", "pages"):
        for file in (ROOT / folder).rglob("*.py"):
            assert not re.search(r"\)\.journal\b|import Journal\b", file.read_text()), file
