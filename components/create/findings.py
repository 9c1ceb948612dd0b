"""Findings at their fields: why, where on the picture, and the click that repairs it."""

from dataclasses import dataclass

import streamlit as st

from components import session
from components.foreign_text import markdown
from kling import Finding, Severity
from studio.checks.findings import LocatedFinding, Repair
from studio.checks.illustrations import location_jpeg
from studio.checks.repairs import repairs
from studio.request.draft import Draft

MOST_AT_ONCE = 3
"""More findings than these are folded away, errors excepted: a wall of yellow is not read."""


@dataclass(frozen=True, kw_only=True)
class RepairOffers:
    """Every repair for the draft as the screen shows it."""

    draft: Draft
    repairs: tuple[Repair, ...]


def repair_offers(draft: Draft, findings: tuple[Finding, ...]) -> RepairOffers:
    """Repairs of these findings on a draft."""
    return RepairOffers(draft=draft, repairs=repairs(draft, findings))


def show(findings: tuple[Finding, ...], *fields: str, offers: RepairOffers | None = None) -> None:
    """Show the findings on these wire fields; a name covers its parts: dynamic_masks, dynamic_masks[2].mask.

    With offers each has its place on the picture and its repairs beside it. All errors are shown at once, of
    the warnings after them a few.
    """
    here = [found for found in findings if found.field.split("[")[0] in fields]
    errors = sum(found.severity is Severity.ERROR for found in here)
    at_once = max(errors, MOST_AT_ONCE)
    for found in here[:at_once]:
        _show(found, offers)
    if rest := here[at_once:]:
        with st.expander(f"{len(rest)} more to look at", icon=_ICON[Severity.WARNING]):
            for found in rest:
                _show(found, offers)


def _show(found: Finding, offers: RepairOffers | None) -> None:
    box = st.error if found.severity is Severity.ERROR else st.warning
    box(markdown(f"{found.problem} {found.remedy}"), icon=_ICON[found.severity])
    if offers:
        _show_repairs(found, offers)


def _show_repairs(found: Finding, offers: RepairOffers) -> None:
    offered = [repair for repair in offers.repairs if repair.finding == found]
    placed = isinstance(found, LocatedFinding) and found.location is not None
    if not offered and not placed:
        return
    with st.container(horizontal=True):
        if isinstance(found, LocatedFinding):
            _show_place(found, offers.draft)
        for repair in offered:
            st.button(
                markdown(repair.label),
                key=f"repair-{repair.label}",
                icon=":material/build:",
                help=markdown(repair.explanation),
                on_click=_apply,
                args=(repair, offers.draft),
            )
        _show_remainder(found, offered)


def _show_place(found: LocatedFinding, draft: Draft) -> None:
    """Show the place on the picture; drawn only while it is open."""
    source = draft.picture.source if draft.picture else None
    if found.location is None or source is None or draft.drawing is None:
        return
    key = f"where-{found.rule}-{'-'.join(str(layer.value) for layer in found.layers)}"
    popover = st.popover("Show where", icon=":material/my_location:", key=key, on_change="rerun")
    if popover.open:
        with popover:
            shown = location_jpeg(source, draft.drawing.canvas_size_px, found.location)
            st.image(shown, alt=f"Where on the picture: {found.problem}")


def _show_remainder(found: Finding, offered: list[Repair]) -> None:
    """Show the part of a picture that each repair leaves; drawn only while it is open."""
    if not any(repair.preview_jpeg for repair in offered):
        return
    popover = st.popover(
        "Show what stays", icon=":material/crop:", key=f"stays-{found.field}", on_change="rerun"
    )
    if popover.open:
        with popover:
            for repair in offered:
                if repair.preview_jpeg:
                    st.image(repair.preview_jpeg(), caption=markdown(repair.label), alt=repair.label)


def _apply(repair: Repair, draft: Draft) -> None:
    current = session.current()
    repaired = repair.apply(draft)
    if (repaired.picture, repaired.tail) != (draft.picture, draft.tail):
        current.set_aside = draft  # a picture that is gone can be brought back
    current.adopt(repaired, was=draft)


_ICON = {Severity.ERROR: ":material/error:", Severity.WARNING: ":material/warning:"}
