"""What was sent stays known as a draft, so that one can start again from it."""

from dataclasses import replace
from pathlib import Path

from studio.drawing import Layer
from studio.entries import SIMULATOR, Entry, State
from studio.keeping import Bounds
from studio.recipe import load_recipe
from studio.sent import SentRecipes
from tests.support.drafts import area, draft
from tests.support.entries import entry

DRAFT = draft(area(Layer.STATIC), prompt="wind", external_task_id="mine-1")


def task(entry_id: str = "e1", owner: str = "ann") -> Entry:
    """A task at its beginning."""
    return entry(entry_id=entry_id, owner=owner, external_task_id="mine-1", far_end=SIMULATOR)


def test_the_draft_of_a_task_comes_back(tmp_path: Path) -> None:
    """Also after a restart: it is on disk."""
    SentRecipes(tmp_path / "recipes").keep(task(), DRAFT)
    assert SentRecipes(tmp_path / "recipes").has(task())
    assert SentRecipes(tmp_path / "recipes").draft(task()) == DRAFT


def test_a_recipe_tells_the_task_as_it_stands_now(tmp_path: Path) -> None:
    """Its id and status come later than its draft."""
    sent = SentRecipes(tmp_path)
    sent.keep(task(), DRAFT)
    told = load_recipe(sent.recipe(replace(task(), state=State.KEPT, task_id="t1"))).task
    assert told
    assert (told.task_id, told.external_task_id, told.status) == ("t1", "mine-1", "kept")
    assert told.far_end == "Simulator"


def test_the_first_draft_of_a_task_stays(tmp_path: Path) -> None:
    """A second click is not sent, so it is not what the task was made from."""
    sent = SentRecipes(tmp_path)
    sent.keep(task(), DRAFT)
    sent.keep(task(), draft(prompt="later"))
    assert sent.draft(task()) == DRAFT


def test_a_task_made_elsewhere_has_no_draft(tmp_path: Path) -> None:
    """And no fault."""
    sent = SentRecipes(tmp_path)
    assert not sent.has(task())
    assert sent.draft(task()) is None
    assert sent.recipe(task()) == b""


def test_nobody_gets_the_draft_of_another(tmp_path: Path) -> None:
    """Two people may use the same id."""
    sent = SentRecipes(tmp_path)
    sent.keep(task(), DRAFT)
    assert not sent.has(task(owner="bob"))


def test_an_id_leads_nowhere_else(tmp_path: Path) -> None:
    """It is typed by a person and must not become a path."""
    sent = SentRecipes(tmp_path / "recipes")
    sent.keep(task("../../escaped"), DRAFT)
    assert [file.parent for file in tmp_path.rglob("*.motion")] == [tmp_path / "recipes"]


def test_the_folder_stays_within_its_bound(tmp_path: Path) -> None:
    """The newest is always there."""
    sent = SentRecipes(tmp_path, Bounds(max_bytes=1))
    for name in ("one", "two", "three"):
        sent.keep(task(name), DRAFT)
    assert sent.has(task("three"))
    assert len(list(tmp_path.iterdir())) == 1


def test_a_disk_that_takes_nothing_hides_no_task(tmp_path: Path) -> None:
    """The task is paid: its card must appear."""
    (tmp_path / "recipes").write_text("a file where the folder should be")
    sent = SentRecipes(tmp_path / "recipes")
    sent.keep(task(), DRAFT)
    assert sent.draft(task()) is None
