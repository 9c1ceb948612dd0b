"""A trajectory by points, as a preset or bent instead of by a free hand, and the changes to one."""

import streamlit as st

from components import session
from components.canvas import path_handles, path_points
from studio.drawing.layers import middle_canvas_px, newest_path, with_path
from studio.drawing.model import Drawing, Layer, Speed
from studio.drawing.path_editing import reversed_path, smoothed_path
from studio.drawing.path_presets import DEFAULT_BEND, PathShape, Preset, preset_points

DRAW, POINTS, PRESET, BEND = "Draw", "Click points", "Preset", "Bend"
_WAY = "path-how"
_ICONS = {
    Preset.LINE: ":material/trending_flat:",
    Preset.ARC: ":material/redo:",
    Preset.CIRCLE: ":material/refresh:",
    Preset.WAVE: ":material/airwave:",
    Preset.ZOOM_OUT: ":material/zoom_in_map:",
}
_SPEEDS = {
    Speed.EVEN: "Even",
    Speed.EASE_IN: "Starts slowly",
    Speed.EASE_OUT: "Ends slowly",
    Speed.EASE_IN_OUT: "Starts and ends slowly",
}


def show_ways(layer: Layer, size_canvas_px: tuple[int, int]) -> str:
    """Show the ways to make a trajectory; returns the canvas's mode for the chosen one."""
    way = st.segmented_control(
        "How",
        (DRAW, POINTS, PRESET, BEND),
        default=DRAW,
        key=_WAY,
        required=True,
        persist_state="session",
        label_visibility="collapsed",
    )
    if way == POINTS:
        path_points.show_restart(layer, size_canvas_px)
    elif way == PRESET:
        _presets(layer, size_canvas_px)
    return "point" if way == POINTS else "freedraw"


def is_bending() -> bool:
    """Whether the path is changed by its handles."""
    return bool(session.get(_WAY) == BEND)


def is_clicking() -> bool:
    """Whether the path is made of clicked points."""
    return bool(session.get(_WAY) == POINTS)


def show_changes(drawing: Drawing, layer: Layer, size_image_px: tuple[int, int]) -> None:
    """Show reverse, smooth, speed, move, bend and the points in numbers; nothing without a trajectory."""
    points = newest_path(drawing, layer)
    if len(points) < 2:
        return
    if is_bending():
        path_handles.show(layer, points, drawing.canvas_size_px)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button("Reverse", icon=":material/swap_horiz:", on_click=_change, args=(layer, reversed_path))
        st.button("Smooth", icon=":material/gesture:", on_click=_change, args=(layer, smoothed_path))
        _speed(drawing, layer)
        path_points.show_nudge(layer, points, drawing.canvas_size_px, size_image_px)
    path_points.show_table(layer, points, drawing.canvas_size_px, size_image_px)


def _change(layer: Layer, change: "path_points.Change") -> None:
    drawing = session.current().drawing
    if drawing is not None:
        session.redraw(with_path(drawing, layer, change(newest_path(drawing, layer))))


def _speed(drawing: Drawing, layer: Layer) -> None:
    speed = st.selectbox(
        "Speed",
        tuple(Speed),
        index=tuple(Speed).index(drawing.speed(layer)),
        key=f"path-speed-{layer.value}-{drawing.speed(layer).name}",
        format_func=_SPEEDS.__getitem__,
        width=190,
    )
    if speed is not None and speed is not drawing.speed(layer):
        session.current().drawing = drawing.with_speed(layer, speed)
        st.rerun()


def _presets(layer: Layer, size_canvas_px: tuple[int, int]) -> None:
    """Show the shapes, and the sliders of the chosen one."""
    preset = st.pills(
        "Preset",
        tuple(Preset),
        key=f"path-preset-{layer.value}",
        format_func=lambda each: f"{_ICONS[each]} {each}",
        on_change=_take_preset,
        args=(layer, size_canvas_px),
        label_visibility="collapsed",
    )
    if preset is None:
        return
    for name, label, least, most, start, unit in _sliders(Preset(preset)):
        key = f"path-{name}-{layer.value}"
        if session.get(key) is None:
            session.put(key, start)
        st.slider(
            label,
            least,
            most,
            format=f"%d{unit}",
            key=key,
            on_change=_put_preset,
            args=(layer, size_canvas_px),
            width=150,
        )


def _sliders(preset: Preset) -> tuple[tuple[str, str, int, int, int, str], ...]:
    """(name, label, least, most, initial value, unit) of each slider."""
    direction = ("direction", "Direction", -180, 180, 0, "°")
    length = ("length", "Length", 2, 150, 25, " %%")
    bend = ("bend", "Bend", -100, 100, round(DEFAULT_BEND[preset] * 100), " %%")
    return (length, bend) if preset is Preset.ZOOM_OUT else (direction, length, bend)


def _take_preset(layer: Layer, size_canvas_px: tuple[int, int]) -> None:
    """Begin a preset with the bend that its name promises; the other sliders stay."""
    preset = session.get(f"path-preset-{layer.value}")
    if preset is not None:
        session.put(f"path-bend-{layer.value}", round(DEFAULT_BEND[Preset(preset)] * 100))
        _put_preset(layer, size_canvas_px)


def _put_preset(layer: Layer, size_canvas_px: tuple[int, int]) -> None:
    """Put the trajectory that the sliders describe, from the middle of the layer's paint."""
    drawing = path_points.drawing_in_hand(size_canvas_px)
    start = middle_canvas_px(drawing, layer)
    points = preset_points(_shape(layer, size_canvas_px), start, size_canvas_px)
    session.redraw(with_path(drawing, layer, points))


def _shape(layer: Layer, size_canvas_px: tuple[int, int]) -> PathShape:
    preset = Preset(session.get(f"path-preset-{layer.value}"))
    given = {name: session.get(f"path-{name}-{layer.value}") for name in ("direction", "length", "bend")}
    length = 25 if given["length"] is None else given["length"]
    return PathShape(
        preset=preset,
        direction_deg=float(given["direction"] or 0),
        length_canvas_px=length / 100 * size_canvas_px[0],
        bend=float(given["bend"] or 0) / 100,
    )
