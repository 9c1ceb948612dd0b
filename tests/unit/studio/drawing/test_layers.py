"""Figures of each layer for a person."""

import pytest

from studio.drawing.layers import LayerSummary, layer_summary
from studio.drawing.model import Drawing, Layer
from tests.support.make import area, drawn, path


def summaries(drawing: Drawing) -> tuple[LayerSummary, ...]:
    return tuple(layer_summary(drawing, layer) for layer in drawing.layers_used)


def test_only_layers_with_strokes_are_listed_static_first() -> None:
    """However they were drawn."""
    drawing = drawn(path(Layer.MOTION_5), area(Layer.MOTION_2), area(Layer.STATIC))
    listed_layers = [figures.layer for figures in summaries(drawing)]
    assert listed_layers == [Layer.STATIC, Layer.MOTION_2, Layer.MOTION_5]
    assert summaries(drawn()) == ()


def test_the_share_is_the_painted_part_of_the_picture() -> None:
    """0..1; what is painted twice counts once, what lies outside does not count."""
    quarter = area(Layer.STATIC, left=0, top=0, right=50, bottom=40)
    again = area(Layer.STATIC, left=-30, top=-30, right=50, bottom=40)
    (figures,) = summaries(drawn(quarter, again))
    assert figures.share == pytest.approx(0.25)


def test_a_layer_with_a_path_alone_has_nothing_painted() -> None:
    """A path is no paint."""
    (figures,) = summaries(drawn(path(Layer.MOTION_1)))
    assert figures.share == 0


def test_a_path_is_measured_along_its_way_as_a_part_of_the_width() -> None:
    """30 right, 40 down, on a canvas 100 wide."""
    (figures,) = summaries(drawn(path(Layer.MOTION_1, (10, 10), (40, 10), (40, 50))))
    assert figures.path_share_of_width == pytest.approx(0.7)


def test_the_newest_path_is_the_one_that_is_measured() -> None:
    """As it is the one that is sent."""
    (figures,) = summaries(
        drawn(path(Layer.MOTION_1, (0, 0), (90, 0)), path(Layer.MOTION_1, (0, 0), (20, 0)))
    )
    assert figures.path_share_of_width == pytest.approx(0.2)


@pytest.mark.parametrize("strokes", [(area(Layer.MOTION_1),), (path(Layer.MOTION_1, (5, 5)),)])
def test_no_path_and_a_single_click_have_no_length(strokes: tuple[object, ...]) -> None:
    """The page says that there is no path yet."""
    (figures,) = summaries(drawn(*strokes))  # type: ignore[arg-type]
    assert figures.path_share_of_width == 0
