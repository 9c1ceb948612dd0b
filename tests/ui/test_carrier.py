"""How the drawing is sent: one line says it, a person may choose, and the sentences can be edited."""

import pytest
from streamlit.testing.v1 import AppTest

from studio.drawing.model import Layer
from studio.pictures.picture_url import PictureUrl
from studio.request.draft import Carrier, Picture
from tests.ui.test_create_page import draw, errors, may_review, path, region, sample

BY_FRAME = "Your drawing is sent as a last frame and in words."
MOVES = "The part at the top left moves"


@pytest.fixture
def directed(app: AppTest) -> AppTest:
    """The raccoon with one part that moves, for a living model."""
    drawn = draw(sample(app), region(Layer.MOTION_1), path(Layer.MOTION_1))
    return choose(drawn, "kling-v3")


def choose(app: AppTest, model_name: str) -> AppTest:
    """Take another model."""
    return app.selectbox(key="model_name").set_value(model_name).run()


def said(app: AppTest) -> list[str]:
    """What the page says of the way in which the drawing is sent."""
    assert not app.exception
    return [line.value for line in app.text if line.value.startswith("Your drawing")]


def sentences(app: AppTest) -> str:
    """The sentences under the prompt."""
    return app.text_area(key="motion-words").value or ""


def test_without_a_drawing_nothing_is_said_of_it(app: AppTest) -> None:
    """A picture alone is sent as it is."""
    assert said(sample(app)) == []


def test_one_line_says_how_the_drawing_is_sent_and_follows_the_model(directed: AppTest) -> None:
    """Nothing is decided silently."""
    assert said(directed) == [BY_FRAME]
    assert said(choose(directed, "kling-v1")) == ["Your drawing is sent as it is, as masks and paths."]
    assert said(choose(directed, "kling-v2-master")) == [
        "Your drawing is sent in words only: kling-v2-master takes no last frame."
    ]


def test_another_way_can_be_chosen_among_those_that_the_model_takes(directed: AppTest) -> None:
    """The others say why not."""
    choice = directed.radio(key="carrier-choice")
    assert [str(label) for label in choice.options] == [
        "The best way that the model takes",
        "Last frame, and words",
        "Words only",
        "Not at all",
    ]
    assert any("kling-v3 takes no motion brush" in caption.value for caption in directed.caption)
    choice.set_value(Carrier.WORDS).run()
    assert said(directed) == ["Your drawing is sent in words only."]
    directed.radio(key="carrier-choice").set_value("automatic").run()
    assert said(directed) == [BY_FRAME]


def test_the_sentences_follow_the_drawing_until_they_are_edited(directed: AppTest) -> None:
    """Edited ones are left alone, until they are written from the drawing again."""
    assert MOVES in sentences(directed)
    directed.text_area(key="motion-words").set_value("The raccoon looks away.").run()
    assert directed.session_state["studio"].shown.parameters.motion_words == "The raccoon looks away."
    draw(directed, region(Layer.MOTION_1), path(Layer.MOTION_1, (150.0, 150.0), (150.0, 400.0)))
    assert sentences(directed) == "The raccoon looks away."
    again = next(button for button in directed.button if button.label.startswith("Write them from"))
    again.click().run()
    assert "down" in sentences(directed)


def test_the_brush_needs_no_sentences(directed: AppTest) -> None:
    """Masks and paths say it all."""
    choose(directed, "kling-v1")
    assert not [area for area in directed.text_area if area.key == "motion-words"]


def test_a_prompt_that_leaves_no_room_is_never_cut(directed: AppTest) -> None:
    """The sentences say for what there is no room."""
    directed.text_area(key="prompt").set_value("x" * 490).run()
    assert any("No room for what is said of the part" in warning.value for warning in directed.warning)
    assert directed.text_area(key="prompt").value == "x" * 490


def test_on_a_picture_by_its_address_the_drawing_is_told_in_words(directed: AppTest) -> None:
    """No frame can be rendered of it, and that is said."""
    current = directed.session_state["studio"]
    current.take_picture("picture", Picture(url=PictureUrl("https://pictures.example.com/cat.png")))
    directed.run()
    (line,) = said(directed)
    assert "words only: the picture is given by its address, so that it cannot be drawn on here" in line
    assert MOVES in sentences(directed)


def test_the_review_shows_the_very_last_frame_beside_the_picture(directed: AppTest) -> None:
    """Read back out of the request; with words alone there is none."""
    told = "The last frame, rendered from your drawing. Read back out of the request too."
    review(directed)
    assert told in [caption.value for caption in directed.caption]
    assert "Download the last frame" in [button.proto.label for button in directed.get("download_button")]
    directed.radio(key="carrier-choice").set_value(Carrier.WORDS).run()
    assert told not in [caption.value for caption in directed.caption]


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ('{"sound": "off"}', ""),
        ("sound off", "no JSON"),
        ('["sound"]', "no JSON object"),
        ('{"prompt": "mine"}', "“prompt”"),
        ('{"a": NaN}', "NaN"),
        ('{"a": "' + "x" * 10_000 + '"}', "10,000"),
    ],
)
def test_extra_fields_are_taken_as_typed_or_refused_at_the_field(
    app: AppTest, typed: str, problem: str
) -> None:
    """Nothing typed is lost, and nothing wrong can be sent."""
    sample(app)
    app.text_area(key="extra_fields").set_value(typed).run()
    assert problem in errors(app)
    assert may_review(app) == (not problem)
    assert app.text_area(key="extra_fields").value == typed
    assert app.session_state["studio"].shown.parameters.extra_fields == typed


def review(app: AppTest) -> list[str]:
    """What the open review says, letter for letter."""
    next(button for button in app.button if button.label == "Review and send").click().run()
    assert not app.exception
    return [text.value for text in app.text]


def test_the_review_shows_the_very_sentences_apart_from_the_prompt(directed: AppTest) -> None:
    """Marked as coming from the drawing; extra fields are shown as unchecked."""
    choose(directed, "kling-v1").radio(key="carrier-choice").set_value(Carrier.WORDS).run()
    directed.text_area(key="prompt").set_value("wind").run()
    directed.text_area(key="extra_fields").set_value('{"sound": "off"}').run()
    shown = review(directed)
    assert "Your drawing is sent in words only." in shown
    assert shown[-2:] == ["wind", sentences(directed)]
    assert "And after it, from your drawing" in [caption.value for caption in directed.caption]
    assert any("Nobody checked them" in warning.value for warning in directed.warning)
    assert '{"sound": "off"}' in [code.value for code in directed.code]


def test_durations_that_nobody_has_seen_are_offered_and_marked(directed: AppTest) -> None:
    """Kling documents 3 to 15 seconds for kling-v3."""
    labels = list(directed.button_group(key="duration").options)
    assert labels[:3] == ["5 s", "10 s", "3 s*"]
    assert any("* Kling documents it, not seen here." in caption.value for caption in directed.caption)
