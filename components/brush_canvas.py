"""The canvas that one paints on: a drawing of plain strokes in, the drawing after the last stroke out."""

from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit_drawable_canvas import st_canvas

from components import session
from components.fabric import colour_of, to_fabric, to_strokes
from components.marks import MARK_HEX, mark_canvas_px
from studio.drawing import Drawing, Layer, Stroke, StrokeKind
from studio.layers import visible, with_visible

PATH_WIDTH_CANVAS_PX = 4.0
MARK_RADIUS_CANVAS_PX = 4


@dataclass(frozen=True, kw_only=True)
class Tool:
    """What the next stroke will be."""

    layer: Layer
    # "freedraw", "rect", "circle", "polygon" or "point" of the canvas
    mode: str
    kind: StrokeKind
    width_canvas_px: float

    @property
    def colour(self) -> str:
        """The stroke colour that carries layer and kind through the canvas; of a mark its own."""
        return MARK_HEX if self.mode == "point" else colour_of(self.layer, self.kind)


def show(background: bytes, size_canvas_px: tuple[int, int], tool: Tool) -> Drawing:
    """The canvas over a display-size picture; answers everything drawn so far, hidden layers included.

    A click with a tool that takes points is kept in the session, and the page runs again for that tool.
    """
    own = session.current()
    key = f"canvas-{own.canvas_revision}"
    before = (own.drawing or _empty(size_canvas_px)).scaled_to(*size_canvas_px)
    if not session.is_mounted(key):
        # Only at the mount: live JSON fed back as the seed loses strokes and kills undo.
        own.canvas_seed = to_fabric(visible(before, own.hidden_layers))
    objects = _objects(key, background, size_canvas_px, tool)
    drawing = with_visible(before, own.hidden_layers, to_strokes(objects))
    _see_marks(objects)
    if _erasings(drawing.strokes) > _erasings(before.strokes):
        # An erasing stroke is drawn pale; mounted anew, it is a hole.
        own.drawing = before
        session.redraw(drawing)
        st.rerun()
    return drawing


def _objects(
    key: str, background: bytes, size_canvas_px: tuple[int, int], tool: Tool
) -> list[dict[str, Any]]:
    result = st_canvas(
        background_image=background,
        width=size_canvas_px[0],
        height=size_canvas_px[1],
        drawing_mode=tool.mode,
        stroke_color=tool.colour,
        stroke_width=round(tool.width_canvas_px),
        fill_color=tool.colour,
        initial_drawing=session.current().canvas_seed,
        point_display_radius=MARK_RADIUS_CANVAS_PX,
        key=key,
    )
    objects: list[dict[str, Any]] = (result.json_data or {}).get("objects", [])
    return objects


def _see_marks(objects: list[dict[str, Any]]) -> None:
    """Keeps a new click for its tool; undo makes the one before it the newest again."""
    own = session.current()
    marks = tuple(mark for item in objects if (mark := mark_canvas_px(item)) is not None)
    if marks != own.marks_canvas_px:
        own.marks_canvas_px = marks
        own.new_mark_canvas_px = marks[-1] if marks else None


def _erasings(strokes: tuple[Stroke, ...]) -> int:
    return sum(stroke.kind is StrokeKind.ERASE for stroke in strokes)


def _empty(size_canvas_px: tuple[int, int]) -> Drawing:
    return Drawing(canvas_width_px=size_canvas_px[0], canvas_height_px=size_canvas_px[1])
