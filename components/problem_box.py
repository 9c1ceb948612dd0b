"""Show an error to a person: what happened, why, and what to do next."""

import streamlit as st

from studio.errors import StudioError


def show_problem(problem: StudioError) -> None:
    """Show an error in its box."""
    st.error(f"**{problem.what}** {problem.why}\n\n{problem.next_step}", icon=":material/error:")
