"""Show an error to a person: what happened, why, and what to do next."""

import streamlit as st

from components.foreign_text import markdown
from studio.errors import StudioError


def show_problem(problem: StudioError) -> None:
    """Show an error in its box."""
    st.error(
        f"**{markdown(problem.what)}** {markdown(problem.why)}\n\n{markdown(problem.next_step)}",
        icon=":material/error:",
    )
