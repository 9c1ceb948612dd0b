"""Says on every page whom it talks to: the simulator is always labelled as one."""

import streamlit as st

from components import session
from components.findings import show_problem
from components.runtime import services
from studio.errors import StudioError


def show() -> None:
    """The badge; stops the page with the reason when the deployment's settings are unusable."""
    try:
        own = session.current()
        far_end = services().far_end(own.api_key)
        own.connection = services().desk.came_back(far_end)
    except StudioError as problem:
        show_problem(problem)
        st.stop()
    if far_end.simulated:
        st.badge(
            "Simulator: videos are computed here, nothing is paid",
            icon=":material/science:",
            color="orange",
        )
    else:
        st.badge("CometAPI: every task is paid", icon=":material/bolt:", color="green")
