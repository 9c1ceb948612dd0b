"""Fabric 7's JSON and our strokes: with `fabric_geometry`, the only files that know the canvas's own format.

The canvas has no field for a layer or a kind: the stroke's colour names both. Opaque is a path, translucent a
region, nearly white an erasing stroke. A layer with erasing strokes is seeded as one group, in which they cut
holes through their own layer only.
"""

from collections.abc import Iterable

import numpy as np

from components import layer_colours
from components.canvas.fabric_geometry import (
    CANVAS,
    Fabric,
    Placement,
    butt_line,
    pen_matrix,
    placement_of,
    points_about_middle,
)
from studio.drawing.arrays import Floats
from studio.drawing.model import Drawing, Layer, Pen, Stroke, StrokeKind, pulled_pen

MARK_HEX = "#ff00cc"
"""No layer's colour: what the canvas itself marks at a click is no paint."""
_ERASE_ALPHA = "b3"
_ERASE_HEX = {layer: f"#fffff{8 + layer:x}" for layer in Layer}
_LAYER_OF = {hex_colour: layer for layer, hex_colour in layer_colours.HEX.items()}
_ERASED_LAYER_OF = {hex_colour: layer for layer, hex_colour in _ERASE_HEX.items()}
_OPAQUE_LENGTH = len("#rrggbb")


def colour_of(layer: Layer, kind: StrokeKind) -> str:
    """The stroke colour that carries layer and kind through the canvas."""
    if kind is StrokeKind.ERASE:
        return _ERASE_HEX[layer] + _ERASE_ALPHA
    return layer_colours.HEX[layer] + ("" if kind is StrokeKind.PATH else layer_colours.REGION_ALPHA)


def to_strokes(objects: Iterable[Fabric], within: Placement = CANVAS) -> tuple[Stroke, ...]:
    """The canvas's objects as strokes, groups taken apart; objects of other origin are left out."""
    found: list[Stroke] = []
    for item in objects:
        if item.get("type") == "Group":
            found += to_strokes(item["objects"], placement_of(item, within))
        elif (stroke := to_stroke(item, within)) is not None:
            found.append(stroke)
    return tuple(found)


def to_stroke(item: Fabric, within: Placement = CANVAS) -> Stroke | None:
    """One Fabric 7 object as a stroke; None for an object of other origin (an open polygon's preview)."""
    layer, kind = _layer_and_kind(item)
    points = points_about_middle(item)
    if layer is None or kind is None or points is None:
        return None
    placement = placement_of(item, within)
    outline = placement.applied_to(_outline(item, kind, points))
    if not np.isfinite(outline).all():
        return None
    try:
        pen, growth = pulled_pen(*pen_matrix(item, placement).ravel().tolist())
    except ValueError:  # flattened to nothing, as the canvas shows it
        return None
    return Stroke(
        layer=layer,
        kind=kind,
        points_canvas_px=tuple(zip(*outline.T.tolist(), strict=True)),
        width_canvas_px=_width(item, kind) * growth,
        pen=pen,
        mitred=kind is StrokeKind.AREA and item.get("strokeLineJoin", "miter") == "miter",
    )


def _width(item: Fabric, kind: StrokeKind) -> float:
    """The pen's width; a straight line as an area has it in its corners already."""
    if item["type"] == "Line" and kind is StrokeKind.AREA:
        return 0.0
    return float(item.get("strokeWidth", 0))


def _layer_and_kind(item: Fabric) -> tuple[Layer | None, StrokeKind | None]:
    """Layer and kind that an object's colour and type name."""
    colour, freehand = str(item.get("stroke", "")), item.get("type") == "Path"
    base = colour[:_OPAQUE_LENGTH]
    if base in _ERASED_LAYER_OF:
        return _ERASED_LAYER_OF[base], StrokeKind.ERASE if freehand else None
    if len(colour) == _OPAQUE_LENGTH:
        return _LAYER_OF.get(base), StrokeKind.PATH
    return _LAYER_OF.get(base), StrokeKind.BRUSH if freehand else StrokeKind.AREA


def _outline(item: Fabric, kind: StrokeKind, points: Floats) -> Floats:
    """An object's points as the kind of stroke wants them."""
    if item["type"] == "Line" and kind is StrokeKind.AREA:
        return butt_line(points, float(item.get("strokeWidth", 0)))
    if kind is StrokeKind.PATH and item["type"] in {"Rect", "Circle"}:
        return np.concatenate((points, points[:1]))
    return points


def to_fabric(drawing: Drawing) -> Fabric:
    """A drawing as the canvas's own JSON, to seed a fresh canvas with."""
    erased = {stroke.layer for stroke in drawing.strokes if stroke.kind is StrokeKind.ERASE}
    objects, grouped = [], set()
    for stroke in drawing.strokes:
        if stroke.is_path or stroke.layer not in erased:
            objects.append(_item(stroke))
        elif stroke.layer not in grouped:
            grouped.add(stroke.layer)
            objects.append(_group(drawing.regions(stroke.layer)))
    return {"version": "7.4.0", "objects": objects}


def _group(strokes: tuple[Stroke, ...]) -> Fabric:
    """Strokes as one object with a bitmap of its own, so that erasing ones cut through nothing else."""
    boxes = np.concatenate([_box(stroke) for stroke in strokes])
    least, most = boxes.min(axis=0), boxes.max(axis=0)
    middle = (least + most) / 2
    items = [_item(stroke, middle) for stroke in strokes]
    return {"type": "Group", "objects": items} | _frame(middle, most - least)


def _box(stroke: Stroke) -> Floats:
    """Corners (least, most) of the box around a stroke with its pen."""
    points = np.array(stroke.points_canvas_px, np.float64)
    half_width = stroke.width_canvas_px / 2 * (4 if stroke.mitred else 1)
    margin = half_width * np.array([np.hypot(stroke.pen.stretch, stroke.pen.slant), 1 / stroke.pen.stretch])
    return np.stack((points.min(axis=0) - margin, points.max(axis=0) + margin))


def _frame(middle: Floats, size: Floats) -> Fabric:
    left, top, width, height = (float(value) for value in (*middle, *size))
    centre = {"originX": "center", "originY": "center", "left": left, "top": top}
    return centre | {"width": width, "height": height}


def _item(stroke: Stroke, origin_canvas_px: Floats | None = None) -> Fabric:
    """A stroke as Fabric keeps it: first with a round pen, then pulled from there to where it was drawn."""
    pull = np.array([[stroke.pen.stretch, stroke.pen.slant], [0.0, 1 / stroke.pen.stretch]])
    points = np.array(stroke.points_canvas_px, np.float64) @ np.linalg.inv(pull).T
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    at = pull @ middle - (0.0 if origin_canvas_px is None else origin_canvas_px)
    common = _frame(at, np.ptp(points, axis=0)) | _pull(stroke.pen) | _line(stroke)
    if stroke.kind is StrokeKind.AREA:
        corners = [{"x": x, "y": y} for x, y in points.tolist()]
        return common | {"type": "Polygon", "points": corners, "fill": common["stroke"]}
    first, *rest = points.tolist()
    # One point is a dot: a line of no visible length, as the canvas itself draws a click.
    path = [["M", *first], *(["L", *point] for point in rest or [(first[0] + 0.01, first[1])])]
    return common | {"type": "Path", "path": path, "fill": None}


def _pull(pen: Pen) -> Fabric:
    """The pen's shape as an edit."""
    skew = float(np.degrees(np.arctan2(pen.slant, pen.stretch)))
    return {"scaleX": pen.stretch, "scaleY": 1 / pen.stretch, "skewX": skew}


def _line(stroke: Stroke) -> Fabric:
    """Line style of a stroke; one that erases does so fully."""
    line: Fabric = {
        "stroke": colour_of(stroke.layer, stroke.kind),
        "strokeWidth": stroke.width_canvas_px,
        "strokeLineCap": "round",
        "strokeLineJoin": "miter" if stroke.mitred else "round",
    }
    if stroke.kind is StrokeKind.ERASE:
        line |= {"stroke": _ERASE_HEX[stroke.layer], "globalCompositeOperation": "destination-out"}
    return line
