"""Everything that is known of one task, for its owner alone."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from components import session
from components.frame import draft_autosave
from components.gallery import address, history, relatives, sent_parts, short_card
from components.problem_box import show_problem
from components.runtime import services
from components.tasks import kept_videos, task_card
from studio.errors import StudioError
from studio.journal.entry import Entry
from studio.journal.marks import NAME_CHARS
from studio.journal.queries import JournalProblem
from studio.tasks.task_view import TaskView

REFRESH_S = 1.0


def show(entry_id: str) -> None:
    """Show the task; another's, or one that never was, is as unknown."""
    draft_autosave.go_along()
    st.button("All tasks", icon=":material/arrow_back:", type="tertiary", on_click=address.open_all)
    try:
        view = services().gallery.task(session.current().owner, entry_id)
    except JournalProblem:
        st.info("No such task among yours.", icon=":material/search_off:")
        return
    _head(view.entry)
    period = None if view.entry.is_settled else REFRESH_S
    st.fragment(_card, run_every=period)(iter([view]), view.entry)
    _kept_video(view)
    _parts(view)


def _head(entry: Entry) -> None:
    """Show the name, to be changed, and the star."""
    key = f"name-{entry.entry_id}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text_input(
            "Name",
            entry.name or "",
            max_chars=NAME_CHARS,
            placeholder="Give it a name",
            label_visibility="collapsed",
            icon=":material/edit:",
            key=key,
            on_change=_rename,
            args=(entry.entry_id, key),
            width=480,
        )
        short_card.show_star(entry)


def _rename(entry_id: str, key: str) -> None:
    services().gallery.rename(session.current().owner, entry_id, session.get(key))


def _card(read: Iterator[TaskView], before: Entry) -> None:
    """Show where it stands, again and again; the whole page is drawn anew once that has changed."""
    draft_autosave.go_along()
    owner = session.current().owner
    try:
        view = next(read, None) or services().gallery.task(owner, before.entry_id)
    except JournalProblem:
        st.rerun()
    entry = view.entry
    if entry.state is not before.state:
        st.rerun()
    video = task_card.find_video(view)
    without = [] if isinstance(video, Path) else [entry.entry_id]
    thumbnail = services().tasks.thumbnails(owner, without).get(entry.entry_id)
    task_card.show(view, datetime.now(UTC), video=video, thumbnail=thumbnail)


def _kept_video(view: TaskView) -> None:
    """Show what may become of its video."""
    with st.container(horizontal=True):
        kept_videos.show_one(services().artifacts, session.current().owner, view)


def _parts(view: TaskView) -> None:
    relatives.show(view.entry)
    sent, happened = st.columns([3, 2], gap="large")
    try:
        with sent:
            sent_parts.show(view.entry)
        with happened:
            history.show(view)
    except StudioError as problem:
        show_problem(problem)
