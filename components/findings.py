"""Findings at the field that they are about."""

import streamlit as st

from kling import Finding, Severity
from studio.errors import StudioError


def show(findings: tuple[Finding, ...], *fields: str) -> None:
    """The findings on these wire fields; a name covers its parts: dynamic_masks, dynamic_masks[2].mask."""
    for found in findings:
        if found.field.split("[")[0] in fields:
            box = st.error if found.severity is Severity.ERROR else st.warning
            box(f"{found.problem} {found.remedy}", icon=_ICON[found.severity])


def show_problem(problem: StudioError) -> None:
    """What happened, why, and what to do next."""
    st.error(f"**{problem.what}** {problem.why}\n\n{problem.next_step}", icon=_ICON[Severity.ERROR])


_ICON = {Severity.ERROR: ":material/error:", Severity.WARNING: ":material/warning:"}
