"""The painting canvas: a drawing of plain strokes in, the drawing after the last stroke out."""

from dataclasses import dataclass, replace

import streamlit as st

from components import session
from components.canvas import fabric_widget, point_clicks, pointer_rules
from components.canvas.fabric_json import MARK_HEX, colour_of, to_fabric, to_strokes
from studio.drawing.layers import with_visible, without_hidden
from studio.drawing.model import Drawing, Layer, Stroke, StrokeKind

PATH_WIDTH_CANVAS_PX = 4.0
MARK_RADIUS_CANVAS_PX = 4


@dataclass(frozen=True, kw_only=True)
class Tool:
    """The layer, kind and width of the next stroke."""

    layer: Layer
    # "freedraw", "rect", "circle", "polygon" or "point" of the canvas
    mode: str
    kind: StrokeKind
    width_canvas_px: float

    @property
    def colour(self) -> str:
        """The stroke colour that carries layer and kind through the canvas; of a mark its own."""
        return MARK_HEX if self.mode == "point" else colour_of(self.layer, self.kind)


def read(size_canvas_px: tuple[int, int]) -> Drawing:
    """Return everything drawn so far, hidden layers too; to be called before anything of a run is shown."""
    current = session.current()
    before = (current.drawing or _empty(size_canvas_px)).scaled_to(*size_canvas_px)
    objects = fabric_widget.objects(current.canvas_key)
    if objects is None:
        return before
    drawing = with_visible(before, current.hidden_layers, to_strokes(objects))
    if _count_erasing(drawing.strokes) > _count_erasing(before.strokes):
        # An erasing stroke is drawn pale; mounted anew, it is a hole.
        current.drawing = before
        current.redraw(drawing)
    return drawing


def show(drawing: Drawing, background_jpeg: bytes, tool: Tool) -> None:
    """Show the canvas over a display-size picture, with this drawing when it is made anew."""
    current = session.current()
    if current.canvas_seed is None or not session.is_mounted(current.canvas_key):
        # Only at the mount: live JSON fed back as the seed loses strokes and kills undo.
        current.canvas_seed = to_fabric(without_hidden(drawing, current.hidden_layers))
    fabric_widget.show(
        current.canvas_key,
        current.canvas_seed,
        background_jpeg,
        drawing.canvas_size_px,
        mode=tool.mode,
        colour=tool.colour,
        width_canvas_px=round(tool.width_canvas_px),
        point_radius_canvas_px=MARK_RADIUS_CANVAS_PX,
    )
    pointer_rules.show(tool.mode)
    if tool.mode == "point":
        point_clicks.show(drawing.canvas_size_px)
    if current.canvas_key in current.brought.names:
        _take_over(drawing)


def _take_over(drawing: Drawing) -> None:
    """Add strokes drawn on a page that is older than its session, if they go on from this drawing."""
    current = session.current()
    strokes = to_strokes(fabric_widget.objects(current.canvas_key) or ())
    if strokes == drawing.strokes:
        return
    if strokes[: len(drawing.strokes)] == drawing.strokes:
        current.redraw(replace(drawing, strokes=strokes))
    else:
        current.remount()
    st.rerun()


def _count_erasing(strokes: tuple[Stroke, ...]) -> int:
    return sum(stroke.kind is StrokeKind.ERASE for stroke in strokes)


def _empty(size_canvas_px: tuple[int, int]) -> Drawing:
    return Drawing(canvas_width_px=size_canvas_px[0], canvas_height_px=size_canvas_px[1])
