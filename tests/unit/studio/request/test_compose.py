"""From a draft to the request: every field in its place, every mask as large as the picture."""

import base64
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np
import pytest

from kling.checks.extra_fields import OUR_FIELDS
from studio.drawing.model import Drawing, Layer, Speed, Stroke, StrokeKind
from studio.pictures.picture_url import PictureUrl
from studio.pictures.source_image import decode_source, read_image
from studio.request.compose import compose
from studio.request.decode import preview_size_px
from studio.request.draft import Carrier, Draft, Parameters, Picture
from tests.support.make import SIZE_PX, area, draft, drawn, path, photo
from tests.support.pictures import decoded, encoded

WHOLE = Draft(
    picture=Picture(source=photo()),
    tail=Picture(url=PictureUrl("https://example.org/last.jpg")),
    drawing=drawn(area(Layer.STATIC), area(Layer.MOTION_1), path(Layer.MOTION_1)),
    parameters=Parameters(
        model_name="kling-v1",
        mode="pro",
        duration="10",
        prompt="wind",
        negative_prompt="rain",
        cfg_scale=0.0,
        callback_url="https://example.org/call",
        external_task_id="mine-1",
        carrier=Carrier.BRUSH,
        extra_fields='{"sound": "off"}',
    ),
)


def mask_pixels(mask_base64: str | None) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return decoded(base64.b64decode(mask_base64 or ""))[..., 0]


def trajectory(*strokes: Stroke) -> list[tuple[int, int]]:
    """The points of the one dynamic mask, as on the wire."""
    (mask,) = compose(draft(*strokes)).request.dynamic_masks
    return [(point.x, point.y) for point in mask.trajectories]


def test_all_fields_of_the_wire_come_from_the_draft() -> None:
    """Each under its name and with its value; a guidance scale of 0 is a value (contract.md)."""
    request = compose(WHOLE).request
    wire = request.to_wire()
    assert wire.keys() == OUR_FIELDS | {"sound"}
    assert wire["image"] == photo().base64
    assert wire["image_tail"] == "https://example.org/last.jpg"
    assert {name: wire[name] for name in ("model_name", "mode", "duration", "cfg_scale")} == {
        "model_name": "kling-v1",
        "mode": "pro",
        "duration": "10",
        "cfg_scale": 0.0,
    }
    assert (wire["prompt"], wire["negative_prompt"]) == ("wind", "rain")
    assert (wire["callback_url"], wire["external_task_id"]) == ("https://example.org/call", "mine-1")
    assert wire["static_mask"]
    assert len(wire["dynamic_masks"]) == 1
    assert list(wire.items())[-1] == ("sound", "off")


def test_what_is_not_given_is_not_sent() -> None:
    """Empty text means not given: only what every request has is left."""
    plain = draft(model_name="kling-v2-master", mode=None)
    assert set(compose(plain).request.to_wire()) == {"image", "model_name", "duration"}


def test_every_mask_has_the_pictures_own_size_and_only_black_and_white() -> None:
    """Same width and height as the image, painted white, however large the canvas is (contract.md)."""
    request = compose(draft(area(Layer.STATIC), area(Layer.MOTION_2), path(Layer.MOTION_2))).request
    for mask in (request.static_mask, request.dynamic_masks[0].mask):
        pixels = mask_pixels(mask)
        assert pixels.shape == (SIZE_PX[1], SIZE_PX[0])
        assert set(np.unique(pixels)) == {0, 255}
        # canvas (20, 10)–(60, 40) is four times as large in the picture
        assert (pixels[100, 160], pixels[100, 60], pixels[220, 160]) == (255, 0, 0)


def test_layers_are_sent_in_their_order_however_they_were_drawn() -> None:
    """`layers` says which layer each dynamic mask is; gaps close up."""
    strokes = [(area(layer), path(layer)) for layer in (Layer.MOTION_6, Layer.MOTION_2, Layer.MOTION_3)]
    strokes[1] = (area(Layer.MOTION_2, left=5, right=15), strokes[1][1])
    composed = compose(draft(*chain(*strokes)))
    assert composed.layers == (Layer.MOTION_2, Layer.MOTION_3, Layer.MOTION_6)
    leftmost = [int(mask_pixels(m.mask).any(axis=0).argmax()) for m in composed.request.dynamic_masks]
    assert leftmost == [20, 80, 80]


def test_the_newest_path_of_a_layer_wins() -> None:
    """Drawing again is how one corrects a path."""
    first, second = path(Layer.MOTION_1, (10, 10), (30, 10)), path(Layer.MOTION_1, (50, 50), (90, 50))
    points = trajectory(area(Layer.MOTION_1), first, second)
    assert (points[0][0], points[-1][0]) == (200, 360)


def test_a_path_drawn_at_the_top_has_a_large_wire_y() -> None:
    """The origin of the wire is at the bottom left, and y is flipped once (contract.md)."""
    height = SIZE_PX[1]
    assert {y for _, y in trajectory(path(Layer.MOTION_1, (10, 0), (90, 0)))} == {height - 1}
    assert {y for _, y in trajectory(path(Layer.MOTION_1, (10, 79.9), (90, 79.9)))} == {0}


def test_the_order_of_the_points_is_the_direction_drawn() -> None:
    """First point first."""
    points = trajectory(path(Layer.MOTION_1, (90, 40), (10, 40)))
    assert points[0] == (360, SIZE_PX[1] - 1 - 160)
    assert points[-1] == (40, SIZE_PX[1] - 1 - 160)
    assert points == sorted(points, reverse=True)


def test_a_layers_speed_is_in_the_spacing_of_its_points() -> None:
    """Starting slowly, the first steps are the short ones."""
    drawn_so = draft(area(Layer.MOTION_1), path(Layer.MOTION_1, (10, 40), (90, 40)))
    assert drawn_so.drawing is not None
    eased = replace(drawn_so, drawing=drawn_so.drawing.with_speed(Layer.MOTION_1, Speed.EASE_IN))
    xs = [point.x for point in compose(eased).request.dynamic_masks[0].trajectories]
    assert (xs[0], xs[-1]) == (40, 360)
    assert xs[-1] - xs[-2] > 10 * (xs[1] - xs[0])


def test_erasing_takes_paint_away_and_alone_is_nothing() -> None:
    """An eraser on an empty layer does not make a mask of it."""
    erase = replace(area(Layer.MOTION_1), kind=StrokeKind.ERASE, width_canvas_px=500.0)
    (mask,) = compose(draft(area(Layer.MOTION_1), erase, path(Layer.MOTION_1))).request.dynamic_masks
    assert not mask_pixels(mask.mask).any()
    assert compose(draft(erase)).request.dynamic_masks == ()
    on_static = replace(erase, layer=Layer.STATIC)
    assert compose(draft(on_static)).request.static_mask is None


def test_a_long_scribble_is_thinned_to_77_points() -> None:
    """2 to 77 points (contract.md)."""
    scribble = path(Layer.MOTION_1, *[(i % 100, 40 + 20 * np.sin(i)) for i in range(500)])
    assert len(trajectory(scribble)) == 77


def test_a_mask_without_a_path_and_a_path_without_a_mask_are_left_for_the_checks() -> None:
    """Nothing is made up and nothing is silently left out."""
    composed = compose(draft(area(Layer.MOTION_1), path(Layer.MOTION_4)))
    painted, pathed = composed.request.dynamic_masks
    assert (bool(painted.mask), painted.trajectories) == (True, ())
    assert (pathed.mask, len(pathed.trajectories) >= 2) == ("", True)


def test_paint_on_the_static_layer_makes_no_dynamic_mask() -> None:
    """What stays still does not move."""
    composed = compose(draft(area(Layer.STATIC)))
    assert composed.request.static_mask
    assert (composed.request.dynamic_masks, composed.layers) == ((), ())


def test_a_picture_by_its_url_has_no_masks() -> None:
    """Its size is not known here, so there is nothing to paint on."""
    by_url = Picture(url=PictureUrl("https://example.org/a.jpg"))
    request = compose(replace(WHOLE, picture=by_url)).request
    assert (request.image, request.has_masks) == ("https://example.org/a.jpg", False)
    assert request.prompt == "wind"


@pytest.mark.parametrize("drawing", [None, Drawing(canvas_width_px=100, canvas_height_px=80)])
def test_without_a_picture_the_image_stays_empty(drawing: Drawing | None) -> None:
    """A draft need not be complete to be checked."""
    request = compose(replace(WHOLE, picture=None, drawing=drawing)).request
    assert (request.image, request.has_masks, request.negative_prompt) == ("", False, "rain")


# ---- by each carrier

PARTS = (area(Layer.STATIC), area(Layer.MOTION_1), path(Layer.MOTION_1))
PRO: dict[str, Any] = {"model_name": "kling-v2-6", "mode": "pro", "prompt": "At dusk"}
WORDS = "At dusk. The part at the top moves to the right by about a third of the picture."


def test_by_the_brush_the_drawing_is_masks_and_the_prompt_is_left_alone() -> None:
    """As it was before there were other carriers."""
    composed = compose(draft(*PARTS, prompt="At dusk"))
    assert composed.carrier is Carrier.BRUSH
    assert composed.request.static_mask
    assert (len(composed.layers), composed.request.prompt, composed.request.image_tail) == (
        1,
        "At dusk",
        None,
    )
    assert (composed.words.text, composed.last_frame) == ("", None)


def test_as_a_last_frame_the_drawing_is_a_tail_and_words() -> None:
    """No mask: the two exclude each other."""
    composed = compose(draft(*PARTS, **PRO))
    request, frame = composed.request, composed.last_frame
    assert composed.carrier is Carrier.FRAME
    assert frame is not None
    assert request.image_tail == frame.picture.base64 != request.image
    assert frame.picture.size_px == photo().size_px
    assert not request.has_masks
    assert composed.layers == ()
    assert (request.prompt or "").startswith(WORDS)
    assert (request.prompt or "").endswith(composed.words.text)


def test_in_words_the_drawing_is_in_the_prompt_alone() -> None:
    """Every model reads one."""
    composed = compose(draft(*PARTS, **(PRO | {"mode": "std"})))
    assert composed.carrier is Carrier.WORDS
    assert (composed.request.prompt or "").startswith(WORDS)
    assert not composed.request.has_masks
    assert composed.request.image_tail is None


def test_not_sent_the_drawing_leaves_no_trace() -> None:
    """A picture and a prompt."""
    plain = compose(replace(draft(**PRO), drawing=None))
    assert compose(draft(*PARTS, carrier=Carrier.NONE, **PRO)).request == plain.request


def test_a_last_frame_of_the_person_s_own_wins() -> None:
    """And the drawing goes in words, as the one line says."""
    own = Picture(url=PictureUrl("https://example.org/last.jpg"))
    for carrier in (None, Carrier.FRAME):
        composed = compose(replace(draft(*PARTS, carrier=carrier, **PRO), tail=own))
        assert composed.request.image_tail == own.url
        assert composed.last_frame is None
        assert composed.words.text


def test_a_picture_by_its_address_has_no_frame_but_words() -> None:
    """It has no pixels here."""
    by_url = Picture(url=PictureUrl("https://example.org/a.jpg"))
    composed = compose(replace(draft(*PARTS, **PRO), picture=by_url))
    assert (composed.carrier, composed.last_frame) == (Carrier.WORDS, None)
    assert (composed.request.prompt or "").startswith(WORDS)


def test_edited_words_are_sent_as_they_were_typed() -> None:
    """Instead of the drawing's own; emptied ones leave the prompt alone."""
    edited = draft(*PARTS, motion_words="The boat sails away.", **PRO)
    assert compose(edited).request.prompt == "At dusk. The boat sails away."
    assert compose(draft(*PARTS, motion_words="", **PRO)).request.prompt == "At dusk"


def test_a_quick_request_has_a_smaller_last_frame_of_a_large_picture() -> None:
    """To look at while one draws; of a small picture it is the very frame."""
    assert compose(draft(*PARTS, **PRO), quick=True).request == compose(draft(*PARTS, **PRO)).request
    pixels = np.asarray(decode_source(photo())[0]).repeat(5, axis=0).repeat(5, axis=1)
    large = Picture(source=read_image(encoded(pixels), "large.png"))
    assert large.source is not None
    quick = compose(draft(*PARTS, picture=large, **PRO), quick=True).last_frame
    assert quick is not None
    assert quick.picture.size_px == preview_size_px(large.source.size_px) != large.source.size_px
