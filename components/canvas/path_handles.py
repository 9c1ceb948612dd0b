"""Bend a trajectory by handles on the picture.

The canvas has no tool for it: its edit mode is turned on by its own toolbar only, and makes every painted
region movable too. So the handles are laid over it, in its own shadow root. Where that finds no canvas, there
are no handles, and the points are moved by the arrows and the table.
"""

import math
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from components import layer_colours, session
from studio.drawing.layers import newest_path, with_path
from studio.drawing.model import Layer, PointCanvasPx
from studio.drawing.path_editing import control_points, with_controls

_WIDGET = "path-handles"
_handles = st.components.v2.component(
    "motion_studio_path_handles", js=Path(__file__).with_suffix(".js").read_text("utf-8")
)


def show(layer: Layer, points: tuple[PointCanvasPx, ...], size_canvas_px: tuple[int, int]) -> None:
    """Show a handle on each control point; a dragged one takes the points beside it along."""
    data = {
        "size": size_canvas_px,
        "points": control_points(points),
        "colour": layer_colours.HEX[layer],
        "revision": session.current().canvas_revision,
    }
    _handles(key=_WIDGET, data=data, height="content", on_moved_change=partial(_bend, layer))


def _bend(layer: Layer) -> None:
    """Pull the path to the new places of its control points; a message about another path is ignored."""
    drawing, moved = session.current().drawing, _points(session.get(_WIDGET)["moved"])
    points = newest_path(drawing, layer) if drawing else ()
    if drawing is not None and len(moved) == len(control_points(points)):
        session.redraw(with_path(drawing, layer, with_controls(points, moved)))


def _points(sent: Any) -> tuple[PointCanvasPx, ...]:  # noqa: ANN401 — whatever the browser sends
    """Pairs of finite numbers; empty when the browser sent anything else."""
    try:
        points = tuple((float(x), float(y)) for x, y in sent)
    except (TypeError, ValueError):
        return ()
    return points if all(math.isfinite(value) for point in points for value in point) else ()
