"""Phrases that come into a prompt and go out of it, and nothing else of it changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kling.rules import MAX_PROMPT_CHARS
from studio.request.prompt_phrases import CAMERA, PACE, PHRASES, phrases_in, with_phrase


@pytest.mark.parametrize(
    ("prompt", "longer"),
    [
        ("", "The camera is static."),
        ("A cat", "A cat. The camera is static."),
        ("A cat? ", "A cat? The camera is static."),
        ("猫。", "猫。 The camera is static."),
    ],
)
def test_a_phrase_stands_after_the_prompt_as_a_sentence_of_its_own(prompt: str, longer: str) -> None:
    """The prompt is ended first where it is not."""
    assert with_phrase(prompt, CAMERA, ["Static"]) == longer


def test_one_phrase_of_a_group_takes_the_others_place() -> None:
    """A camera that is static and orbits is no direction."""
    prompt = with_phrase(with_phrase("A cat.", CAMERA, ["Orbit"]), PACE, ["Slow"])
    changed = with_phrase(prompt, CAMERA, ["Static"])
    assert phrases_in(changed, CAMERA) == ["Static"]
    assert phrases_in(changed, PACE) == ["Slow"]


@given(st.text(max_size=200), st.sampled_from(sorted(PHRASES[CAMERA])))
def test_a_phrase_taken_out_again_leaves_the_words_of_before(typed: str, name: str) -> None:
    """But for spaces at the ends, and the full stop that the phrase needed."""
    again = with_phrase(with_phrase(typed, CAMERA, [name]), CAMERA, [])
    assert again.strip().removesuffix(".") == typed.strip().removesuffix(".")


def test_a_phrase_that_does_not_fit_is_not_added() -> None:
    """The prompt has a limit, and nothing typed is cut."""
    full = "a" * (MAX_PROMPT_CHARS - 5)
    assert with_phrase(full, CAMERA, ["Static"]) == full
