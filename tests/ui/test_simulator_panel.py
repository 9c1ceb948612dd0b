"""The simulator's panel on the Settings page: there only when one answers, and showing what it does."""

import pytest
from streamlit.testing.v1 import AppTest

from studio.service.simulator_control import FAILURES, SimulatorPace


@pytest.fixture
def settings_page(app: AppTest) -> AppTest:
    return app.switch_page("../pages/settings.py").run()


def press(app: AppTest, label: str) -> None:
    """The first button of this name."""
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def warnings(app: AppTest) -> list[str]:
    return [box.value for box in app.warning]


def headings(app: AppTest) -> list[str]:
    return [heading.value for heading in app.subheader]


def test_on_the_simulator_nothing_goes_wrong_until_one_asks_for_it(settings_page: AppTest) -> None:
    """Both choices are there, and what waits is said."""
    assert "The simulator" in headings(settings_page)
    assert [radio.label for radio in settings_page.radio] == ["How long a new task takes", "Show a failure"]
    assert warnings(settings_page) == []


def test_a_failure_that_was_chosen_waits_and_can_be_taken_away(settings_page: AppTest) -> None:
    """It is said in the words that it was chosen by."""
    settings_page.radio[1].set_value(FAILURES[1])
    press(settings_page, "Trigger it once")
    assert len(warnings(settings_page)) == 1
    assert FAILURES[1].label in [text.value for text in settings_page.text]
    press(settings_page, "Remove")
    assert warnings(settings_page) == []


def test_an_odd_answer_can_be_chosen_and_waits(settings_page: AppTest) -> None:
    """With how sure it is that such an answer comes; the words are the simulator's own."""
    (choice,) = settings_page.selectbox
    label = next(option for option in choice.options if "data.result_url" in option)
    choice.set_value(label).run()
    assert any("report such answers" in caption.value for caption in settings_page.caption)
    press(settings_page, "Answer so once")
    assert label in [text.value for text in settings_page.text]


def test_the_list_of_models_can_be_typed(settings_page: AppTest) -> None:
    """What is no list is refused in words; the simulator's own rows come back."""
    settings_page.text_area[0].set_value("no list")
    press(settings_page, "List these rows")
    assert any("no JSON list" in box.value for box in settings_page.error)
    settings_page.text_area[0].set_value("[1]")
    press(settings_page, "List these rows")
    assert not settings_page.error
    press(settings_page, "List its own rows")


def test_back_to_normal_takes_every_failure_away(settings_page: AppTest) -> None:
    """Also when several wait."""
    for _ in range(2):
        press(settings_page, "Trigger it once")
    assert warnings(settings_page) == ["Waiting to happen, once each: 2"]
    press(settings_page, "Back to normal")
    assert warnings(settings_page) == []


def test_the_pace_that_was_chosen_stays_chosen(settings_page: AppTest) -> None:
    """The page shows what the simulator says, not what was clicked."""
    settings_page.radio[0].set_value(SimulatorPace.REALISTIC).run()
    assert not settings_page.exception
    assert settings_page.run().radio[0].value is SimulatorPace.REALISTIC
    settings_page.radio[0].set_value(SimulatorPace.QUICK).run()
    assert settings_page.run().radio[0].value is SimulatorPace.QUICK


def test_with_a_key_there_is_no_simulator_to_set(settings_page: AppTest) -> None:
    """CometAPI is not asked either."""
    settings_page.text_input[0].set_value("sk-typed")
    press(settings_page, "Use it for this session")
    assert "The simulator" not in headings(settings_page)
