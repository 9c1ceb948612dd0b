"""A draft is on disk soon after every change, whole at every moment, and found by its owner alone."""

import gc
import hashlib
import os
import threading
import time
import weakref
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from studio.drawing.model import Layer
from studio.files.size_limits import KeptFile, SizeLimits, names_to_remove
from studio.files.storage import Storage
from studio.pictures.source_image import read_image
from studio.recipes.draft_store import DraftStore
from studio.request.draft import Picture
from tests.support.make import area, draft, path, photo
from tests.support.pictures import encoded, gradient, noise
from tests.support.s3 import running_s3
from tests.support.services import NOON


def opened(tmp_path: Path, limits: SizeLimits | None = None) -> DraftStore:
    """A keeper of a process of its own over the folder."""
    return DraftStore(Storage(str(tmp_path / "drafts")), limits)


@pytest.fixture
def drafts(tmp_path: Path) -> Iterator[DraftStore]:
    """A keeper over an empty folder."""
    keeper = opened(tmp_path)
    yield keeper
    keeper.close()


@pytest.fixture(params=["folder", "s3"])
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty place of each kind."""
    if request.param == "folder":
        yield str(tmp_path / "drafts")
        return
    with running_s3() as s3:
        for name, value in s3.environment.items():
            monkeypatch.setenv(name, value)
        yield f"{s3.storage_url}/drafts"


def files(tmp_path: Path) -> list[Path]:
    """Every file that is kept."""
    return sorted(found for found in (tmp_path / "drafts").rglob("*") if found.is_file())


def test_a_draft_is_found_again_by_another_process(url: str, tmp_path: Path) -> None:
    """Picture, tail, strokes and parameters; the newest, also when another machine's was read before."""
    one, other = (DraftStore(Storage(url, tmp_path / machine)) for machine in ("one", "other"))
    made = replace(
        draft(area(Layer.STATIC), path(Layer.MOTION_2), prompt="wind"), tail=Picture(source=photo())
    )
    assert other.load("ann") is None
    one.keep("ann", made)
    one.flush()
    assert other.load("ann") == made
    other.keep("ann", draft(prompt="later, on the other machine"))
    other.close()
    assert one.load("ann") == draft(prompt="later, on the other machine")
    one.close()


def test_each_place_holds_one_draft_of_a_person_and_what_it_needs(url: str, tmp_path: Path) -> None:
    """A file that nothing names any more goes, in an object store too."""
    storage = Storage(url, tmp_path)
    keeper = DraftStore(storage)
    for picture in (photo(), read_image(encoded(gradient(330, 310)), "other.png")):
        keeper.keep("ann", draft(picture=Picture(source=picture)))
        keeper.flush()
    keeper.close()
    assert {Path(file.name).name for file in storage.files()} == {"manifest.json", f"{picture.sha256}.png"}


class Halting(Storage):
    """Takes the pictures and then fails, as a machine does that dies in the middle."""

    def write(self, data: bytes, name: str) -> None:
        if name.endswith("manifest.json"):
            raise OSError("the machine died here")
        super().write(data, name)


def test_a_draft_that_was_cut_short_leaves_the_one_before_it_whole(url: str, tmp_path: Path) -> None:
    """Pictures come first, what names them next, and only then what is not named goes."""
    before = DraftStore(Storage(url, tmp_path))
    before.keep("ann", draft(prompt="before"))
    before.close()
    cut = DraftStore(Halting(url, tmp_path))
    cut.keep("ann", draft(picture=Picture(source=read_image(encoded(gradient(330, 310)), "other.png"))))
    cut.close()
    assert DraftStore(Storage(url, tmp_path)).load("ann") == draft(prompt="before")


def test_a_draft_is_found_at_once_though_it_is_not_written_yet(drafts: DraftStore) -> None:
    """A second tab may ask in the same moment."""
    for i in range(20):
        drafts.keep("ann", draft(prompt=str(i)))
        found = drafts.load("ann")
        assert found
        assert found.parameters.prompt == str(i)


def test_the_last_of_many_is_what_is_kept(drafts: DraftStore, tmp_path: Path) -> None:
    """The last text that a person typed, however fast."""
    for i in range(200):
        drafts.keep("ann", draft(prompt=str(i)))
    drafts.close()
    found = opened(tmp_path).load("ann")
    assert found
    assert found.parameters.prompt == "199"


def test_nobody_finds_the_draft_of_another(drafts: DraftStore) -> None:
    """It is named by its owner's hash."""
    drafts.keep("ann", draft())
    drafts.flush()
    assert drafts.load("bob") is None
    assert drafts.load("../ann") is None


def test_the_owners_id_is_not_on_the_disk(drafts: DraftStore, tmp_path: Path) -> None:
    """A reader of the folder cannot become the owner."""
    drafts.keep("an-unguessable-id", draft())
    drafts.flush()
    assert all("unguessable" not in str(file) for file in files(tmp_path))
    assert all(b"unguessable" not in file.read_bytes() for file in files(tmp_path))


def test_a_picture_is_written_once_however_often_the_drawing_changes(
    drafts: DraftStore, tmp_path: Path
) -> None:
    """Ten megabytes a stroke would be too much."""
    drafts.keep("ann", draft())
    drafts.flush()
    (picture,) = (file for file in files(tmp_path) if file.suffix == ".png")
    before = picture.stat().st_ino, picture.stat().st_mtime_ns
    drafts.keep("ann", draft(area(Layer.STATIC)))
    drafts.flush()
    assert (picture.stat().st_ino, picture.stat().st_mtime_ns) == before


def test_a_picture_that_is_no_longer_used_is_removed(drafts: DraftStore, tmp_path: Path) -> None:
    """One picture a draft, not all that were ever tried."""
    drafts.keep("ann", draft())
    drafts.flush()
    other = read_image(encoded(gradient(330, 310)), "other.png")
    drafts.keep("ann", draft(picture=Picture(source=other)))
    drafts.flush()
    assert [file.name for file in files(tmp_path) if file.suffix == ".png"] == [f"{other.sha256}.png"]


def test_handing_over_takes_no_time_even_for_the_largest_picture(drafts: DraftStore) -> None:
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
    drafts: DraftStore, tmp_path: Path, broken: bytes
) -> None:
    """A page without the draft is better than no page."""
    drafts.keep("ann", draft())
    drafts.flush()
    next(file for file in files(tmp_path) if file.name == "manifest.json").write_bytes(broken)
    assert drafts.load("ann") is None


def test_a_missing_picture_gives_no_draft_and_no_fault(drafts: DraftStore, tmp_path: Path) -> None:
    """A disk was tidied."""
    drafts.keep("ann", draft())
    drafts.flush()
    next(file for file in files(tmp_path) if file.suffix == ".png").unlink()
    assert drafts.load("ann") is None


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    """The draft is still in the session; the log says why it is not kept."""
    (tmp_path / "drafts").write_text("a file where the folder should be")
    drafts = opened(tmp_path)
    drafts.keep("ann", draft())
    drafts.flush()
    drafts.keep("ann", draft(prompt="more"))
    drafts.close()


def test_closing_twice_or_unused_is_quiet(tmp_path: Path) -> None:
    """The app may end before anything was drawn."""
    drafts = opened(tmp_path)
    drafts.close()
    drafts.close()


def test_many_at_once_keep_their_own(drafts: DraftStore) -> None:
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


class Stuck(Storage):
    """Takes nothing before it is told to."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.reached, self.go_on = threading.Event(), threading.Event()

    def write(self, data: bytes, name: str) -> None:
        self.reached.set()
        assert self.go_on.wait(60)
        super().write(data, name)


def test_a_page_does_not_wait_for_a_storage_that_takes_its_time(tmp_path: Path) -> None:
    """The draft that is being written, and the one behind it, are found meanwhile."""
    storage = Stuck(str(tmp_path / "drafts"))
    keeper = DraftStore(storage)
    keeper.keep("ann", draft(prompt="on its way"))
    assert storage.reached.wait(60)
    found = keeper.load("ann")
    keeper.keep("ann", draft(prompt="newer"))
    newer = keeper.load("ann")
    storage.go_on.set()
    keeper.close()
    assert (found, newer) == (draft(prompt="on its way"), draft(prompt="newer"))
    assert opened(tmp_path).load("ann") == newer


def test_who_waits_longest_is_written_first(tmp_path: Path) -> None:
    """Otherwise those who draw without a pause would keep another's draft in memory for ever."""
    storage = Stuck(str(tmp_path))
    drafts = DraftStore(storage)
    drafts.keep("ann", draft(prompt="1"))
    assert storage.reached.wait(20)
    for owner in ("bob", "eve", "bob"):
        drafts.keep(owner, draft(prompt="2"))
    storage.reached.clear()
    assert list(drafts._waiting) == ["bob", "eve"]
    storage.go_on.set()
    drafts.close()
    assert written_in_order(tmp_path) == [
        hashlib.sha256(owner.encode()).hexdigest() for owner in ("ann", "bob", "eve")
    ]


def written_in_order(folder: Path) -> list[str]:
    """The owners' folders, by the time of their manifests."""
    manifests = sorted(folder.glob("*/manifest.json"), key=lambda file: file.stat().st_mtime_ns)
    return [file.parent.name for file in manifests]


def test_a_storage_that_cannot_be_reached_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A page goes on without the draft; the log says why."""
    with running_s3() as s3:
        for name, value in s3.environment.items():
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")  # botocore's own pauses between five take twelve seconds
    keeper = DraftStore(Storage(s3.storage_url, tmp_path))
    keeper.keep("ann", draft())
    keeper.flush()
    assert keeper.load("ann") is None
    keeper.close()
    assert {record.message for record in caplog.records if record.name == "studio.recipes.draft_store"} == {
        "A draft could not be kept",
        "A kept draft could not be read",
    }


def kept(name: str, age_s: float, size_bytes: int) -> KeptFile:
    """A file as a storage lists it at noon."""
    return KeptFile(name=name, size_bytes=size_bytes, written_at=NOON - timedelta(seconds=age_s))


def test_what_is_too_old_goes() -> None:
    """No person comes back after that long; a folder is as old as its newest file."""
    files = [kept("old/a", 100, 5), kept("new/a", 100, 5), kept("new/b", 10, 5), kept("file", 60, 5)]
    assert names_to_remove(files, SizeLimits(max_age_s=50), NOON) == ("file", "old")


def test_the_oldest_go_when_it_is_too_much() -> None:
    """The total stays within the bound; what was just written is spared whatever its size."""
    files = [kept("a/x", 30, 40), kept("b/x", 20, 20), kept("b/y", 25, 20), kept("c", 10, 40)]
    assert names_to_remove(files, SizeLimits(max_bytes=100), NOON) == ("a",)
    assert names_to_remove(files, SizeLimits(max_bytes=10), NOON, keep="b") == ("c", "a")


def test_a_keeper_prunes_what_others_left(tmp_path: Path) -> None:
    """At its first writing, and from time to time."""
    other = opened(tmp_path)
    other.keep("left", draft())
    other.close()
    long_ago = time.time() - 1_000
    for file in files(tmp_path):
        os.utime(file, (long_ago, long_ago))
    drafts = opened(tmp_path, SizeLimits(max_age_s=100))
    drafts.keep("ann", draft())
    drafts.close()
    assert opened(tmp_path).load("left") is None
    assert opened(tmp_path).load("ann") == draft()
    assert len({file.parent for file in files(tmp_path)}) == 1


def test_a_keeper_prunes_an_object_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole folders, and never what was just written."""
    with running_s3() as s3:
        for name, value in s3.environment.items():
            monkeypatch.setenv(name, value)
        storage = Storage(f"{s3.storage_url}/drafts", tmp_path)
        for owner in ("bob", "ann"):
            keeper = DraftStore(storage, SizeLimits(max_bytes=1))
            keeper.keep(owner, draft())
            keeper.close()
        reader = DraftStore(storage)
        assert (reader.load("bob"), reader.load("ann")) == (None, draft())
        assert len(storage.files()) == 2


def test_a_draft_that_was_written_is_not_held_in_memory(drafts: DraftStore) -> None:
    """Its person may be the last one of the day, with 23 MB of pictures."""
    source = read_image(encoded(gradient()), "photo.png")
    drafts.keep("ann", draft(picture=Picture(source=source)))
    gone = weakref.ref(source)
    del source
    drafts.flush()
    gc.collect()
    assert gone() is None
