"""The picture: chosen first, then painted on."""

import streamlit as st

from components import (
    brush_canvas,
    brush_tools,
    canvas_look,
    image_picker,
    layer_list,
    path_editor,
    session,
    wand_panel,
)
from components.brush_canvas import Tool
from studio.draft import Picture
from studio.drawing import Drawing
from studio.images import SourceImage

MAX_CANVAS_PX = (720, 500)
TOOLBAR_WIDTH_PX = 140


def show() -> tuple[Picture | None, Drawing | None]:
    """The picture and what is drawn on it; without a picture, the ways to give one."""
    picture = session.current().pictures.get("picture")
    if picture is None:
        st.subheader("Choose a picture")
        return image_picker.show("picture", "Your photograph", samples=True), None
    drawing = None
    if picture.source is None:
        st.image(picture.url or "", alt="The picture at the given address", width="stretch")
    else:
        drawing = _paint(picture.source)
    image_picker.chosen("picture")
    return picture, drawing


def _paint(source: SourceImage) -> Drawing:
    own = session.current()
    size_canvas_px = _fit(source.size_px)
    picture_jpeg = source.display_jpeg(*MAX_CANVAS_PX)
    own.drawing = brush_canvas.read(size_canvas_px)
    brush_tools.take_mark(own.layer, size_canvas_px, source.size_px)
    layer_list.show(own.drawing, picture_jpeg)
    chosen = brush_tools.choose(own.layer)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        tool = brush_tools.show(chosen, own.layer, size_canvas_px)
        background = _background(chosen, tool, source, picture_jpeg)
        with st.container(horizontal=True, wrap=False):
            st.text(brush_tools.hint(chosen, tool), width="stretch")
            st.space(TOOLBAR_WIDTH_PX)  # the canvas's own toolbar floats here
    brush_canvas.show(own.drawing, background, tool)
    ring_canvas_px = tool.width_canvas_px if tool.mode == "freedraw" else None
    canvas_look.show(size_canvas_px, ring_canvas_px, own.canvas_revision)
    brush_tools.show_numbers(chosen, tool, size_canvas_px, source.size_px)
    if chosen == brush_tools.PATH:
        path_editor.show_changes(own.drawing, tool.layer, source.size_px)
    return own.drawing


def _background(chosen: str, tool: Tool, source: SourceImage, picture_jpeg: bytes) -> bytes:
    """The picture, and with the wand in hand what it would fill."""
    if chosen == brush_tools.FILL:
        return wand_panel.show(source, picture_jpeg, _fit(source.size_px), tool.layer)
    return picture_jpeg


def _fit(size_image_px: tuple[int, int]) -> tuple[int, int]:
    """The largest canvas of the picture's shape within MAX_CANVAS_PX; a small picture is enlarged."""
    scale = min(limit / side for limit, side in zip(MAX_CANVAS_PX, size_image_px, strict=True))
    return max(1, round(size_image_px[0] * scale)), max(1, round(size_image_px[1] * scale))
