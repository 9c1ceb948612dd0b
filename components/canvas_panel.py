"""The picture: chosen first, then painted on."""

import streamlit as st

from components import brush_canvas, brush_tools, image_picker, layer_list, session
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
    tool = brush_tools.show()
    st.caption(brush_tools.hint(tool))  # the canvas's own toolbar floats over the right end of this line
    size_canvas_px = _fit(source.size_px)
    drawing = brush_canvas.show(source.display_jpeg(*MAX_CANVAS_PX), size_canvas_px, tool)
    session.current().drawing = drawing
    layer_list.show(drawing)
    return drawing


def _fit(size_image_px: tuple[int, int]) -> tuple[int, int]:
    """The largest canvas of the picture's shape within MAX_CANVAS_PX; a small picture is enlarged."""
    scale = min(limit / side for limit, side in zip(MAX_CANVAS_PX, size_image_px, strict=True))
    return round(size_image_px[0] * scale), round(size_image_px[1] * scale)
