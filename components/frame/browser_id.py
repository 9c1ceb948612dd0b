"""The browser's identity: an unguessable id that it keeps for itself, in its local storage and in no URL.

The page never waits for it. A session begins with an id of its own and offers that to the browser, which
answers with the one that it keeps. The answer is part of the page's state, so a page that comes back after
the server's death brings it along with its first message.
"""

from pathlib import Path

import streamlit as st

from components import session
from components.frame import draft_autosave
from components.runtime import services
from studio.owners import is_recognised

_WIDGET = "browser-id"

_ask = st.components.v2.component(
    "motion_studio_browser_id", js=Path(__file__).with_suffix(".js").read_text("utf-8")
)


def show() -> None:
    """Ask the browser for its id, invisibly; to be called before the page's own widgets."""
    current = session.current()
    answer = _ask(
        key=_WIDGET, data={"offer": current.owner}, width="content", height="content", on_id_change=_nothing
    )
    known = answer.get("id")
    if is_recognised(known, current.owner, services().tasks.has_tasks):
        draft_autosave.become(known)


def _nothing() -> None:
    """Do nothing: the page runs again by itself, and reads the answer above."""
