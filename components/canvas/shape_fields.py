"""A rectangle or an ellipse by numbers, where a mouse is not at hand or not exact enough."""

from collections.abc import Callable

import streamlit as st

from components import session
from studio.drawing.frames import CanvasFrame
from studio.drawing.layers import with_strokes
from studio.drawing.model import Drawing, Layer, Stroke
from studio.drawing.shapes import ellipse, rectangle

BY_NUMBERS = "By numbers"
_SIDES = ("Left", "Top", "Width", "Height")


def show(
    layer: Layer, size_canvas_px: tuple[int, int], size_image_px: tuple[int, int], *, round_one: bool
) -> None:
    """Show four numbers in pixels of the picture, and a button that adds the shape to the layer."""
    width, height = size_image_px
    middle = (width // 4, height // 4, width // 2, height // 2)
    with st.expander(BY_NUMBERS, icon=":material/123:"):
        st.caption(f"In pixels of the picture, {width} × {height}, from its left top corner.")
        with st.container(horizontal=True):
            for side, value, most in zip(_SIDES, middle, (width, height) * 2, strict=True):
                least = 0 if side in ("Left", "Top") else 1
                st.number_input(side, least, most, value, key=f"shape-{side}", width=110)
        st.button(
            f"Add the {'ellipse' if round_one else 'rectangle'} to {layer.label}",
            icon=":material/add:",
            on_click=_add,
            args=(ellipse if round_one else rectangle, layer, size_canvas_px, size_image_px),
        )


def _add(
    make: Callable[[Layer, float, float, float, float], Stroke],
    layer: Layer,
    size_canvas_px: tuple[int, int],
    size_image_px: tuple[int, int],
) -> None:
    left, top, width, height = (float(session.get(f"shape-{side}")) for side in _SIDES)
    frame = CanvasFrame(canvas_size_px=size_canvas_px, image_size_px=size_image_px)
    across, down = frame.canvas_px_per_image_px
    stroke = make(layer, left * across, top * down, width * across, height * down)
    drawing = session.current().drawing or Drawing(
        canvas_width_px=size_canvas_px[0], canvas_height_px=size_canvas_px[1]
    )
    session.redraw(with_strokes(drawing, stroke))
