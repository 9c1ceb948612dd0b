"""The drawing in words: golden sentences, and how they shorten, change and are left alone."""

from dataclasses import replace
from pathlib import Path

import pytest

from kling.rules import MAX_PROMPT_CHARS
from studio.drawing.model import MOTION_LAYERS, Drawing, Layer
from studio.request.draft import Carrier, Draft
from studio.request.words import drawing_words, is_plural, motion_words, whole_prompt
from tests.support.directions import BOAT, DIRECTIONS, M1, PIER, drawing, moved
from tests.support.make import draft

GOLDEN = Path(__file__).parent / "golden" / "motion_words.txt"
BOAT_MOVES = "The boat moves to the right by about a third of the picture."


def golden() -> dict[str, str]:
    """The sentences by the name of their drawing: a line each, a tab between."""
    return dict(line.split("\t") for line in GOLDEN.read_text(encoding="utf-8").splitlines())


def words_draft(made: Drawing, **parameters: object) -> Draft:
    chosen = {"carrier": Carrier.WORDS, **parameters}
    return replace(draft(), drawing=made, parameters=replace(draft().parameters, **chosen))  # type: ignore[arg-type]


def test_thirty_drawings_have_their_golden_sentences() -> None:
    """The wording is held; a change of it is a change of this file, to be read line by line."""
    assert len(DIRECTIONS) == 30
    assert {name: drawing_words(made, "5").text for name, made in DIRECTIONS.items()} == golden()


@pytest.mark.parametrize("name", DIRECTIONS)
def test_the_whole_prompt_stays_within_its_limit(name: str) -> None:
    """With a prompt of any length that may be sent, which is never cut itself."""
    for length in (0, 10, 300, 430, 480, MAX_PROMPT_CHARS):
        prompt = "x" * length
        whole = whole_prompt(words_draft(DIRECTIONS[name], prompt=prompt))
        assert whole.startswith(prompt)
        assert len(whole) <= MAX_PROMPT_CHARS


@pytest.mark.parametrize("name", DIRECTIONS)
def test_a_drawing_of_another_size_has_the_same_words(name: str) -> None:
    """Extents are shares of the picture."""
    assert drawing_words(DIRECTIONS[name].scaled_to(480, 270), "5").text == golden()[name]


def test_the_pace_depends_on_the_duration() -> None:
    """A third of the picture in ten seconds is slow; most of it in three is quick."""
    assert drawing_words(DIRECTIONS["to the right, named"], "10").text == BOAT_MOVES.replace(
        "moves", "moves slowly"
    )
    across = drawing(*moved(M1, 100, 270, 700, 0), m1="the boat")
    assert (
        drawing_words(across, "3").text
        == "The boat moves quickly to the right across almost the whole picture."
    )


LONG = drawing(
    PIER,
    *moved(M1, 200, 270, 300, 0),
    *moved(MOTION_LAYERS[1], 600, 100, 0, 40),
    static="the pier",
    m1="the boat",
    m2="the clouds",
)


def test_the_sentences_shorten_themselves_in_three_steps() -> None:
    """Without pace, then without extent, then without the camera; never in the middle of a sentence."""
    full = drawing_words(LONG, "10").text
    assert full == (
        "The boat moves slowly to the right by about a third of the picture. The clouds move slightly down. "
        "The pier stays still. The camera does not move."
    )
    steps = [full]
    while drawing_words(LONG, "10", len(steps[-1]) - 1).left_out == ():
        steps.append(drawing_words(LONG, "10", len(steps[-1]) - 1).text)
    assert steps[1:] == [
        full.replace("slowly ", ""),
        full.replace("slowly ", "").replace(" by about a third of the picture", "").replace("slightly ", ""),
        "The boat moves to the right. The clouds move down. The pier stays still.",
    ]


def test_what_no_longer_fits_is_said() -> None:
    """The last sentences go first, whole."""
    room = len("The boat moves to the right. The clouds move down.")
    words = drawing_words(LONG, "10", room)
    assert words.text == "The boat moves to the right. The clouds move down."
    assert words.left_out == ("what stays",)
    assert drawing_words(LONG, "10", room - 1).left_out == ("the clouds", "what stays")
    assert drawing_words(LONG, "10", 5).text == ""
    full_prompt = motion_words(words_draft(LONG, prompt="x" * MAX_PROMPT_CHARS))
    assert (full_prompt.text, len(full_prompt.left_out)) == ("", 3)


@pytest.mark.parametrize(
    ("prompt", "start"),
    [
        ("", ""),
        ("  ", ""),
        ("At dusk", "At dusk. "),
        ("At dusk.", "At dusk. "),
        ("At dusk!  ", "At dusk! "),
        ("黄昏。", "黄昏。 "),
    ],
)
def test_the_sentences_stand_after_the_person_s_prompt(prompt: str, start: str) -> None:
    """Which is ended with a full stop where it has no end of its own."""
    assert whole_prompt(words_draft(drawing(*BOAT, m1="the boat"), prompt=prompt)) == start + BOAT_MOVES


def test_the_sentences_change_with_the_drawing_until_they_are_edited() -> None:
    """Then they are left alone; an emptied text stays empty."""
    before, after = words_draft(drawing(*BOAT, m1="the boat")), words_draft(DIRECTIONS["up"])
    assert motion_words(before).text != motion_words(after).text
    for text in ("The boat sails away.", ""):
        edited = [
            replace(made, parameters=replace(made.parameters, motion_words=text)) for made in (before, after)
        ]
        assert [motion_words(made).text for made in edited] == [text, text]
        assert all(motion_words(made).is_edited for made in edited)
    assert not motion_words(before).is_edited


@pytest.mark.parametrize("carrier", [Carrier.BRUSH, Carrier.NONE])
def test_masks_and_nothing_come_without_words(carrier: Carrier) -> None:
    """The prompt is the person's alone."""
    made = words_draft(drawing(*BOAT), carrier=carrier, prompt="At dusk", motion_words="edited")
    assert whole_prompt(made) == "At dusk"


def test_a_part_without_paint_or_without_a_way_is_not_spoken_of() -> None:
    """There is nothing to say of it."""
    painted, path = BOAT
    for strokes in ((painted,), (path,), (painted, replace(path, points_canvas_px=((5.0, 5.0), (5.0, 5.0))))):
        assert drawing_words(drawing(*strokes), "5").text == ""


@pytest.mark.parametrize("duration", ["", "0", "x", "²"])
def test_a_duration_that_is_no_number_is_taken_for_five_seconds(duration: str) -> None:
    """A recipe from elsewhere may have any text there; the checks say so at the field."""
    assert drawing_words(DIRECTIONS["to the right, named"], duration).text == BOAT_MOVES


@pytest.mark.parametrize(
    ("name", "plural"),
    [
        ("the boat", False),
        ("the boats", True),
        ("the pier and the sky", True),
        ("the glass", False),
        ("the bus", False),
        ("the clouds on the left", True),
        ("Grandpa's boat", False),
        ("лодки", False),
    ],
)
def test_the_verb_agrees_with_a_name_as_far_as_letters_tell(name: str, plural: bool) -> None:  # noqa: FBT001
    """`moves` or `move`."""
    assert is_plural(name) is plural


def test_a_static_layer_alone_keeps_the_camera_still() -> None:
    """As long as anything is static."""
    assert "camera" in drawing_words(drawing(PIER), "5").text
    assert "camera" not in drawing_words(drawing(*BOAT), "5").text
    assert drawing_words(drawing(PIER).without_layer(Layer.STATIC), "5").text == ""
