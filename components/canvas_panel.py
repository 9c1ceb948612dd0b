"""The picture: chosen first, then painted on."""

import streamlit as st

from components import (
    brush_canvas,
    brush_ring,
    brush_tools,
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
    above = st.container()  # filled after the canvas: its figures are those of the newest stroke
    chosen = brush_tools.choose(own.layer)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        tool = brush_tools.show(chosen, own.layer, size_canvas_px, source.size_px)
        background = _background(chosen, tool, source, picture_jpeg)
        st.caption(brush_tools.hint(chosen, tool))  # the canvas's own toolbar floats over the right end
    drawing = brush_canvas.show(background, size_canvas_px, tool)
    brush_ring.show(tool.width_canvas_px if tool.mode == "freedraw" else None, own.canvas_revision)
    own.drawing = drawing
    if own.new_mark_canvas_px is not None:
        st.rerun()  # the tool that takes it stands above
    with above:
        layer_list.show(drawing, picture_jpeg)
    if chosen == brush_tools.PATH:
        path_editor.show_changes(drawing, tool.layer, source.size_px)
    return drawing


def _background(chosen: str, tool: Tool, source: SourceImage, picture_jpeg: bytes) -> bytes:
    """The picture, and with the wand in hand what it would fill."""
    if chosen == brush_tools.FILL:
        return wand_panel.show(source, picture_jpeg, _fit(source.size_px), tool.layer)
    return picture_jpeg


def _fit(size_image_px: tuple[int, int]) -> tuple[int, int]:
    """The largest canvas of the picture's shape within MAX_CANVAS_PX; a small picture is enlarged."""
    scale = min(limit / side for limit, side in zip(MAX_CANVAS_PX, size_image_px, strict=True))
    return round(size_image_px[0] * scale), round(size_image_px[1] * scale)
