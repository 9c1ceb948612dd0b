"""Send several from the review: a choice, each with its price, the sum, and one click for all of them."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from components.runtime import services
from studio.journal.entry import Entry
from tests.support.running_app import free_port
from tests.ui.conftest import ROOT


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def words(app: AppTest) -> str:
    return "\n".join(box.value for box in (*app.markdown, *app.caption, *app.error))


def sent(app: AppTest) -> tuple[Entry, ...]:
    return services().tasks.journal.queries.entries(app.session_state["studio"].owner)


@pytest.fixture
def several(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Opens the choice for a sample photograph, with a service that is away and these settings."""

    def opened(**settings: str) -> AppTest:
        monkeypatch.setenv("COMETAPI_KEY", "sk-of-the-deployment")
        monkeypatch.setenv("COMETAPI_BASE_URL", f"http://127.0.0.1:{free_port()}")
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        app = AppTest.from_file(str(ROOT / "components" / "main.py"), default_timeout=30).run()
        app.button(key="picture-raccoon.jpg").click().run()
        app.text_area(key="prompt").set_value("wind").run()
        press(app, "Review and send")
        press(app, "Send several …")
        app.multiselect(key="variant-models").set_value(["kling-v2-6", "kling-v3"]).run()
        return app

    return opened


def test_the_sum_stands_before_the_one_click_that_sends_all(several: Callable[..., AppTest]) -> None:
    """Two models in std, and two prompts: 2 × 0.21 and 2 × 0.42."""
    app = several()
    app.text_area(key="variant-prompts").set_value("rain").run()
    assert "4 videos, together 1.26 USD" in words(app)
    press(app, "Send 4 to CometAPI")
    made = [(entry.model_name, entry.prompt) for entry in sent(app)][::-1]
    models = ("kling-v2-6", "kling-v3")
    assert made == [(model, prompt) for model in models for prompt in ("wind", "rain")]
    assert not app.session_state["studio"].reviewing
    assert app.query_params["batch"] == sent(app)[0].batch_id


def test_over_the_days_cap_nothing_is_sent_and_it_is_said(several: Callable[..., AppTest]) -> None:
    """0.63 together, where each alone would pass."""
    app = several(SPENDING_CAP_USD="0.60")
    assert "0.60 USD left of today's" in words(app)
    press(app, "Send 2 to CometAPI")
    assert "None of these 2 tasks was sent" in words(app)
    assert sent(app) == ()


def test_what_is_wrong_is_said_and_left_out_by_its_person_alone(several: Callable[..., AppTest]) -> None:
    """One prompt too long holds all back until its boxes are cleared."""
    app = several()
    app.text_area(key="variant-prompts").set_value("x" * 501).run()
    assert "2 of them cannot be sent so" in words(app)
    assert next(button for button in app.button if button.label == "Send 4 to CometAPI").disabled
    for box in [box for box in app.checkbox if "xxx" in box.label]:
        box.uncheck()
    app.run()
    press(app, "Send 2 to CometAPI")
    assert [entry.prompt for entry in sent(app)] == ["wind", "wind"]


def test_more_than_eight_are_not_offered(several: Callable[..., AppTest]) -> None:
    """Five prompts on two models are ten."""
    app = several()
    app.text_area(key="variant-prompts").set_value("a\nb\nc\nd").run()
    assert "At most 8 are sent together" in words(app)
    assert next(button for button in app.button if button.label == "Send 0 to CometAPI").disabled
