"""The tools and their sizes; the layer is chosen in the list of layers."""

import streamlit as st

from components import session
from components.canvas import colour_fill_tool, path_points, path_tool, point_clicks, shape_fields
from components.canvas.drawing_canvas import PATH_WIDTH_CANVAS_PX, Tool
from studio.drawing.model import Drawing, Layer, StrokeKind

TOOL = "tool"
BRUSH, ERASER, RECTANGLE, ELLIPSE, POLYGON = "Brush", "Eraser", "Rectangle", "Ellipse", "Polygon"
FILL, PATH = "Fill", "Path"
_ICONS = {
    BRUSH: ":material/brush:",
    ERASER: ":material/ink_eraser:",
    RECTANGLE: ":material/rectangle:",
    ELLIPSE: ":material/circle:",
    POLYGON: ":material/pentagon:",
    FILL: ":material/colorize:",
    PATH: ":material/route:",
}
_MODES = {
    BRUSH: "freedraw",
    ERASER: "freedraw",
    RECTANGLE: "rect",
    ELLIPSE: "circle",
    POLYGON: "polygon",
    FILL: "point",
}
_KINDS = {BRUSH: StrokeKind.BRUSH, ERASER: StrokeKind.ERASE, PATH: StrokeKind.PATH}
# A shape's own line only closes its edge.
SHAPE_LINE_CANVAS_PX = 1.0


def choose(layer: Layer) -> str:
    """Show the tools; returns the name of the chosen one. The static layer has no path."""
    names = tuple(name for name in _ICONS if name != PATH or layer is not Layer.STATIC)
    name = st.segmented_control(
        "Tool",
        names,
        default=BRUSH,
        key=TOOL,
        required=True,
        format_func=lambda tool: f"{_ICONS[tool]} {tool}",
        persist_state="session",
        label_visibility="collapsed",
        wrap=True,
        width="stretch",
    )
    return name or BRUSH


def take_clicks(layer: Layer, size_canvas_px: tuple[int, int], size_image_px: tuple[int, int]) -> None:
    """Give new clicks to the tool in hand; to be called before any of the tools is shown."""
    current = session.current()
    for number, point in point_clicks.new_clicks():
        if session.get(TOOL) == FILL:
            colour_fill_tool.take_click(point, size_canvas_px, size_image_px)
        elif session.get(TOOL) == PATH and path_tool.is_clicking():
            path_points.append(layer, size_canvas_px, point)
        current.clicks_taken = number  # last: a run that ends before this leaves the click to the next


def show(name: str, layer: Layer, size_canvas_px: tuple[int, int]) -> Tool:
    """Show the settings of the chosen tool; returns the next stroke's layer, kind and width."""
    width, mode = SHAPE_LINE_CANVAS_PX, _MODES.get(name, "freedraw")
    if name in (BRUSH, ERASER):
        width = _brush_width()
    elif name == PATH:
        width, mode = PATH_WIDTH_CANVAS_PX, path_tool.show_ways(layer, size_canvas_px)
    kind = _KINDS.get(name, StrokeKind.AREA)
    return Tool(layer=layer, mode=mode, kind=kind, width_canvas_px=width)


def show_numbers(
    name: str, tool: Tool, size_canvas_px: tuple[int, int], size_image_px: tuple[int, int]
) -> None:
    """Show the chosen tool's fields; on the page itself, as the Tab key enters no popover."""
    if name in (RECTANGLE, ELLIPSE):
        shape_fields.show(tool.layer, size_canvas_px, size_image_px, round_one=name == ELLIPSE)
    elif name == FILL:
        colour_fill_tool.show_numbers(size_image_px)
    elif name == PATH and tool.mode == "point":
        path_points.show_numbers(tool.layer, size_canvas_px, size_image_px)


def offer_path(name: str, drawing: Drawing, layer: Layer) -> None:
    """Offer the path of a part that is painted and has none; not taken by itself: more strokes may come."""
    if name != PATH and layer is not Layer.STATIC and drawing.regions(layer) and not drawing.paths(layer):
        st.button(
            "Draw its path", icon=_ICONS[PATH], type="tertiary", on_click=session.put, args=(TOOL, PATH)
        )


def hint(name: str, tool: Tool) -> str:
    """One line on the next thing to do."""
    what = "must not move" if tool.layer is Layer.STATIC else f"{tool.layer.label} moves"
    if name == PATH and path_tool.is_bending():
        return _BEND_HINT
    return (_POINTS_HINT if name == PATH and tool.mode == "point" else _HINTS[name]).format(what=what)


_HINTS = {
    BRUSH: "Paint over what {what}.",
    ERASER: "Rub out paint that goes beyond what {what}.",
    RECTANGLE: "Drag a box over what {what}.",
    ELLIPSE: "Drag from the middle of what {what} outwards.",
    POLYGON: "Click the corners of what {what}; click the first one again to close.",
    FILL: "Click a colour of what {what}; look at the outline, then fill.",
    PATH: "Press on what {what}, drag to where it goes.",
}
_POINTS_HINT = "Click on what {what}, then, point by point, along its way."
_BEND_HINT = "Drag the points of its path."


def _brush_width() -> float:
    return float(
        st.slider(
            "Brush size",
            min_value=4,
            max_value=120,
            value=28,
            key="brush_width",
            persist_state="session",
            width=240,
        )
    )
