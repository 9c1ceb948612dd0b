"""The Tasks page of one person with 1,000 tasks, 100 of them unfinished, against that of one with ten.

Measured in the page's own script, as a session runs it: the first view, and the run with which the page
watches itself each second. Pictures are of 40 kB. The best of interleaved
first views counts, and the median of the refreshes. `python -m bench.bench_gallery` prints the rows.
"""

import json
import logging
import os
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert, update
from streamlit.testing.v1 import AppTest

from bench.rows import Row, row
from components.runtime import services
from studio.journal.database import Database
from studio.journal.journal import Journal
from studio.journal.schema import artifacts, entries, upgrade
from tests.support.make import new_task
from tests.support.pictures import encoded, gradient

MANY, FEW = 1000, 10
UNFINISHED = 10
"""One task in so many has not come to its end."""
RUNS = 15
FIRST_VIEW_RATIO = 1.5
WATCH_MS = 50.0


def run() -> list[Row]:
    """The rows of the table."""
    command = [sys.executable, "-m", "bench.bench_gallery", "measure"]
    told = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    many_ms, few_ms = (min(told[name]["first_ms"]) for name in ("many", "few"))
    watch_ms = statistics.median(told["many"]["watch_ms"])
    return [
        row(
            f"Tasks page, first view with {MANY} tasks",
            *(many_ms, "ms"),
            ratio=many_ms / few_ms,
            target=FIRST_VIEW_RATIO,
        ),
        row(f"floor: with {FEW} tasks", few_ms, "ms"),
        row(f"Tasks page, a refresh with {MANY} tasks", watch_ms, "ms", limit=WATCH_MS),
    ]


def fill(folder: Path) -> None:
    """Write the tasks of both: those that have ended with a row of a kept video."""
    store = Database(f"sqlite:///{folder / 'studio.db'}")
    upgrade(store)
    journal, picture = Journal(store), encoded(gradient(480, 360)).ljust(40_000, b"\0")
    for owner, count in (("many", MANY), ("few", FEW)):
        written = [
            journal.create_entry(new_task(f"{owner}-{number}", owner=owner, thumbnail=picture))
            for number in range(count)
        ]
        ended = [entry.entry_id for number, entry in enumerate(written) if number % UNFINISHED]
        with store.writing() as connection:
            connection.execute(insert(artifacts), [_video_row(entry_id) for entry_id in ended])
            keep = update(entries).where(entries.c.entry_id.in_(ended))
            connection.execute(
                keep.values(state="kept", task_id=entries.c.entry_id, ended_at=datetime.now(UTC))
            )
    store.close()


def _video_row(entry_id: str) -> dict[str, object]:
    return {
        "entry_id": entry_id,
        "kind": "video",
        "index": 0,
        "path": f"{entry_id}.mp4",
        "pinned": False,
        "size_bytes": 5_000_000,
        "sha256": "a" * 64,
        "created_at": datetime.now(UTC),
    }


def _page() -> None:
    """The Tasks page of an owner, timed; then its watch, as the fragment runs it."""
    import runpy  # noqa: PLC0415 — AppTest runs a function's source alone
    import time  # noqa: PLC0415

    import streamlit as st  # noqa: PLC0415

    from components import page_paths, session  # noqa: PLC0415
    from components.gallery import gallery  # noqa: PLC0415
    from components.runtime import services  # noqa: PLC0415
    from studio.journal.gallery import GalleryFilter  # noqa: PLC0415

    session.current().owner = session.get("owner")
    began_s = time.perf_counter()
    runpy.run_path(str(page_paths.TASKS))
    session.put("first_ms", (time.perf_counter() - began_s) * 1000)
    views = services().gallery.page(session.current().owner, GalleryFilter())
    looks, places = gallery._looks(views), {view.entry.entry_id: st.empty() for view in views.tasks}
    began_s = time.perf_counter()
    gallery._watch(iter(()), GalleryFilter(), 1, looks, places)
    session.put("watch_ms", (time.perf_counter() - began_s) * 1000)


def measure(folder: Path) -> dict[str, dict[str, list[float]]]:
    """In a process that does nothing else."""
    os.environ["STUDIO_DATA_DIR"] = str(folder)
    fill(folder)
    services()
    found: dict[str, dict[str, list[float]]] = {}
    for _ in range(RUNS):
        for owner in ("many", "few"):
            app = AppTest.from_function(_page, default_timeout=60)
            app.session_state["owner"] = owner
            app.run()
            assert not app.exception
            for name in ("first_ms", "watch_ms"):
                found.setdefault(owner, {}).setdefault(name, []).append(app.session_state[name])
    return found


if __name__ == "__main__":
    if sys.argv[1:] == ["measure"]:
        logging.disable()
        with tempfile.TemporaryDirectory() as data:
            sys.stdout.write(json.dumps(measure(Path(data))))
            sys.stdout.flush()
            os._exit(0)  # what is left is DBOS's threads
    for line in run():
        print(line)
