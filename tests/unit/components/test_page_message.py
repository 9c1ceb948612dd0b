"""What a page brings that is older than its session: the newest values, and presses that were not heard."""

from streamlit.proto.WidgetStates_pb2 import WidgetState

from components.page_message import PageMessage

PROMPT = "$$ID-0a-prompt"
BUTTON = "$$ID-0b-None"


def prompt(text: str) -> WidgetState:
    return WidgetState(id=PROMPT, string_value=text)


def press() -> WidgetState:
    return WidgetState(id=BUTTON, trigger_value=True)


def held(*states: WidgetState) -> PageMessage:
    message = PageMessage()
    message.add(states, lambda _: False)
    return message


def test_the_newest_value_counts() -> None:
    """A page says all of its widgets with each message."""
    message = held(prompt("wind"))
    assert message.add([prompt("wind and rain")], lambda _: True) is False
    assert [state.string_value for state in message.values] == ["wind and rain"]


def test_a_press_on_a_button_that_was_drawn_is_not_held() -> None:
    """Its callback was called already."""
    message = held(prompt("wind"))
    assert message.add([press()], lambda _: True) is False
    assert message.presses == []
    assert message.add([press()], lambda _: False) is True
    assert message.presses == [press()]


def test_a_press_stays_until_it_is_delivered() -> None:
    """A state without a value is the trace of one that was put off."""
    message = held(press())
    message.add([WidgetState(id=BUTTON)], lambda _: False)
    assert message.presses == [press()]


def test_names_are_those_of_named_widgets() -> None:
    """Streamlit calls the others None."""
    message = held(prompt("wind"), press())
    assert message.names == {"prompt"}
    message.replace_text("prompt", "snow")
    assert message.text("prompt") == "snow"


def test_a_components_state_is_read_however_it_was_packed() -> None:
    """From the browser, it may be anything."""
    packed = WidgetState(id="$$ID-0c-browser-id", json_value='"{\\"id\\": \\"mine\\"}"')
    assert held(packed).component_state("browser-id")["id"] == "mine"
    assert held(WidgetState(id="$$ID-0c-browser-id", json_value="7")).component_state("browser-id") == {}
    assert held().component_state("browser-id") == {}
