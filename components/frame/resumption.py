"""Carry over what was clicked and typed on a page that outlived its session, into the new session.

After a restart of the server the page is still open. Its first click comes to a session that knows no owner,
no picture, and no button's callback. So that message is held: the page is drawn for its owner with the values
that it brought, and then its presses are delivered, to buttons that are known now.
"""

from typing import NoReturn

from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.scriptrunner import RerunData, RerunException, get_script_run_ctx

from components import session
from components.page_message import PageMessage

_DELIVERY = "$$ID-delivery-None"
"""No widget's id, though formed like one: its number marks a run with held values."""


def begin() -> None:
    """Hold a new session's first message; to be called before anything of the page."""
    context = get_script_run_ctx()
    if context is None:
        return
    message = context.session_state.get_widget_states()
    is_new, current = session.is_new(), session.current()
    if is_new and message:
        current.brought.add(message, lambda _: False)
        deliver_values()
    number = next((state.int_value for state in message if state.id == _DELIVERY), 0)
    message = [state for state in message if state.id != _DELIVERY]
    if number > current.deliveries:
        current.deliveries = number
    elif current.brought and current.brought.add(message, context.session_state.__contains__):
        deliver_values()  # without the presses, which come once


def deliver_values() -> None:
    """Begin the run again with the values that the page has brought, without its presses; none: go on."""
    current = session.current()
    if current.brought:
        # Streamlit forgets a state only once its widget was drawn: a press is overwritten by none.
        no_presses = [WidgetState(id=state.id) for state in current.brought.presses]
        delivery = WidgetState(id=_DELIVERY, int_value=current.deliveries + 1)
        _run_again([delivery, *current.brought.values, *no_presses])


def end() -> None:
    """Deliver the presses, once the page was drawn for its owner; to be called last."""
    current = session.current()
    if current.brought and current.recognised:
        message, current.brought = current.brought, PageMessage()
        if message.presses:
            _run_again([*message.values, *message.presses])


def _run_again(states: list[WidgetState]) -> NoReturn:
    """As `st.rerun`, which takes no states."""
    context = get_script_run_ctx()
    assert context is not None  # this is a run
    raise RerunException(
        RerunData(
            query_string=context.query_string,
            widget_states=WidgetStates(widgets=states),
            page_script_hash=context.page_script_hash,
            cached_message_hashes=context.cached_message_hashes,
            context_info=context.context_info,
        )
    )
