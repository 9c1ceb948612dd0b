"""The points of a trajectory: clicked or typed one by one, in a table of numbers, nudged by keys."""

from collections.abc import Callable

import streamlit as st

from components import session
from components.canvas.shape_fields import BY_NUMBERS
from studio.drawing.arrays import SizePx
from studio.drawing.frames import CanvasFrame
from studio.drawing.layers import newest_path, with_path
from studio.drawing.model import Drawing, Layer, PointCanvasPx, PointsCanvasPx
from studio.drawing.path_editing import control_points, nudged, with_controls

Change = Callable[[PointsCanvasPx], PointsCanvasPx]

# Alt with an arrow: arrows alone belong to sliders, tables and text.
_ARROWS = (
    ("Left", ":material/arrow_back:", -1, 0),
    ("Up", ":material/arrow_upward:", 0, -1),
    ("Down", ":material/arrow_downward:", 0, 1),
    ("Right", ":material/arrow_forward:", 1, 0),
)
_STEPS_OF_THE_WIDTH = 100


def drawing_in_hand(size_canvas_px: SizePx) -> Drawing:
    """The drawing of the session, or an empty one."""
    drawing = session.current().drawing
    return drawing or Drawing(canvas_width_px=size_canvas_px[0], canvas_height_px=size_canvas_px[1])


def show_numbers(layer: Layer, size_canvas_px: SizePx, size_image_px: SizePx) -> None:
    """Show the fields for the next point; a click on the picture adds one as well."""
    with st.expander(BY_NUMBERS, icon=":material/123:"):
        st.caption(
            f"Pixels of the picture, {size_image_px[0]} × {size_image_px[1]}, from its left top corner."
        )
        with st.container(horizontal=True):
            for axis, most in zip("xy", size_image_px, strict=True):
                st.number_input(axis, 0, most - 1, most // 2, key=f"point-{axis}", width=120)
        st.button(
            "Add this point",
            icon=":material/add:",
            on_click=_append_typed,
            args=(layer, size_canvas_px, size_image_px),
        )


def show_restart(layer: Layer, size_canvas_px: SizePx) -> None:
    """Show the button that begins the trajectory again."""
    if newest_path(drawing_in_hand(size_canvas_px), layer):
        st.button(
            "Start again", icon=":material/restart_alt:", type="tertiary", on_click=_forget, args=(layer,)
        )


def append(layer: Layer, size_canvas_px: SizePx, point: PointCanvasPx) -> None:
    """Add a point at the end of the trajectory."""
    drawing = drawing_in_hand(size_canvas_px)
    session.redraw(with_path(drawing, layer, (*newest_path(drawing, layer), point)))


def show_nudge(layer: Layer, points: PointsCanvasPx, size_canvas_px: SizePx, size_image_px: SizePx) -> None:
    """Show arrows that move the trajectory or one of its points by a hundredth of the picture's width."""
    names = ("Whole path", *(f"Point {n}" for n in range(1, len(control_points(points)) + 1)))
    key = f"nudge-{layer.value}-{len(names)}"
    st.selectbox("Move", range(len(names)), format_func=names.__getitem__, key=key, width=140)
    frame = CanvasFrame(canvas_size_px=size_canvas_px, image_size_px=size_image_px)
    step = max(1, round(size_image_px[0] / _STEPS_OF_THE_WIDTH)) * frame.canvas_px_per_image_px[0]
    with st.container(horizontal=True, gap="xsmall", width="content"):
        for arrow, icon, right, down in _ARROWS:
            st.button(
                f"{arrow}",
                icon=icon,
                key=f"nudge-{arrow}",
                shortcut=f"Alt+{arrow}",
                on_click=_nudge,
                args=(layer, key, right * step, down * step),
            )


def show_table(layer: Layer, points: PointsCanvasPx, size_canvas_px: SizePx, size_image_px: SizePx) -> None:
    """Show the control points as numbers that can be typed over."""
    frame = CanvasFrame(canvas_size_px=size_canvas_px, image_size_px=size_image_px)
    pixels = [frame.pixel(point) for point in control_points(points)]
    key = f"path-table-{layer.value}-{session.current().canvas_revision}-{len(points)}"
    numbers = st.expander(
        "Points in numbers", icon=":material/table:", key="points-in-numbers", on_change="rerun"
    )
    numbers.caption(
        "Pixels of the picture, from its left top corner. The stretch between two points goes along."
    )
    if numbers.open:  # for a table Streamlit loads pandas and Arrow, 70 MB
        numbers.data_editor(
            {
                "Point": list(range(1, len(pixels) + 1)),
                "x": [x for x, _ in pixels],
                "y": [y for _, y in pixels],
            },
            disabled=["Point"],
            hide_index=True,
            key=key,
            on_change=_retype,
            args=(layer, key, frame),
            width=320,
        )


def _append_typed(layer: Layer, size_canvas_px: SizePx, size_image_px: SizePx) -> None:
    frame = CanvasFrame(canvas_size_px=size_canvas_px, image_size_px=size_image_px)
    pixel = session.get("point-x"), session.get("point-y")
    append(layer, size_canvas_px, frame.middle_canvas_px(pixel))


def _forget(layer: Layer) -> None:
    drawing = session.current().drawing
    if drawing is not None:
        session.redraw(with_path(drawing, layer, ()))


def _nudge(layer: Layer, key: str, right_px: float, down_px: float) -> None:
    drawing = session.current().drawing
    which = session.get(key)
    if drawing is not None:
        points = newest_path(drawing, layer)
        session.redraw(
            with_path(drawing, layer, nudged(points, which - 1 if which else None, right_px, down_px))
        )


def _retype(layer: Layer, key: str, frame: CanvasFrame) -> None:
    """Move the control points to the pixels that were typed."""
    drawing = session.current().drawing
    if drawing is None:
        return
    points = newest_path(drawing, layer)
    controls = list(control_points(points))
    for row, typed in session.get(key)["edited_rows"].items():
        controls[int(row)] = frame.retyped(controls[int(row)], typed.get("x"), typed.get("y"))
    session.redraw(with_path(drawing, layer, with_controls(points, tuple(controls))))
