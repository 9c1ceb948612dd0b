"""Regions given by numbers instead of by the mouse."""

import math

from studio.drawing.model import Layer, PointCanvasPx, Stroke, StrokeKind

_CORNERS_OF_AN_ELLIPSE = 72


def rectangle(layer: Layer, left: float, top: float, width: float, height: float) -> Stroke:
    """A filled rectangle, in canvas pixels."""
    right, bottom = left + width, top + height
    return _area(layer, ((left, top), (right, top), (right, bottom), (left, bottom)))


def ellipse(layer: Layer, left: float, top: float, width: float, height: float) -> Stroke:
    """The filled ellipse that touches the sides of this rectangle, in canvas pixels."""
    middle_x, middle_y = left + width / 2, top + height / 2
    angles = [math.tau * corner / _CORNERS_OF_AN_ELLIPSE for corner in range(_CORNERS_OF_AN_ELLIPSE)]
    return _area(
        layer,
        tuple((middle_x + width / 2 * math.cos(a), middle_y + height / 2 * math.sin(a)) for a in angles),
    )


def _area(layer: Layer, outline: tuple[PointCanvasPx, ...]) -> Stroke:
    return Stroke(layer=layer, kind=StrokeKind.AREA, points_canvas_px=outline, width_canvas_px=0)
