"""Geometry of one Fabric 7 object: its points on the canvas and the shape of its pen, every edit applied.

Fabric keeps an object as first drawn, about its own middle, and beside it where the middle is (`left`, `top`
and the origin) and how it was turned, flipped, scaled and skewed; a group around it has the same edits.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from studio.drawing.arrays import Floats

Fabric = dict[str, Any]

CURVE_WITHIN_CANVAS_PX = 0.01
"""Curves are cut into straight pieces that leave them by no more than this."""
_FLAT = 1e-9


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Position of an object: a point p about its middle comes to matrix · p + middle, in canvas pixels."""

    matrix: Floats  # 2×2
    middle: Floats

    def applied_to(self, points: Floats) -> Floats:
        """Return points about the middle as points on the canvas."""
        placed: Floats = points @ self.matrix.T + self.middle
        return placed


CANVAS = Placement(matrix=np.eye(2), middle=np.zeros(2))


def placement_of(item: Fabric, within: Placement = CANVAS) -> Placement:
    """Placement of an object in its group, or on the canvas."""
    return Placement(matrix=within.matrix @ _matrix(item), middle=within.applied_to(_middle_in_group(item)))


def pen_matrix(item: Fabric, placement: Placement) -> Floats:
    """Transform of the pen's round tip: that of the points, without the scale of a uniform line."""
    if not item.get("strokeUniform"):
        return placement.matrix
    uniform: Floats = placement.matrix @ np.diag(1 / np.maximum(np.abs(_scale(item)), _FLAT))
    return uniform


def points_about_middle(item: Fabric) -> Floats | None:
    """The object's points as first drawn, about its own middle; None for a type that is never drawn."""
    match item.get("type"):
        case "Path" if item.get("fill") is None:
            return _path(item["path"])
        case "Polygon":
            points = np.array([(p["x"], p["y"]) for p in item["points"]], np.float64)
            return _about_middle(points, points)
        case "Rect":
            half = np.array([item["width"], item["height"]], np.float64) / 2
            return np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * half
        case "Circle":
            return _circle(float(item["radius"]))
        case "Line":
            return np.array([(item["x1"], item["y1"]), (item["x2"], item["y2"])], np.float64)
        case _:
            return None


def butt_line(ends: Floats, width: float) -> Floats:
    """The four corners of a straight line with flat ends."""
    along = ends[1] - ends[0]
    out = np.array([along[1], -along[0]]) * (width / 2 / max(float(np.hypot(*along)), _FLAT))
    return np.array([ends[0] + out, ends[1] + out, ends[1] - out, ends[0] - out])


def _matrix(item: Fabric) -> Floats:
    """Rotation · flip · scale · skew, 2×2, as Fabric composes them."""
    angle = math.radians(item.get("angle", 0))
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    flip = np.diag([-1 if item.get("flipX") else 1, -1 if item.get("flipY") else 1])
    matrix: Floats = turn @ flip @ _scale_and_skew(item)
    return matrix


def _scale_and_skew(item: Fabric) -> Floats:
    skew_x = np.array([[1, math.tan(math.radians(item.get("skewX", 0)))], [0, 1]])
    skew_y = np.array([[1, 0], [math.tan(math.radians(item.get("skewY", 0))), 1]])
    both: Floats = np.diag(_scale(item)) @ skew_x @ skew_y
    return both


def _scale(item: Fabric) -> Floats:
    return np.array([item.get("scaleX", 1), item.get("scaleY", 1)], np.float64)


_BEFORE_MIDDLE = {"left": 0.5, "top": 0.5, "center": 0.0, "right": -0.5, "bottom": -0.5}


def _middle_in_group(item: Fabric) -> Floats:
    """`left` and `top` name the middle, or a side of the box around the line, before the turn."""
    origin = [_BEFORE_MIDDLE[item.get(axis, "center")] for axis in ("originX", "originY")]
    anchor = np.array([item["left"], item["top"]], np.float64)
    if origin == [0.0, 0.0]:
        return anchor
    unturned = _matrix({"angle": item.get("angle", 0)})
    middle: Floats = anchor + unturned @ (np.array(origin) * _outer_size(item))
    return middle


def _outer_size(item: Fabric) -> Floats:
    """Width and height of the box that Fabric takes an object with its line to fill."""
    line, uniform = float(item.get("strokeWidth", 0)), bool(item.get("strokeUniform"))
    size = np.array([item["width"], item["height"]], np.float64) + (0.0 if uniform else line)
    box: Floats = np.abs(_scale_and_skew(item) @ (np.array([(1, 1), (-1, 1)]) * size).T).max(axis=1)
    return box + (line if uniform else 0.0)


def _circle(radius: float) -> Floats:
    count = max(12, math.ceil(math.pi / math.acos(1 - min(CURVE_WITHIN_CANVAS_PX / max(radius, _FLAT), 0.1))))
    angle = np.linspace(0, 2 * math.pi, count, endpoint=False)
    return radius * np.stack((np.cos(angle), np.sin(angle)), axis=1)


def _path(commands: list[list[Any]]) -> Floats:
    """M, L and Q commands as a polyline about the middle of the box that Fabric finds for them."""
    points, bounds = [np.empty((0, 2))], []
    here = np.zeros(2)
    for name, *numbers in commands:
        at = np.array(numbers, np.float64).reshape(-1, 2)
        if name == "Q":
            bounds.append(_fabric_bounds(here, *at))
            points.append(_quadratic(here, *at))
        else:
            points.append(at)
        here = at[-1]
        bounds.append(here[None])
    return _about_middle(np.concatenate(points), np.concatenate(bounds))


def _about_middle(points: Floats, bounds: Floats) -> Floats:
    """The points from the middle of the box around those that bound them."""
    moved: Floats = points - (bounds.min(axis=0) + bounds.max(axis=0)) / 2
    return moved


def _quadratic(start: Floats, control: Floats, end: Floats) -> Floats:
    """A quadratic Bézier curve without its first point."""
    bend = float(np.hypot(*(start - 2 * control + end))) / 4
    t = np.linspace(0, 1, 1 + max(1, math.ceil(math.sqrt(bend / CURVE_WITHIN_CANVAS_PX))))[1:, None]
    curve: Floats = (1 - t) ** 2 * start + 2 * t * (1 - t) * control + t * t * end
    return curve


def _fabric_bounds(start: Floats, control: Floats, end: Floats) -> Floats:
    """The extreme points by which Fabric bounds a quadratic curve.

    It takes it for the cubic with this control point twice, which bends further: its middle is another one.
    """
    first, last = control - start, end - control
    turning = first * last < 0
    t = (1 / (1 + np.sqrt(-last[turning] / first[turning])))[:, None]
    extremes: Floats = (1 - t) ** 3 * start + 3 * t * (1 - t) * control + t**3 * end
    return extremes
