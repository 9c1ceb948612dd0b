"""The rules of a hand on the canvas: the left button paints, until it is let go, and fingers draw shapes too.

Read from the canvas's front end: another button's release leaves its stroke open, so that it paints without a
button and the next press drops it; and it adds rectangles, ellipses and polygons for a mouse alone.
"""

from pathlib import Path

import streamlit as st

_rules = st.components.v2.component(
    "motion_studio_pointer_rules", js=Path(__file__).with_suffix(".js").read_text("utf-8")
)


def show(mode: str) -> None:
    """Put the rules before the canvas, whose mode of drawing this is; they hold for one made anew too."""
    _rules(key="pointer-rules", data={"mode": mode}, height="content")
