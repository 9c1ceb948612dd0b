"""A key of one's own that went with its session: said before anything is paid by another one.

The key is in the session's memory only, and a reload, a restart or a long sleep ends that. The tab remembers
that there was one.
"""

from pathlib import Path

import streamlit as st

from components import page_paths, session
from components.page_fragment import page_fragment
from components.runtime import services

GONE = "Your own key is gone: it is forgotten when the page is reloaded or the app was away."
APP_PAYS = f"{GONE} Now this app's key would pay."
SIMULATED = f"{GONE} Now everything would run on the simulator."
_WIDGET = "own-key"

_remember = st.components.v2.component(
    "motion_studio_own_key", js=Path(__file__).with_suffix(".js").read_text("utf-8")
)


def show() -> None:
    """Show on every page that the key is gone, and the ways to go on; nothing while it is not."""
    _ask_tab()
    if is_lost():
        show_choice()


def is_lost() -> bool:
    """Whether a key was typed in this tab, is gone, and its owner has not said how to go on."""
    current = session.current()
    told = session.get(_WIDGET) or {}
    return bool(told.get("is_lost")) and not current.api_key and not current.is_key_given_up


def show_choice(place: str = "page") -> None:
    """Show who would pay now, the way to type the key again, and the button to go on without it.

    Args:
        place: where it is shown, for its widgets' names.
    """
    st.warning(APP_PAYS if services().settings.api_key else SIMULATED, icon=":material/key_off:")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(page_paths.SETTINGS, label="Type it again", icon=":material/key:")
        st.button("Go on without it", key=f"without-key-{place}", on_click=_give_up)


@page_fragment
def _ask_tab() -> None:
    """Ask the tab, invisibly."""
    current = session.current()
    _remember(
        key=_WIDGET,
        data={"is_used": bool(current.api_key), "is_given_up": current.is_key_given_up},
        width="content",
        height="content",
        on_is_lost_change=lambda: None,
    )


def _give_up() -> None:
    session.current().is_key_given_up = True
