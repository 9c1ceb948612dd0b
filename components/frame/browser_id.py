"""The browser's identity: an unguessable id that it keeps for itself, in its local storage and in no URL.

The page never waits for it. A session begins with an id of its own and offers that to the browser, which
answers with the one that it keeps. The answer is part of the page's state, so a page that comes back after
the server's death brings it along with its first message.
"""

from pathlib import Path

import streamlit as st

from components import session
from components.frame import draft_autosave, resumption
from components.runtime import services
from studio.owners import is_browser_owner, is_recognised

_WIDGET = "browser-id"

_ask = st.components.v2.component(
    "motion_studio_browser_id", js=Path(__file__).with_suffix(".js").read_text("utf-8")
)


def show() -> None:
    """Ask the browser for its id, invisibly; to be called before the page's own widgets."""
    current = session.current()
    # A page that brings its answer is not asked anew: that would be one more message, just after a click.
    brought = current.brought.component_state(_WIDGET).get("id")
    offer = brought if is_browser_owner(brought) else current.owner
    answer = _ask(
        key=_WIDGET,
        data={"offer": offer},
        width="content",
        height="content",
        on_id_change=_nothing,
        on_returned_change=_nothing,
    )
    known = answer.get("id")
    if is_recognised(known, current.owner, services().tasks.has_tasks):
        draft_autosave.become(known)
        resumption.deliver_values()  # to widgets that are drawn now for the first time
    current.recognised = known is not None


def _nothing() -> None:
    """Do nothing: the page runs again by itself, and reads the answer above."""
