"""Findings at their fields, the one-click switches, and the way to the review."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import findings as findings_at
from components import palette, parameters, review, session
from components.runtime import services
from kling import Finding, Severity
from studio.compose import compose
from studio.draft import Draft
from studio.preflight import brush_switches, may_send, preflight

ABOUT_PICTURE = ("image", "static_mask", "dynamic_masks")


def show(draft: Draft, places: parameters.Slots, about_picture: DeltaGenerator) -> None:
    """Checks the draft, shows each finding where it belongs, and offers Review when nothing is wrong."""
    composed = compose(draft)
    found = preflight(draft, composed)
    places.fill(found)
    with about_picture:
        if draft.picture is not None:
            findings_at.show(found, *ABOUT_PICTURE)
        _switches(draft)
    ready = may_send(found)
    own = session.current()
    st.button(
        "Review and send",
        type=palette.main_button(),
        icon=":material/visibility:",
        disabled=not ready,
        width="stretch",
        on_click=review.open_it,
    )
    if not ready:
        st.caption(_left_to_do(found))
        review.close_it()
    if own.reviewing:
        review.show(draft, composed, found, services().far_end(own.api_key))


def _switches(draft: Draft) -> None:
    switches = brush_switches(draft)
    if not switches:
        return
    st.markdown("Models that do what you painted:")
    with st.container(horizontal=True):
        for switch in switches:
            st.button(
                f"Use {switch.label}",
                key=f"switch-{switch.label}",
                icon=":material/swap_horiz:",
                on_click=parameters.switch_to,
                args=(switch,),
            )


def _left_to_do(found: tuple[Finding, ...]) -> str:
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    return f"Before sending: {errors[0].problem} {errors[0].remedy}" + (
        f" And {len(errors) - 1} more." if len(errors) > 1 else ""
    )
