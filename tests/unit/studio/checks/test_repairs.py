"""One click: the finding is gone, a second click changes nothing, and all else stays as it was."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kling import Finding, Severity
from studio.checks import drawing_repairs, parameter_repairs
from studio.checks.drawing_checks import drawing_findings
from studio.checks.findings import LocatedFinding
from studio.checks.preflight import may_send, preflight
from studio.checks.repairs import Repair, repairs
from studio.drawing.coverage import layer_mask
from studio.drawing.model import MOTION_LAYERS, Drawing, Layer, Speed, Stroke, StrokeKind
from studio.drawing.rasterise import mask_image_px
from studio.request.compose import compose
from studio.request.draft import Carrier, Draft, Parameters, Picture
from tests.support.make import ever_living, photo

M1, M2, STILL = Layer.MOTION_1, Layer.MOTION_2, Layer.STATIC
SIZE = (400, 320)


def area(layer: Layer, left: float, top: float, right: float, bottom: float) -> Stroke:
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return Stroke(layer=layer, kind=StrokeKind.AREA, points_canvas_px=corners, width_canvas_px=0)


def line(layer: Layer, kind: StrokeKind, width: float, *points: tuple[float, float]) -> Stroke:
    return Stroke(layer=layer, kind=kind, points_canvas_px=points, width_canvas_px=width)


def path(layer: Layer, *points: tuple[float, float]) -> Stroke:
    return line(layer, StrokeKind.PATH, 4, *points)


def draft(*strokes: Stroke, tail: bool = False, **parameters: object) -> Draft:
    chosen = {"model_name": "kling-v1", "mode": "std", "duration": "5", "prompt": "wind", **parameters}
    drawing = Drawing(canvas_width_px=SIZE[0], canvas_height_px=SIZE[1], strokes=strokes)
    return Draft(
        picture=Picture(source=photo()),
        tail=Picture(source=photo()) if tail else None,
        drawing=drawing.with_speed(M2, Speed.EASE_IN),
        parameters=Parameters(**chosen),  # type: ignore[arg-type]
    )


def findings(made: Draft) -> tuple[Finding, ...]:
    return preflight(made, compose(made), ever_living)


def offered(made: Draft, rule: str) -> tuple[Repair, ...]:
    """The repairs for all findings of one rule."""
    return repairs(made, [found for found in findings(made) if found.rule == rule])


THING, WAY = area(M1, 20, 20, 120, 120), path(M1, (70, 70), (160, 70))
OTHER, ITS_WAY = area(M2, 220, 200, 320, 300), path(M2, (270, 250), (350, 250))
IN_ORDER = (THING, WAY)
STAR = area(M2, 395, 315, 396, 316)
CRUMBS = tuple(line(M2, StrokeKind.BRUSH, 3, (x, 40.0), (x + 2, 41.0)) for x in (220.0, 260.0, 300.0))
CHIP = line(M2, StrokeKind.ERASE, 14, (210.0, 212.0), (232.0, 212.0), (232.0, 190.0))  # leaves a corner

# What is drawn besides what is in order, and the labels of the repairs.
DRAWN = {
    "nothing-covered": ([area(M2, 500, 0, 600, 90), ITS_WAY], ["Clear Motion 2"]),
    "only-a-speck": ([STAR, path(M2, (395.5, 315.5), (300, 300))], ["Clear Motion 2"]),
    "nearly-all-covered": ([area(M2, 0, 0, 400, 320), ITS_WAY], ["Clear Motion 2"]),
    "mask-missing": ([ITS_WAY], ["Clear Motion 2"]),
    "trajectory-too-short": ([OTHER], ["Make Motion 2 static", "Clear Motion 2"]),
    "several-paths": ([OTHER, path(M2, (230, 210), (9, 9)), ITS_WAY], ["Keep the newest path of Motion 2"]),
    "specks": ([OTHER, ITS_WAY, *CRUMBS], ["Drop 3 specks of Motion 2"]),
    "point-outside-image": (
        [OTHER, path(M2, (270, 250), (420, 250), (300, 250))],
        ["Clip the path of Motion 2", "Move the path of Motion 2 into the picture"],
    ),
    "path-starts-outside": (
        [OTHER, path(M2, (200, 190), (180, 250))],
        ["Move the path of Motion 2 onto its paint"],
    ),
    "path-hardly-moves": (
        [OTHER, path(M2, (270, 250), (272, 250), (270, 250))],
        ["Stretch the path of Motion 2 to 10% of the longer side"],
    ),
    "masks-overlap": (
        [area(M2, 70, 80, 140, 150), path(M2, (130, 140), (200, 200))],
        [
            "Take it out of Motion 1, leave it to Motion 2",
            "Take it out of Motion 2, leave it to Motion 1",
        ],
    ),
}
# trajectory-too-long cannot come from a drawing: every path is thinned on its way to the wire.
NOT_DRAWABLE = {"trajectory-too-long"}


def test_every_repair_of_a_drawing_is_tested_here() -> None:
    """Completeness: a new row comes with its case."""
    assert set(DRAWN) | NOT_DRAWABLE == set(drawing_repairs.BY_RULE)


@pytest.mark.parametrize("rule", DRAWN)
def test_a_repair_says_what_it_does(rule: str) -> None:
    """With the layer's name and the numbers, and an explanation."""
    strokes, labels = DRAWN[rule]
    found = offered(draft(*IN_ORDER, *strokes), rule)
    assert [repair.label for repair in found] == labels
    assert all(repair.explanation.endswith(".") for repair in found)
    assert {repair.rule for repair in found} == {rule}


CASES = [(rule, label) for rule, (_, labels) in DRAWN.items() for label in labels]


@pytest.mark.parametrize(("rule", "label"), CASES)
def test_one_click_mends_a_drawing_and_nothing_else_changes(rule: str, label: str) -> None:
    """No new error comes instead; other layers keep their strokes and everything its pace."""
    made = draft(*IN_ORDER, *DRAWN[rule][0])
    (repair,) = (one for one in offered(made, rule) if one.label == label)
    mended = repair.apply(made)
    assert [found.rule for found in findings(mended)] == []
    assert repair.apply(mended) == mended
    assert mended.drawing is not None
    assert made.drawing is not None
    assert replace(mended, drawing=made.drawing) == made
    assert mended.drawing.speeds == made.drawing.speeds
    changed = {layer for layer in Layer if mended.drawing.of(layer) != made.drawing.of(layer)}
    assert changed <= ({M2, STILL} if label == "Make Motion 2 static" else set(_layers(repair)[:2]))
    assert len(changed) == (2 if label == "Make Motion 2 static" else 1)


def _layers(repair: Repair) -> tuple[Layer, ...]:
    assert isinstance(repair.finding, LocatedFinding)
    return repair.finding.layers


def test_a_click_after_a_path_is_removed_and_the_path_is_sent() -> None:
    """The click was a slip: what was drawn before it counts again."""
    made = draft(*IN_ORDER, OTHER, ITS_WAY, path(M2, (270, 250)))
    (repair,) = offered(made, "trajectory-too-short")
    assert repair.label == "Remove the click from Motion 2"
    assert findings(repair.apply(made)) == ()
    assert repair.apply(repair.apply(made)) == draft(*IN_ORDER, OTHER, ITS_WAY)


def test_clicks_after_a_path_are_removed_together() -> None:
    """One click mends it, however often the hand slipped; the same path drawn twice before stays."""
    made = draft(
        *IN_ORDER, OTHER, ITS_WAY, ITS_WAY, path(M2, (270, 250)), path(M2, (280, 250), (280.02, 250))
    )
    (repair,) = offered(made, "trajectory-too-short")
    assert repair.label == "Remove the clicks from Motion 2"
    assert repair.apply(made) == draft(*IN_ORDER, OTHER, ITS_WAY, ITS_WAY)


def test_two_clicks_without_a_path_are_no_path_to_go_back_to() -> None:
    """Paint can stay still, or go."""
    made = draft(*IN_ORDER, OTHER, path(M2, (270, 250)), path(M2, (280, 250)))
    labels = [repair.label for repair in offered(made, "trajectory-too-short")]
    assert labels == ["Make Motion 2 static", "Clear Motion 2"]


@pytest.mark.parametrize(
    "painted", [(), (area(M2, 500, 0, 600, 90),), (OTHER, replace(CHIP, width_canvas_px=999))]
)
def test_a_click_where_nothing_is_painted_can_only_be_cleared(painted: tuple[Stroke, ...]) -> None:
    """There is no paint to make static: that button would do nothing, or err on the static layer."""
    made = draft(*IN_ORDER, *painted, path(M2, (270, 250)))
    (repair,) = offered(made, "trajectory-too-short")
    assert repair.label == "Clear Motion 2"
    assert findings(repair.apply(made)) == ()


def test_paint_made_static_keeps_its_shape_and_erases_nothing_there() -> None:
    """An eraser belongs to its own layer: it must not rub holes into what is static already."""
    still = area(STILL, 210, 190, 260, 240)
    made = draft(*IN_ORDER, still, OTHER, CHIP)
    before = {layer: layer_mask(_drawing(made), layer).painted for layer in (M2, STILL)}
    mended = offered(made, "trajectory-too-short")[0].apply(made)
    after = layer_mask(_drawing(mended), STILL).painted
    assert not (before[STILL] & ~after).any()
    assert np.count_nonzero(after ^ (before[M2] | before[STILL])) < 0.01 * np.count_nonzero(after)


def _drawing(made: Draft) -> Drawing:
    assert made.drawing is not None
    return made.drawing


def test_a_speck_that_an_eraser_left_is_erased() -> None:
    """It is no stroke of its own, so a fine eraser goes over it; the thing itself stays to the pixel."""
    made = draft(*IN_ORDER, OTHER, ITS_WAY, CHIP)
    before = layer_mask(_drawing(made), M2)
    assert before.speck_count == 1
    (repair,) = offered(made, "specks")
    mended = repair.apply(made)
    after = layer_mask(_drawing(mended), M2)
    assert not after.speck_count
    assert np.array_equal(after.painted, before.painted & ~before.specks)


def test_taking_an_overlap_out_changes_one_mask_there_only() -> None:
    """The keeper stays to the pixel; the loser loses the overlap and at most a rim of two pixels."""
    strokes, _ = DRAWN["masks-overlap"]
    made = draft(*IN_ORDER, *strokes)
    repair = offered(made, "masks-overlap")[0]
    before = {layer: layer_mask(_drawing(made), layer).painted for layer in (M1, M2)}
    after = {layer: layer_mask(_drawing(repair.apply(made)), layer).painted for layer in (M1, M2)}
    assert np.array_equal(after[M2], before[M2])
    assert not (after[M1] & before[M2]).any()
    lost = before[M1] & ~after[M1]
    assert np.count_nonzero(lost) < np.count_nonzero(before[M1] & before[M2]) + 2 * 100
    assert not (after[M1] & ~before[M1]).any()


def test_a_thing_inside_another_can_only_be_left_where_it_is() -> None:
    """Taken out of itself nothing of it would stay; the larger gets a hole."""
    made = draft(area(M1, 20, 20, 220, 220), WAY, area(M2, 80, 80, 160, 160), path(M2, (90, 90), (200, 90)))
    (repair,) = offered(made, "masks-overlap")
    assert repair.label.startswith("Take it out of Motion 1")
    mended = repair.apply(made)
    assert "masks-overlap" not in {found.rule for found in findings(mended)}


def test_two_equal_masks_leave_only_one_to_keep() -> None:
    """There is nothing to divide."""
    made = draft(*IN_ORDER, replace(THING, layer=M2), replace(WAY, layer=M2))
    (repair,) = offered(made, "masks-overlap")
    assert repair.label.startswith("Clear ")
    assert findings(repair.apply(made)) == ()


def test_a_path_too_large_for_the_picture_can_only_be_clipped() -> None:
    """There is no place to move it to."""
    made = draft(*IN_ORDER, OTHER, path(M2, (270, 250), (900, 250)))
    assert [repair.label for repair in offered(made, "point-outside-image")] == ["Clip the path of Motion 2"]


@pytest.mark.parametrize("corner", [(-30.0, -30.0), (430.0, 350.0), (400.0, 320.0)])
@pytest.mark.parametrize("size_px", [(400, 320), (4001, 3203), (333, 301)])
def test_a_clipped_point_is_a_pixel_of_the_picture_at_any_size(
    corner: tuple[float, float], size_px: tuple[int, int]
) -> None:
    """The last pixel is inside, the one after it is not: whatever the rounding of the scale."""
    made = draft(*IN_ORDER, OTHER, path(M2, (270, 250), corner))
    assert made.picture is not None
    assert made.picture.source is not None
    as_if = replace(made.picture.source, width_px=size_px[0], height_px=size_px[1])
    found = LocatedFinding(field="", rule="point-outside-image", problem="", remedy="", layers=(M2,))
    (clip, *_) = repairs(made, [found])
    mended = replace(clip.apply(made), picture=Picture(source=as_if))
    points = compose(mended).request.dynamic_masks[1].trajectories
    assert all(0 <= point.x < size_px[0] and 0 <= point.y < size_px[1] for point in points)


def test_a_path_of_many_points_is_thinned_and_keeps_its_way() -> None:
    """No more than 77, both ends within a sixteenth of a canvas pixel."""
    wave = tuple((20 + i / 2, 70 + 40 * np.sin(i / 40)) for i in range(600))
    made = draft(THING, path(M1, *wave))
    found = LocatedFinding(field="", rule="trajectory-too-long", problem="", remedy="", layers=(M1,))
    (repair,) = repairs(made, [found])
    mended = repair.apply(made)
    points = _drawing(mended).paths(M1)[0].points_canvas_px
    assert len(points) <= 77
    assert np.abs(np.array((points[0], points[-1])) - (wave[0], wave[-1])).max() <= 1 / 16
    assert repair.apply(mended) == mended


PAINTED = IN_ORDER

# The draft, and the labels of the repairs.
CHOSEN = {
    "motion-brush-unsupported": (
        draft(*PAINTED, model_name="kling-v1-6", carrier=Carrier.BRUSH),
        [
            "Send the drawing another way",
            "Use kling-v1 · std · 5 s",
            "Use kling-v1 · pro · 5 s",
            "Use kling-v1-5 · pro · 5 s",
        ],
    ),
    "trajectories-need-5-seconds": (
        draft(*PAINTED, model_name="kling-of-tomorrow", duration="10", carrier=Carrier.BRUSH),
        ["Switch to 5 s"],
    ),
    "model-missing": (
        draft(model_name=""),
        ["Use kling-v2-6 · std · 5 s", "Use kling-v3 · std · 5 s"],
    ),
    "model-refused": (
        draft(model_name="kling-v3-omni"),
        ["Use kling-v2-6 · std · 5 s", "Use kling-v3 · std · 5 s"],
    ),
    "mode-unsupported": (draft(model_name="kling-v2-master", mode="pro"), ["Leave the mode out"]),
    "mode-unknown": (draft(mode="best"), ["Use std"]),
    "duration-not-seen": (draft(model_name="kling-v3", duration="7"), ["Switch to 5 s"]),
    "duration-unsupported": (draft(duration="7"), ["Switch to 5 s"]),
    "tail-with-masks": (
        draft(*PAINTED, tail=True),
        ["Remove the tail frame", "Send the drawing in words", "Clear everything painted"],
    ),
    "tail-unsupported": (
        draft(tail=True, model_name="kling-v1-5"),
        ["Use kling-v1-5 · pro · 5 s", "Use kling-v1-5 · pro · 10 s", "Remove the tail frame"],
    ),
    "cfg-scale-unsupported": (draft(model_name="kling-v2-6", cfg_scale=0.5), ["Leave the guidance out"]),
    "cfg-scale-unknown": (draft(model_name="kling-v3", cfg_scale=0.5), ["Leave the guidance out"]),
    "cfg-scale-out-of-range": (draft(cfg_scale=2.0), ["Set the guidance to 1"]),
    "prompt-too-long": (draft(prompt="slow wind " * 60), ["Cut to 499 characters"]),
    "negative-prompt-too-long": (draft(negative_prompt="x" * 250), ["Cut to 200 characters"]),
    "callback-url-invalid": (draft(callback_url="nowhere"), ["Leave the callback out"]),
    "callback-url-not-public": (draft(callback_url="http://127.0.0.1/"), ["Leave the callback out"]),
    "external-task-id-unusable": (draft(external_task_id="a b"), ["Take a new id"]),
}


def test_every_repair_of_a_choice_is_tested_here() -> None:
    """Completeness: a new row comes with its case."""
    assert set(CHOSEN) == set(parameter_repairs.BY_RULE)


@pytest.mark.parametrize("rule", CHOSEN)
def test_one_click_mends_a_choice_and_leaves_what_is_drawn(rule: str) -> None:
    """The finding is gone, no error comes instead, a second click changes nothing."""
    made, labels = CHOSEN[rule]
    found = offered(made, rule)
    assert [repair.label for repair in found] == labels
    for repair in found:
        mended = repair.apply(made)
        assert rule not in {one.rule for one in findings(mended)}
        assert may_send(findings(mended))
        assert repair.apply(mended) == mended
        assert mended.picture == made.picture
        if repair.label != "Clear everything painted":
            assert mended.drawing == made.drawing


def test_a_cut_prompt_ends_with_a_word_and_one_is_told_what_goes() -> None:
    """Nothing is lost unseen."""
    (repair,) = offered(CHOSEN["prompt-too-long"][0], "prompt-too-long")
    assert repair.apply(CHOSEN["prompt-too-long"][0]).parameters.prompt.endswith("slow wind")
    assert repair.explanation == "What goes: “" + "slow wind " * 9 + "slow wind”"


def test_the_same_repair_is_offered_once() -> None:
    """Two findings that one click mends together show one button, at the first of them."""
    made = draft(*PAINTED, model_name="kling-v1-6", duration="10", carrier=Carrier.BRUSH)
    found = findings(made)
    assert {"trajectories-need-5-seconds", "motion-brush-unsupported"} <= {one.rule for one in found}
    labels = [repair.label for repair in repairs(made, found)]
    assert len(labels) == len(set(labels))
    assert may_send(findings(repairs(made, found)[0].apply(made)))


def test_what_cannot_be_mended_by_a_click_has_no_repair() -> None:
    """A missing picture is to be chosen."""
    made = replace(draft(), picture=None, drawing=None)
    assert repairs(made, findings(made)) == ()
    other = Finding(field="x", rule="new-rule", problem="", remedy="", severity=Severity.ERROR)
    assert repairs(draft(), [other, LocatedFinding(**vars(other), layers=MOTION_LAYERS[:1])]) == ()


def scribble(random: Random) -> Stroke:
    """Any stroke on one of three layers: dots, hairlines, blots, off the picture and back."""
    kinds = [StrokeKind.BRUSH] * 3 + [StrokeKind.AREA] * 2 + [StrokeKind.ERASE] + [StrokeKind.PATH] * 2
    kind, step = random.choice(kinds), random.choice([0.5, 5, 40])
    points = [(random.uniform(-40, SIZE[0] + 40), random.uniform(-40, SIZE[1] + 40))]
    for _ in range(random.choice([0, 1, 2, 6, 11])):
        points.append((points[-1][0] + random.gauss(0, step), points[-1][1] + random.gauss(0, step)))
    width = 4 if kind is StrokeKind.PATH else random.choice([0, 1, 3, 10, 40])
    return line(random.choice([STILL, M1, M2]), kind, width, *points)


@settings(max_examples=150)
@given(seed=st.integers(0, 10**6))
def test_a_repair_of_any_drawing_ends_its_finding_and_is_done_at_once(seed: int) -> None:
    """On any drawing: gone after one click, nothing to do for a second one, the other layers untouched."""
    random = Random(seed)
    made = draft(*(scribble(random) for _ in range(random.randint(1, 9))))
    for found in drawing_findings(_drawing(made)):
        for repair in repairs(made, [found]):
            mended = repair.apply(made)
            left = drawing_findings(_drawing(mended))
            gone = (found.rule, frozenset(found.layers))
            assert gone not in {(one.rule, frozenset(one.layers)) for one in left}
            assert repair.apply(mended) == mended
            for layer in set(Layer) - set(found.layers):
                assert _drawing(mended).of(layer) == _drawing(made).of(layer)


def test_masks_made_for_these_tests_are_what_they_claim() -> None:
    """The control: crumbs are painted at all."""
    assert all(mask_image_px((crumb,), SIZE, SIZE).any() for crumb in CRUMBS)
