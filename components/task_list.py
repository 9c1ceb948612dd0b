"""All tasks of this session, with a timer of their own while anything is unfinished."""

from datetime import UTC, datetime

import streamlit as st

from components import draft_keeper, session, task_card
from components.runtime import services
from studio.tasks import TrackedTask

REFRESH_S = 1.0


def show() -> None:
    """The list; its timer runs only as long as something may still change."""
    period = REFRESH_S if _unsettled(_mine()) else None
    st.fragment(_cards, run_every=period)(refreshing=period is not None)


def _cards(*, refreshing: bool) -> None:
    draft_keeper.go_along()
    tasks = _mine()
    if refreshing and not _unsettled(tasks):
        st.rerun()  # a full run draws the list without its timer
    if not tasks:
        st.info("No tasks yet. What you send on the Create page appears here.", icon=":material/movie:")
    now = datetime.now(UTC)
    for task in tasks:
        task_card.show(task, now)


def _mine() -> tuple[TrackedTask, ...]:
    return services().tracker.tasks(session.current().owner)


def _unsettled(tasks: tuple[TrackedTask, ...]) -> bool:
    return any(not task.is_settled for task in tasks)
