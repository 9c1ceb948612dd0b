"""Findings on the shapes of a drawing, each with its near miss that must not be found."""

import numpy as np
import pytest

from kling import Severity
from studio.checks.drawing_checks import MIN_EXTENT_SHARE, drawing_findings, extent_share
from studio.checks.findings import LocatedFinding
from studio.drawing.coverage import SPECK_SHARE, layer_mask
from studio.drawing.model import Drawing, Layer, Stroke, StrokeKind

M1, M2, STILL = Layer.MOTION_1, Layer.MOTION_2, Layer.STATIC
SIZE = (400, 300)


def area(layer: Layer, left: float, top: float, right: float, bottom: float) -> Stroke:
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return Stroke(layer=layer, kind=StrokeKind.AREA, points_canvas_px=corners, width_canvas_px=0)


def path(layer: Layer, *points: tuple[float, float]) -> Stroke:
    return Stroke(layer=layer, kind=StrokeKind.PATH, points_canvas_px=points, width_canvas_px=4)


def drawn(*strokes: Stroke) -> Drawing:
    return Drawing(canvas_width_px=SIZE[0], canvas_height_px=SIZE[1], strokes=strokes)


def found(*strokes: Stroke) -> tuple[LocatedFinding, ...]:
    return drawing_findings(drawn(*strokes))


def rules(*strokes: Stroke) -> list[str]:
    return [finding.rule for finding in found(*strokes)]


THING = area(M1, 100, 100, 200, 200)
WAY = path(M1, (150, 150), (250, 150))


def test_a_thing_and_its_way_are_in_order() -> None:
    """Nothing is said where nothing is odd; an empty drawing is no fault."""
    assert found(THING, WAY, area(STILL, 250, 10, 390, 90)) == ()
    assert found() == ()


@pytest.mark.parametrize(("start_x", "odd"), [(150, False), (97.5, False), (90, True), (300, True)])
def test_a_path_starts_in_its_paint_or_at_a_hands_aim_from_it(start_x: float, *, odd: bool) -> None:
    """Three canvas pixels beside are meant to be inside."""
    assert rules(THING, path(M1, (start_x, 150), (350, 150))) == ["path-starts-outside"] * odd


def test_a_start_beyond_the_picture_is_the_contracts_to_find() -> None:
    """One fault, one finding."""
    assert rules(THING, path(M1, (-50, 150), (150, 150))) == []


@pytest.mark.parametrize(("reach", "odd"), [(3, True), (6, False)])
def test_a_path_that_gets_nowhere_is_told(reach: float, *, odd: bool) -> None:
    """One percent of the longer side; a long way round that returns counts by its farthest point."""
    there_and_back = path(M1, (150, 150), (150 + reach, 150), (150, 150), (150 + reach, 150))
    assert rules(THING, there_and_back) == ["path-hardly-moves"] * odd
    assert (extent_share(there_and_back.points_canvas_px, drawn()) < MIN_EXTENT_SHARE) is odd


def test_the_newest_of_several_paths_is_the_one_that_is_judged() -> None:
    """It is the one that is sent."""
    assert rules(THING, path(M1, (350, 250), (360, 250)), WAY) == ["several-paths"]


@pytest.mark.parametrize(("left", "odd"), [(201, False), (199, False), (195, True), (120, True)])
def test_masks_that_overlap_more_than_at_their_edges_are_told(left: float, *, odd: bool) -> None:
    """As a share of the smaller one; touching edges are painted by every hand."""
    other = area(M2, left, 120, left + 60, 180)
    told = [finding for finding in found(THING, WAY, other) if finding.rule == "masks-overlap"]
    assert len(told) == odd
    if told:
        assert told[0].layers == (M1, M2)  # the larger is named first: it is the one to give way
        assert told[0].severity is Severity.WARNING


def test_an_overlap_with_what_is_static_says_how_much_and_where() -> None:
    """Half of the smaller, and exactly those pixels are its place."""
    (told,) = found(area(STILL, 0, 0, 400, 150), THING, WAY)
    assert "50% of Motion 1" in told.problem
    assert told.location is not None
    assert told.location.mask is not None
    assert np.array_equal(np.argwhere(told.location.mask).min(axis=0), (100, 100))
    assert np.array_equal(np.argwhere(told.location.mask).max(axis=0), (149, 199))


def test_a_speck_beside_the_thing_is_told_and_a_second_part_is_not() -> None:
    """A part smaller than two hundredths of a percent is a slip of the pen; two wheels are two parts."""
    side = (SPECK_SHARE * SIZE[0] * SIZE[1]) ** 0.5
    small, large = area(M1, 20, 20, 20 + side - 1, 20 + side - 1), area(M1, 20, 20, 24 + side, 24 + side)
    assert rules(THING, WAY, small) == ["specks"]
    assert rules(THING, WAY, large) == []
    assert found(THING, WAY, small)[0].problem.startswith("Motion 1: a speck lies")


def test_a_layer_of_specks_only_is_another_finding() -> None:
    """There is nothing larger to keep."""
    dot = area(M1, 20, 20, 23, 23)
    assert rules(dot, path(M1, (21, 21), (200, 200))) == ["only-a-speck"]


@pytest.mark.parametrize(("right", "odd"), [(350, False), (370, True)])
def test_a_mask_of_nearly_the_whole_picture_is_told(right: float, *, odd: bool) -> None:
    """Motion shows against what does not move."""
    assert rules(area(M1, 0, 0, right, 300), WAY) == ["nearly-all-covered"] * odd


def test_freezing_all_but_the_thing_is_no_fault() -> None:
    """It is how one keeps the rest still; freezing all and moving nothing is one."""
    frame = (area(STILL, 0, 0, 400, 280), area(M1, 50, 282, 150, 300), path(M1, (100, 290), (300, 290)))
    assert rules(*frame) == []
    assert rules(frame[0]) == ["nearly-all-covered"]


def test_paint_beyond_the_picture_covers_nothing() -> None:
    """Its mask would be black, which is an error."""
    (told,) = found(area(STILL, 500, 0, 600, 100))
    assert (told.rule, told.severity, told.field) == ("nothing-covered", Severity.ERROR, "static_mask")


def test_an_eraser_alone_is_no_paint() -> None:
    """Nothing of it is sent, so nothing is wrong with it; what is painted and erased whole covers nothing."""
    rub = Stroke(layer=M2, kind=StrokeKind.ERASE, points_canvas_px=((9, 9), (99, 99)), width_canvas_px=400)
    assert rules(THING, WAY, rub, Stroke(**vars(rub) | {"layer": STILL})) == []
    assert rules(THING, WAY, area(M2, 20, 20, 60, 60), rub) == ["nothing-covered"]


def test_an_eraser_counts() -> None:
    """Erased paint no longer overlaps; the rest may be a speck."""
    beside = area(M2, 180, 120, 260, 180)
    rub = Stroke(
        layer=M1, kind=StrokeKind.ERASE, points_canvas_px=((190, 90), (190, 210)), width_canvas_px=22
    )
    assert "masks-overlap" in rules(THING, WAY, beside, path(M2, (240, 150), (350, 150)))
    assert rules(THING, rub, WAY, beside, path(M2, (240, 150), (350, 150))) == []


def test_a_layers_mask_is_made_once() -> None:
    """A rerun costs nothing where nothing changed."""
    assert layer_mask(drawn(THING, WAY), M1) is layer_mask(drawn(THING, area(M2, 0, 0, 9, 9)), M1)
