"""All tasks of this person, with a timer of their own while anything is unfinished."""

from datetime import UTC, datetime

import streamlit as st

from components import session
from components.frame import draft_autosave
from components.runtime import services
from components.tasks import task_card
from studio.journal.entry import Entry

REFRESH_S = 1.0
OLDER = 10
"""How many more a click shows: each of them may be a video."""


def show() -> None:
    """The list; its timer runs only as long as something may still change."""
    period = REFRESH_S if _unsettled(_mine()) else None
    st.fragment(_cards, run_every=period)(refreshing=period is not None)


def _cards(*, refreshing: bool) -> None:
    draft_autosave.go_along()
    entries = _mine()
    if refreshing and not _unsettled(entries):
        st.rerun()  # a full run draws the list without its timer
    if not entries:
        st.info("No tasks yet. What you send on the Create page appears here.", icon=":material/movie:")
    now, shown = datetime.now(UTC), session.current().tasks_shown
    for entry in entries[:shown]:
        task_card.show(entry, now)
    if len(entries) > shown:
        st.button(f"Show older ({len(entries) - shown})", icon=":material/expand_more:", on_click=_show_older)


def _show_older() -> None:
    session.current().tasks_shown += OLDER


def _mine() -> tuple[Entry, ...]:
    return services().tasks.entries(session.current().owner)


def _unsettled(entries: tuple[Entry, ...]) -> bool:
    return any(not entry.is_settled for entry in entries)
