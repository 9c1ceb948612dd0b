"""The draft that became a task stays known, so that one can start again from it."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from studio.drawing.model import Layer
from studio.files.artifact_store import ArtifactKind
from studio.files.storage import Storage, StorageProblem
from studio.journal.database import Database
from studio.journal.entry import Entry, State
from studio.recipes.recipe_file import dump_recipe, load_recipe
from studio.recipes.sent_drafts import LISTING_HOLDS_S, SentDrafts, _earlier_name, dump_sent_draft
from studio.request.compose import compose
from studio.request.draft import Draft, Picture
from tests.support.kept_files import World
from tests.support.make import area, draft, photo
from tests.support.recipes import photo as other_photo
from tests.support.s3 import running_s3

DRAFT = draft(area(Layer.STATIC), prompt="wind", external_task_id="mine-1")

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(params=["folder", "s3"])
def world(
    request: pytest.FixtureRequest, store: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """A database, and an empty storage of each kind."""
    if request.param == "folder":
        yield World(store, str(tmp_path / "files"), tmp_path)
        return
    with running_s3() as s3:
        for name, value in s3.environment.items():
            monkeypatch.setenv(name, value)
        yield World(store, s3.storage_url, tmp_path)


@pytest.fixture
def local(store: Database, tmp_path: Path) -> World:
    """In a folder alone, where the kind of storage does not matter."""
    return World(store, str(tmp_path / "files"), tmp_path)


def submitted(world: World, sent: Draft = DRAFT) -> Entry:
    """The entry of a draft, as a submit leaves it before anything is sent."""
    return world.sent(compose(sent).request, dump_sent_draft(sent))


def earlier(world: World) -> Storage:
    """The folder in which earlier versions kept recipes."""
    return Storage(f"{world.storage_url}/recipes", world.folder / "making")


def opened(world: World, machine: str = "one") -> SentDrafts:
    """Those of a process of its own."""
    return SentDrafts(world.artifacts(machine), earlier(world))


def sent_by_an_earlier_version(world: World, entry: Entry) -> None:
    """Its recipe, where that version put it."""
    earlier(world).write(dump_recipe(DRAFT), _earlier_name(entry))


def test_the_draft_of_a_task_comes_back(world: World) -> None:
    """Picture, tail frame and all, on another machine too."""
    with_tail = replace(draft(prompt="wind"), tail=Picture(source=other_photo("JPEG")))
    for sent in (DRAFT, with_tail):
        entry = submitted(world, sent)
        assert opened(world, "other").has(entry)
        assert opened(world, "other").draft(entry) == sent


def test_a_picture_is_kept_once(local: World) -> None:
    """The draft names the files of the request: ten megabytes a task are enough."""
    entry = submitted(local)
    kept = local.artifacts().files_of(entry.entry_id)
    assert len({file.sha256 for file in kept}) == len(kept)
    recipe = next(file for file in kept if file.kind is ArtifactKind.RECIPE)
    assert recipe.size_bytes < len(photo().wire_bytes)


def test_a_recipe_tells_the_task_as_it_stands_now(local: World) -> None:
    """Its id and status come later than its draft; the file opens anywhere."""
    entry = replace(submitted(local), state=State.KEPT, task_id="t1")
    recipe = load_recipe(opened(local).recipe(entry))
    assert recipe.draft == DRAFT
    assert recipe.task
    assert (recipe.task.task_id, recipe.task.status) == ("t1", "kept")
    assert recipe.task.external_task_id == entry.external_task_id


def test_a_task_made_elsewhere_has_no_draft(local: World) -> None:
    """And no fault."""
    entry = local.entry()
    assert not opened(local).has(entry)
    assert opened(local).draft(entry) is None
    assert opened(local).recipe(entry) == b""


def test_the_recipe_of_an_earlier_version_opens(world: World) -> None:
    """It lies in a folder of its own, under a hash of its owner and its task."""
    entry = world.entry()
    sent_by_an_earlier_version(world, entry)
    assert opened(world).has(entry)
    assert opened(world).draft(entry) == DRAFT
    assert load_recipe(opened(world).recipe(entry)).draft == DRAFT


def test_nobody_gets_the_draft_of_another(local: World) -> None:
    """Kept by this version or by an earlier one."""
    entries = submitted(local), local.entry()
    sent_by_an_earlier_version(local, entries[1])
    for entry in entries:
        forged = replace(entry, owner="bob")
        assert opened(local).has(entry)
        assert not opened(local).has(forged)
        assert opened(local).draft(forged) is None


def test_a_draft_that_lost_its_picture_is_none(local: World, caplog: pytest.LogCaptureFixture) -> None:
    """A disk was tidied: the page goes on, and the log says why."""
    entry = submitted(local)
    next(Path(local.storage_url).rglob("input-*")).unlink()
    assert opened(local).draft(entry) is None
    assert opened(local).recipe(entry) == b""
    assert not caplog.records  # a file that is not there is told by the answer alone
    next(Path(local.storage_url).rglob("recipe-*")).write_bytes(b"{}")
    assert opened(local).draft(entry) is None
    assert [record.message for record in caplog.records] == ["The draft of a task could not be read"]


class Away(Storage):
    """Cannot be asked; counts how often it was."""

    asked = 0

    def files(self, folder: str = "") -> tuple[()]:
        self.asked += 1
        raise StorageProblem(f"{folder} cannot be read.", "Nobody answers.", "Wait.")


def test_no_card_asks_the_earlier_folder_with_every_refresh(local: World) -> None:
    """It may be far away: a listing holds for a while, and a failed one holds up one card only."""
    now_s = [100.0]
    away = Away(str(local.folder / "away"))
    sent = SentDrafts(local.artifacts(), away, now_s=lambda: now_s[0])
    entries = [local.entry() for _ in range(5)]
    assert not any(sent.has(entry) for entry in entries)
    assert away.asked == 1
    now_s[0] += LISTING_HOLDS_S
    assert not sent.has(entries[0])
    assert away.asked == 2


def test_recipes_of_earlier_versions_go_as_they_would_have(local: World) -> None:
    """After 30 days."""
    old, new = local.entry(), local.entry()
    for entry in (old, new):
        sent_by_an_earlier_version(local, entry)
    long_ago = time.time() - 31 * 86_400
    os.utime(Path(local.storage_url) / "recipes" / _earlier_name(old), (long_ago, long_ago))
    sent = opened(local)
    assert (sent.has(old), sent.has(new)) == (False, True)
    assert sent.draft(old) is None
