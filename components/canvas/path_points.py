"""The points of a trajectory: clicked or typed one by one, in a table of numbers, nudged by keys."""

from collections.abc import Callable

import streamlit as st

from components import session
from components.canvas.shape_fields import BY_NUMBERS
from studio.drawing.layers import newest_path, with_path
from studio.drawing.model import Drawing, Layer, PointCanvasPx
from studio.drawing.path_editing import control_points, nudged, with_controls

Points = tuple[PointCanvasPx, ...]
Change = Callable[[Points], Points]

SizePx = tuple[int, int]
# Alt with an arrow: arrows alone belong to sliders, tables and text.
_ARROWS = (
    ("Left", ":material/arrow_back:", -1, 0),
    ("Up", ":material/arrow_upward:", 0, -1),
    ("Down", ":material/arrow_downward:", 0, 1),
    ("Right", ":material/arrow_forward:", 1, 0),
)
_STEPS_OF_THE_WIDTH = 100


def drawing_in_hand(size_canvas_px: SizePx) -> Drawing:
    """The drawing, or an empty one."""
    own = session.current().drawing
    return own or Drawing(canvas_width_px=size_canvas_px[0], canvas_height_px=size_canvas_px[1])


def show_numbers(layer: Layer, size_canvas_px: SizePx, size_image_px: SizePx) -> None:
    """Types the next point; a click on the picture adds one as well."""
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
    """Begins a trajectory again."""
    if newest_path(drawing_in_hand(size_canvas_px), layer):
        st.button(
            "Start again", icon=":material/restart_alt:", type="tertiary", on_click=_forget, args=(layer,)
        )


def append(layer: Layer, size_canvas_px: SizePx, point: PointCanvasPx) -> None:
    """One more point at the end of the trajectory."""
    drawing = drawing_in_hand(size_canvas_px)
    session.redraw(with_path(drawing, layer, (*newest_path(drawing, layer), point)))


def show_nudge(layer: Layer, points: Points, size_canvas_px: SizePx, size_image_px: SizePx) -> None:
    """Four arrows that move the trajectory or one of its points by a hundredth of the picture's width."""
    names = ("Whole path", *(f"Point {n}" for n in range(1, len(control_points(points)) + 1)))
    key = f"nudge-{layer.value}-{len(names)}"
    st.selectbox("Move", range(len(names)), format_func=names.__getitem__, key=key, width=140)
    step = max(1, round(size_image_px[0] / _STEPS_OF_THE_WIDTH)) * size_canvas_px[0] / size_image_px[0]
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


def show_table(layer: Layer, points: Points, size_canvas_px: SizePx, size_image_px: SizePx) -> None:
    """The control points as numbers that can be typed over."""
    across, down = (image / canvas for image, canvas in zip(size_image_px, size_canvas_px, strict=True))
    controls = control_points(points)
    key = f"path-table-{layer.value}-{session.current().canvas_revision}-{len(points)}"
    with st.expander("Points in numbers", icon=":material/table:"):
        st.caption(
            "Pixels of the picture, from its left top corner. What lies between two points goes along."
        )
        st.data_editor(
            {
                "Point": list(range(1, len(controls) + 1)),
                "x": [round(x * across) for x, _ in controls],
                "y": [round(y * down) for _, y in controls],
            },
            disabled=["Point"],
            hide_index=True,
            key=key,
            on_change=_retype,
            args=(layer, key, 1 / across, 1 / down),
            width=320,
        )


def _append_typed(layer: Layer, size_canvas_px: SizePx, size_image_px: SizePx) -> None:
    # The middle of the pixel that was named.
    x, y = (
        (session.get(f"point-{axis}") + 0.5) * canvas / image
        for axis, canvas, image in zip("xy", size_canvas_px, size_image_px, strict=True)
    )
    append(layer, size_canvas_px, (x, y))


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


def _retype(layer: Layer, key: str, across: float, down: float) -> None:
    """What was typed, in canvas pixels; a number that was not touched keeps its fractions."""
    drawing = session.current().drawing
    if drawing is None:
        return
    points = newest_path(drawing, layer)
    controls = list(control_points(points))
    for row, typed in session.get(key)["edited_rows"].items():
        x, y = controls[int(row)]
        new_x = x if typed.get("x") is None else (typed["x"] + 0.5) * across
        new_y = y if typed.get("y") is None else (typed["y"] + 0.5) * down
        controls[int(row)] = (new_x, new_y)
    session.redraw(with_path(drawing, layer, with_controls(points, tuple(controls))))
