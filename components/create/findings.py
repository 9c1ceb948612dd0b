"""Findings at the field that they are about: why, where on the picture, and the click that mends it."""

from dataclasses import dataclass

import streamlit as st

from components import session
from kling import Finding, Severity
from studio.checks.findings import LocatedFinding, Repair
from studio.checks.illustrations import location_jpeg
from studio.checks.repairs import repairs
from studio.request.draft import Draft

MOST_AT_ONCE = 3
"""More findings than these are folded away, errors excepted: a wall of yellow is not read."""


@dataclass(frozen=True, kw_only=True)
class Bench:
    """What findings are mended on: the draft as the screen shows it, and every repair that there is."""

    draft: Draft
    repairs: tuple[Repair, ...]


def bench(draft: Draft, findings: tuple[Finding, ...]) -> Bench:
    """The bench for these findings on a draft."""
    return Bench(draft=draft, repairs=repairs(draft, findings))


def show(findings: tuple[Finding, ...], *fields: str, bench: Bench | None = None) -> None:
    """The findings on these wire fields; a name covers its parts: dynamic_masks, dynamic_masks[2].mask.

    With a bench each has its place on the picture and its repairs beside it. All errors are shown at once, of
    the warnings after them a few.
    """
    here = [found for found in findings if found.field.split("[")[0] in fields]
    errors = sum(found.severity is Severity.ERROR for found in here)
    at_once = max(errors, MOST_AT_ONCE)
    for found in here[:at_once]:
        _show(found, bench)
    if rest := here[at_once:]:
        with st.expander(f"{len(rest)} more to look at", icon=_ICON[Severity.WARNING]):
            for found in rest:
                _show(found, bench)


def _show(found: Finding, bench: Bench | None) -> None:
    box = st.error if found.severity is Severity.ERROR else st.warning
    box(f"{found.problem} {found.remedy}", icon=_ICON[found.severity])
    if bench:
        _mend(found, bench)


def _mend(found: Finding, bench: Bench) -> None:
    own = [repair for repair in bench.repairs if repair.finding == found]
    placed = isinstance(found, LocatedFinding) and found.location is not None
    if not own and not placed:
        return
    with st.container(horizontal=True):
        if isinstance(found, LocatedFinding):
            _where(found, bench.draft)
        for repair in own:
            st.button(
                repair.label,
                key=f"repair-{repair.label}",
                icon=":material/build:",
                help=repair.explanation,
                on_click=_apply,
                args=(repair, bench.draft),
            )
        _what_stays(found, own)


def _where(found: LocatedFinding, draft: Draft) -> None:
    """Drawn only while it is looked at."""
    source = draft.picture.source if draft.picture else None
    if found.location is None or source is None or draft.drawing is None:
        return
    key = f"where-{found.rule}-{'-'.join(str(layer.value) for layer in found.layers)}"
    looked_at = st.popover("Show where", icon=":material/my_location:", key=key, on_change="rerun")
    if looked_at.open:
        with looked_at:
            shown = location_jpeg(source, draft.drawing.canvas_size_px, found.location)
            st.image(shown, alt=f"Where on the picture: {found.problem}")


def _what_stays(found: Finding, own: list[Repair]) -> None:
    """What each repair leaves of a picture; drawn only while it is looked at."""
    if not any(repair.preview_jpeg for repair in own):
        return
    looked_at = st.popover(
        "Show what stays", icon=":material/crop:", key=f"stays-{found.field}", on_change="rerun"
    )
    if looked_at.open:
        with looked_at:
            for repair in own:
                if repair.preview_jpeg:
                    st.image(repair.preview_jpeg(), caption=repair.label, alt=repair.label)


def _apply(repair: Repair, draft: Draft) -> None:
    own = session.current()
    mended = repair.apply(draft)
    if (mended.picture, mended.tail) != (draft.picture, draft.tail):
        own.set_aside = draft  # a picture that is gone can be brought back
    own.adopt(mended, was=draft)


_ICON = {Severity.ERROR: ":material/error:", Severity.WARNING: ":material/warning:"}
