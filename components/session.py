"""The one place that touches st.session_state: one typed object under one key, and widgets by name."""

import secrets
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from studio.draft import Picture, new_external_task_id
from studio.drawing import Drawing
from studio.errors import StudioError

_KEY = "studio"
EXTERNAL_TASK_ID = "external_task_id"
# The widgets whose values are somebody's work.
KEPT_WIDGETS = (
    "prompt",
    "negative_prompt",
    "model_name",
    "mode",
    "duration",
    "cfg_scale",
    "send_cfg",
    "callback_url",
    EXTERNAL_TASK_ID,
)


@dataclass(kw_only=True)
class Session:
    """What one person has in hand. Widgets hold the parameters; everything else is here."""

    # unguessable: every read of a task is by owner
    owner: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    # typed by the user; lives in this memory only
    api_key: str | None = field(default=None, repr=False)
    # by slot: "picture" and "tail"
    pictures: dict[str, Picture] = field(default_factory=dict)
    picture_problems: dict[str, StudioError] = field(default_factory=dict)
    # uploads already taken, by slot: a file stays in its widget over reruns
    seen_uploads: dict[str, str] = field(default_factory=dict)
    # what the kept widgets held when the page was last drawn whole
    kept_values: dict[str, Any] = field(default_factory=dict)
    # the review stays open over reruns: a stroke's late message must not close it
    reviewing: bool = False
    drawing: Drawing | None = None
    # a new revision remounts the canvas with `drawing`: after clearing, or for another picture
    canvas_revision: int = 0
    # what the mounted canvas was seeded with; must not change while it is mounted
    canvas_seed: dict[str, Any] | None = None


def current() -> Session:
    """This browser session's object."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Session()
    found: Session = st.session_state[_KEY]
    return found


def is_mounted(widget: str) -> bool:
    """Whether a widget of this name was shown in the run before (a page change unmounts it)."""
    return widget in st.session_state


def put(widget: str, value: object) -> None:
    """Sets a widget's value; in a callback only, before the widget is drawn."""
    st.session_state[widget] = value


def get(widget: str) -> Any:  # noqa: ANN401 — a widget's value has the widget's type
    """A widget's value in a callback."""
    return st.session_state.get(widget)


def redraw(drawing: Drawing | None) -> None:
    """Replaces the drawing by program: the canvas is made anew with it."""
    session = current()
    session.drawing = drawing
    session.canvas_revision += 1


def bring_back_widgets() -> None:
    """Gives the kept widgets their values again if they were lost, before they are drawn.

    Streamlit keeps them over pages, but not when a page is left while a refresh of another page is on its
    way: one in fourteen very quick changes emptied the prompt.
    """
    for name, value in current().kept_values.items():
        if name not in st.session_state:
            put(name, value)


def note_widgets() -> None:
    """Remembers what the kept widgets hold, once all are drawn."""
    current().kept_values = {
        name: st.session_state[name] for name in KEPT_WIDGETS if name in st.session_state
    }


def give_external_task_id() -> None:
    """A draft without an external task id gets one, before the field is drawn."""
    if EXTERNAL_TASK_ID not in st.session_state:
        put(EXTERNAL_TASK_ID, new_external_task_id())


def spend_external_task_id() -> None:
    """A sent id is spent: the next draft gets its own."""
    st.session_state.pop(EXTERNAL_TASK_ID, None)
    current().kept_values.pop(EXTERNAL_TASK_ID, None)
