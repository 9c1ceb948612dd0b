import base64
import tracemalloc
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kling.rules import MASK_PAINTED
from studio.drawing.model import Layer, Pen, Stroke, StrokeKind
from studio.drawing.rasterise import encode_mask_png, mask_image_px, mask_png_base64

Size = tuple[int, int]
Points = tuple[tuple[float, float], ...]


def brush(points: Points, width: float = 10, kind: StrokeKind = StrokeKind.BRUSH) -> Stroke:
    return Stroke(layer=Layer.MOTION_1, kind=kind, points_canvas_px=points, width_canvas_px=width)


def area(points: Points, width: float = 0) -> Stroke:
    return brush(points, width, StrokeKind.AREA)


def expected(stroke: Stroke, canvas: Size, image: Size) -> NDArray[np.bool_]:
    """An independent rasterisation: each pixel centre's distance to the line, and its winding number."""
    x = ((np.arange(image[0]) + 0.5) * canvas[0] / image[0])[None, :]
    y = ((np.arange(image[1]) + 0.5) * canvas[1] / image[1])[:, None]
    points = list(stroke.points_canvas_px)
    closed = stroke.kind is StrokeKind.AREA
    ends = [*points[1:], points[0]] if closed or len(points) == 1 else points[1:]
    inside, angle = np.zeros((image[1], image[0]), bool), np.zeros((image[1], image[0]))
    for (ax, ay), (bx, by) in zip(points, ends, strict=False):
        dx, dy = bx - ax, by - ay
        square = dx * dx + dy * dy
        share = np.clip(((x - ax) * dx + (y - ay) * dy) / square, 0, 1) if square else np.zeros(1)
        if stroke.width_canvas_px:
            inside |= np.hypot(x - ax - share * dx, y - ay - share * dy) <= stroke.width_canvas_px / 2
        turn = np.arctan2(by - y, bx - x) - np.arctan2(ay - y, ax - x)
        angle += (turn + np.pi) % (2 * np.pi) - np.pi
    return np.asarray(inside | (closed & (np.abs(angle) > np.pi)))


def overlap(mask: NDArray[np.uint8], wanted: NDArray[np.bool_]) -> float:
    """Intersection over union; two empty masks are equal."""
    painted = mask == MASK_PAINTED
    union = int((painted | wanted).sum())
    return int((painted & wanted).sum()) / union if union else 1.0


def points_within(canvas: Size, least: int, most: int) -> st.SearchStrategy[Points]:
    def coordinate(side: int) -> st.SearchStrategy[float]:
        return st.integers(-side, 8 * side).map(lambda value: value / 4 - side / 2)

    return st.lists(
        st.tuples(coordinate(canvas[0]), coordinate(canvas[1])), min_size=least, max_size=most
    ).map(tuple)


CANVASES = st.tuples(st.integers(60, 200), st.integers(60, 200))
TANGENT = 1e-6
"""In canvas pixels of a stroke's width."""
SCALES = st.tuples(st.sampled_from([0.5, 1.0, 1.37, 2.0, 4.17]), st.sampled_from([1.0, 1.0, 1.003, 1.2]))


@settings(max_examples=60)
@given(st.data(), CANVASES, SCALES, st.sampled_from([3.0, 3.7, 5.0, 11.5, 24.0, 60.0]))
def test_a_stroke_of_any_kind_and_scale_matches_an_independent_rasterisation(
    data: st.DataObject, canvas: Size, scales: tuple[float, float], width: float
) -> None:
    """IoU of at least 0.99, thin strokes, odd ratios and parts outside the canvas included."""
    image = (round(canvas[0] * scales[0]), round(canvas[1] * scales[0] * scales[1]))
    kind = data.draw(st.sampled_from([StrokeKind.BRUSH, StrokeKind.AREA]))
    points = data.draw(points_within(canvas, 1, 9))
    mask = mask_image_px((brush(points, width, kind),), canvas, image)
    within, reached = (expected(brush(points, width + by, kind), canvas, image) for by in (-TANGENT, TANGENT))
    # a centre at exactly the radius may fall on either side: along a straight edge that is a whole row
    judged = np.where(within == reached, mask, np.where(within, MASK_PAINTED, 0)).astype(np.uint8)
    assert overlap(judged, within) >= 0.99


@pytest.mark.parametrize("width", [1.8, 2.5, 4.25, 9.0, 33.3])
def test_a_long_thin_stroke_at_source_resolution_is_exact(width: float) -> None:
    """A non-integer width at four times the canvas loses no pixel."""
    points = tuple((10 + 2.3 * k, 60 + 40 * np.sin(k / 9)) for k in range(80))
    stroke, canvas, image = brush(points, width), (200, 120), (834, 501)
    assert overlap(mask_image_px((stroke,), canvas, image), expected(stroke, canvas, image)) > 0.9999


def test_the_covered_area_is_that_of_the_shape() -> None:
    """A rectangle's and a dot's areas, to a tenth of a percent and of a few pixels."""
    canvas, image = (400, 300), (1600, 1200)
    box = mask_image_px((area(((50, 50), (350, 50), (350, 250), (50, 250))),), canvas, image)
    assert int((box > 0).sum()) == 300 * 200 * 16
    dot = mask_image_px((brush(((200, 150),), 50),), canvas, image)
    assert (dot > 0).sum() == pytest.approx(np.pi * 100**2, rel=1e-3)


def test_pixel_i_covers_i_to_i_plus_one() -> None:
    """At the canvas's own size the area from 3 to 7 paints the pixels 3, 4, 5 and 6."""
    mask = mask_image_px((area(((3, 2), (7, 2), (7, 5), (3, 5))),), (20, 10), (20, 10))
    ys, xs = np.nonzero(mask)
    assert (xs.min(), xs.max(), ys.min(), ys.max()) == (3, 6, 2, 4)


def test_the_mapping_scales_each_side_by_its_own_ratio() -> None:
    """x_image = x_canvas · image_width / canvas_width, and likewise for y."""
    mask = mask_image_px((area(((5, 5), (10, 5), (10, 10), (5, 10))),), (20, 10), (60, 80))
    ys, xs = np.nonzero(mask)
    assert (xs.min(), xs.max(), ys.min(), ys.max()) == (15, 29, 40, 79)


def test_a_mask_has_the_pictures_size_and_two_values() -> None:
    """(height, width), 0 or 255, 8 bits."""
    mask = mask_image_px((brush(((5, 5), (15, 9))),), (20, 10), (400, 300))
    assert mask.shape == (300, 400)
    assert mask.dtype == np.uint8
    assert set(np.unique(mask)) == {0, MASK_PAINTED}


def test_a_click_is_a_dot() -> None:
    """One point, or one point twice, is a round spot of the pen's width."""
    once = mask_image_px((brush(((10, 5),), 4),), (20, 10), (200, 100))
    twice = mask_image_px((brush(((10, 5), (10, 5)), 4),), (20, 10), (200, 100))
    assert (once > 0).sum() == pytest.approx(np.pi * 20**2, rel=0.02)
    assert np.array_equal(once, twice)


@settings(max_examples=60)
@given(x=st.floats(0, 960, exclude_max=True), y=st.floats(0, 540, exclude_max=True))
def test_the_thinnest_dot_on_a_small_picture_still_paints_the_pixel_under_it(x: float, y: float) -> None:
    """Nothing that was drawn inside the picture is lost by rounding."""
    mask = mask_image_px((brush(((x, y),), 0.1),), (960, 540), (320, 300))
    assert mask.any()
    ys, xs = np.nonzero(mask)
    assert np.hypot(xs + 0.5 - x / 3, ys + 0.5 - y * 300 / 540).min() <= 0.7072


@pytest.mark.parametrize(
    "points",
    [
        ((-500.0, -500.0), (-400.0, -300.0)),
        ((5000.0, 5.0),),
        ((-1e12, 3.0), (-1e11, 8.0)),
        ((3.0, 1e300), (5.0, 1e300)),
    ],
)
@pytest.mark.parametrize("kind", [StrokeKind.BRUSH, StrokeKind.AREA])
def test_what_lies_outside_paints_nothing_and_fails_nothing(points: Points, kind: StrokeKind) -> None:
    """Strokes may leave the canvas, however far."""
    assert not mask_image_px((brush(points, 20, kind),), (20, 10), (200, 100)).any()


def test_a_stroke_that_crosses_the_whole_canvas_from_far_outside_is_cut_at_its_edges() -> None:
    """Only the part inside counts, and it is all there."""
    mask = mask_image_px((brush(((-1000, 5), (1000, 5)), 2),), (20, 10), (200, 100))
    assert (mask[40:60] == MASK_PAINTED).all()
    assert not mask[:40].any()
    assert not mask[60:].any()


def test_strokes_are_united_and_paths_are_passed_over() -> None:
    """A mask is the union of its regions; a trajectory paints nothing."""
    one, two = brush(((5, 5),)), area(((12, 2), (18, 2), (18, 8)))
    both = mask_image_px((one, two, brush(((0, 0), (20, 10)), 9, StrokeKind.PATH)), (20, 10), (200, 100))
    parts = (mask_image_px((stroke,), (20, 10), (200, 100)) for stroke in (one, two))
    assert np.array_equal(both, np.maximum(*parts))


def test_no_strokes_give_an_empty_mask() -> None:
    """Nothing drawn is nothing painted."""
    assert not mask_image_px((), (20, 10), (200, 100)).any()


def test_an_area_that_crosses_itself_is_filled_as_the_canvas_fills_it() -> None:
    """The non-zero rule: where an outline runs around twice, the inside stays filled."""
    star = tuple((50 + 40 * np.sin(4 * np.pi * k / 5), 50 - 40 * np.cos(4 * np.pi * k / 5)) for k in range(5))
    assert mask_image_px((area(star),), (100, 100), (300, 300))[150, 150] == MASK_PAINTED


@pytest.mark.parametrize(("kind", "count"), [(StrokeKind.AREA, 2_000), (StrokeKind.BRUSH, 6_000)])
def test_a_stroke_of_thousands_of_points_takes_little_memory(kind: StrokeKind, count: int) -> None:
    """Whatever a recipe holds: an area of 250,000 points worked on at once would take 13 GB."""
    points = tuple((i * 720 / count, 499.0 * (i % 2)) for i in range(count))
    tracemalloc.start()
    try:
        mask_image_px((brush(points, 1, kind),), (720, 500), (1440, 1000))
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak_bytes < 60e6


def test_a_scribble_cut_into_pieces_is_the_same_as_its_strokes() -> None:
    """Long strokes are rasterised in pieces to bound the memory; no seam shows."""
    points = tuple((50 + 45 * np.sin(k * 1.7), 50 + 45 * np.cos(k * 2.3)) for k in range(400))
    whole = mask_image_px((brush(points, 1.1),), (100, 100), (900, 3000))
    steps = tuple(brush(pair, 1.1) for pair in pairwise(points))
    assert np.array_equal(whole, mask_image_px(steps, (100, 100), (900, 3000)))


@example(canvas=(1, 1))
@settings(max_examples=20)
@given(canvas=st.tuples(st.integers(1, 2000), st.integers(1, 2000)))
def test_an_area_over_the_whole_canvas_paints_every_pixel(canvas: Size) -> None:
    """No edge row or column is missed at any ratio of sizes."""
    width, height = canvas
    corners = ((0.0, 0.0), (width, 0.0), (width, height), (0.0, height))
    assert (mask_image_px((area(corners),), canvas, (401, 307)) == MASK_PAINTED).all()


def test_the_wire_gets_an_eight_bit_grey_png_of_the_same_pixels() -> None:
    """L mode, the picture's size, lossless, base64 without a prefix."""
    stroke = brush(((5, 5), (15, 9)))
    png = base64.b64decode(mask_png_base64((stroke,), (20, 10), (400, 300)), validate=True)
    assert png[24:26] == b"\x08\x00"  # 8 bits, grey
    mask = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
    assert mask is not None
    assert np.array_equal(mask, mask_image_px((stroke,), (20, 10), (400, 300)))
    assert encode_mask_png(mask_image_px((stroke,), (20, 10), (400, 300))) == png


def test_an_unchanged_layer_costs_nothing_the_second_time() -> None:
    """Equal strokes on equal sizes give the remembered text."""
    first = mask_png_base64((brush(((5, 5), (15, 9))),), (20, 10), (400, 300))
    assert mask_png_base64((brush(((5, 5), (15, 9))),), (20, 10), (400, 300)) is first


PENS = st.builds(Pen, stretch=st.floats(0.5, 2.0), slant=st.floats(-1.0, 1.0))


def pulled(points: Points, pen: Pen) -> Points:
    """Where points that were drawn with a round pen come to when the pen becomes this one."""
    return tuple((pen.stretch * x + pen.slant * y, y / pen.stretch) for x, y in points)


def far_along(pen: Pen, stroke: Stroke, canvas: Size, image: Size) -> NDArray[np.bool_]:
    """A stretched pen, independently: each pixel's centre goes back to where the pen is round."""
    x = ((np.arange(image[0]) + 0.5) * canvas[0] / image[0])[None, :]
    y = ((np.arange(image[1]) + 0.5) * canvas[1] / image[1])[:, None]
    round_y = y * pen.stretch
    round_x = (x - pen.slant * round_y) / pen.stretch
    ends = stroke.points_canvas_px[1:] or stroke.points_canvas_px
    inside = np.zeros((image[1], image[0]), bool)
    for (ax, ay), (bx, by) in zip(stroke.points_canvas_px, ends, strict=False):
        square = (bx - ax) ** 2 + (by - ay) ** 2
        along = (round_x - ax) * (bx - ax) + (round_y - ay) * (by - ay)
        share = np.clip(along / square, 0, 1) if square else np.zeros(1)
        away = np.hypot(round_x - ax - share * (bx - ax), round_y - ay - share * (by - ay))
        inside |= away <= stroke.width_canvas_px / 2
    return inside


@settings(max_examples=25)
@given(st.data(), CANVASES, SCALES, PENS, st.sampled_from([6.0, 11.5, 24.0]))
def test_a_stretched_pen_is_an_ellipse_all_along(
    data: st.DataObject, canvas: Size, scales: tuple[float, float], pen: Pen, width: float
) -> None:
    """IoU of at least 0.99 with the distance measured where the pen is round."""
    image = (round(canvas[0] * scales[0]), round(canvas[1] * scales[0] * scales[1]))
    as_round = brush(data.draw(points_within(canvas, 1, 7)), width)
    stroke = replace(as_round, points_canvas_px=pulled(as_round.points_canvas_px, pen), pen=pen)
    mask, wanted = mask_image_px((stroke,), canvas, image), far_along(pen, as_round, canvas, image)
    least_radius_image_px = width / 2 * pen.thinnest * min(image[0] / canvas[0], image[1] / canvas[1])
    assume(least_radius_image_px > 1)
    tangent = 2 * len(as_round.points_canvas_px)
    assert overlap(mask, wanted) >= 0.99 or int(((mask > 0) ^ wanted).sum()) <= tangent


@settings(max_examples=25)
@given(st.data(), st.sampled_from([(120, 80), (97, 143)]), st.sampled_from([2.5, 6.0, 15.0]))
def test_supersampled_coverage_agrees(data: st.DataObject, canvas: Size, width: float) -> None:
    """A pixel is painted when about half of it is: against 4 × 4 samples a pixel."""
    image = (canvas[0] * 2, canvas[1] * 2)
    kind = data.draw(st.sampled_from([StrokeKind.BRUSH, StrokeKind.AREA]))
    stroke = brush(data.draw(points_within(canvas, 3, 6)), width, kind)
    fine = expected(stroke, canvas, (image[0] * 4, image[1] * 4))
    covered = fine.reshape(image[1], 4, image[0], 4).sum(axis=(1, 3))
    mask = mask_image_px((stroke,), canvas, image) > 0
    assert not mask[covered == 0].any()
    assert mask[covered == 16].all()
    edge = int(((covered > 0) & (covered < 16)).sum())
    assert mask.sum() == pytest.approx(
        covered.sum() / 16, abs=4 + edge / 2
    )  # an edge pixel is off by half at most


def crossed(points: Points) -> Stroke:
    return replace(area(points, 12), mitred=True)


def test_a_box_with_pointed_corners_is_a_larger_box() -> None:
    """The line's half width on every side, corners included."""
    mask = mask_image_px((crossed(((50, 40), (150, 40), (150, 90), (50, 90))),), (200, 120), (800, 480))
    assert (mask[34 * 4 : 96 * 4, 44 * 4 : 156 * 4] == MASK_PAINTED).all()
    assert int((mask > 0).sum()) == (96 - 34) * 4 * (156 - 44) * 4


def test_a_corner_is_pointed_up_to_four_times_the_line_and_cut_beyond() -> None:
    """As the canvas draws it: 60° has its point, 12° is cut at the corner."""
    wide = mask_image_px((crossed(((60, 100), (100, 30.72), (140, 100))),), (200, 140), (1600, 1120))
    assert np.nonzero(wide)[0].min() / 8 == pytest.approx(30.72 - 12, abs=0.3)
    sharp = mask_image_px((crossed(((92, 120), (100, 44), (108, 120))),), (200, 140), (1600, 1120))
    assert np.nonzero(sharp)[0].min() / 8 == pytest.approx(44 - 6 * np.sin(np.arctan(8 / 76)), abs=0.3)


def test_pointed_corners_leave_no_hole_where_an_outline_crosses_itself() -> None:
    """A figure of eight has lobes that run either way round; its line is whole on both."""
    eight = crossed(((20, 20), (160, 100), (160, 20), (20, 100)))
    mask = mask_image_px((eight,), (180, 120), (180, 120))
    rounded = mask_image_px((replace(eight, mitred=False),), (180, 120), (180, 120))
    assert np.array_equal(mask, np.maximum(mask, rounded))


def test_an_erasing_stroke_takes_away_what_is_before_it_and_not_what_comes_after() -> None:
    """The strokes of a layer are painted and erased in their order."""
    paint, erase = area(((2, 2), (18, 2), (18, 8), (2, 8))), brush(((5, 5),), 4, StrokeKind.ERASE)
    again = brush(((5, 5),), 2)
    mask = mask_image_px((paint, erase, again), (20, 10), (200, 100))
    hole = mask_image_px((replace(erase, kind=StrokeKind.BRUSH),), (20, 10), (200, 100)) > 0
    spot = mask_image_px((again,), (20, 10), (200, 100)) > 0
    whole = mask_image_px((paint,), (20, 10), (200, 100)) > 0
    assert np.array_equal(mask > 0, (whole & ~hole) | spot)
    assert np.array_equal(mask_image_px((erase, paint), (20, 10), (200, 100)) > 0, whole)
