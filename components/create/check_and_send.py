"""Findings at their fields with their one-click repairs, and the way to the review."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import layer_colours, session
from components.create import findings as findings_at
from components.create import parameters, review_dialog
from components.runtime import services
from kling import Finding, Severity
from studio.checks.preflight import may_send, preflight
from studio.request.compose import Composed, compose
from studio.request.draft import Draft

ABOUT_PICTURE = ("image", "static_mask", "dynamic_masks")


def show(
    draft: Draft, places: parameters.Slots, about_picture: DeltaGenerator
) -> tuple[Composed, tuple[Finding, ...]]:
    """Checks the draft, shows each finding where it belongs, and offers Review when nothing is wrong.

    Answers the request that was composed, and the findings on it.
    """
    composed = compose(draft)
    found = preflight(draft, composed)
    bench = findings_at.bench(draft, found)
    places.fill(found, bench)
    if draft.picture is not None:
        with about_picture:
            findings_at.show(found, *ABOUT_PICTURE, bench=bench)
    ready = may_send(found)
    own = session.current()
    st.button(
        "Review and send",
        type=layer_colours.main_button(),
        icon=":material/visibility:",
        disabled=not ready,
        width="stretch",
        on_click=review_dialog.open_it,
    )
    if not ready:
        st.caption(_left_to_do(found))
        review_dialog.close_it()
    if own.reviewing:
        review_dialog.show(draft, composed, found, services().endpoint(own.api_key))
    return composed, found


def _left_to_do(found: tuple[Finding, ...]) -> str:
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    return f"Before sending: {errors[0].problem} {errors[0].remedy}" + (
        f" And {len(errors) - 1} more." if len(errors) > 1 else ""
    )
