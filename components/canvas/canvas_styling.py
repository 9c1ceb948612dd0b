"""The canvas's look: it fits the screen, its toolbar is always there, the brush has a ring of its size.

The canvas has no setting for any of these, so that it is styled from outside, in its own shadow root. It
keeps its own pixels however wide it is shown, and maps the mouse and the finger to them itself. Where this
finds no canvas, it has a scroll bar, a cross for a pointer, and a toolbar that comes with the mouse.
"""

from pathlib import Path

import streamlit as st

_styling = st.components.v2.component(
    "motion_studio_canvas_styling", js=Path(__file__).with_suffix(".js").read_text("utf-8")
)


def show(
    picture: str, size_canvas_px: tuple[int, int], ring_canvas_px: float | None, canvas_revision: int
) -> None:
    """Style the canvas, and again one made anew; scroll it into view once for each picture.

    Args:
        picture: a name for the picture on it.
        size_canvas_px: (width, height) of the canvas in its own pixels.
        ring_canvas_px: the ring's width at the pointer; without one there is a cross.
        canvas_revision: changes when the canvas is made anew.
    """
    _styling(
        key="canvas-styling",
        data={
            "picture": picture,
            "size": size_canvas_px,
            "ring": ring_canvas_px or 0,
            "revision": canvas_revision,
        },
        height="content",
    )
