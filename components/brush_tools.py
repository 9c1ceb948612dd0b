"""What the next stroke will be: its layer, its tool and its size."""

import streamlit as st

from components import palette
from components.brush_canvas import PATH_WIDTH_CANVAS_PX, Tool
from studio.drawing import Layer, StrokeKind

BRUSH, RECTANGLE, POLYGON, PATH = "Brush", "Rectangle", "Polygon", "Path"
_ICONS = {
    BRUSH: ":material/brush:",
    RECTANGLE: ":material/rectangle:",
    POLYGON: ":material/pentagon:",
    PATH: ":material/route:",
}
_MODES = {BRUSH: "freedraw", RECTANGLE: "rect", POLYGON: "polygon", PATH: "freedraw"}
# A shape's own line only closes its edge.
SHAPE_LINE_CANVAS_PX = 1.0


def show() -> Tool:
    """The layer, tool and size controls; answers the tool in hand."""
    layer = st.segmented_control(
        "Layer",
        tuple(Layer),
        default=Layer.STATIC,
        key="layer",
        required=True,
        format_func=palette.dot,
        help="Static is what must not move. Each motion layer is painted and given one path.",
        persist_state="session",
    )
    layer = Layer(layer if layer is not None else Layer.STATIC)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = _tool(layer)
        width = _brush_width() if name == BRUSH else SHAPE_LINE_CANVAS_PX
    if name == PATH:
        return Tool(
            layer=layer, mode=_MODES[PATH], kind=StrokeKind.PATH, width_canvas_px=PATH_WIDTH_CANVAS_PX
        )
    kind = StrokeKind.BRUSH if name == BRUSH else StrokeKind.AREA
    return Tool(layer=layer, mode=_MODES[name], kind=kind, width_canvas_px=width)


def hint(tool: Tool) -> str:
    """One line on what to do now."""
    what = "must **not** move" if tool.layer is Layer.STATIC else f"**{tool.layer.label}** moves"
    if tool.kind is StrokeKind.PATH:
        return f"Press on what {what}, drag to where it goes, release."
    return _HINTS[tool.mode].format(what=what)


_HINTS = {
    "freedraw": "Paint over what {what}.",
    "rect": "Drag a box over what {what}.",
    "polygon": "Click the corners of what {what}; click the first one again to close.",
}


def _tool(layer: Layer) -> str:
    # What must not move has no path.
    names = (BRUSH, RECTANGLE, POLYGON) + ((PATH,) if layer is not Layer.STATIC else ())
    name = st.segmented_control(
        "Tool",
        names,
        default=BRUSH,
        key="tool",
        required=True,
        format_func=lambda tool: f"{_ICONS[tool]} {tool}",
        persist_state="session",
    )
    return name or BRUSH


def _brush_width() -> float:
    return float(
        st.slider(
            "Brush size", min_value=4, max_value=120, value=28, key="brush_width", persist_state="session"
        )
    )
