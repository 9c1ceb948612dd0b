"""From the canvas's JSON to the mask, over sizes, screens and edits, against geometry of its own."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from components.canvas.fabric_geometry import Fabric
from components.canvas.fabric_json import colour_of, to_fabric, to_strokes
from studio.drawing.frames import path_image_px
from studio.drawing.model import Drawing, Layer, Pen, Stroke, StrokeKind
from studio.drawing.rasterise import mask_image_px
from studio.drawing.trajectories import resample_path

Floats = NDArray[np.float64]
LIMIT_PX = (720, 500)
LEAST_IOU = 0.99
LEAST_WIDTH_IMAGE_PX = 3.0
STRETCH = 12  # pieces of a line that are looked at together
DECIMALS = 4  # Fabric writes numbers with four decimals
ON_THE_EDGE_PX = 0.01

IMAGES = st.tuples(st.integers(300, 460), st.floats(0.5, 2.0)).map(
    lambda drawn: (drawn[0], max(300, round(drawn[0] * drawn[1])))
)
EDITS = st.fixed_dictionaries(
    {
        "scaleX": st.floats(0.5, 2.0),
        "scaleY": st.floats(0.5, 2.0),
        "angle": st.floats(0, 360),
        "skewX": st.floats(-40, 40),
        "skewY": st.sampled_from([0.0, 0.0, 15.0]),
        "flipX": st.booleans(),
        "flipY": st.booleans(),
    }
)
SHARES = st.tuples(st.floats(0.1, 0.9), st.floats(0.1, 0.9))


@dataclass(frozen=True, kw_only=True)
class Where:
    """A picture, the screen that it is shown on, and where on it something was moved to."""

    image: tuple[int, int]
    display_scale: float
    dots_a_pixel: float
    share: tuple[float, float]

    @property
    def canvas(self) -> tuple[int, int]:
        """The canvas for the picture, as the page fits it."""
        limits = zip(LIMIT_PX, self.image, strict=True)
        scale = self.display_scale * min(limit / side for limit, side in limits)
        return round(self.image[0] * scale), round(self.image[1] * scale)

    @property
    def at(self) -> Floats:
        """That place in canvas pixels."""
        return np.array(self.share) * self.canvas


WHERE = st.builds(
    Where,
    image=IMAGES,
    display_scale=st.sampled_from([0.5, 0.8, 1.0]),
    dots_a_pixel=st.sampled_from([1.0, 1.25, 1.5, 2.0, 3.0]),
    share=SHARES,
)


def written(item: Fabric) -> Fabric:
    """The object as Fabric writes it: its numbers rounded, its points untouched."""
    return {
        name: round(value, DECIMALS) if isinstance(value, float) else value for name, value in item.items()
    }


def affine(item: Fabric) -> Floats:
    """The edits as one matrix, put together from Fabric's description of each."""
    turn, x, y = (math.radians(item[name]) for name in ("angle", "skewX", "skewY"))
    sx = item["scaleX"] * (1 - 2 * item["flipX"])
    sy = item["scaleY"] * (1 - 2 * item["flipY"])
    skewed = np.array([[1 + math.tan(x) * math.tan(y), math.tan(x)], [math.tan(y), 1.0]])
    turned = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    return np.asarray(turned @ (np.array([[sx], [sy]]) * skewed))


def about_middle(item: Fabric, canvas: tuple[int, int], image: tuple[int, int]) -> tuple[Floats, Floats]:
    """Every pixel's centre as a point about the object's own middle, before its edits."""
    x = (np.arange(image[0]) + 0.5) * canvas[0] / image[0] - item["left"]
    y = (np.arange(image[1]) + 0.5) * canvas[1] / image[1] - item["top"]
    back = np.linalg.inv(affine(item))
    across, down = np.meshgrid(x, y)
    return back[0, 0] * across + back[0, 1] * down, back[1, 0] * across + back[1, 1] * down


def bezier(*controls: Floats) -> Floats:
    """Many points of a Bézier curve of any degree, by de Casteljau."""
    t = np.linspace(0, 1, 60)[:, None]
    points = [np.repeat(control[None], len(t), axis=0) for control in controls]
    while len(points) > 1:
        points = [(1 - t) * a + t * b for a, b in pairwise(points)]
    return points[0]


def freehand(corners: Floats, width: float, edits: dict[str, float], at: Floats) -> tuple[Fabric, Floats]:
    """A pencil's path through the corners, as Fabric's pencil writes it, and its curve about its middle."""
    middles = [corners[0], *((a + b) / 2 for a, b in pairwise(corners))]
    path: list[list[object]] = [["M", *corners[0]]]
    curve, box = [corners[:1]], [corners[:1]]
    for start, control, end in zip(middles, corners, middles[1:], strict=False):
        path.append(["Q", *control, *end])
        curve.append(bezier(start, control, end))
        box.append(bezier(start, control, control, end))  # Fabric bounds this curve instead
    path.append(["L", *corners[-1]])
    ends = corners[-1:]
    bounds = np.concatenate((*box, ends))
    item = {"type": "Path", "path": path, "fill": None, "strokeLineJoin": "round", "strokeWidth": width}
    placed = item | edits | {"originX": "center", "originY": "center", "left": at[0], "top": at[1]}
    middle = (bounds.min(axis=0) + bounds.max(axis=0)) / 2
    return placed, np.concatenate((*curve, ends)) - middle


def near(line: Floats, x: Floats, y: Floats, reach: float) -> NDArray[np.bool_]:
    """The points within reach of a line of many pieces."""
    inside = np.zeros(x.shape, bool)
    for first in range(0, len(line) - 1, STRETCH):  # few looks at the whole picture
        stretch = line[first : first + STRETCH + 1]
        (left, top), (right, bottom) = stretch.min(axis=0) - reach, stretch.max(axis=0) + reach
        around = (x >= left) & (x <= right) & (y >= top) & (y <= bottom)
        inside[around] |= near_pieces(stretch, x[around], y[around], reach)
    return inside


def near_pieces(line: Floats, x: Floats, y: Floats, reach: float) -> NDArray[np.bool_]:
    """The same, piece by piece."""
    inside = np.zeros(x.shape, bool)
    for (ax, ay), (bx, by) in pairwise(line):
        square = (bx - ax) ** 2 + (by - ay) ** 2
        share = np.clip(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / max(square, 1e-12), 0, 1)
        inside |= (x - ax - share * (bx - ax)) ** 2 + (y - ay - share * (by - ay)) ** 2 <= reach**2
    return inside


def agrees(
    item: Fabric,
    canvas: tuple[int, int],
    image: tuple[int, int],
    covered: Callable[[float], NDArray[np.bool_]],
) -> bool:
    """Whether the mask is what is covered, to a hundredth, or to the few pixels of a sliver at the edge.

    A centre on the very edge is on either side of it once Fabric has rounded its numbers; `covered` is asked
    for what a shape that is larger by so many pixels covers.
    """
    strokes = to_strokes([written(item | {"stroke": colour_of(Layer.MOTION_3, StrokeKind.BRUSH)})])
    mask = mask_image_px(strokes, canvas, image) > 0
    least, most = covered(-ON_THE_EDGE_PX), covered(ON_THE_EDGE_PX)
    wrong, union = int((least & ~mask | mask & ~most).sum()), int((mask | most).sum())
    return wrong <= max(4, (1 - LEAST_IOU) * union)


@settings(max_examples=40)
@given(
    st.lists(SHARES, min_size=2, max_size=6),
    st.sampled_from([4.0, 9.0, 28.0]),
    EDITS,
    WHERE,
)
def test_a_freehand_stroke_of_any_edit_is_exact(
    shares: list[tuple[float, float]],
    width: float,
    edits: dict[str, float],
    where: Where,
) -> None:
    """The pen is stretched with the stroke; a screen of more dots gives the mouse finer places."""
    canvas, image = where.canvas, where.image
    corners = np.round(np.array(shares) * canvas * where.dots_a_pixel) / where.dots_a_pixel
    item, curve = freehand(corners, width, edits, where.at)
    thinnest = np.linalg.svd(affine(item), compute_uv=False)[-1]
    assume(width * thinnest * image[0] / canvas[0] >= LEAST_WIDTH_IMAGE_PX)
    x, y = about_middle(item, canvas, image)
    line = curve[::6] if len(curve) > 400 else curve
    assert agrees(item, canvas, image, lambda more: near(line, x, y, width / 2 + more))


@settings(max_examples=40)
@given(SHARES, st.sampled_from([0.0, 1.0, 9.0]), st.booleans(), EDITS, WHERE)
def test_a_rectangle_of_any_edit_is_exact(
    half: tuple[float, float],
    line: float,
    uniform: bool,  # noqa: FBT001 — drawn by Hypothesis
    edits: dict[str, float],
    where: Where,
) -> None:
    """Its line is outside its width and height, and with strokeUniform does not scale."""
    canvas, image = where.canvas, where.image
    width, height = (share * side / 2 for share, side in zip(half, canvas, strict=True))
    item: Fabric = edits | {"type": "Rect", "width": width, "height": height, "strokeWidth": line}
    item |= {"strokeUniform": uniform, "originX": "center", "originY": "center"}
    item |= {"left": float(where.at[0]), "top": float(where.at[1])}
    reach_x, reach_y = (line / 2 / (item[s] if uniform else 1) for s in ("scaleX", "scaleY"))
    x, y = about_middle(item, canvas, image)
    across, down = width / 2 + reach_x, height / 2 + reach_y
    assert agrees(item, canvas, image, lambda more: (np.abs(x) <= across + more) & (np.abs(y) <= down + more))


@settings(max_examples=40)
@given(st.floats(5, 90), st.sampled_from([0.0, 1.0, 9.0]), EDITS, WHERE)
def test_a_circle_stretched_to_any_ellipse_is_exact(
    radius: float,
    line: float,
    edits: dict[str, float],
    where: Where,
) -> None:
    """The canvas has no ellipse: one is a circle that was stretched."""
    canvas, image = where.canvas, where.image
    item: Fabric = edits | {"type": "Circle", "radius": radius, "width": 2 * radius, "height": 2 * radius}
    item |= {"strokeWidth": line, "originX": "center", "originY": "center"}
    item |= {"left": float(where.at[0]), "top": float(where.at[1])}
    x, y = about_middle(item, canvas, image)
    assert agrees(item, canvas, image, lambda more: np.hypot(x, y) <= radius + line / 2 + more)


@settings(max_examples=60)
@given(st.lists(SHARES, min_size=2, max_size=8), EDITS, SHARES)
def test_an_edited_trajectorys_ends_are_within_a_pixel_at_4000_by_3000(
    shares: list[tuple[float, float]], edits: dict[str, float], at: tuple[float, float]
) -> None:
    """Wherever its handles have put it."""
    canvas = (720, 540)
    item, curve = freehand(np.array(shares) * canvas, 4.0, edits, np.array(at) * canvas)
    item = written(item) | {"stroke": colour_of(Layer.MOTION_3, StrokeKind.PATH)}
    (stroke,) = to_strokes([item])
    assert stroke.kind is StrokeKind.PATH
    sent = resample_path(path_image_px(stroke, canvas, (4000, 3000)))
    drawn = (curve[[0, -1]] @ affine(item).T + (item["left"], item["top"])) * (4000 / 720)
    assert np.hypot(*(sent[[0, -1]] + 0.5 - drawn).T).max() <= 1


STROKES = st.builds(
    Stroke,
    layer=st.sampled_from([Layer.STATIC, Layer.MOTION_1]),
    kind=st.sampled_from(StrokeKind),
    points_canvas_px=st.lists(
        st.tuples(st.floats(-50, 700), st.floats(-50, 500)), min_size=2, max_size=6
    ).map(tuple),
    width_canvas_px=st.floats(1, 80),
    pen=st.builds(Pen, stretch=st.floats(0.4, 2.5), slant=st.floats(-1.5, 1.5)) | st.just(Pen()),
    mitred=st.booleans(),
)


@settings(max_examples=100)
@given(st.lists(STROKES, min_size=1, max_size=5))
def test_strokes_of_every_kind_come_back_from_a_fresh_canvas(strokes: list[Stroke]) -> None:
    """Each layer's order is kept, groups included; Fabric's rounding is 0.1 pixels at most."""
    drawing = Drawing(canvas_width_px=640, canvas_height_px=480, strokes=tuple(strokes))
    objects = [_written_group(item) for item in to_fabric(drawing)["objects"]]
    back = Drawing(canvas_width_px=640, canvas_height_px=480, strokes=to_strokes(objects))
    for layer in drawing.layers_used:
        for found, given_one in zip(
            back.regions(layer) + back.paths(layer),
            drawing.regions(layer) + drawing.paths(layer),
            strict=True,
        ):
            assert found.kind is given_one.kind
            assert np.allclose(found.points_canvas_px, given_one.points_canvas_px, atol=0.1)
            assert math.isclose(found.width_canvas_px, given_one.width_canvas_px, rel_tol=1e-3)
            assert math.isclose(found.pen.stretch, given_one.pen.stretch, rel_tol=1e-3)
            assert found.mitred == (given_one.mitred and given_one.kind is StrokeKind.AREA)


def _written_group(item: Fabric) -> Fabric:
    inner = {"objects": [written(child) for child in item["objects"]]} if item["type"] == "Group" else {}
    return written(item) | inner
