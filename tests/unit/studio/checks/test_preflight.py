"""Findings in the words of the screen, errors first; and the one-click way to a model that does it."""

from dataclasses import replace
from itertools import pairwise

import pytest

from kling import Finding, Severity, check
from kling.rules import REFUSED_MODELS
from studio.checks.parameter_repairs import ModelChoice, brush_choices
from studio.checks.preflight import _WORDS, may_send, preflight
from studio.drawing.model import Layer
from studio.pictures.picture_url import PictureUrl
from studio.request.compose import compose
from studio.request.draft import Carrier, Draft, Picture
from tests.support.make import area, draft, drawn, ever_living, path

M1, M2 = Layer.MOTION_1, Layer.MOTION_2


def findings(made: Draft) -> tuple[Finding, ...]:
    return preflight(made, compose(made), ever_living)


def rules(made: Draft) -> list[str]:
    return [found.rule for found in findings(made)]


def only(made: Draft) -> Finding:
    (found,) = findings(made)
    return found


def test_a_draft_that_is_in_order_may_be_sent() -> None:
    """A picture, something frozen, something that moves along its path."""
    made = draft(area(Layer.STATIC, left=80, right=95), area(M1), path(M1))
    assert findings(made) == ()
    assert may_send(findings(made))


# What the hand did, which layer is named, what is said and what to do.
SAID = {
    "mask-missing": ([path(M2)], "Motion 2: it has a path but nothing is painted.", "Paint what"),
    "trajectory-too-short": ([area(M2)], "Motion 2: it is painted but has no path.", "Path tool"),
    "single-click": ([area(M2), path(M2, (40, 25))], "Motion 2: its path is a single click.", "drag"),
    "point-outside-image": (
        [area(M2), path(M2, (40, 25), (140, 25))],
        "Motion 2: its path leaves the picture.",
        "within the picture",
    ),
}


def test_every_row_of_the_screens_words_is_tested_here() -> None:
    """Completeness: a new row comes with its case."""
    assert set(SAID) == set(_WORDS)


@pytest.mark.parametrize("rule", SAID)
def test_a_finding_on_a_mask_names_the_layer_and_what_the_hand_did(rule: str) -> None:
    """The wire's index would mean nothing to a person; nothing is sent."""
    strokes, problem, remedy = SAID[rule]
    in_order = (area(M1, left=5, right=15), path(M1, (10, 25), (40, 25)))
    found = only(draft(*in_order, *strokes))
    assert (found.problem, found.severity) == (problem, Severity.ERROR)
    assert found.field.startswith("dynamic_masks[1].")
    assert remedy in found.remedy
    assert not may_send((found,))


def test_a_click_is_told_once() -> None:
    """As the canvas draws it, a hundredth of a pixel long: not also as a path that hardly moves."""
    assert rules(draft(area(M1), path(M1, (40, 25), (40.01, 25)))) == ["trajectory-too-short"]


def test_a_finding_without_a_row_keeps_its_own_words_behind_the_layers_name() -> None:
    """Nothing that the checks find is swallowed."""
    made = draft(area(M2), path(M2))
    composed = compose(made)
    (mask,) = composed.request.dynamic_masks
    longer = replace(mask, trajectories=mask.trajectories * 40)
    tampered = replace(composed, request=replace(composed.request, dynamic_masks=(longer,)))
    (found,) = preflight(made, tampered, ever_living)
    assert found.rule == "trajectory-too-long"
    assert found.problem.startswith("Motion 2: The path has ")


def test_several_paths_of_a_layer_are_a_warning_and_the_newest_is_sent() -> None:
    """It may be sent: one is told which of them counts."""
    found = only(draft(area(M1), path(M1), path(M1, (40, 25), (20, 25))))
    assert (found.rule, found.severity) == ("several-paths", Severity.WARNING)
    assert found.problem == "Motion 1 has several paths; the newest is sent."
    assert may_send((found,))


@pytest.mark.parametrize(("layer", "field"), [(Layer.STATIC, "static_mask"), (M1, "dynamic_masks")])
def test_paint_that_covers_nothing_of_the_picture_is_an_error(layer: Layer, field: str) -> None:
    """Its mask would be black: moved out by the edit tool, it neither freezes nor moves anything."""
    away = area(layer, left=120, right=150)
    found = only(draft(away, *([path(layer)] if layer is M1 else [])))
    assert (found.field, found.rule, found.severity) == (field, "nothing-covered", Severity.ERROR)
    assert found.problem.startswith(layer.label)


def test_without_a_picture_one_is_asked_for_first() -> None:
    """In the words of the screen, and the other fields are judged all the same."""
    made = replace(draft(prompt="x" * 501), picture=None, drawing=None)
    assert rules(made) == ["image-missing", "prompt-too-long"]
    assert "take a sample" in findings(made)[0].remedy


def test_a_picture_by_its_url_may_be_sent_without_a_drawing() -> None:
    """Its size is the service's to judge."""
    by_url = Picture(url=PictureUrl("https://example.org/a.jpg"))
    assert findings(replace(draft(), picture=by_url, drawing=None)) == ()


def test_every_finding_of_the_contract_comes_through() -> None:
    """Findings of kling.checks.check on the fields beside the picture are not changed."""
    made = draft(
        prompt="x" * 501,
        negative_prompt="y" * 201,
        callback_url="nowhere",
        cfg_scale=2.0,
        external_task_id="a b",
    )
    assert set(findings(made)) == set(check(compose(made).request))
    assert len(findings(made)) == 5


def test_errors_come_before_warnings() -> None:
    """Errors are read first, in any order of the fields."""
    made = draft(
        area(M1),
        path(M1),
        path(M1),
        callback_url="http://127.0.0.1/",
        external_task_id="a b",
        cfg_scale=2.0,
    )
    severities = [found.severity for found in findings(made)]
    assert severities == [Severity.ERROR] * 2 + [Severity.WARNING] * 2
    assert all(first.severity <= second.severity for first, second in pairwise(findings(made)))


PAINTED = (area(M1), path(M1))


@pytest.mark.parametrize(
    ("model_name", "mode", "duration"),
    [
        ("kling-v2-master", None, "5"),
        ("kling-v2-6", "pro", "5"),
        ("kling-v1-5", "std", "5"),
        ("kling-v1", "std", "10"),
        *[(name, "std", "5") for name in sorted(REFUSED_MODELS)],
    ],
    ids=str,
)
def test_a_choice_without_the_motion_brush_offers_the_ones_that_have_it(
    model_name: str, mode: str | None, duration: str
) -> None:
    """To a person who wants masks sent, whatever is wrong: model, mode, duration, or a refused name."""
    made = draft(*PAINTED, model_name=model_name, mode=mode, duration=duration, carrier=Carrier.BRUSH)
    assert not may_send(findings(made))
    offered = brush_choices(made)
    assert [switch.label for switch in offered] == [
        "kling-v1 · std · 5 s",
        "kling-v1 · pro · 5 s",
        "kling-v1-5 · pro · 5 s",
    ]
    for switch in offered:
        chosen = replace(
            made.parameters, model_name=switch.model_name, mode=switch.mode, duration=switch.duration
        )
        assert may_send(findings(replace(made, parameters=chosen)))


@pytest.mark.parametrize(
    ("model_name", "mode"),
    [
        ("kling-v1", "std"),
        ("kling-v1", None),
        ("kling-v1-5", "pro"),
        ("kling-v9-of-tomorrow", "std"),
    ],
)
def test_a_choice_that_does_or_may_do_the_motion_brush_is_left_alone(
    model_name: str, mode: str | None
) -> None:
    """Right as it is (no mode means std), or a name that is taken at its word: it may be sent."""
    made = draft(*PAINTED, model_name=model_name, mode=mode)
    assert brush_choices(made) == ()
    assert may_send(findings(made))


@pytest.mark.parametrize("drawing", [None, drawn()])
def test_who_has_drawn_nothing_is_offered_no_switch(drawing: object) -> None:
    """Every model takes a picture without masks."""
    made = draft(model_name="kling-v2-6")
    assert brush_choices(replace(made, drawing=drawing)) == ()  # type: ignore[arg-type]


def test_a_switch_without_a_mode_is_told_without_one() -> None:
    """Some models have no mode."""
    assert (
        ModelChoice(model_name="kling-v2-master", mode=None, duration="10").label == "kling-v2-master · 10 s"
    )
