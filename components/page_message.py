"""The message of a page that is older than its session: the server was restarted, the page stayed open.

Streamlit's own types are kept in here. A widget's state has its id, which ends with the widget's name.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from streamlit.components.v2.bidi_component.serialization import BidiComponentSerde
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state.common import user_key_from_element_id

_PRESSES = {"trigger_value", "string_trigger_value", "json_trigger_value", "chat_input_value"}


def is_press(state: WidgetState) -> bool:
    """Whether it is the press of a button rather than a value that stays."""
    return state.WhichOneof("value") in _PRESSES


@dataclass(kw_only=True)
class PageMessage:
    """States of a page's widgets that its session has not used yet; empty in an ordinary session."""

    states: dict[str, WidgetState] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether there is anything to be delivered."""
        return bool(self.states)

    @property
    def names(self) -> set[str]:
        """Names of the widgets in it."""
        return {name for key in self.states if (name := user_key_from_element_id(key)) is not None}

    def add(self, states: Iterable[WidgetState], is_known: Callable[[str], bool]) -> bool:
        """Add a newer message of the same page; whether it has a press that was not heard.

        Args:
            states: its widgets' states; one without a value changes nothing.
            is_known: whether a widget of this id was drawn already: its press was heard.
        """
        given = [state for state in states if state.WhichOneof("value") is not None]
        unheard = [state for state in given if not (is_press(state) and is_known(state.id))]
        self.states |= {state.id: state for state in unheard}
        return any(map(is_press, unheard))

    def text(self, name: str) -> str:
        """Text of a field; empty when there is none."""
        found = (state for key, state in self.states.items() if user_key_from_element_id(key) == name)
        return next((state.string_value for state in found), "")

    def replace_text(self, name: str, text: str) -> None:
        """Put another text into a field."""
        for key in self.states:
            if user_key_from_element_id(key) == name:
                self.states[key] = WidgetState(id=key, string_value=text)

    def component_state(self, name: str) -> Mapping[str, Any]:
        """State of a component of ours; empty when there is none."""
        for key, state in self.states.items():
            if user_key_from_element_id(key) == name:
                return BidiComponentSerde().deserialize(json.loads(state.json_value or "null"))
        return {}

    @property
    def values(self) -> list[WidgetState]:
        """All but the presses."""
        return [state for state in self.states.values() if not is_press(state)]

    @property
    def presses(self) -> list[WidgetState]:
        """The presses."""
        return [state for state in self.states.values() if is_press(state)]
