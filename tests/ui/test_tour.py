"""The tour on the Create page: offered to a newcomer, three steps, and gone for good once it has ended."""

import pytest
from streamlit.testing.v1 import AppTest

from studio.guide.examples import EXAMPLES
from studio.guide.tour import TourStep
from studio.pictures.samples import SAMPLES

OFFER, SKIP, DO = "Show me on a sample", "Skip the tour", "Do it for me"


def press(app: AppTest, label: str) -> AppTest:
    """Presses the button of this name."""
    app = next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def buttons(app: AppTest) -> set[str]:
    """What can be pressed."""
    assert not app.exception
    return {button.label for button in app.button}


def step(app: AppTest) -> str:
    """What the tour says, or nothing."""
    return " ".join(text.value for text in app.markdown if " of 3 · " in text.value)


def test_the_tour_is_offered_to_a_newcomer_and_goes_three_steps_and_back(app: AppTest) -> None:
    """On the first sample photograph; the layer in hand goes with the step."""
    press(app, OFFER)
    assert any(SAMPLES[0].name in caption.value for caption in app.caption)
    assert "1 of 3 · Paint what stays" in step(app)
    assert "Back" not in buttons(app)
    assert "2 of 3" in step(press(app, "Next"))
    assert "3 of 3" in step(press(app, "Next"))
    assert "Next" not in buttons(app)
    assert "2 of 3" in step(press(app, "Back"))
    assert "1 of 3" in step(press(app, "Back"))


def test_what_the_tour_does_for_a_person_is_handed_to_the_canvas(app: AppTest) -> None:
    """AppTest has no browser, so that the canvas never answers with what it was given."""
    press(app, OFFER)
    press(app, DO)
    current = app.session_state["studio"]
    assert len(current.canvas_seed["objects"]) == len(EXAMPLES[0].parts[0].outlines)
    press(app, "Next")
    press(app, DO)
    assert len(current.canvas_seed["objects"]) >= 2  # the part and its path


@pytest.mark.parametrize("first", [OFFER, None])
def test_a_tour_that_was_dismissed_does_not_come_back(app: AppTest, first: str | None) -> None:
    """Neither after its first step nor as an offer, on another page and back, without the picture."""
    if first:
        press(app, first)
    press(app, SKIP if first else "No, thank you")
    app.switch_page("../pages/tasks.py").run()
    app.switch_page("../pages/create.py").run()
    if first:
        press(app, "Change picture")
    assert step(app) == ""
    assert OFFER not in buttons(app)


def test_someone_who_takes_another_picture_is_left_alone(app: AppTest) -> None:
    """The offer is for an empty page, and the steps are about their own photograph."""
    press(app, OFFER)
    press(app, "Change picture")
    press(app, SAMPLES[1].title)
    assert step(app) == ""


def test_opening_the_review_at_the_last_step_ends_the_tour(app: AppTest) -> None:
    """It has led to where it leads."""
    press(app, OFFER)
    press(press(app, "Next"), "Next")
    press(app, "Review and send")
    assert step(app) == ""
    assert app.session_state["studio"].tour is TourStep.ENDED
