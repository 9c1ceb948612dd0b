"""Tasks of an earlier version, which kept them in SQLite, are there after the update.

The folder beside this file was written by that version: a task with its video, one that failed, one that was
asked for once of three times and has a callback, and one whose video was still to be made.
"""

import shutil
import sqlite3
from contextlib import closing
from math import inf
from pathlib import Path

import pytest

from simulator.engine.earlier_version import DATABASE
from simulator.engine.pace import Pace
from simulator.settings import SimulatorSettings
from tests.support.simulated import FILM_BYTES, Simulated, simulated

KEPT = Path(__file__).parent / "kept_by_an_earlier_version"


@pytest.fixture
def settings(tmp_path: Path) -> SimulatorSettings:
    """Of a simulator that is started in a copy of that folder."""
    shutil.copytree(KEPT, tmp_path, dirs_exist_ok=True)
    return SimulatorSettings(progression="at_once", state_dir=tmp_path)


def statuses(service: Simulated) -> dict[str, str]:
    names = ("finished", "failed", "asked-once", "at-work")
    return {name: service.look(name)["task_status"] for name in names}


def test_its_tasks_go_on_where_they_were(settings: SimulatorSettings) -> None:
    """With their videos, words and paces; what was in work is made, once."""
    for renders in (1, 0):
        with simulated(settings) as service:
            (asked_once,) = [task for task in service.app.state.service.tasks.all() if task.callback_url]
            assert asked_once.pace == Pace(submitted_s=inf, processing_s=inf, polls=3) or not renders
            assert statuses(service) == {
                "finished": "succeed",
                "failed": "failed",
                "asked-once": "processing" if renders else "succeed",
                "at-work": "succeed",
            }
            assert service.look("failed")["task_status_msg"] == "too dark"
            url = service.look("finished")["task_result"]["videos"][0]["url"]
            assert service.send("GET", url).content == FILM_BYTES
            assert len(service.renderer.orders) == renders


def test_the_database_is_read_once(settings: SimulatorSettings, tmp_path: Path) -> None:
    """Then the tasks are files, and a reset of them is for good."""
    with simulated(settings) as service:
        service.control("POST", "/reset")
    with simulated(settings) as service:
        assert service.app.state.service.tasks.all() == []
    assert not list(tmp_path.glob(f"{DATABASE}*"))


@pytest.mark.parametrize("damage", [b"no database", b"", None])
def test_a_database_that_cannot_be_read_is_left_alone(
    settings: SimulatorSettings, tmp_path: Path, damage: bytes | None
) -> None:
    """The simulator starts without its tasks; None: another table of that name."""
    database = tmp_path / DATABASE
    database.write_bytes(damage or b"")
    if damage is None:
        with closing(sqlite3.connect(database)) as other, other:
            other.executescript("CREATE TABLE tasks (task_id TEXT); INSERT INTO tasks VALUES ('1')")
    with simulated(settings) as service:
        assert service.created_id()
    assert database.exists()
