"""The session's owner: the person signed in where the deployment has a login, otherwise the browser."""

import logging

import streamlit as st
from streamlit.errors import StreamlitAuthError

from components import layer_colours, session
from components.foreign_text import markdown
from components.frame import browser_id, draft_autosave
from components.problem_box import show_problem
from components.runtime import services
from studio.errors import StudioError
from studio.owners import LoginProblem, is_left_behind, login_owner

log = logging.getLogger(__name__)

_ANONYMOUS = (
    "Without signing in, what you make stays with this browser. Signed in, you find your own tasks and draft "
    "on every machine; what this browser made is not moved, and is here again once you have signed out."
)


def show() -> None:
    """Settle whose work this session shows; in the frame, before the page's own widgets.

    Without a login, stops the page where the deployment demands one.
    """
    try:
        owner = _signed_in_owner()
        _take_owner(owner)
        _check_gate(owner)
    except StudioError as problem:
        show_problem(problem)
        _sign_out_button()
        st.stop()
    if owner is not None:
        session.current().recognised = True
        _signed_in()
        return
    browser_id.show()
    if _has_login():
        _signed_out()


def _has_login() -> bool:
    """Whether `[auth]` is configured: otherwise st.user has no such attribute at all."""
    return hasattr(st.user, "is_logged_in")


def _signed_in_owner() -> str | None:
    if not getattr(st.user, "is_logged_in", False):
        return None
    return login_owner(st.user.get("iss"), st.user.get("sub"))


def _take_owner(owner: str | None) -> None:
    if is_left_behind(session.current().owner, owner):
        session.begin_anew()  # signed out within this session: nothing of that person's stays in it
    if owner is not None and session.current().owner != owner:
        draft_autosave.become(owner)


def _check_gate(owner: str | None) -> None:
    if owner is not None or not services().settings.login_required:
        return
    if not _has_login():
        raise LoginProblem(
            "Nobody can sign in here.",
            "This deployment lets in only who is signed in, and has no sign-in configured.",
            "Its operator can add [auth] to the app's secrets, or remove LOGIN_REQUIRED.",
        )
    st.info("Sign in to make videos here.", icon=":material/lock:")
    st.button("Sign in", type=layer_colours.main_button(), icon=":material/login:", on_click=_sign_in)
    st.stop()


def _sign_in() -> None:
    """Go to the provider; where `[auth]` lacks something, say what does not work and who can fix it."""
    try:
        st.login()
    except StreamlitAuthError:
        log.exception("[auth] is not complete")
        show_problem(
            LoginProblem(
                "Nobody can sign in here.",
                "The sign-in of this deployment is not configured completely.",
                "Its operator finds in the app's log what [auth] lacks.",
            )
        )


def _signed_out() -> None:
    with st.popover("Sign in", icon=":material/login:"):
        st.markdown(_ANONYMOUS)
        st.button("Sign in now", icon=":material/login:", on_click=_sign_in)


def _signed_in() -> None:
    name = st.user.get("name") or st.user.get("email") or "Signed in"
    with st.popover(markdown(str(name)), icon=":material/person:"):
        st.markdown(
            "Tasks and draft are yours on every machine where you sign in. What this browser made before "
            "stays with the browser, and is here again once you have signed out."
        )
        _sign_out_button()


def _sign_out_button() -> None:
    if getattr(st.user, "is_logged_in", False):
        st.button("Sign out", icon=":material/logout:", on_click=st.logout)
