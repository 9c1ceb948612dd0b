"""What a model offers, and in words why not the rest (contract.md, capability table)."""

import pytest

from kling import CAPABILITIES
from kling.model_lives import MODEL_LIVES
from kling.prices import price_usd
from kling.rules import DURATIONS, MODES, brush_models
from studio.request.draft import Parameters
from studio.request.model_options import (
    DEFAULT_MODEL,
    LISTED_MODELS,
    carriers_in_words,
    duration_label,
    fitted_parameters,
    model_label,
    model_options,
    state_words,
)

NO_BRUSH, NO_TAIL = "It has no motion brush.", "It takes no tail frame."
PRO_TAIL = "Tail frame: pro 5 s, pro 10 s."
NO_SCALE = "It does not take a guidance scale, so none is sent."
NOTES = {
    "kling-v1": ("Motion brush: std 5 s, pro 5 s.", "Tail frame: std 5 s, pro 5 s."),
    "kling-v1-5": ("Motion brush: pro 5 s.", PRO_TAIL),
    "kling-v1-6": (NO_BRUSH, PRO_TAIL),
    "kling-v2-master": (NO_BRUSH, NO_TAIL, "kling-v2-master has one quality: no mode is sent.", NO_SCALE),
    "kling-v2-1": (NO_BRUSH, PRO_TAIL, NO_SCALE),
    "kling-v2-1-master": (NO_BRUSH, NO_TAIL, "kling-v2-1-master has one quality: no mode is sent.", NO_SCALE),
    "kling-v2-5-turbo": (NO_BRUSH, PRO_TAIL, NO_SCALE),
    "kling-v2-6": (NO_BRUSH, PRO_TAIL, NO_SCALE),
    "kling-v3": (
        NO_BRUSH,
        "Tail frame: std 5 s, std 10 s, pro 5 s, pro 10 s.",
        "* Kling documents it, not seen here.",
    ),
}


def test_every_model_of_the_table_has_its_notes_here() -> None:
    """Completeness: a new row of the table comes with its words."""
    assert set(NOTES) == set(CAPABILITIES)


@pytest.mark.parametrize("model_name", CAPABILITIES)
def test_exactly_what_the_table_allows_is_offered_and_the_rest_explained(model_name: str) -> None:
    """Modes, durations and guidance scale as in the row; a note for each thing that is left out."""
    known, offered = CAPABILITIES[model_name], model_options(model_name)
    assert (offered.modes, offered.durations, offered.cfg_scale) == (
        known.modes,
        known.durations + known.documented_durations,
        known.cfg_scale,
    )
    assert offered.notes == NOTES[model_name]


def test_an_unknown_name_gets_every_choice_and_a_word_of_caution() -> None:
    """Users may type another name (contract.md); a guidance scale is sent only if asked for."""
    offered = model_options("kling-v9")
    assert (offered.modes, offered.durations, offered.cfg_scale) == (MODES, DURATIONS, None)
    assert offered.notes == ("kling-v9 is not in our table: what it can do is not checked.",)


def test_the_picker_lists_living_models_first_each_with_what_carries_a_drawing() -> None:
    """Then what is not known here, then what was retired; a typed name stays as it was typed."""
    assert [model_label(name) for name in (*LISTED_MODELS, "kling-v9")] == [
        "kling-v2-5-turbo · living · last frame, words",
        "kling-v2-6 · living · last frame, words",
        "kling-v3 · living · last frame, words",
        "kling-3.0-turbo · not known here · words",
        "kling-v2-master · retired · words",
        "kling-v2-1-master · retired · words",
        "kling-v1 · retired · brush, last frame, words",
        "kling-v1-5 · retired · brush, last frame, words",
        "kling-v1-6 · retired · last frame, words",
        "kling-v2-1 · retired · last frame, words",
        "kling-v9",
    ]
    assert set(CAPABILITIES) <= set(LISTED_MODELS)


def test_every_label_can_be_read_in_the_closed_picker() -> None:
    """It is 386 px wide beside the canvas, which shows about 50 characters."""
    assert max(len(model_label(name)) for name in LISTED_MODELS) <= 48


def test_the_table_of_models_keeps_the_long_words() -> None:
    """There is room for the month, and for which brush is meant."""
    assert state_words(MODEL_LIVES["kling-v1"]) == "retired in September 2026"
    assert carriers_in_words("kling-v1") == "motion brush, last frame, words"


def test_a_duration_that_is_only_documented_is_marked() -> None:
    """Kling documents 3 to 15 seconds for kling-v3; 5 and 10 were seen."""
    assert [duration_label("kling-v3", seconds) for seconds in ("5", "7", "15")] == ["5 s", "7 s*", "15 s*"]
    assert duration_label("kling-v9", "5") == "5 s"


def test_the_first_choice_is_the_cheapest_that_does_the_motion_brush() -> None:
    """What a newcomer wants to try first."""
    assert brush_models()[0][0] == DEFAULT_MODEL
    prices = [price_usd(*offer) for offer in brush_models()]
    assert None not in prices
    assert prices[0] == min(price for price in prices if price is not None)


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        (("kling-v1", "pro", "10", 0.3), ("kling-v1", "pro", "10", 0.3)),
        ((" kling-v1 ", "best", "7", 2.0), ("kling-v1", "std", "5", 1.0)),
        (("", None, "", -1.0), (DEFAULT_MODEL, "std", "5", 0.0)),
        (("kling-v2-master", "pro", "5", None), ("kling-v2-master", None, "5", None)),
    ],
)
def test_a_draft_from_elsewhere_is_fitted_to_what_the_screen_can_show(
    chosen: tuple[str, str | None, str, float | None], shown: tuple[str, str | None, str, float | None]
) -> None:
    """What is offered stays; anything else becomes the first choice, or the nearest number."""
    made = fitted_parameters(
        Parameters(
            model_name=chosen[0], mode=chosen[1], duration=chosen[2], cfg_scale=chosen[3], prompt="wind"
        )
    )
    assert (made.model_name, made.mode, made.duration, made.cfg_scale) == shown
    assert made.prompt == "wind"
