"""The form that takes up a task made elsewhere, by its id."""

import streamlit as st

from components import session
from components.problem_box import show_problem
from components.runtime import services
from studio.errors import StudioError


def show() -> None:
    """Show the field and its button; a problem with an id is said under it."""
    with st.form("follow", border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            task_id = st.text_input(
                "Follow a task made elsewhere", placeholder="Task id or external task id", width="stretch"
            )
            asked = st.form_submit_button("Follow", icon=":material/add:")
        if asked and (task_id or "").strip():
            _follow((task_id or "").strip())


def _follow(task_id: str) -> None:
    current = session.current()
    try:
        with st.spinner("Asking for it …"):
            services().tasks.follow(current.owner, services().endpoint(current.api_key), task_id)
    except StudioError as problem:
        show_problem(problem)
