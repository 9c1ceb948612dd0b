"""All tasks of this person, with a timer of their own while anything is unfinished."""

from datetime import UTC, datetime

import streamlit as st

from components import draft_keeper, session, task_card
from components.runtime import services
from studio.entries import Entry

REFRESH_S = 1.0


def show() -> None:
    """The list; its timer runs only as long as something may still change."""
    period = REFRESH_S if _unsettled(_mine()) else None
    st.fragment(_cards, run_every=period)(refreshing=period is not None)


def _cards(*, refreshing: bool) -> None:
    draft_keeper.go_along()
    entries = _mine()
    if refreshing and not _unsettled(entries):
        st.rerun()  # a full run draws the list without its timer
    if not entries:
        st.info("No tasks yet. What you send on the Create page appears here.", icon=":material/movie:")
    now = datetime.now(UTC)
    for entry in entries:
        task_card.show(entry, now)


def _mine() -> tuple[Entry, ...]:
    return services().desk.entries(session.current().owner)


def _unsettled(entries: tuple[Entry, ...]) -> bool:
    return any(not entry.is_settled for entry in entries)
