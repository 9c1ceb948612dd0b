"""What was sent stays known as a draft, so that one can start again from it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from studio.drawing.model import Layer
from studio.files.size_limits import SizeLimits
from studio.files.storage import Storage, StorageProblem
from studio.journal.entry import SIMULATOR, Entry, State
from studio.recipes.recipe_file import load_recipe
from studio.recipes.sent_recipes import ANSWER_HOLDS_S, SentRecipes
from tests.support.drafts import area, draft
from tests.support.entries import entry
from tests.support.s3 import running_s3

DRAFT = draft(area(Layer.STATIC), prompt="wind", external_task_id="mine-1")


def task(entry_id: str = "e1", owner: str = "ann") -> Entry:
    """A task at its beginning."""
    return entry(entry_id=entry_id, owner=owner, external_task_id="mine-1", service=SIMULATOR)


def opened(folder: Path, limits: SizeLimits | None = None) -> SentRecipes:
    """Those of a process of its own over the folder."""
    return SentRecipes(Storage(str(folder)), limits=limits)


@pytest.fixture(params=["folder", "s3"])
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty place of each kind."""
    if request.param == "folder":
        yield str(tmp_path / "recipes")
        return
    with running_s3() as s3:
        for name, value in s3.environment.items():
            monkeypatch.setenv(name, value)
        yield f"{s3.storage_url}/recipes"


def test_the_draft_of_a_task_comes_back(url: str, tmp_path: Path) -> None:
    """Also after a restart, and on another machine."""
    SentRecipes(Storage(url, tmp_path / "one")).keep(task(), DRAFT)
    other = SentRecipes(Storage(url, tmp_path / "other"))
    assert other.has(task())
    assert other.draft(task()) == DRAFT


def test_no_card_asks_the_storage_with_every_refresh(url: str, tmp_path: Path) -> None:
    """It may be far away: an answer holds for a while, and one's own keeping is seen at once."""
    now_s = [100.0]
    storage = Storage(url, tmp_path)
    here = SentRecipes(storage, now_s=lambda: now_s[0])
    assert not here.has(task())
    SentRecipes(storage).keep(task(), DRAFT)
    assert not here.has(task())
    now_s[0] += ANSWER_HOLDS_S
    assert here.has(task())
    assert not here.has(task("e2"))
    here.keep(task("e2"), DRAFT)
    assert here.has(task("e2"))


class Away(Storage):
    """Cannot be asked; counts how often it was."""

    asked = 0

    def size(self, name: str) -> int | None:
        self.asked += 1
        raise StorageProblem(f"{name} cannot be read.", "Nobody answers.", "Wait.")


def test_a_storage_that_does_not_answer_holds_up_one_card_and_not_all(tmp_path: Path) -> None:
    """It takes seconds to find out, and a list has many cards."""
    now_s = [100.0]
    storage = Away(str(tmp_path))
    sent = SentRecipes(storage, now_s=lambda: now_s[0])
    assert not any(sent.has(task(f"e{number}")) for number in range(9))
    assert storage.asked == 1
    now_s[0] += ANSWER_HOLDS_S
    assert not sent.has(task("e3"))
    assert storage.asked == 2


def test_a_recipe_tells_the_task_as_it_stands_now(tmp_path: Path) -> None:
    """Its id and status come later than its draft."""
    sent = opened(tmp_path)
    sent.keep(task(), DRAFT)
    told = load_recipe(sent.recipe(replace(task(), state=State.KEPT, task_id="t1"))).task
    assert told
    assert (told.task_id, told.external_task_id, told.status) == ("t1", "mine-1", "kept")
    assert told.service == "Simulator"


def test_the_first_draft_of_a_task_stays(tmp_path: Path) -> None:
    """A second click is not sent, so it is not what the task was made from."""
    sent = opened(tmp_path)
    sent.keep(task(), DRAFT)
    sent.keep(task(), draft(prompt="later"))
    assert sent.draft(task()) == DRAFT


def test_a_task_made_elsewhere_has_no_draft(tmp_path: Path) -> None:
    """And no fault."""
    sent = opened(tmp_path)
    assert not sent.has(task())
    assert sent.draft(task()) is None
    assert sent.recipe(task()) == b""


def test_nobody_gets_the_draft_of_another(tmp_path: Path) -> None:
    """Two people may use the same id."""
    sent = opened(tmp_path)
    sent.keep(task(), DRAFT)
    assert not sent.has(task(owner="bob"))


def test_an_id_leads_nowhere_else(tmp_path: Path) -> None:
    """It is typed by a person and must not become a path."""
    sent = opened(tmp_path / "recipes")
    sent.keep(task("../../escaped"), DRAFT)
    assert [file.parent for file in tmp_path.rglob("*.motion")] == [tmp_path / "recipes"]


def test_the_place_stays_within_its_bound(url: str, tmp_path: Path) -> None:
    """The newest is always there."""
    storage = Storage(url, tmp_path)
    sent = SentRecipes(storage, limits=SizeLimits(max_bytes=1))
    for name in ("one", "two", "three"):
        sent.keep(task(name), DRAFT)
    assert sent.has(task("three"))
    assert len(storage.files()) == 1


def test_a_disk_that_takes_nothing_hides_no_task(tmp_path: Path) -> None:
    """The task is paid: its card must appear."""
    (tmp_path / "recipes").write_text("a file where the folder should be")
    sent = opened(tmp_path / "recipes")
    sent.keep(task(), DRAFT)
    assert sent.draft(task()) is None
    assert not sent.has(task())
