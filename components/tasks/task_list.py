"""All tasks of this person, some folded as put aside, with a timer while anything is unfinished."""

from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from components import session
from components.frame import draft_autosave
from components.runtime import services
from components.tasks import task_card
from studio.tasks.task_view import TaskView, TaskViews

REFRESH_S = 1.0
OLDER = 10
"""How many more a click shows: each of them may be a video."""


def show() -> None:
    """Show the list; its timer runs only as long as something may still change."""
    period = REFRESH_S if _read().unfinished else None
    st.fragment(_cards, run_every=period)(refreshing=period is not None)


def _cards(*, refreshing: bool) -> None:
    draft_autosave.go_along()
    views = _read()
    if refreshing and not views.unfinished:
        st.rerun()  # a full run draws the list without its timer
    if not (views.tasks or views.put_aside):
        st.info("No tasks yet. What you send on the Create page appears here.", icon=":material/movie:")
    _show_cards(views.tasks)
    older = views.total - len(views.tasks)
    if older:
        st.button(f"Show older ({older})", icon=":material/expand_more:", on_click=_show_older)
    if views.put_aside:
        label = f"Put aside ({len(views.put_aside)})"
        with st.expander(label, icon=":material/archive:", key="put-aside"):
            _show_cards(views.put_aside)


def _show_cards(views: Collection[TaskView]) -> None:
    videos = {view.entry.entry_id: task_card.find_video(view) for view in views}
    without_video = [name for name, video in videos.items() if not isinstance(video, Path)]
    thumbnails = services().tasks.thumbnails(session.current().owner, without_video)
    now = datetime.now(UTC)
    for view in views:
        name = view.entry.entry_id
        task_card.show(view, now, video=videos[name], thumbnail=thumbnails.get(name))


def _show_older() -> None:
    session.current().tasks_shown += OLDER


def _read() -> TaskViews:
    current = session.current()
    return services().tasks.list(current.owner, current.tasks_shown)
