"""The warnings about a last frame agree with a person's eye, and say where."""

import numpy as np
import pytest

from studio.drawing.model import Layer
from studio.request.frame_quality import FrameFlaw, deep_in_hole, find_edges, frame_warnings, outline_on_edges
from tests.support.labelled_frames import LABELLED_FRAMES
from tests.support.make import area, drawn, path, photo
from tests.support.scenes import ellipse

M1 = Layer.MOTION_1


def test_the_verdict_agrees_with_the_labels() -> None:
    """In at least nine of ten; today in all of them."""
    agrees = [
        bool(frame_warnings(frame.drawing, frame.source)) is not frame.good
        for frame in LABELLED_FRAMES.values()
    ]
    assert len(agrees) >= 10
    assert sum(agrees) / len(agrees) >= 0.9


def test_a_rough_outline_is_shown_where_it_leaves_the_object() -> None:
    """Not along the edge that was hit."""
    frame = LABELLED_FRAMES["half of the badge"]
    (warning,) = frame_warnings(frame.drawing, frame.source)
    assert (warning.flaw, warning.layer) == (FrameFlaw.ROUGH_OUTLINE, M1)
    rows, columns = np.nonzero(warning.where)
    assert columns.mean() / warning.where.shape[1] > 0.36  # the badge's own edge lies to the left
    assert 0.6 < rows.mean() / warning.where.shape[0] < 0.82


def test_a_hole_that_nothing_can_fill_is_shown() -> None:
    """A large part that went far away; one that goes a little uncovers little."""
    frame = LABELLED_FRAMES["the helmet, far away"]
    flaws = {warning.flaw: warning for warning in frame_warnings(frame.drawing, frame.source)}
    hole = flaws[FrameFlaw.LARGE_HOLE]
    assert hole.layer is M1
    assert hole.value == pytest.approx(float(hole.where.mean()))
    rows, columns = np.nonzero(hole.where)
    assert columns.mean() / hole.where.shape[1] == pytest.approx(0.755, abs=0.05)
    assert rows.mean() / hole.where.shape[0] == pytest.approx(0.87, abs=0.06)


@pytest.mark.parametrize("points", [((40, 20), (41, 20)), ((40, 20), (90, 20), (41, 21))])
def test_a_move_that_ends_near_its_start_is_too_short_to_be_seen(
    points: tuple[tuple[float, float], ...],
) -> None:
    """Below two per cent of the width, whatever way it took."""
    found = frame_warnings(drawn(area(M1), path(M1, *points)), photo())
    assert [(warning.flaw, warning.layer) for warning in found] == [(FrameFlaw.TOO_SHORT, M1)]
    assert found[0].where.any()


def test_a_drawing_without_a_moving_part_has_nothing_to_warn_of() -> None:
    """There is no frame."""
    assert frame_warnings(drawn(area(Layer.STATIC)), photo()) == ()


@pytest.mark.parametrize(("off_px", "fits"), [(0, True), (4, True), (30, False)])
def test_an_outline_is_on_edges_when_it_lies_near_them(off_px: int, fits: bool) -> None:  # noqa: FBT001
    """A disc on a plain ground, outlined exactly, a little beside, and wrongly."""
    disc = ellipse((480, 640), 320, 240, 100, 100)
    pixels = np.where(disc[..., None], np.uint8(200), np.uint8(60)) * np.ones(3, np.uint8)
    share, where = outline_on_edges(ellipse((480, 640), 320 + off_px, 240, 100, 100), find_edges(pixels))
    assert (share >= 0.95) is fits
    assert bool(where.any()) is not fits


def test_an_outline_in_a_plain_area_is_no_mistake() -> None:
    """Sky can be painted roughly: nothing in it is bent."""
    plain = np.full((480, 640, 3), 120, np.uint8)
    assert outline_on_edges(ellipse((480, 640), 320, 240, 100, 100), find_edges(plain))[0] == 1.0
    assert outline_on_edges(np.ones((480, 640), np.bool_), find_edges(plain))[0] == 1.0


def test_only_the_inside_of_a_wide_hole_is_deep() -> None:
    """A twentieth of the longer side from what is known."""
    narrow, wide = np.zeros((400, 800), np.bool_), np.zeros((400, 800), np.bool_)
    narrow[:, 300:370], wide[100:300, 300:500] = True, True
    assert not deep_in_hole(narrow).any()
    assert deep_in_hole(wide)[200, 400]
    assert not deep_in_hole(wide)[110, 310]
