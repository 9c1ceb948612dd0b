import math

import pytest

from studio.drawing.model import MOTION_LAYERS, Drawing, Layer, Speed, Stroke, StrokeKind, clean_name


def stroke(
    layer: Layer = Layer.STATIC,
    kind: StrokeKind = StrokeKind.BRUSH,
    points: tuple[tuple[float, float], ...] = ((10, 20), (30, 40)),
    width: float = 8,
) -> Stroke:
    return Stroke(layer=layer, kind=kind, points_canvas_px=points, width_canvas_px=width)


MASK = stroke(Layer.MOTION_1)
AREA = stroke(Layer.MOTION_1, StrokeKind.AREA)
PATH = stroke(Layer.MOTION_1, StrokeKind.PATH)
STILL = stroke()
DRAWING = Drawing(canvas_width_px=100, canvas_height_px=50, strokes=(MASK, STILL, PATH, AREA))


def test_layers_are_named_as_on_the_page() -> None:
    """Static first, then Motion 1 to 6 in the order in which they are sent."""
    assert [layer.label for layer in Layer] == ["Static", *(f"Motion {n}" for n in range(1, 7))]
    assert [layer.value for layer in MOTION_LAYERS] == [1, 2, 3, 4, 5, 6]


def test_regions_and_paths_of_a_layer_are_told_apart_in_the_order_drawn() -> None:
    """A brush stroke or an area makes the mask; a path is the trajectory."""
    assert DRAWING.of(Layer.MOTION_1) == (MASK, PATH, AREA)
    assert DRAWING.regions(Layer.MOTION_1) == (MASK, AREA)
    assert DRAWING.paths(Layer.MOTION_1) == (PATH,)
    assert DRAWING.paths(Layer.STATIC) == ()


def test_clearing_a_layer_leaves_the_others_alone() -> None:
    """Clear one layer removes its regions and its paths, and nothing else."""
    assert DRAWING.without_layer(Layer.MOTION_1).strokes == (STILL,)
    assert DRAWING.without_layer(Layer.MOTION_5) == DRAWING


def test_single_strokes_can_be_removed() -> None:
    """Removing what is not there is no error."""
    assert DRAWING.without(PATH, STILL).strokes == (MASK, AREA)
    assert DRAWING.without(stroke(Layer.MOTION_6)) == DRAWING


def test_a_drawing_is_rescaled_to_another_canvas_with_its_widths() -> None:
    """Points follow each side's factor, and the pen their geometric mean."""
    scaled = DRAWING.scaled_to(200, 100)
    assert scaled.canvas_size_px == (200, 100)
    assert scaled.strokes[0].points_canvas_px == ((20, 40), (60, 80))
    assert scaled.strokes[0].width_canvas_px == 16
    assert scaled.scaled_to(100, 50) == DRAWING


def test_an_erasing_stroke_belongs_to_the_mask_in_its_place() -> None:
    """What it takes away depends on what was painted before it."""
    erase = stroke(Layer.MOTION_1, StrokeKind.ERASE)
    drawing = Drawing(canvas_width_px=9, canvas_height_px=9, strokes=(MASK, erase, PATH, AREA))
    assert drawing.regions(Layer.MOTION_1) == (MASK, erase, AREA)
    assert drawing.paths(Layer.MOTION_1) == (PATH,)


def test_the_layers_in_use_are_those_with_a_stroke() -> None:
    """Static first, whatever was drawn first."""
    assert DRAWING.layers_used == (Layer.STATIC, Layer.MOTION_1)


def test_a_replaced_layer_keeps_its_place_and_the_others() -> None:
    """The new strokes are put on the layer, wherever they came from."""
    replaced = DRAWING.replaced_layer(Layer.STATIC, (AREA, STILL))
    still_area = stroke(Layer.STATIC, StrokeKind.AREA)
    assert replaced.strokes == (MASK, still_area, STILL, PATH, AREA)
    assert DRAWING.replaced_layer(Layer.MOTION_2, (MASK,)).of(Layer.MOTION_2) == (stroke(Layer.MOTION_2),)
    assert DRAWING.replaced_layer(Layer.MOTION_1, ()) == DRAWING.without_layer(Layer.MOTION_1)


def test_two_motion_layers_change_places_with_their_paths_and_speeds() -> None:
    """Swapping twice is as before."""
    swapped = DRAWING.with_speed(Layer.MOTION_1, Speed.EASE_IN).swapped(Layer.MOTION_1, Layer.MOTION_4)
    assert swapped.paths(Layer.MOTION_4) == (stroke(Layer.MOTION_4, StrokeKind.PATH),)
    assert not swapped.of(Layer.MOTION_1)
    assert (swapped.speed(Layer.MOTION_4), swapped.speed(Layer.MOTION_1)) == (Speed.EASE_IN, Speed.EVEN)
    assert swapped.swapped(Layer.MOTION_4, Layer.MOTION_1).strokes == DRAWING.strokes


def test_what_is_static_never_gets_a_path() -> None:
    """Swapped with Static, a layer keeps its path; copied there, it leaves it behind."""
    swapped = DRAWING.swapped(Layer.STATIC, Layer.MOTION_1)
    assert swapped.of(Layer.MOTION_1) == (stroke(Layer.MOTION_1), PATH)
    assert swapped.of(Layer.STATIC) == (STILL, stroke(Layer.STATIC, StrokeKind.AREA))
    assert DRAWING.duplicated(Layer.MOTION_1, Layer.STATIC).paths(Layer.STATIC) == ()


def test_a_duplicated_layer_takes_the_place_of_what_was_there() -> None:
    """Region, path and speed are copied; the layer itself stays."""
    copied = DRAWING.with_speed(Layer.MOTION_1, Speed.EASE_OUT).duplicated(Layer.MOTION_1, Layer.MOTION_2)
    assert copied.of(Layer.MOTION_1) == DRAWING.of(Layer.MOTION_1)
    assert [s.kind for s in copied.of(Layer.MOTION_2)] == [s.kind for s in DRAWING.of(Layer.MOTION_1)]
    assert copied.speed(Layer.MOTION_2) is Speed.EASE_OUT


def test_a_layer_is_even_until_another_speed_is_chosen() -> None:
    """The speed outlives clearing the layer and a change of the canvas; even is not written down."""
    eased = DRAWING.with_speed(Layer.MOTION_1, Speed.EASE_IN_OUT)
    assert DRAWING.speed(Layer.MOTION_1) is Speed.EVEN
    assert eased.without_layer(Layer.MOTION_1).scaled_to(7, 9).speed(Layer.MOTION_1) is Speed.EASE_IN_OUT
    assert eased.with_speed(Layer.MOTION_1, Speed.EVEN) == DRAWING


def test_an_empty_drawing_knows_it() -> None:
    """is_empty is about strokes, not about the canvas."""
    assert Drawing(canvas_width_px=1, canvas_height_px=1).is_empty
    assert not DRAWING.is_empty


def test_strokes_are_hashable_and_equal_by_value() -> None:
    """Masks are cached by their strokes."""
    assert hash(stroke()) == hash(stroke())
    assert len({stroke(), stroke(), stroke(Layer.MOTION_2)}) == 2


@pytest.mark.parametrize(
    ("points", "width"),
    [((), 1), (((math.nan, 0),), 1), (((0, math.inf),), 1), (((0, 0),), -1), (((0, 0),), math.nan)],
)
def test_a_stroke_without_sense_is_refused(points: tuple[tuple[float, float], ...], width: float) -> None:
    """No point, no finite coordinate or a negative width is a programming error."""
    with pytest.raises(ValueError, match="stroke"):
        stroke(points=points, width=width)


def test_a_canvas_without_pixels_is_refused() -> None:
    """Every side has at least one pixel, or nothing could be mapped."""
    with pytest.raises(ValueError, match="canvas"):
        Drawing(canvas_width_px=0, canvas_height_px=5)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  the boat ", "the boat"),
        ("the\nboat\r\n\tand\x00 the gull", "the boat and the gull"),
        ('the "old" boat`', "the old boat"),
        ("the boat.", "the boat"),
        ("Grandpa's boat", "Grandpa's boat"),
        ("die Möwe", "die Möwe"),
        ("лодка у причала", "лодка у причала"),
        ("船", "船"),
        ("the boat " * 40, "the boat the boat the boat the boat the"),
        ("b" * 300, "b" * 40),
        (" \u200b\n", ""),
    ],
)
def test_a_name_becomes_a_few_words_on_one_line(typed: str, kept: str) -> None:
    """Line breaks, quotes and control characters go, letters of any script stay; 40 characters are enough."""
    assert clean_name(typed) == kept
    assert DRAWING.with_name(Layer.MOTION_1, typed).name(Layer.MOTION_1) == kept


def test_a_name_is_given_changed_and_taken_away() -> None:
    """One a layer, in the order of the layers; the static one can have one too."""
    named = DRAWING.with_name(Layer.MOTION_2, "the gull").with_name(Layer.STATIC, "the pier")
    assert named.names == ((Layer.STATIC, "the pier"), (Layer.MOTION_2, "the gull"))
    assert named.name(Layer.MOTION_1) == ""
    assert named.with_name(Layer.STATIC, "").names == ((Layer.MOTION_2, "the gull"),)


def test_a_name_goes_with_its_layer() -> None:
    """Swapped with it, copied with it, kept when the canvas changes and while the layer is empty."""
    named = DRAWING.with_name(Layer.MOTION_1, "the boat")
    assert named.swapped(Layer.MOTION_1, Layer.MOTION_2).names == ((Layer.MOTION_2, "the boat"),)
    assert named.swapped(Layer.MOTION_1, Layer.STATIC).names == ((Layer.STATIC, "the boat"),)
    assert named.duplicated(Layer.MOTION_1, Layer.MOTION_3).name(Layer.MOTION_3) == "the boat"
    assert named.scaled_to(10, 10).without_layer(Layer.MOTION_1).name(Layer.MOTION_1) == "the boat"
