"""The chain of a video that goes on from another: its parts in order, and all of them as one MP4."""

import hashlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from components.films import making
from components.films.making import Product
from components.problem_box import show_problem
from components.runtime import services
from components.session import Session
from studio.errors import StudioError
from studio.films.chain import chain_of
from studio.films.join import join_films
from studio.films.problems import FilmProblem
from studio.journal.entry import Entry
from studio.short_text import shortened
from studio.tasks.task_view import TaskView

TITLE_CHARS = 80


def show(session: Session, view: TaskView) -> None:
    """Show the popover on a task that continues another; its parts are read once it is open."""
    if view.entry.continues_entry_id is None:
        return
    place = f"chain-{view.entry.entry_id}"
    popover = st.popover("Chain", icon=":material/link:", key=place, on_change="rerun")
    popover.markdown("This video goes on from another one. All parts are joined whole.")
    if popover.open:
        with popover:
            parts = chain_of(view.entry, partial(services().tasks.find, session.owner))
            _list(parts)
            _join(parts, place)


def _list(parts: Sequence[Entry]) -> None:
    for number, part in enumerate(parts, 1):
        st.text(f"{number}. {shortened(part.title, TITLE_CHARS)}")


def _join(parts: Sequence[Entry], place: str) -> None:
    if len(parts) < 2:
        st.caption("What it goes on from is not among your tasks any more.")
        return
    try:
        making.show(_product(parts), place)
    except StudioError as problem:
        show_problem(problem)


def _product(parts: Sequence[Entry]) -> Product:
    """The joined film, named by the checksums of its parts.

    Raises:
        StudioError: a part has no video, or it has vanished.
    """
    videos = [services().artifacts.video(part.entry_id) for part in parts]
    missing = [str(number) for number, video in enumerate(videos, 1) if video is None or video.removed_at]
    if missing:
        why = f"Without a kept video: part {', '.join(missing)}."
        raise FilmProblem("This chain cannot be joined.", why, "Download the other parts one by one.")
    paths: list[Path] = [services().artifacts.fetch_local_path(video) for video in videos if video]
    content = "\n".join(video.sha256 for video in videos if video)
    return Product(
        name=f"{hashlib.sha256(content.encode()).hexdigest()}-joined.mp4",
        label="joined film",
        file_name=f"motion-{parts[-1].task_id}-joined.mp4",
        mime="video/mp4",
        make=partial(join_films, paths),
    )
