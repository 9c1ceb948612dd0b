"""Fill by colour: a point, its tolerance, the outline on the picture, and the button that fills."""

import streamlit as st

from components import layer_colours, session
from components.canvas.path_points import drawing_in_hand
from components.canvas.shape_fields import BY_NUMBERS
from studio.drawing.arrays import SizePx
from studio.drawing.colour_fill import WORKING_SIDE_PX, ColourFill, fill_mask, fill_preview_jpeg, fill_strokes
from studio.drawing.frames import CanvasFrame
from studio.drawing.layers import with_strokes
from studio.drawing.model import Layer, PointCanvasPx, Stroke
from studio.drawing.rasterise import mask_image_px
from studio.pictures.source_image import SourceImage

_X, _Y = "wand-x", "wand-y"


def show(source: SourceImage, picture_jpeg: bytes, size_canvas_px: SizePx, layer: Layer) -> bytes:
    """Show the wand's sliders and its button; returns the picture with the area that would be filled."""
    wand = _wand()
    strokes = _strokes_to_fill(source, size_canvas_px, layer, wand)
    st.button(
        f"Fill {layer.label}",
        type=layer_colours.main_button(),
        icon=":material/format_color_fill:",
        disabled=not strokes,
        on_click=_fill,
        args=(strokes, size_canvas_px),
    )
    if not strokes:
        return picture_jpeg
    mask = mask_image_px(strokes, size_canvas_px, size_canvas_px)
    return fill_preview_jpeg(picture_jpeg, mask, layer_colours.RGB[layer])


def show_numbers(size_image_px: SizePx) -> None:
    """Show the point as two numbers."""
    with st.expander(BY_NUMBERS, icon=":material/123:"):
        st.caption("Where the colour is taken, in pixels of the picture. A click on it does the same.")
        with st.container(horizontal=True):
            for key, axis, most in ((_X, "x", size_image_px[0]), (_Y, "y", size_image_px[1])):
                st.number_input(axis, 0, most - 1, None, key=key, width=120)


def take_click(mark: PointCanvasPx, size_canvas_px: SizePx, size_image_px: SizePx) -> None:
    """Take the colour under a click as the one to fill; to be called before the numbers are shown."""
    frame = CanvasFrame(canvas_size_px=size_canvas_px, image_size_px=size_image_px)
    for key, at, most in zip((_X, _Y), frame.pixel(mark), size_image_px, strict=True):
        session.put(key, min(max(at, 0), most - 1))


def _wand() -> ColourFill:
    tolerance = st.slider("Tolerance", 1, 80, 18, key="wand-tolerance", persist_state="session", width=150)
    grow = st.slider("Shrink or grow", -15, 15, 0, key="wand-grow", persist_state="session", width=150)
    smooth = st.slider("Smooth", 0, 15, 3, key="wand-smooth", persist_state="session", width=150)
    return ColourFill(tolerance=tolerance, grow_px=grow, smooth_px=smooth)


def _strokes_to_fill(
    source: SourceImage, size_canvas_px: SizePx, layer: Layer, wand: ColourFill
) -> tuple[Stroke, ...]:
    """Strokes that Fill would add; none without a point."""
    x, y = session.get(_X), session.get(_Y)
    if x is None or y is None:
        return ()
    working = source.display_jpeg(WORKING_SIDE_PX, WORKING_SIDE_PX)
    seed = ((x + 0.5) / source.width_px, (y + 0.5) / source.height_px)
    return fill_strokes(fill_mask(working, seed, wand), layer, size_canvas_px)


def _fill(strokes: tuple[Stroke, ...], size_canvas_px: SizePx) -> None:
    session.redraw(with_strokes(drawing_in_hand(size_canvas_px), *strokes))
    session.put(_X, None)
    session.put(_Y, None)
