"""Kills a process at every line of the code that keeps files, and looks at what it left behind.

Run as a program of its own with a folder as its argument: it forks, which a process with threads must not.
Prints `{"cuts": …, "broken": […]}`. With `naive` as a second argument the row is written before its bytes.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

from studio.files.artifact import describe_file
from studio.files.artifact_store import Artifact, ArtifactKind, ArtifactStore
from studio.files.storage import StorageProblem
from studio.journal.database import Database
from studio.journal.entry import Entry, utc_now
from studio.journal.journal import Journal
from studio.journal.schema import upgrade
from tests.support.make import new_task
from tests.support.videos import small_mp4

WATCHED = ("studio/files/artifact_store.py", "studio/files/storage.py")
MP4 = small_mp4()
KILLED = 9


class RowFirst(ArtifactStore):
    """The fault to find out: a row that speaks of bytes which are not there yet."""

    def keep(
        self,
        entry_id: str,
        kind: ArtifactKind,
        data: bytes | Path,
        index: int = 0,
        *,
        by_hand: bool = False,
    ) -> Artifact:
        self._write_row(describe_file(entry_id, kind, index, data, utc_now()))
        return super().keep(entry_id, kind, data, index, by_hand=by_hand)


def _download(_url: str, target: Path, **_: Any) -> None:
    target.write_bytes(MP4)


@contextmanager
def _opened(folder: Path, make: type[ArtifactStore] = ArtifactStore) -> Iterator[ArtifactStore]:
    with closing(Database(f"sqlite:///{folder}/studio.db")) as store:
        yield make(store, str(folder / "kept"), download=_download)


def _keep(folder: Path, entry: Entry, make: type[ArtifactStore]) -> None:
    with _opened(folder, make) as kept:
        kept.keep_video(entry, "https://far.test", "")


def _keep_until(number: int, folder: Path, entry: Entry, make: type[ArtifactStore]) -> None:
    _die_at_line(number)
    _keep(folder, entry, make)


def _die_at_line(number: int) -> None:
    """The process ends at the n-th line that it runs of the watched files: no `finally`, no `__exit__`."""
    passed = 0

    def line(frame: FrameType, event: str, _: object) -> Any:
        nonlocal passed
        if event == "line":
            passed += 1
            if passed == number:
                os._exit(KILLED)
        return line if frame.f_code.co_filename.endswith(WATCHED) else None

    sys.settrace(line)


def _killed(act: Callable[[], None]) -> bool:
    """Whether a fork that does it is killed on the way."""
    child = os.fork()
    if child == 0:
        act()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED


def _whole_kinds(kept: ArtifactStore, entry: Entry) -> list[ArtifactKind]:
    """The kinds that are visible.

    Raises:
        StorageProblem: one of them is not whole.
    """
    visible = kept.files_of(entry.entry_id)
    for artifact in visible:
        kept.read(artifact)
    return [artifact.kind for artifact in visible]


def _faults(folder: Path, entry: Entry) -> Iterator[str]:
    """The faults after a cut, and after a second attempt."""
    try:
        with _opened(folder) as kept:
            if _whole_kinds(kept, entry) not in (
                [],
                [ArtifactKind.POSTER],
                [ArtifactKind.POSTER, ArtifactKind.VIDEO],
            ):
                yield "a video without its poster"
    except StorageProblem as problem:
        yield str(problem)
    for file in (folder / "kept").glob("*/*.mp4"):
        if ".unfinished" not in file.parts and file.read_bytes() != MP4:
            yield "half a video under its final name"
    with _opened(folder) as kept:
        kept.keep_video(entry, "https://far.test", "")
        if _whole_kinds(kept, entry) != [ArtifactKind.POSTER, ArtifactKind.VIDEO]:
            yield "no video in the end"


def main(folder: Path, make: type[ArtifactStore]) -> None:
    """Each line in turn, until one is beyond the end, or something is broken."""
    fresh = folder / "fresh"
    fresh.mkdir()
    with closing(Database(f"sqlite:///{fresh}/studio.db")) as store:
        upgrade(store)
        entry = Journal(store).create_entry(new_task())
    broken: list[str] = []
    for number in count(1):
        here = shutil.copytree(fresh, folder / str(number))
        if not _killed(partial(_keep_until, number, here, entry, make)):
            break
        broken = [f"cut at line {number}: {fault}" for fault in _faults(here, entry)]
        if broken:
            break
    print(json.dumps({"cuts": number - 1, "broken": broken}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), RowFirst if sys.argv[2:] == ["naive"] else ArtifactStore)
