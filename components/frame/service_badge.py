"""Says on every page whom it talks to: the simulator is always labelled as one."""

import streamlit as st

from components import session
from components.problem_box import show_problem
from components.runtime import services, settings
from studio.errors import StudioError


def show() -> None:
    """The badge; stops the page with the reason when the deployment's settings are unusable."""
    try:
        own = session.current()
        # Before the services: on the first visit after a start they take a moment.
        _show_badge(simulated=not settings().key_of(own.api_key))
        own.connection = services().tasks.register_key(services().endpoint(own.api_key))
    except StudioError as problem:
        show_problem(problem)
        st.stop()


def _show_badge(*, simulated: bool) -> None:
    if simulated:
        st.badge(
            "Simulator: videos are computed here, nothing is paid",
            icon=":material/science:",
            color="orange",
        )
    else:
        st.badge("CometAPI: every task is paid", icon=":material/bolt:", color="green")
