"""The picture: chosen first, then painted on."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components import session, web_picture
from components.canvas import (
    canvas_styling,
    colour_fill_tool,
    drawing_canvas,
    layer_list,
    path_marks,
    path_tool,
    sharp_picture,
    toolbar,
)
from components.canvas.drawing_canvas import Tool
from components.create import picture_picker
from studio.drawing.model import Drawing
from studio.pictures.source_image import SourceImage
from studio.request.draft import Picture

MAX_CANVAS_PX = (720, 500)


def read() -> tuple[Picture | None, Drawing | None]:
    """Return the picture and the drawing on it, the newest stroke included; shows nothing yet."""
    current = session.current()
    picture = current.pictures.get("picture")
    if picture is None or picture.source is None:
        # what was drawn on the picture before is kept, and can still be told in words
        return picture, current.drawing if picture else None
    size_canvas_px = _fit(picture.source.size_px)
    current.drawing = drawing_canvas.read(size_canvas_px)
    toolbar.take_clicks(current.layer, size_canvas_px, picture.source.size_px)
    return picture, current.drawing


def show(picture: Picture | None, drawing: Drawing | None, tools: DeltaGenerator) -> None:
    """Show the canvas; without a picture, the ways to give one.

    Args:
        picture: the one in hand.
        drawing: what is painted on it.
        tools: the place of the tools and of the layers.
    """
    if picture is None:
        st.subheader("Choose a picture")
        picture_picker.show("picture", "Your photograph", samples=True)
        return
    if picture.source and drawing:
        _paint(picture.source, drawing, tools)
    elif picture.url:
        web_picture.show(picture.url, "The picture at the given address")
    picture_picker.chosen("picture")


def _paint(source: SourceImage, drawing: Drawing, tools: DeltaGenerator) -> None:
    """Show tools and layers at their place, and here the hint, the canvas and the tool's settings."""
    current = session.current()
    picture_jpeg = source.display_jpeg(*MAX_CANVAS_PX)
    with tools:
        chosen = toolbar.choose(current.layer)
        layer_list.show(drawing, picture_jpeg)
    hint_line = st.container(horizontal=True, vertical_alignment="center", key="hint")
    canvas = st.container(key="canvas")
    with st.container(horizontal=True, vertical_alignment="center", key="tool-settings"):
        tool = toolbar.show(chosen, current.layer, drawing.canvas_size_px)
        background = _background(chosen, tool, source, picture_jpeg)
    with hint_line:
        st.text(toolbar.hint(chosen, tool), width="content")
        toolbar.offer_path(chosen, drawing, current.layer)
    with canvas:
        drawing_canvas.show(drawing, background, tool)
        canvas_styling.show(
            source.sha256, drawing.canvas_size_px, _ring_canvas_px(tool), current.canvas_revision
        )
        path_marks.show(drawing, current.hidden_layers)
        if background is picture_jpeg:  # else an outline is drawn on it
            sharp_picture.show(source)
    toolbar.show_numbers(chosen, tool, drawing.canvas_size_px, source.size_px)
    if chosen == toolbar.PATH:
        path_tool.show_changes(drawing, tool.layer, source.size_px)


def _ring_canvas_px(tool: Tool) -> float | None:
    return tool.width_canvas_px if tool.mode == "freedraw" else None


def _background(chosen: str, tool: Tool, source: SourceImage, picture_jpeg: bytes) -> bytes:
    """The picture, and with the wand also the area that it would fill."""
    if chosen == toolbar.FILL:
        return colour_fill_tool.show(source, picture_jpeg, _fit(source.size_px), tool.layer)
    return picture_jpeg


def _fit(size_image_px: tuple[int, int]) -> tuple[int, int]:
    """The largest canvas of the picture's shape within MAX_CANVAS_PX; a small picture is enlarged."""
    scale = min(limit / side for limit, side in zip(MAX_CANVAS_PX, size_image_px, strict=True))
    return max(1, round(size_image_px[0] * scale)), max(1, round(size_image_px[1] * scale))
