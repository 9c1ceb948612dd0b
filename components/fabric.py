"""Fabric 7's JSON and our strokes: the only file that knows the canvas's own format.

A stroke's colour names its layer and kind: opaque is a path, translucent a region.
Paths and points stay as first drawn; moving, scaling and rotating are noted beside them.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from components import palette
from studio.drawing import Drawing, Layer, Stroke, StrokeKind

Fabric = dict[str, Any]
Points = NDArray[np.float64]

# Curves are cut into straight pieces of about this length.
FLATTEN_STEP_CANVAS_PX = 2.0


def colour_of(layer: Layer, kind: StrokeKind) -> str:
    """The stroke colour that carries layer and kind through the canvas."""
    return palette.HEX[layer] + ("" if kind is StrokeKind.PATH else palette.REGION_ALPHA)


_LAYER_OF = {hex_colour: layer for layer, hex_colour in palette.HEX.items()}


def to_stroke(item: Fabric) -> Stroke | None:
    """One Fabric 7 object as a stroke; None for what is not of this app (an open polygon's preview)."""
    colour = str(item.get("stroke", ""))
    layer = _LAYER_OF.get(colour[:7])
    outline = _outline_canvas_px(item)
    if layer is None or outline is None or not np.isfinite(outline).all():
        return None
    freehand = item["type"] == "Path"
    kind = StrokeKind.AREA if not freehand else StrokeKind.PATH if len(colour) == 7 else StrokeKind.BRUSH
    return Stroke(
        layer=layer,
        kind=kind,
        points_canvas_px=tuple((float(x), float(y)) for x, y in outline),
        width_canvas_px=float(item.get("strokeWidth", 0)) * _stroke_scale(item),
    )


def _outline_canvas_px(item: Fabric) -> Points | None:
    """The object's points on the canvas, its edits (move, scale, rotate, flip, skew) applied."""
    match item.get("type"):
        case "Path" if item.get("fill") is None:
            points = _flatten(item["path"])
            return _transformed(item, points, _middle(points))
        case "Polygon":
            points = np.array([(p["x"], p["y"]) for p in item["points"]], dtype=np.float64)
            return _transformed(item, points, _middle(points))
        case "Rect":
            width, height = float(item["width"]), float(item["height"])
            corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float64)
            return _transformed(item, corners, np.array([width / 2, height / 2]))
        case _:
            return None


def _middle(points: Points) -> Points:
    middle: Points = (points.min(axis=0) + points.max(axis=0)) / 2
    return middle


def _transformed(item: Fabric, points: Points, pivot: Points) -> Points:
    """Applies the edits about the pivot, the middle of the object's own bounding box."""
    matrix = _matrix(item)
    moved: Points = (points - pivot) @ matrix.T + _centre_canvas_px(item)
    return moved


def _matrix(item: Fabric) -> Points:
    """Rotation · flip · scale · skew, 2×2, as Fabric composes them."""
    scale = np.diag(
        [
            item.get("scaleX", 1) * (-1 if item.get("flipX") else 1),
            item.get("scaleY", 1) * (-1 if item.get("flipY") else 1),
        ]
    )
    skew_x = np.array([[1, math.tan(math.radians(item.get("skewX", 0)))], [0, 1]])
    skew_y = np.array([[1, 0], [math.tan(math.radians(item.get("skewY", 0))), 1]])
    matrix: Points = _rotation(item) @ scale @ skew_x @ skew_y
    return matrix


def _rotation(item: Fabric) -> Points:
    angle = math.radians(item.get("angle", 0))
    return np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])


def _centre_canvas_px(item: Fabric) -> Points:
    """Where the object's middle is: `left`/`top` name it, or the outer corner of the stroke."""
    anchor = np.array([item["left"], item["top"]], dtype=np.float64)
    if item.get("originX") == "center":
        return anchor
    stroke = float(item.get("strokeWidth", 0))
    scale = np.array([item.get("scaleX", 1), item.get("scaleY", 1)], dtype=np.float64)
    size = np.array([item["width"], item["height"]], dtype=np.float64)
    outer = size * scale + stroke if item.get("strokeUniform") else (size + stroke) * scale
    centre: Points = anchor + _rotation(item) @ (outer / 2)
    return centre


def _stroke_scale(item: Fabric) -> float:
    if item.get("strokeUniform"):
        return 1.0
    return math.sqrt(abs(item.get("scaleX", 1) * item.get("scaleY", 1)))


def _flatten(commands: list[list[Any]]) -> Points:
    """M, L and Q commands as a polyline."""
    points: list[tuple[float, float]] = []
    for name, *numbers in commands:
        if name == "Q":
            points += _quadratic(points[-1], (numbers[0], numbers[1]), (numbers[2], numbers[3]))
        else:
            points.append((float(numbers[0]), float(numbers[1])))
    return np.array(points, dtype=np.float64)


def _quadratic(
    start: tuple[float, float], control: tuple[float, float], end: tuple[float, float]
) -> list[tuple[float, float]]:
    """A quadratic Bézier curve without its first point."""
    length = math.dist(start, control) + math.dist(control, end)
    steps = max(1, math.ceil(length / FLATTEN_STEP_CANVAS_PX))
    return [
        (
            (1 - t) ** 2 * start[0] + 2 * t * (1 - t) * control[0] + t * t * end[0],
            (1 - t) ** 2 * start[1] + 2 * t * (1 - t) * control[1] + t * t * end[1],
        )
        for t in (i / steps for i in range(1, steps + 1))
    ]


def to_fabric(drawing: Drawing) -> Fabric:
    """A drawing as the canvas's own JSON, to seed a fresh canvas with."""
    return {"version": "7.4.0", "objects": [_item(stroke) for stroke in drawing.strokes]}


def _item(stroke: Stroke) -> Fabric:
    points = np.array(stroke.points_canvas_px, dtype=np.float64)
    left, top = _middle(points)
    width, height = np.ptp(points, axis=0)
    common = {
        "originX": "center",
        "originY": "center",
        "left": float(left),
        "top": float(top),
        "width": float(width),
        "height": float(height),
        "stroke": colour_of(stroke.layer, stroke.kind),
        "strokeWidth": stroke.width_canvas_px,
        "strokeLineCap": "round",
        "strokeLineJoin": "round",
    }
    if stroke.kind is StrokeKind.AREA:
        corners = [{"x": x, "y": y} for x, y in stroke.points_canvas_px]
        return common | {"type": "Polygon", "points": corners, "fill": colour_of(stroke.layer, stroke.kind)}
    first, *rest = stroke.points_canvas_px
    # One point is a dot: a line of no visible length, as the canvas itself draws a click.
    path = [["M", *first], *(["L", *point] for point in rest or [(first[0] + 0.01, first[1])])]
    return common | {"type": "Path", "path": path, "fill": None}
