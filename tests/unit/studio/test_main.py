"""`python -m studio export` writes what a recipe draws, or says in words why it may not be sent."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from studio.__main__ import DONE, FAILED, MAY_NOT_BE_SENT, main
from studio.drawing.model import Layer
from studio.recipes.recipe_file import SentTask, dump_recipe
from studio.request.draft import Draft
from tests.support.make import area, draft, path

DIRECTED = draft(area(Layer.MOTION_1), path(Layer.MOTION_1), prompt="wind", external_task_id="mine-1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "made" / "here"


def export(folder: Path, made: Draft, *options: str, task: SentTask | None = None) -> int:
    recipe = folder.parent.parent / "some.motion"
    recipe.write_bytes(dump_recipe(made, task))
    return main(["export", str(recipe), str(folder), *options])


def written(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


def request(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / "request.json").read_text())
    return found


def test_a_recipe_is_written_as_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With a warning in words where there is one."""
    assert export(folder, DIRECTED) == DONE
    assert written(folder) == {
        "request.json",
        "first_frame.png",
        "masks/motion_1.png",
        "trajectories.json",
        "motion.mp4",
    }
    assert request(folder)["external_task_id"] == "mine-1"
    assert "warning: Kling retired kling-v1 on 15 September 2026" in capsys.readouterr().err


def test_a_request_that_may_not_be_sent_is_not_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, and each finding with what to do."""
    assert export(folder, replace(DIRECTED, picture=None, drawing=None)) == MAY_NOT_BE_SENT
    assert not folder.exists()
    assert "error: There is no picture yet. Upload one" in capsys.readouterr().err


def test_another_model_mode_and_duration_can_be_asked_for(folder: Path) -> None:
    """The recipe's, unless others are asked for."""
    plain = replace(DIRECTED, drawing=None)
    assert export(folder, plain, "--model", "kling-v2-6") == DONE
    assert (request(folder)["model_name"], request(folder)["mode"]) == ("kling-v2-6", "std")
    assert export(folder, plain, "--model", "kling-v3", "--mode", "std", "--duration", "10") == DONE
    assert {name: request(folder)[name] for name in ("model_name", "mode", "duration")} == {
        "model_name": "kling-v3",
        "mode": "std",
        "duration": "10",
    }


def test_a_recipe_of_a_task_gets_an_id_of_its_own(folder: Path) -> None:
    """The task has the other one."""
    task = SentTask(task_id="t1", external_task_id="mine-1", status="kept", service="CometAPI")
    assert export(folder, DIRECTED, task=task) == DONE
    assert str(request(folder)["external_task_id"]).startswith("studio-")


def test_a_file_that_is_no_recipe_is_refused_in_words(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Missing, or something else."""
    assert main(["export", str(tmp_path / "missing.motion"), str(folder)]) == FAILED
    assert "missing.motion" in capsys.readouterr().err
    (tmp_path / "other.motion").write_text("no recipe")
    assert main(["export", str(tmp_path / "other.motion"), str(folder)]) == FAILED
    assert "It is not a recipe" in capsys.readouterr().err
    assert not folder.exists()


def test_the_drawing_is_sent_by_the_best_carrier_of_the_model(folder: Path) -> None:
    """As a last frame in the mode that takes one; it is written as it is sent."""
    assert export(folder, DIRECTED, "--model", "kling-v2-6") == DONE
    assert {"last_frame.png", "motion.mp4"} <= written(folder)
    assert request(folder)["mode"] == "pro"
    assert request(folder)["image_tail"]
    assert str(request(folder)["prompt"]).startswith("wind. ")


def test_another_carrier_can_be_asked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Words alone, with nothing left of an earlier export; or masks, which this model does not take."""
    assert export(folder, DIRECTED, "--model", "kling-v2-6") == DONE
    (folder / "notes.txt").write_text("mine")
    assert export(folder, DIRECTED, "--model", "kling-v2-6", "--carrier", "words") == DONE
    assert "image_tail" not in request(folder)
    assert "last_frame.png" not in written(folder)
    assert "notes.txt" in written(folder)
    assert export(folder, DIRECTED, "--model", "kling-v2-6", "--carrier", "brush") == MAY_NOT_BE_SENT
    assert "kling-v2-6 does not do the motion brush" in capsys.readouterr().err
