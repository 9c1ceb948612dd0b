"""What Fabric 7 sends, and what it means in canvas pixels."""

import math

import numpy as np
import pytest

from components.canvas.fabric_geometry import Fabric
from components.canvas.fabric_json import colour_of, to_fabric, to_stroke
from studio.drawing.model import Drawing, Layer, Stroke, StrokeKind

REGION = colour_of(Layer.MOTION_2, StrokeKind.BRUSH)
PATH = colour_of(Layer.MOTION_2, StrokeKind.PATH)


def freehand(stroke: str = REGION, **edits: object) -> Fabric:
    """A stroke from (100, 100) towards (150, 50) to (200, 100), with the box that Fabric finds."""
    return {
        "type": "Path",
        "originX": "center",
        "originY": "center",
        "left": 150.0,
        "top": 81.25,
        "width": 100.0,
        "height": 37.5,
        "fill": None,
        "stroke": stroke,
        "strokeWidth": 20,
        "path": [["M", 100, 100], ["Q", 150, 50, 200, 100]],
        "scaleX": 1,
        "scaleY": 1,
        "angle": 0,
    } | edits


def rectangle(**edits: object) -> Fabric:
    """A rectangle of 100 × 50 at (10, 20), its 2 px line outside."""
    return {
        "type": "Rect",
        "originX": "left",
        "originY": "top",
        "left": 9.0,
        "top": 19.0,
        "width": 100.0,
        "height": 50.0,
        "stroke": REGION,
        "strokeWidth": 2,
        "strokeUniform": True,
        "fill": REGION,
        "scaleX": 1,
        "scaleY": 1,
        "angle": 0,
    } | edits


def read(item: Fabric) -> Stroke:
    """The stroke of an object that is ours."""
    stroke = to_stroke(item)
    assert stroke is not None
    return stroke


def points(item: Fabric) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Its points as an array."""
    return np.array(read(item).points_canvas_px)


@pytest.mark.parametrize("layer", list(Layer))
@pytest.mark.parametrize("kind", [StrokeKind.BRUSH, StrokeKind.PATH])
def test_a_strokes_colour_names_its_layer_and_kind(layer: Layer, kind: StrokeKind) -> None:
    """The canvas has no layer field; the colour is the key."""
    stroke = read(freehand(colour_of(layer, kind)))
    assert (stroke.layer, stroke.kind) == (layer, kind)


def test_a_freehand_curve_is_followed_and_not_cut_short() -> None:
    """The curve's top is at half the height of its control point, and both ends are exact."""
    curve = points(freehand())
    assert curve[0].tolist() == pytest.approx([100, 100], abs=0.01)
    assert curve[-1].tolist() == pytest.approx([200, 100], abs=0.01)
    assert curve[:, 1].min() == pytest.approx(75.0, abs=0.1)


def test_a_moved_object_is_where_it_was_moved_to() -> None:
    """Edits stand beside the geometry, which stays as first drawn."""
    assert np.allclose(points(freehand(left=160.0, top=91.25)), points(freehand()) + 10)


def test_a_scaled_stroke_is_larger_about_its_middle_and_thicker() -> None:
    """Scaling goes about the middle, and a freehand stroke's width grows with it."""
    big = read(freehand(scaleX=2, scaleY=2))
    xs = [x for x, _ in big.points_canvas_px]
    assert (min(xs), max(xs)) == pytest.approx((50.0, 250.0))
    assert big.width_canvas_px == 40


def test_a_rotated_stroke_turns_clockwise_about_its_middle() -> None:
    """Fabric's angles are degrees, clockwise, since y goes down."""
    turned = points(freehand(angle=90))
    assert turned[0].tolist() == pytest.approx([150 - 18.75, 81.25 - 50], abs=0.01)


def test_a_rectangles_corners_leave_out_its_line() -> None:
    """left/top name the outer edge of the line; width and height do not include it."""
    assert points(rectangle()).tolist() == [[10, 20], [110, 20], [110, 70], [10, 70]]


def test_a_scaled_rectangle_keeps_its_line_width() -> None:
    """strokeUniform: the line does not scale."""
    wide = rectangle(scaleX=2)
    assert points(wide)[:, 0].tolist() == [10, 210, 210, 10]
    assert read(wide).width_canvas_px == 2


def test_a_rotated_rectangle_turns_about_its_outer_corner() -> None:
    """left/top stay the corner that the origin names."""
    corners = points(rectangle(angle=90, left=100.0, top=100.0))
    assert corners[0].tolist() == pytest.approx([99.0, 101.0])
    assert corners[1].tolist() == pytest.approx([99.0, 201.0])


def test_a_flipped_stroke_is_mirrored() -> None:
    """A handle dragged over to the other side mirrors the object."""
    assert points(freehand(flipX=True))[0].tolist() == pytest.approx([200.0, 100.0], abs=0.01)


def test_the_preview_of_an_open_polygon_is_left_out() -> None:
    """The canvas's send button sends it as a Path with a fill; it was never finished."""
    assert to_stroke(freehand(fill=REGION)) is None


def test_an_object_of_another_colour_or_kind_is_left_out() -> None:
    """Only what our own tools make has a meaning here."""
    assert to_stroke(freehand("#123456")) is None
    assert to_stroke(freehand() | {"type": "Textbox"}) is None


def test_a_click_becomes_a_dot() -> None:
    """The canvas draws it as a line of no visible length."""
    dot = read(freehand(path=[["M", 5, 5], ["L", 5.016, 5]], left=5.008, top=5.0))
    assert math.dist(dot.points_canvas_px[0], dot.points_canvas_px[-1]) < 0.1


STROKES = (
    Stroke(
        layer=Layer.STATIC,
        kind=StrokeKind.BRUSH,
        points_canvas_px=((3, 4), (50, 60), (9, 80)),
        width_canvas_px=12,
    ),
    Stroke(
        layer=Layer.MOTION_1,
        kind=StrokeKind.AREA,
        points_canvas_px=((0, 0), (10, 0), (5, 9)),
        width_canvas_px=1,
    ),
    Stroke(
        layer=Layer.MOTION_6, kind=StrokeKind.PATH, points_canvas_px=((700, 2), (-20, 5)), width_canvas_px=4
    ),
)


@pytest.mark.parametrize("stroke", STROKES)
def test_a_stroke_given_to_a_fresh_canvas_comes_back_as_it_was(stroke: Stroke) -> None:
    """The drawing survives a page change and a remount unchanged."""
    drawing = Drawing(canvas_width_px=720, canvas_height_px=540, strokes=(stroke,))
    (item,) = to_fabric(drawing)["objects"]
    back = read(item)
    assert np.allclose(back.points_canvas_px, stroke.points_canvas_px)
    assert (back.layer, back.kind, back.width_canvas_px) == (
        stroke.layer,
        stroke.kind,
        stroke.width_canvas_px,
    )


def test_a_dot_given_to_a_fresh_canvas_stays_a_dot() -> None:
    """One point has no length, and must not vanish."""
    dot = Stroke(layer=Layer.STATIC, kind=StrokeKind.BRUSH, points_canvas_px=((7, 8),), width_canvas_px=12)
    (item,) = to_fabric(Drawing(canvas_width_px=9, canvas_height_px=9, strokes=(dot,)))["objects"]
    assert np.allclose(read(item).points_canvas_px, (7, 8), atol=0.02)
