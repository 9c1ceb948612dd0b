"""Which models live, against an independent copy of what was looked up."""

from datetime import date

import pytest

from kling import CAPABILITIES, ModelState, cheapest_living_model, model_life, model_names
from kling.model_lives import MODEL_LIVES, RETIRED_ON, seen_working
from kling.rules import takes_brush, takes_tail

LIVING = ("kling-v2-5-turbo", "kling-v2-6", "kling-v3")
RETIRED = {"kling-v1", "kling-v1-5", "kling-v1-6", "kling-v2-master", "kling-v2-1", "kling-v2-1-master"}


def test_the_table_says_who_lives_and_who_was_retired() -> None:
    """Looked up on 27 November 2026; six were retired on one day."""
    assert model_names(ModelState.LIVING) == LIVING
    assert set(model_names(ModelState.RETIRED)) == RETIRED
    assert model_names(ModelState.UNKNOWN) == ("kling-3.0-turbo",)
    assert {model_life(name).retired_on for name in RETIRED} == {RETIRED_ON} == {date(2026, 9, 15)}


def test_every_model_of_the_capability_table_has_a_state() -> None:
    """Completeness: a new row comes with its life."""
    assert set(CAPABILITIES) <= set(MODEL_LIVES)


def test_every_retired_model_has_a_living_replacement_that_takes_a_tail_frame() -> None:
    """A drawing is kept by the replacement: as a last frame in its best mode, in words at least."""
    for name in RETIRED:
        replacement = model_life(name).replacement
        assert replacement in LIVING
        assert takes_tail(replacement, "pro", "5")
    assert not any(model_life(name).replacement for name in LIVING)


def test_a_name_that_nobody_knows_is_unknown() -> None:
    """Users may type another name."""
    assert model_life("kling-v9").state is ModelState.UNKNOWN


def test_the_default_with_a_key_is_cheap_and_seen_working() -> None:
    """v2-5-turbo costs the same, but no video of it was seen."""
    assert set(seen_working()) == {"kling-v2-6", "kling-v3"}
    assert cheapest_living_model() == "kling-v2-6"


@pytest.mark.parametrize("duration", ["3", "7", "15"])
def test_a_documented_duration_of_v3_takes_a_tail_frame_as_its_others_do(duration: str) -> None:
    """No mode counts as std."""
    assert takes_tail("kling-v3", None, duration) is True
    assert takes_tail("kling-v3", "pro", "2") is False


def test_who_takes_what_is_unknown_of_a_name_in_no_table() -> None:
    """Neither a yes nor a no."""
    assert (takes_brush("kling-v9", "std", "5"), takes_tail("kling-v9", "std", "5")) == (None, None)
    assert (takes_brush("kling-v1", None, "5"), takes_tail("kling-v2-6", None, "5")) == (True, False)
