"""Which layers are listed and looked at, and what becomes of the rest."""

import numpy as np
import pytest

from studio.drawing.layers import (
    THUMBNAIL_SIDE_PX,
    listed_layers,
    middle_canvas_px,
    newest_path,
    next_free_layer,
    thumbnail_jpeg,
    with_path,
    with_visible,
    without_hidden,
)
from studio.drawing.model import MOTION_LAYERS, Drawing, Layer
from tests.support.make import area, drawn, path
from tests.support.pictures import decoded, encoded, gradient

M1, M2, M4 = Layer.MOTION_1, Layer.MOTION_2, Layer.MOTION_4
ALL = drawn(*(area(layer) for layer in MOTION_LAYERS))


@pytest.mark.parametrize(
    ("drawing", "chosen", "last"),
    [(drawn(), Layer.STATIC, M1), (drawn(area(M4)), M1, M4), (drawn(area(M1)), M2, M2)],
)
def test_the_list_ends_with_the_last_layer_in_use_or_in_hand(
    drawing: Drawing, chosen: Layer, last: Layer
) -> None:
    """It begins with Static and Motion 1, however empty."""
    assert listed_layers(drawing, chosen) == tuple(layer for layer in Layer if layer <= last)


def test_the_next_moving_part_is_the_next_empty_one_and_there_are_six() -> None:
    """From the one in hand on, then from the front."""
    assert next_free_layer(drawn(), Layer.STATIC) is M1
    assert next_free_layer(drawn(area(M1)), M1) is M2
    assert next_free_layer(ALL.without_layer(M2), M4) is M2
    assert next_free_layer(ALL, M1) is None


def test_what_is_hidden_is_not_on_the_canvas_and_not_lost() -> None:
    """A stroke drawn meanwhile joins it."""
    drawing = drawn(area(M1), area(M2), path(M1))
    seen = without_hidden(drawing, frozenset({M1}))
    assert seen.layers_used == (M2,)
    after = with_visible(drawing, frozenset({M1}), (*seen.strokes, area(M4)))
    assert after.of(M1) == drawing.of(M1)
    assert after.layers_used == (M1, M2, M4)


def test_looking_at_everything_changes_nothing() -> None:
    """Speeds included."""
    assert with_visible(ALL, frozenset(), without_hidden(ALL, frozenset()).strokes) == ALL


def test_a_given_path_replaces_all_others_and_leaves_the_paint() -> None:
    """One goes with a layer; without points there is none."""
    drawing = drawn(area(M1), path(M1), path(M1, (1, 1), (2, 2)), area(M2))
    given = with_path(drawing, M1, ((5, 5), (9, 9)))
    assert newest_path(given, M1) == ((5, 5), (9, 9))
    assert len(given.paths(M1)) == 1
    assert given.regions(M1) == drawing.regions(M1)
    assert newest_path(with_path(drawing, M1, ()), M1) == ()


def test_a_path_begins_in_the_middle_of_the_paint_or_of_the_picture() -> None:
    """Where a preset starts."""
    painted = drawn(area(M1, left=20, top=10, right=60, bottom=40))
    assert middle_canvas_px(painted, M1) == pytest.approx((40, 25))
    assert middle_canvas_px(painted, M2) == (50, 40)


def test_the_thumbnail_shows_the_paint_and_the_path_in_the_layers_colour() -> None:
    """Over the picture, small."""
    jpeg = encoded(gradient(400, 320), "JPEG")
    strokes = (area(M1, left=0, top=0, right=50, bottom=80), path(M1, (60, 40), (90, 40)))
    pixels = decoded(thumbnail_jpeg(jpeg, strokes, (100, 80), (255, 0, 255)))
    plain = decoded(thumbnail_jpeg(jpeg, (), (100, 80), (255, 0, 255)))
    assert max(pixels.shape) == THUMBNAIL_SIDE_PX
    change = np.abs(pixels.astype(int) - plain).max(axis=2)
    assert change[51, 30] > 60
    assert change[51, 96] > 60
    assert change[90, 110] < 12
