"""Limits of a last frame and of words are said before anything is paid, with a click that helps."""

from dataclasses import replace
from typing import Any

import pytest

from kling import Finding, Severity
from kling.rules import MAX_PROMPT_CHARS
from studio.checks.carrier_checks import carrier_findings
from studio.checks.findings import LocatedFinding
from studio.checks.preflight import may_send, preflight
from studio.checks.repairs import repairs
from studio.drawing.model import Layer, Stroke
from studio.pictures.picture_url import PictureUrl
from studio.request.carriers import carrier_of, is_seen_to_move
from studio.request.compose import compose
from studio.request.draft import Carrier, Draft, Picture
from studio.request.words import whole_prompt
from tests.support.labelled_frames import LABELLED_FRAMES
from tests.support.make import CANVAS_PX, area, draft, ever_living, path

M1, M2 = Layer.MOTION_1, Layer.MOTION_2
FRAME = {"model_name": "kling-v2-6", "mode": "pro"}
WIDTH_PX = CANVAS_PX[0]


def made(*strokes: Stroke, **parameters: Any) -> Draft:
    """A draft for a model that takes a last frame."""
    return draft(*strokes, **{**FRAME, **parameters})


MEASURED = {"frame-rough-outline", "frame-large-hole"}


def found(one: Draft) -> dict[str, Finding]:
    """The findings on its carrier, by their rules; without those that are measured on the frame's pixels."""
    return {finding.rule: finding for finding in carrier_findings(one) if finding.rule not in MEASURED}


def measured(one: Draft) -> dict[str, Finding]:
    """Those that are measured on the frame's pixels."""
    return {finding.rule: finding for finding in carrier_findings(one) if finding.rule in MEASURED}


def ending(share_of_width: float) -> tuple[Stroke, Stroke]:
    """A part whose path goes a long way and ends near its start."""
    start = (20.0, 20.0)
    return area(M1), path(M1, start, (20.0, 40.0), (20.0 + share_of_width * WIDTH_PX, 20.0))


@pytest.mark.parametrize("carrier", [Carrier.FRAME, Carrier.WORDS])
def test_a_part_that_moves_is_no_finding(carrier: Carrier) -> None:
    """Painted, with a path that leads somewhere."""
    assert found(made(area(M1), path(M1), area(Layer.STATIC, left=70), carrier=carrier)) == {}


@pytest.mark.parametrize("carrier", [Carrier.FRAME, Carrier.WORDS])
def test_paint_or_a_path_alone_cannot_be_told(carrier: Carrier) -> None:
    """As a warning: the rest can be sent. The same clicks help as with the brush."""
    told = found(made(area(M1), path(M1), area(M2, left=70), path(Layer.MOTION_3), carrier=carrier))
    assert set(told) == {"trajectory-too-short", "mask-missing"}
    assert told["trajectory-too-short"].problem == "Motion 2: it is painted but has no path."
    assert told["mask-missing"].problem == "Motion 3: it has a path but nothing is painted."
    assert {finding.severity for finding in told.values()} == {Severity.WARNING}


def test_a_named_part_is_called_by_its_name() -> None:
    """In every finding on it, by any carrier."""

    def named(one: Draft) -> Draft:
        return replace(one, drawing=one.drawing and one.drawing.with_name(M2, "the boat"))

    in_words, by_brush = named(made(area(M2, left=70))), named(draft(area(M2, left=70)))
    (told,) = preflight(by_brush, compose(by_brush), ever_living)
    assert told.problem == "Motion 2 (“the boat”): it is painted but has no path."
    assert found(in_words)["trajectory-too-short"].problem == told.problem


def test_an_end_near_its_start_is_hardly_seen_in_a_last_frame() -> None:
    """Less than two hundredths of the width; just above it is no finding, and in words it does not matter."""
    near = made(*ending(0.019), carrier=Carrier.FRAME)
    told = found(near)["path-ends-near"]
    assert told.problem == "Motion 1: its path ends 1.9% of the picture's width from its start."
    assert isinstance(told, LocatedFinding)
    assert told.location
    assert told.location.mask is not None
    assert told.location.points_canvas_px
    assert "path-ends-near" not in found(made(*ending(0.021), carrier=Carrier.FRAME))
    assert "path-ends-near" not in found(made(*ending(0.019), carrier=Carrier.WORDS))


def test_it_is_led_further_with_one_click_or_sent_in_words() -> None:
    """The path keeps its start; a second click changes nothing."""
    near = made(*ending(0.01), carrier=Carrier.FRAME)
    further, words = repairs(near, found(near).values())
    fixed = further.apply(near)
    assert fixed.drawing
    assert near.drawing
    assert is_seen_to_move(fixed.drawing, M1)
    assert found(fixed) == {}
    starts = [one.paths(M1)[-1].points_canvas_px[0] for one in (near.drawing, fixed.drawing)]
    assert starts[0] == starts[1]
    assert further.apply(fixed) == fixed
    assert carrier_of(words.apply(near)) is Carrier.WORDS
    assert words.apply(near).drawing == near.drawing


def test_a_loop_can_only_be_sent_in_words() -> None:
    """However far it is stretched, it ends where it starts."""
    loop = made(
        area(M1), path(M1, (20.0, 20.0), (40.0, 30.0), (20.0, 40.0), (20.0, 20.0)), carrier=Carrier.FRAME
    )
    assert [one.label for one in repairs(loop, found(loop).values())] == ["Send the drawing in words"]


def test_a_picture_given_by_its_address_has_no_last_frame() -> None:
    """Chosen all the same, it is said; left to us, words are taken, which the line under the model says."""
    url = Picture(url=PictureUrl("https://pictures.example.com/cat.png"))
    chosen = made(area(M1), path(M1), picture=url, carrier=Carrier.FRAME)
    assert set(found(chosen)) == {"frame-needs-picture"}
    (repair,) = repairs(chosen, carrier_findings(chosen))
    assert found(repair.apply(chosen)) == {}
    automatic = made(area(M1), path(M1), picture=url)
    assert carrier_of(automatic) is Carrier.WORDS
    assert found(automatic) == {}


def test_parts_without_room_in_the_prompt_are_named() -> None:
    """The person's own text is never cut by itself."""
    one = made(area(M1), path(M1), prompt="w" * (MAX_PROMPT_CHARS - 5))
    assert "no room in the prompt to tell of the part" in found(one)["words-left-out"].problem
    assert found(made(area(M1), path(M1), prompt="wind")) == {}


def test_of_an_edited_text_that_is_too_long_either_half_can_give_way() -> None:
    """Both together have 500 characters at most."""
    too_long = Finding(field="prompt", rule="prompt-too-long", problem="", remedy="")
    one = made(area(M1), path(M1), prompt="wind " * 60, motion_words="It moves. " * 40)
    assert len(whole_prompt(one)) > MAX_PROMPT_CHARS
    for repair in repairs(one, [too_long]):
        assert len(whole_prompt(repair.apply(one))) <= MAX_PROMPT_CHARS
    assert [repair.label for repair in repairs(one, [too_long])] == [
        "Write the sentences anew",
        "Cut to 99 characters",
    ]


def test_a_drawing_that_is_not_sent_has_no_findings() -> None:
    """It is kept, and nothing of it can go wrong."""
    one = made(area(M1, right=10), path(M1, (-90.0, 10.0)), area(M2, left=70), carrier=Carrier.NONE)
    assert found(one) == {}


def on_a_photograph(name: str) -> Draft:
    """A labelled drawing on its photograph, for a model that takes a last frame."""
    labelled = LABELLED_FRAMES[name]
    return replace(
        made(carrier=Carrier.FRAME), picture=Picture(source=labelled.source), drawing=labelled.drawing
    )


def test_a_rough_outline_is_shown_and_snaps_to_the_object() -> None:
    """Half of a cup becomes the cup; a good outline is no finding."""
    rough = on_a_photograph("half of the cup")
    told = measured(rough)["frame-rough-outline"]
    assert "of its outline follows edges of the picture" in told.problem
    assert isinstance(told, LocatedFinding)
    assert told.location
    assert told.location.mask is not None
    assert rough.drawing
    assert told.location.mask.shape == rough.drawing.canvas_size_px[::-1]
    snap, words = repairs(rough, carrier_findings(rough))
    fixed = snap.apply(rough)
    assert measured(fixed) == {}
    assert fixed.drawing
    assert fixed.drawing.paths(M1) == rough.drawing.paths(M1)
    assert carrier_of(words.apply(rough)) is Carrier.WORDS
    assert measured(on_a_photograph("the cup by its rim")) == {}


def test_a_hole_that_cannot_be_filled_is_told_with_its_share() -> None:
    """Where a large part goes far away, words are better."""
    far = on_a_photograph("the helmet, far away")
    assert "of the picture lies deep in it" in measured(far)["frame-large-hole"].problem
    assert [one.label for one in repairs(far, carrier_findings(far))] == ["Send the drawing in words"]


def test_a_frame_that_the_model_does_not_take_goes_to_one_that_does_or_in_words() -> None:
    """A person may choose it all the same; each click leaves a request that may be sent."""
    one = draft(area(M1), path(M1), model_name="kling-v2-master", mode=None, carrier=Carrier.FRAME)
    told = preflight(one, compose(one), ever_living)
    assert not may_send(told)
    offered = repairs(one, [finding for finding in told if finding.rule == "tail-unsupported"])
    assert [repair.label for repair in offered] == [
        "Use kling-v2-6 · pro · 5 s",
        "Use kling-v2-6 · pro · 10 s",
        "Send the drawing in words",
    ]
    for repair in offered:
        fixed = repair.apply(one)
        assert may_send(preflight(fixed, compose(fixed), ever_living))
        assert fixed.drawing == one.drawing
