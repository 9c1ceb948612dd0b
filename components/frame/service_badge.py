"""The badge of every page that names the service: the simulator is always labelled as one."""

import streamlit as st

from components import session
from components.problem_box import show_problem
from components.runtime import services, settings
from studio.errors import StudioError


def show() -> None:
    """Show the badge; stop the page with the reason when the deployment's settings are unusable."""
    try:
        current = session.current()
        # Before the services: on the first visit after a start they take a moment.
        _show_badge(simulated=not settings().key_of(current.api_key))
        current.connection = services().tasks.register_key(services().endpoint(current.api_key))
    except StudioError as problem:
        show_problem(problem)
        st.stop()


def _show_badge(*, simulated: bool) -> None:
    if simulated:
        st.badge(
            "Simulator: videos are computed here, nothing is paid",
            icon=":material/science:",
            color="blue",
        )
    else:
        st.badge("CometAPI: every task is paid", icon=":material/bolt:", color="orange")
