"""Which carrier a drawing is sent by (directing's table), and the sentence that says it."""

from dataclasses import replace
from typing import Any

import pytest

from kling import CAPABILITIES
from studio.drawing.model import Layer
from studio.pictures.picture_url import PictureUrl
from studio.request.carriers import carrier_of, carrier_sentence, draft_carriers, model_carriers, why_not
from studio.request.draft import Carrier, Draft, Picture
from studio.request.model_options import model_options
from tests.support.make import area, draft, drawn, path

M1, M2 = Layer.MOTION_1, Layer.MOTION_2
BRUSH, FRAME, WORDS, NONE = Carrier.BRUSH, Carrier.FRAME, Carrier.WORDS, Carrier.NONE
MOVED = (area(Layer.STATIC), area(M1), path(M1))
BY_BRUSH = "Your drawing is sent as it is, as masks and paths."
BY_FRAME = "Your drawing is sent as a last frame and in words."
ONLY_WORDS = "Your drawing is sent in words only"


@pytest.mark.parametrize(
    ("model_name", "mode", "duration", "best"),
    [
        ("kling-v1", "std", "5", BRUSH),
        ("kling-v1", "pro", "5", BRUSH),
        ("kling-v1", None, "5", BRUSH),
        ("kling-v1", "std", "10", WORDS),
        ("kling-v1-5", "pro", "5", BRUSH),
        ("kling-v1-5", "pro", "10", FRAME),
        ("kling-v1-5", "std", "5", WORDS),
        ("kling-v1-6", "pro", "10", FRAME),
        ("kling-v2-1", "pro", "5", FRAME),
        ("kling-v2-5-turbo", "pro", "5", FRAME),
        ("kling-v2-5-turbo", "std", "5", WORDS),
        ("kling-v2-6", "pro", "10", FRAME),
        ("kling-v3", "std", "5", FRAME),
        ("kling-v3", "pro", "15", FRAME),
        ("kling-v2-master", None, "5", WORDS),
        ("kling-v2-1-master", None, "10", WORDS),
        ("kling-v9", "std", "5", WORDS),
        ("", None, "5", WORDS),
    ],
)
def test_the_best_carrier_is_the_first_that_the_choice_takes(
    model_name: str, mode: str | None, duration: str, best: Carrier
) -> None:
    """Brush, then last frame, then words: among what the model takes."""
    made = draft(*MOVED, model_name=model_name, mode=mode, duration=duration)
    assert carrier_of(made) is best
    assert model_carriers(model_name, mode, duration)[0] is best


@pytest.mark.parametrize("model_name", [*CAPABILITIES, "kling-v9"])
@pytest.mark.parametrize("mode", ["std", "pro", None])
def test_words_and_nothing_are_always_among_the_choices(model_name: str, mode: str | None) -> None:
    """Every model reads a prompt; the order is that of preference."""
    found = model_carriers(model_name, mode, "5")
    assert found[-2:] == (WORDS, NONE)
    assert found == tuple(carrier for carrier in Carrier if carrier in found)


@pytest.mark.parametrize("chosen", Carrier)
def test_a_person_s_choice_wins(chosen: Carrier) -> None:
    """Also over what the model takes: the checks say so at the field."""
    assert carrier_of(draft(*MOVED, model_name="kling-v2-master", carrier=chosen)) is chosen


def test_without_a_drawing_nothing_is_carried_and_nothing_said() -> None:
    """An empty canvas, or none at all, whatever was chosen."""
    for made in (draft(carrier=BRUSH), replace(draft(carrier=BRUSH), drawing=None)):
        assert carrier_of(made) is NONE
        assert carrier_sentence(made) == ""


def by_url(made: Draft) -> Draft:
    return replace(made, picture=Picture(url=PictureUrl("https://example.org/a.jpg")))


def with_tail(made: Draft) -> Draft:
    return replace(made, tail=Picture(url=PictureUrl("https://example.org/b.jpg")))


PRO: dict[str, Any] = {"model_name": "kling-v2-6", "mode": "pro"}


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (draft(*MOVED), BY_BRUSH),
        (draft(area(Layer.STATIC)), BY_BRUSH),
        (draft(*MOVED, **PRO), BY_FRAME),
        (draft(*MOVED, carrier=NONE), "Your drawing is not sent."),
        (draft(*MOVED, carrier=WORDS), f"{ONLY_WORDS}."),
        (
            with_tail(draft(*MOVED, **PRO, carrier=FRAME)),
            "Your own last frame is sent, and your drawing in words.",
        ),
        (with_tail(draft(*MOVED, **PRO)), f"{ONLY_WORDS}: your own last frame is sent."),
        (
            by_url(draft(*MOVED, **PRO)),
            f"{ONLY_WORDS}: the picture is given by its address, so that it cannot be drawn on here.",
        ),
        (draft(area(M1), path(M2), **PRO), f"{ONLY_WORDS}: no part has paint and a path."),
        (
            draft(area(M1), path(M1, (40, 20), (90, 20), (41, 20)), **PRO),
            f"{ONLY_WORDS}: a last frame would look like the picture: every part ends where it starts.",
        ),
        (draft(*MOVED, model_name="kling-v9"), f"{ONLY_WORDS}: kling-v9 is not in our table."),
        (
            draft(*MOVED, model_name="kling-v2-master", mode=None),
            f"{ONLY_WORDS}: kling-v2-master takes no last frame.",
        ),
        (
            draft(*MOVED, model_name="kling-v2-6"),
            f"{ONLY_WORDS}: kling-v2-6 takes no last frame in mode std with 5 s.",
        ),
    ],
)
def test_one_line_says_how_the_drawing_is_sent(made: Draft, said: str) -> None:
    """And why it is no more than words."""
    assert carrier_sentence(made) == said


@pytest.mark.parametrize(
    ("carrier", "made", "why"),
    [
        (BRUSH, draft(*MOVED), ""),
        (BRUSH, draft(*MOVED, **PRO), "kling-v2-6 takes no motion brush"),
        (
            BRUSH,
            draft(*MOVED, model_name="kling-v1-5"),
            "kling-v1-5 takes no motion brush in mode std with 5 s",
        ),
        (FRAME, draft(*MOVED, model_name="kling-v9"), "kling-v9 is not in our table"),
        (FRAME, with_tail(draft(*MOVED, **PRO)), "your own last frame is sent"),
        (WORDS, draft(*MOVED, model_name="kling-v9"), ""),
        (NONE, draft(*MOVED), ""),
    ],
)
def test_of_each_carrier_that_cannot_be_taken_it_is_said_why(carrier: Carrier, made: Draft, why: str) -> None:
    """The model's abilities first, then what the draft lacks."""
    assert why_not(made, carrier) == why


def test_a_typed_model_name_of_any_length_leaves_the_line_a_sentence() -> None:
    """It is taken at its word, and shown shortened."""
    name = "x" * 10_000
    assert (
        carrier_sentence(draft(*MOVED, model_name=name)) == f"{ONLY_WORDS}: {'x' * 60}… is not in our table."
    )
    assert len(model_options(name).notes[0]) < 150


def test_one_part_that_is_seen_to_move_is_enough_for_a_last_frame() -> None:
    """The others may come back to where they were."""
    there_and_back = path(M2, (40, 20), (90, 20), (40, 20))
    made = replace(draft(*MOVED, **PRO), drawing=drawn(*MOVED, area(M2), there_and_back))
    assert draft_carriers(made) == (FRAME, WORDS, NONE)
