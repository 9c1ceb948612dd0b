"""Nothing is left behind in the folder for temporary files."""

import tempfile
from pathlib import Path

import pytest

from simulator.engine.folder import PREFIX, FolderInUse, remove_abandoned, state_folder


@pytest.fixture
def parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files of the test's own."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_temporary_folder_is_gone_afterwards(parent: Path) -> None:
    """With all that was in it."""
    with state_folder(None) as folder:
        folder.video("v").write_bytes(b"film")
        assert folder.root.parent == parent
    assert list(parent.iterdir()) == []


def test_the_next_start_removes_what_a_killed_process_left(parent: Path) -> None:
    """A folder whose lock is held is left alone; so is another program's."""
    for left in (f"{PREFIX}dead", "somebody-else"):
        (parent / left).mkdir()
        (parent / left / "lock").touch()
    with state_folder(None) as living, state_folder(None) as other:
        assert {path.name for path in parent.iterdir()} == {
            "somebody-else",
            living.root.name,
            other.root.name,
        }


def test_a_folder_that_is_just_being_made_is_left_alone(parent: Path) -> None:
    """It has no lock yet."""
    (parent / f"{PREFIX}new").mkdir()
    remove_abandoned(parent)
    assert (parent / f"{PREFIX}new").exists()


def test_a_given_folder_stays(parent: Path) -> None:
    """With its files."""
    with state_folder(parent / "kept" / "here") as folder:
        folder.video("v").write_bytes(b"film")
    with state_folder(parent / "kept" / "here") as folder:
        assert folder.video("v").read_bytes() == b"film"


def test_a_folder_has_one_user_at_a_time(tmp_path: Path) -> None:
    """The second is told which folder it is and what to do; after the first it has it."""
    with (
        state_folder(tmp_path),
        pytest.raises(FolderInUse, match=f"{tmp_path} is used by another simulator"),
        state_folder(tmp_path),
    ):
        pass
    with state_folder(tmp_path) as folder:
        assert folder.root == tmp_path
