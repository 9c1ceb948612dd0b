"""Describe a path by its shape (straight, an arc, a circle, there and back, a zigzag) and by its direction.

Judged on the path as drawn, at equal steps along it. Lengths are shares of the picture, so that the same
drawing is described alike at every size.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from studio.drawing.arrays import Floats, SizePx
from studio.drawing.model import PointsCanvasPx

STEPS = 64
_MOVES_FROM = 1e-3  # of the picture's width
_RETURNS_WITHIN = 0.25  # of its farthest point: a path that ends so near its start comes back
_ROUND_FROM = 0.35  # of the area that a circle of the same length has
_WAVERS_FROM = 0.08  # of the chord: how far a swing leads aside
_BENT_FROM = 0.15  # of the chord: how far an arc leads aside
_SHARP_FROM_DEG = 50.0
_GOES_BACK_FROM = 0.3  # of its farthest point: a smaller step back is a trembling hand


class Shape(StrEnum):
    """The shape of a path."""

    NONE = "none"
    """It does not lead anywhere: one point, or the same point again."""
    STRAIGHT = "straight"
    ARC = "arc"
    """To one side of the straight line to its end."""
    WAVES = "waves"
    """To both sides of it, softly."""
    ZIGZAG = "zigzag"
    """To both sides of it, with sharp corners."""
    CIRCLE = "circle"
    """Round, back to its start."""
    RETURN = "return"
    """Once out and back."""
    BACK_AND_FORTH = "back and forth"
    """Out and back more than once, wherever it ends."""


@dataclass(frozen=True, kw_only=True)
class PathMotion:
    """A path in a few facts.

    Attributes:
        shape: see Shape.
        direction_deg: to its end, or to its farthest point where it comes back; 0 is to the right, 90 up.
        extent: how far it leads in that direction, as a share of the picture in that direction.
        length_of_width: along the path, as a share of the picture's width.
        is_clockwise: of a circle, as one sees it on the picture.
    """

    shape: Shape
    direction_deg: float = 0.0
    extent: float = 0.0
    length_of_width: float = 0.0
    is_clockwise: bool = False


def path_motion(points: PointsCanvasPx, canvas_size_px: SizePx) -> PathMotion:
    """Describe a path; one without any length has the shape NONE."""
    path = np.array(points, np.float64).reshape(-1, 2)
    length = float(np.hypot(*np.diff(path, axis=0).T).sum())
    if length < _MOVES_FROM * canvas_size_px[0]:
        return PathMotion(shape=Shape.NONE)
    steps = _even(path)
    shape = _shape(steps, length)
    away = np.hypot(*(steps - steps[0]).T)
    comes_back = shape in {Shape.CIRCLE, Shape.RETURN, Shape.BACK_AND_FORTH}
    x, y = steps[int(away.argmax()) if comes_back else -1] - steps[0]
    return PathMotion(
        shape=shape,
        direction_deg=math.degrees(math.atan2(-y, x)),
        extent=math.hypot(x, y) / _across_px(float(x), float(y), canvas_size_px),
        length_of_width=length / canvas_size_px[0],
        is_clockwise=_area(steps) > 0,
    )


def _shape(steps: Floats, length: float) -> Shape:
    away = np.hypot(*(steps - steps[0]).T)
    farthest, chord = float(away.max()), float(away[-1])
    if chord < _RETURNS_WITHIN * farthest and abs(_area(steps)) > _ROUND_FROM * length**2 / (4 * math.pi):
        return Shape.CIRCLE
    turns_back = _turns_back(steps)
    if turns_back > 1:
        return Shape.BACK_AND_FORTH
    if turns_back == 1 and chord < farthest / 2:
        return Shape.RETURN
    return _shape_ahead(steps, chord)


def _shape_ahead(steps: Floats, chord: float) -> Shape:
    """Of a path that goes on towards its end."""
    aside = _aside(steps) / chord
    if min(aside.max(), -aside.min()) > _WAVERS_FROM:
        return Shape.ZIGZAG if _sharpest_turn_deg(steps) > _SHARP_FROM_DEG else Shape.WAVES
    return Shape.ARC if np.abs(aside).max() > _BENT_FROM else Shape.STRAIGHT


def _turns_back(steps: Floats) -> int:
    """How often it turns back, seen along the line to its farthest point; trembling does not count."""
    offsets = steps - steps[0]
    away = np.hypot(*offsets.T)
    ahead = offsets @ (offsets[int(away.argmax())] / away.max()) / away.max()
    count, rising, extreme = 0, True, 0.0
    for at in ahead.tolist():
        if (at > extreme) if rising else (at < extreme):
            extreme = at
        elif abs(at - extreme) > _GOES_BACK_FROM:
            count, rising, extreme = count + 1, not rising, at
    return count


def _aside(steps: Floats) -> Floats:
    """How far each step lies beside the straight line from start to end, to the right positive."""
    along = steps[-1] - steps[0]
    offsets = steps - steps[0]
    return np.asarray((along[0] * offsets[:, 1] - along[1] * offsets[:, 0]) / np.hypot(*along))


def _sharpest_turn_deg(steps: Floats) -> float:
    stretches = np.diff(steps, axis=0)
    headings = stretches[:, 0] + 1j * stretches[:, 1]
    return float(np.abs(np.angle(headings[1:] * np.conj(headings[:-1]), deg=True)).max())


def _area(steps: Floats) -> float:
    """The signed area of the closed path; positive is clockwise, since y points down."""
    x, y = (steps - steps[0]).T
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)


def _across_px(x: float, y: float, canvas_size_px: SizePx) -> float:
    """How long the picture is in the direction of x, y."""
    length = math.hypot(x, y) or 1.0
    return min(
        side / max(abs(part) / length, 1e-9) for side, part in zip(canvas_size_px, (x, y), strict=True)
    )


def _even(path: Floats) -> Floats:
    """Points at equal steps along the path."""
    at = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))))
    wanted = np.linspace(0, at[-1], STEPS + 1)
    return np.stack([np.interp(wanted, at, path[:, axis]) for axis in (0, 1)], axis=1)
