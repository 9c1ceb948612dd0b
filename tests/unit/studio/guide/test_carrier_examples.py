"""One drawing as the three carriers send it: each could be sent, and shows exactly that carrier."""

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from kling import Severity, check
from motion import decode
from studio.checks.preflight import preflight
from studio.drawing.model import Layer
from studio.guide.carrier_examples import (
    CARRIER_EXAMPLES,
    DRAWN,
    CarrierExample,
    carrier_draft,
    render_carrier,
)
from studio.guide.example_drafts import example_draft, render_example
from studio.request.compose import compose
from studio.request.draft import Carrier

Pixels = NDArray[np.int16]
COLOURS = dict.fromkeys(Layer, (200, 30, 30))
BRUSH, FRAME, WORDS = CARRIER_EXAMPLES


def pixels(file: bytes) -> Pixels:
    """The decoded picture, signed so that it can be subtracted."""
    with Image.open(io.BytesIO(file)) as picture:
        return np.asarray(picture.convert("RGB")).astype(np.int16)


def test_the_three_carriers_stand_in_the_order_of_preference() -> None:
    """Each once; sending nothing is no carrier to learn."""
    assert [example.carrier for example in CARRIER_EXAMPLES] == [Carrier.BRUSH, Carrier.FRAME, Carrier.WORDS]


@pytest.mark.parametrize("example", CARRIER_EXAMPLES, ids=lambda example: example.carrier)
def test_each_could_be_sent_and_its_model_takes_that_carrier_by_itself(example: CarrierExample) -> None:
    """No error, at most the word that Kling retired the model; and the same drawing for all."""
    draft = carrier_draft(example)
    composed = compose(draft)
    assert composed.carrier is example.carrier
    assert draft.drawing == example_draft(DRAWN).drawing
    assert not check(composed.request)
    findings = preflight(draft, composed)
    assert {finding.rule for finding in findings} <= {"model-retired"}
    assert all(finding.severity is not Severity.ERROR for finding in findings)


def test_the_brushs_preview_is_the_examples_own() -> None:
    """The same request, so that nothing is rendered twice; and rendered once a process."""
    shown = render_carrier(BRUSH, COLOURS)
    assert shown.mp4 is render_example(DRAWN, COLOURS).mp4
    assert (shown.picture, shown.sentences) == (None, "")
    assert render_carrier(BRUSH, COLOURS) is shown


def test_the_last_frames_preview_starts_at_the_picture_and_ends_at_the_very_frame_that_is_sent() -> None:
    """The frame beside it is byte for byte the request's tail frame."""
    draft, shown = carrier_draft(FRAME), render_carrier(FRAME, COLOURS)
    composed = compose(draft)
    assert draft.picture is not None
    assert draft.picture.source is not None
    assert composed.last_frame is not None
    assert shown.picture == composed.last_frame.picture.wire_bytes
    assert composed.request.image_tail == composed.last_frame.picture.base64
    assert shown.mp4 is not None
    film = decode(shown.mp4).astype(np.int16)
    start, end = pixels(draft.picture.source.wire_bytes), pixels(shown.picture)
    changed = np.abs(start - end).max(axis=2) > 60  # where the rocket stood, and where it arrives
    assert changed.mean() > 0.01

    def apart(frame: Pixels, picture: Pixels) -> float:
        return float(np.abs(frame - picture)[changed].mean())

    assert apart(film[0], start) < apart(film[0], end) / 4
    assert apart(film[-1], end) < apart(film[-1], start) / 4


def test_words_show_the_picture_still_and_the_sentences_as_they_are_sent() -> None:
    """Letter for letter those of the request's prompt."""
    draft, shown = carrier_draft(WORDS), render_carrier(WORDS, COLOURS)
    assert draft.picture is not None
    assert draft.picture.source is not None
    assert (shown.mp4, shown.picture) == (None, draft.picture.source.wire_bytes)
    assert shown.sentences == compose(draft).request.prompt
    assert "The rocket moves up" in shown.sentences
    assert "The towers stay still." in shown.sentences
