"""A model that the service no longer serves: the card leads to another one, and the drawing goes along."""

from streamlit.testing.v1 import AppTest

from components.runtime import services
from studio.drawing.model import Layer
from studio.service.simulator_control import FAILURES, control_of
from tests.support.listed import listed
from tests.support.waiting import wait_until
from tests.ui.test_create_page import draw, path, region, sample


def press(app: AppTest, label: str) -> AppTest:
    """The first button of this name."""
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def wait_for_button(app: AppTest, label: str) -> None:
    """Look at the newest task's page until it has it."""
    owner = app.session_state["studio"].owner

    def is_offered() -> bool:
        newest = listed(services().tasks, owner).entries
        if not newest:
            return False
        app.switch_page("../pages/tasks.py")
        app.query_params["task"] = newest[0].entry_id
        app.run()
        return label in [button.label for button in app.button]

    wait_until(is_offered, "the offer on the card")


def test_a_refused_model_s_card_offers_a_living_one_with_the_drawing_kept(app: AppTest) -> None:
    """The retired default is refused as CometAPI may refuse it; one click makes a draft that can be sent."""
    control = control_of(services().endpoint())
    assert control is not None
    control.arm(next(failure for failure in FAILURES if failure.label == "The model is gone"))
    draw(sample(app), region(Layer.MOTION_1), path(Layer.MOTION_1))
    drawn = app.session_state["studio"].drawing
    press(press(app, "Review and send"), "Send to Simulator")
    wait_for_button(app, "Use kling-v2-6 instead")
    press(app, "Use kling-v2-6 instead")
    app.switch_page("../pages/create.py").run()
    assert app.selectbox(key="model_name").value == "kling-v2-6"
    shown = app.session_state["studio"].shown
    assert (shown.parameters.mode, shown.drawing.strokes) == ("pro", drawn.strokes)
    assert "Your drawing is sent as a last frame and in words." in [text.value for text in app.text]
