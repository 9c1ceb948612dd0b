"""Findings at their fields with their one-click repairs, and the way to the review."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import layer_colours, session
from components.create import findings as findings_at
from components.create import parameters, review_dialog
from components.foreign_text import markdown
from components.runtime import services
from kling import Finding, Severity
from studio.checks.preflight import may_send, preflight
from studio.request.compose import Composed, compose
from studio.request.draft import Draft

ABOUT_PICTURE = ("image", "static_mask", "dynamic_masks")


def show(
    draft: Draft, slots: parameters.Slots, about_picture: DeltaGenerator
) -> tuple[Composed, tuple[Finding, ...]]:
    """Check the draft, show each finding where it belongs, and the button that opens the review.

    The button can always be pressed: a greyed one would lose a press that comes right after the last repair.

    Returns:
        The composed request and the findings on it.
    """
    current = session.current()
    composed = compose(draft, quick=not current.reviewing)  # what the review shows is what is sent
    endpoint = services().endpoint(current.api_key)
    found = preflight(draft, composed, services().models.table(endpoint).life_of)
    offers = findings_at.repair_offers(draft, found)
    slots.fill(found, offers)
    is_ready = may_send(found)
    if is_ready or current.reviewing:  # asked for, or open
        current.is_review_refused = not is_ready
    if draft.picture is not None or current.is_review_refused:
        with about_picture:
            findings_at.show(found, *ABOUT_PICTURE, offers=offers)
    _show_button(found)
    if not is_ready:
        review_dialog.close_review()
    if current.reviewing:
        review_dialog.show(draft, composed, found, endpoint)
    return composed, found


def _show_button(found: tuple[Finding, ...]) -> None:
    """Show the way to the review, and what is missing before it: in red once it was asked for."""
    place = st.container()  # above the button, which stays where it is
    st.button(
        "Review and send",
        key="review",
        type=layer_colours.main_button(),
        icon=":material/visibility:",
        width="stretch",
        on_click=review_dialog.open_review,
    )
    if session.current().is_review_refused:
        place.error(markdown(_left_to_do(found, with_remedy=False)), icon=":material/error:")
    elif not may_send(found):
        place.caption(markdown(_left_to_do(found)))


def _left_to_do(found: tuple[Finding, ...], *, with_remedy: bool = True) -> str:
    """The first error; its field says the remedy too, which would take the room of the fields here."""
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    first = f"{errors[0].problem} {errors[0].remedy}" if with_remedy else errors[0].problem
    return f"Before sending: {first}" + (f" And {len(errors) - 1} more." if len(errors) > 1 else "")
