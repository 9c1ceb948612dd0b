"""A retired model is warned of, with one click to a living one that keeps the drawing."""

from dataclasses import replace
from datetime import date

import pytest

from kling import Severity, capability
from kling.model_lives import MODEL_LIVES, ModelLife, ModelState, model_life, model_names
from studio.checks.model_checks import LifeOf, use_model
from studio.checks.preflight import may_send, preflight
from studio.checks.repairs import repairs
from studio.drawing.model import Layer
from studio.request.carriers import carrier_of
from studio.request.compose import compose
from studio.request.draft import Carrier, Draft
from tests.support.make import area, draft, path

PAINTED = area(Layer.MOTION_1), path(Layer.MOTION_1)


def of_its_life(made: Draft, life_of: LifeOf = model_life) -> list[str]:
    """The problems that are found of the model's life."""
    return [f.problem for f in preflight(made, compose(made), life_of) if f.rule == "model-retired"]


@pytest.mark.parametrize("name", model_names(ModelState.RETIRED))
def test_a_retired_model_is_a_warning_with_its_date_and_may_be_sent(name: str) -> None:
    """Whether CometAPI still serves it is unknown: it is offered all the same."""
    made = draft(model_name=name, mode="std" if MODEL_LIVES[name] and "master" not in name else None)
    (found,) = [f for f in preflight(made, compose(made)) if f.rule == "model-retired"]
    assert found.severity is Severity.WARNING
    assert found.problem.startswith(f"Kling retired {name} on 15 September 2026;")
    assert may_send(preflight(made, compose(made)))


@pytest.mark.parametrize("name", [*model_names(ModelState.LIVING), "kling-v9"])
def test_a_living_or_unknown_model_is_not_warned_of(name: str) -> None:
    """Of a name in no table another finding speaks."""
    assert of_its_life(draft(model_name=name)) == []


def test_what_a_deployment_saw_outweighs_the_table() -> None:
    """It saw kling-v1 accepted, and kling-v3 refused."""

    def seen(name: str) -> ModelLife:
        if name == "kling-v1":
            return ModelLife(model_name=name, state=ModelState.LIVING, evidence="accepted today")
        return ModelLife(
            model_name=name,
            state=ModelState.RETIRED,
            retired_on=date(2027, 2, 1),
            replacement=None,
            evidence="refused today",
        )

    assert of_its_life(draft(model_name="kling-v1"), seen) == []
    assert of_its_life(draft(model_name="kling-v3"), seen) == [
        "Kling retired kling-v3 on 1 February 2027; CometAPI may not serve it any more."
    ]


@pytest.mark.parametrize("name", model_names(ModelState.RETIRED))
@pytest.mark.parametrize("strokes", [PAINTED, ()], ids=["painted", "nothing drawn"])
def test_one_click_takes_a_living_model_and_keeps_the_drawing(name: str, strokes: tuple[object, ...]) -> None:
    """With the mode that carries it as a last frame; the warning is gone, and no error has come."""
    made = draft(*strokes, model_name=name, mode="std", cfg_scale=0.7)  # type: ignore[arg-type]
    (repair,) = repairs(made, [f for f in preflight(made, compose(made)) if f.rule == "model-retired"])
    fixed = repair.apply(made)
    assert repair.label == f"Use {MODEL_LIVES[name].replacement} instead"
    assert of_its_life(fixed) == []
    assert (fixed.drawing, fixed.picture, fixed.parameters.prompt) == (made.drawing, made.picture, "")
    assert carrier_of(fixed) is (Carrier.FRAME if strokes else Carrier.NONE)
    assert fixed.parameters.cfg_scale is None
    assert repair.apply(fixed) == fixed
    if strokes:
        assert repair.explanation.endswith("Your drawing is sent as a last frame and in words.")


def test_a_chosen_brush_is_not_forced_on_a_model_without_one() -> None:
    """Another choice of the person's stays."""
    brush = draft(*PAINTED, carrier=Carrier.BRUSH)
    assert carrier_of(use_model(brush, "kling-v2-6")) is Carrier.FRAME
    words = draft(*PAINTED, carrier=Carrier.WORDS)
    assert use_model(words, "kling-v2-6").parameters.carrier is Carrier.WORDS
    assert use_model(words, "kling-v2-6").parameters.mode == "std"


def test_the_duration_stays_where_the_model_takes_a_frame_with_it() -> None:
    """Only what must change does."""
    ten = draft(*PAINTED, model_name="kling-v1-6", duration="10")
    assert use_model(ten, "kling-v2-6").parameters.duration == "10"
    assert use_model(replace(ten, drawing=None), "kling-v2-6").parameters.mode == "std"


def test_a_model_that_is_in_no_table_changes_nothing_but_the_name() -> None:
    """Its abilities are unknown."""
    made = draft(*PAINTED, cfg_scale=0.7)
    assert capability("kling-v9") is None
    assert use_model(made, "kling-v9").parameters == replace(made.parameters, model_name="kling-v9")
