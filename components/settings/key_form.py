"""A key typed by a person: kept in this session's memory only."""

import streamlit as st

from components import layer_colours, session
from components.foreign_text import markdown
from components.problem_box import show_problem
from components.runtime import services
from kling import KlingClient
from studio.errors import StudioError
from studio.service.endpoint import key_checked
from studio.service.key_check import KeyVerdict, check_key
from studio.service.model_evidence import SIMULATORS_DEFAULT
from studio.settings import OPEN_DEPLOYMENT


def show() -> None:
    """Show the key's field, or the button to forget it."""
    current = session.current()
    st.subheader("CometAPI key")
    if current.api_key:
        st.info("This session uses your own key. It is forgotten when you close or reload the page.")
        st.caption("Your tasks wait while it is away, and go on when you enter it again.")
        with st.container(horizontal=True):
            is_asked = st.button("Test the key", icon=":material/network_check:")
            st.button("Forget the key", icon=":material/key_off:", on_click=_forget)
        if is_asked and current.connection:
            _test(current.connection)
        return
    _show_payer()
    with st.form("key", border=False):
        typed = st.text_input("Your key", type="password", placeholder="sk-…", autocomplete="off")
        if st.form_submit_button("Use it for this session", type=layer_colours.main_button()) and typed:
            _use(typed)


def _test(connection: KlingClient) -> None:
    """Ask the service, and show what it answers."""
    with st.spinner("Asking CometAPI; this costs nothing …"):
        answer = check_key(connection)
    words = f" (The service: “{answer.words}”)" if answer.words else ""
    if answer.verdict is KeyVerdict.TAKEN:
        st.success("CometAPI takes this key.", icon=":material/check_circle:")
    elif answer.verdict is KeyVerdict.REFUSED:
        st.error(f"CometAPI refuses this key.{markdown(words)} Copy it once more, or take another.")
    elif answer.verdict is KeyVerdict.ACCOUNT:
        st.warning(f"The key is known, its account empty or blocked.{markdown(words)} See to it at CometAPI.")
    else:
        st.warning(f"It cannot be said whether the key is taken.{markdown(words)} Try again in a minute.")


def _show_payer() -> None:
    if services().settings.is_open:
        st.warning(markdown(OPEN_DEPLOYMENT), icon=":material/lock_open:")
    if services().settings.api_key:
        st.info("This deployment has a key, and tasks are paid with it. A key of your own takes its place.")
    else:
        st.info("Without a key everything runs on the simulator. It costs nothing and sends nothing.")


def _use(typed: str) -> None:
    try:
        session.current().api_key = key_checked(typed)
    except StudioError as problem:
        show_problem(problem)
    else:
        _choose_a_living_model(session.current())
        st.rerun()


def _choose_a_living_model(current: session.Session) -> None:
    """Take the first choice for this key in place of the simulator's, while nothing was begun."""
    is_begun = current.shown is not None and not current.shown.is_blank
    if not is_begun and current.kept_values.get("model_name") in {None, SIMULATORS_DEFAULT}:
        models = services().models.table(services().endpoint(current.api_key))
        session.put("model_name", models.default_model)


def _forget() -> None:
    current = session.current()
    current.api_key = current.connection = None
    current.is_key_given_up = True
