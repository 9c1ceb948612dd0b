"""A draft is on disk soon after every change, whole at every moment, and found by its owner alone."""

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from studio.draft import Picture
from studio.drafts import Drafts
from studio.drawing import Layer
from studio.images import read_image
from studio.keeping import Bounds, prune, write_whole
from tests.support.drafts import area, draft, path, photo
from tests.support.pictures import encoded, gradient, noise


@pytest.fixture
def drafts(tmp_path: Path) -> Iterator[Drafts]:
    """A keeper over an empty folder."""
    keeper = Drafts(tmp_path / "drafts")
    yield keeper
    keeper.close()


def files(tmp_path: Path) -> list[Path]:
    """Every file that is kept."""
    return sorted(found for found in (tmp_path / "drafts").rglob("*") if found.is_file())


def test_a_draft_is_found_again_by_another_process(drafts: Drafts, tmp_path: Path) -> None:
    """Picture, tail, strokes and parameters."""
    made = replace(
        draft(area(Layer.STATIC), path(Layer.MOTION_2), prompt="wind"), tail=Picture(source=photo())
    )
    drafts.keep("ann", made)
    drafts.flush()
    assert Drafts(tmp_path / "drafts").load("ann") == made


def test_a_draft_is_found_at_once_though_it_is_not_written_yet(drafts: Drafts) -> None:
    """A second tab may ask in the same moment."""
    for i in range(20):
        drafts.keep("ann", draft(prompt=str(i)))
        found = drafts.load("ann")
        assert found
        assert found.parameters.prompt == str(i)


def test_the_last_of_many_is_what_is_kept(drafts: Drafts, tmp_path: Path) -> None:
    """What a person typed last, however fast."""
    for i in range(200):
        drafts.keep("ann", draft(prompt=str(i)))
    drafts.close()
    found = Drafts(tmp_path / "drafts").load("ann")
    assert found
    assert found.parameters.prompt == "199"


def test_nobody_finds_the_draft_of_another(drafts: Drafts) -> None:
    """It is named by its owner's hash."""
    drafts.keep("ann", draft())
    drafts.flush()
    assert drafts.load("bob") is None
    assert drafts.load("../ann") is None


def test_the_owners_id_is_not_on_the_disk(drafts: Drafts, tmp_path: Path) -> None:
    """Who reads the folder cannot become the owner."""
    drafts.keep("an-unguessable-id", draft())
    drafts.flush()
    assert all("unguessable" not in str(file) for file in files(tmp_path))
    assert all(b"unguessable" not in file.read_bytes() for file in files(tmp_path))


def test_a_picture_is_written_once_however_often_the_drawing_changes(drafts: Drafts, tmp_path: Path) -> None:
    """Ten megabytes a stroke would be too much."""
    drafts.keep("ann", draft())
    drafts.flush()
    (picture,) = (file for file in files(tmp_path) if file.suffix == ".png")
    before = picture.stat().st_ino, picture.stat().st_mtime_ns
    drafts.keep("ann", draft(area(Layer.STATIC)))
    drafts.flush()
    assert (picture.stat().st_ino, picture.stat().st_mtime_ns) == before


def test_a_picture_that_is_no_longer_used_is_removed(drafts: Drafts, tmp_path: Path) -> None:
    """One picture a draft, not all that were ever tried."""
    drafts.keep("ann", draft())
    drafts.flush()
    other = read_image(encoded(gradient(330, 310)), "other.png")
    drafts.keep("ann", draft(picture=Picture(source=other)))
    drafts.flush()
    assert [file.name for file in files(tmp_path) if file.suffix == ".png"] == [f"{other.sha256}.png"]


def test_handing_over_takes_no_time_even_for_the_largest_picture(drafts: Drafts) -> None:
    """A rerun must not wait for a disk: under 5 ms."""
    large = Picture(source=read_image(encoded(noise(1600, 1200), "JPEG", quality=95), "large.jpg"))
    points = tuple((i / 10, i / 20) for i in range(6_000))
    made = draft(path(Layer.MOTION_1, *points), picture=large)
    took = []
    for i in range(10):
        changed = replace(made, parameters=replace(made.parameters, prompt=str(i)))
        started = time.perf_counter()
        drafts.keep("ann", changed)
        took.append(time.perf_counter() - started)
    assert min(took) < 0.005


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b'{"version": 99}'])
def test_a_manifest_that_cannot_be_read_gives_no_draft_and_no_fault(
    drafts: Drafts, tmp_path: Path, broken: bytes
) -> None:
    """A page without the draft is better than no page."""
    drafts.keep("ann", draft())
    drafts.flush()
    next(file for file in files(tmp_path) if file.name == "manifest.json").write_bytes(broken)
    assert drafts.load("ann") is None


def test_a_missing_picture_gives_no_draft_and_no_fault(drafts: Drafts, tmp_path: Path) -> None:
    """Somebody tidied the disk."""
    drafts.keep("ann", draft())
    drafts.flush()
    next(file for file in files(tmp_path) if file.suffix == ".png").unlink()
    assert drafts.load("ann") is None


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    """The draft is still in the session; the log says why it is not kept."""
    (tmp_path / "drafts").write_text("a file where the folder should be")
    drafts = Drafts(tmp_path / "drafts")
    drafts.keep("ann", draft())
    drafts.flush()
    drafts.keep("ann", draft(prompt="more"))
    drafts.close()


def test_closing_twice_or_unused_is_quiet(tmp_path: Path) -> None:
    """The app may end before anything was drawn."""
    drafts = Drafts(tmp_path / "drafts")
    drafts.close()
    drafts.close()


def test_many_at_once_keep_their_own(drafts: Drafts) -> None:
    """Sessions run on threads of their own."""
    owners = [f"owner-{i}" for i in range(8)]

    def work(owner: str) -> None:
        for i in range(20):
            drafts.keep(owner, draft(prompt=f"{owner} {i}"))

    threads = [threading.Thread(target=work, args=(owner,)) for owner in owners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    drafts.flush()
    for owner in owners:
        found = drafts.load(owner)
        assert found
        assert found.parameters.prompt == f"{owner} 19"


def aged(folder: Path, name: str, age_s: float, size: int) -> Path:
    """A folder with one file of this age and size."""
    file = folder / name / "manifest.json"
    write_whole(file, b"x" * size)
    then = time.time() - age_s
    os.utime(file, (then, then))
    return file.parent


def test_what_is_too_old_goes(tmp_path: Path) -> None:
    """Nobody comes back after that long."""
    old, new = aged(tmp_path, "old", 100, 5), aged(tmp_path, "new", 10, 5)
    prune(tmp_path.iterdir(), Bounds(max_age_s=50))
    assert (old.exists(), new.exists()) == (False, True)


def test_the_oldest_go_when_it_is_too_much(tmp_path: Path) -> None:
    """The total stays within the bound; what was just written is spared whatever its size."""
    a, b, c = (aged(tmp_path, name, age, 40) for name, age in (("a", 30), ("b", 20), ("c", 10)))
    prune(tmp_path.iterdir(), Bounds(max_bytes=100))
    assert (a.exists(), b.exists(), c.exists()) == (False, True, True)
    prune(tmp_path.iterdir(), Bounds(max_bytes=10), spared=b)
    assert (b.exists(), c.exists()) == (True, False)


def test_a_keeper_prunes_what_others_left(tmp_path: Path) -> None:
    """At its first writing, and from time to time."""
    left = aged(tmp_path / "drafts", "left", 1_000, 5)
    drafts = Drafts(tmp_path / "drafts", Bounds(max_age_s=100))
    drafts.keep("ann", draft())
    drafts.close()
    assert not left.exists()
    assert Drafts(tmp_path / "drafts").load("ann") == draft()
