"""Signs that a task is done: a count in the tab's title, a toast that leads to it, and a notification.

On every page, in a fragment that looks again by itself while anything is open. What is on the Tasks page is
seen once that page is looked at: the browser says so, since a hidden tab is looked at by nobody.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import streamlit as st

from components import page_paths, session
from components.foreign_text import markdown
from components.frame import draft_autosave
from components.runtime import services
from studio.journal.unseen import Progress, UnseenEnd

EVERY_S = 3.0
MOST_TOASTS = 2
"""More ends at once are one toast."""
_WIDGET = "done-signs"
_HERE = Path(__file__)

_signs = st.components.v2.component(
    "motion_studio_done_signs",
    html='<button type="button" hidden>Notify me when it is done</button>',
    css=_HERE.with_suffix(".css").read_text("utf-8"),
    js=_HERE.with_suffix(".js").read_text("utf-8"),
)


def show() -> None:
    """Show the signs; their timer runs only as long as anything may still end."""
    progress = _read()
    period = EVERY_S if progress.is_any_open else None
    st.fragment(_show, run_every=period)(iter([progress]), is_timed=period is not None)


def _show(page_run: Iterator[Progress], *, is_timed: bool) -> None:
    current = session.current()
    progress = next(page_run, None) or _read()
    if is_timed and not progress.is_any_open:
        st.rerun()  # a full run draws the signs without their timer; before a toast, which it would swallow
    _show_toasts(_new_ends(current, progress))
    told = _signs(
        key=_WIDGET,
        data={"told": _told(current, progress)},
        width="content",
        height="content",
        on_seen_change=_mark_seen,
        on_go_change=_go,
    )
    if told.get("go") is not None or current.heading_with:
        draft_autosave.go_along()


def _told(current: session.Session, progress: Progress) -> str:
    """JSON for the browser: for a list Streamlit would load 70 MB of tables into the process."""
    ends = [{"id": end.entry_id, "words": _words(end)} for end in progress.unseen]
    here = _seen_here(current, progress)
    return json.dumps({"ends": ends, "here": here, "is_any_open": progress.is_any_open})


def _read() -> Progress:
    return services().unseen.read(session.current().owner)


def _new_ends(current: session.Session, progress: Progress) -> list[UnseenEnd]:
    """The ends that are not announced yet; those of before the session are no news.

    The Tasks page shows them itself: what is not seen there, in a hidden tab, is announced on the next page.
    """
    if current.ends_known is None:
        current.ends_known = {end.entry_id for end in progress.unseen}
    if current.page == page_paths.TASKS:
        return []
    new = [end for end in progress.unseen if end.entry_id not in current.ends_known]
    current.ends_known |= {end.entry_id for end in new}
    return new


def _show_toasts(ends: list[UnseenEnd]) -> None:
    if len(ends) > MOST_TOASTS:
        st.toast(f"{len(ends)} tasks are done. [Look](tasks)", icon=":material/movie:", duration="long")
        return
    for end in ends:
        icon = ":material/movie:" if end.is_kept else ":material/error:"
        st.toast(f"{markdown(_words(end))} [Look](tasks?task={end.entry_id})", icon=icon, duration="long")


def _words(end: UnseenEnd) -> str:
    return f"Done: {end.title}" if end.is_kept else f"Failed: {end.title}"


def _seen_here(current: session.Session, progress: Progress) -> list[str]:
    """The ends that are seen by who looks at this page: all on the Tasks page, one on its own page."""
    if current.page != page_paths.TASKS:
        return []
    only = st.query_params.get(page_paths.TASK)
    return [end.entry_id for end in progress.unseen if only in {None, end.entry_id}]


def _mark_seen() -> None:
    told = (session.get(_WIDGET) or {}).get("seen")
    ids = [entry_id for entry_id in told if isinstance(entry_id, str)] if isinstance(told, list) else []
    services().gallery.mark_seen(session.current().owner, ids)


def _go() -> None:
    """Go to the task whose toast or notification was clicked; to all of them without an id."""
    current, told = session.current(), (session.get(_WIDGET) or {}).get("go")
    if isinstance(told, str):
        current.heading_for = page_paths.TASKS
        current.heading_with = {page_paths.TASK: told} if told.isalnum() else {}
