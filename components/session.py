"""The one place that touches st.session_state: one typed object under one key, and widgets by name.

Streamlit may end a run at any touch of its state, for a newer one. So what belongs together is changed on a
`Session` asked for before: its fields and methods do not touch that state. Slow work comes in between.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

from kling import KlingClient
from kling.task_ids import new_external_task_id
from studio.drawing.model import Drawing, Layer, PointCanvasPx
from studio.errors import StudioError
from studio.guide.tour import TourStep
from studio.owners import new_browser_owner
from studio.request.draft import Draft, Parameters, Picture
from studio.request.external_ids import needs_new_id

_KEY = "studio"
EXTERNAL_TASK_ID = "external_task_id"
SEND_CFG = "send_cfg"
KEPT_DRAWINGS = 20
# The widgets whose values are somebody's work.
KEPT_WIDGETS = (
    "prompt",
    "negative_prompt",
    "model_name",
    "mode",
    "duration",
    "cfg_scale",
    SEND_CFG,
    "callback_url",
    EXTERNAL_TASK_ID,
)


@dataclass(frozen=True, kw_only=True)
class Before:
    """What a change by program took the place of."""

    drawing: Drawing | None
    # none where the change left the picture alone
    picture: Picture | None = None


@dataclass(kw_only=True)
class Session:
    """What one person has in hand. Widgets hold the parameters; everything else is here."""

    # unguessable: every read of a task is by owner
    owner: str = field(default_factory=new_browser_owner)
    # typed by the user; lives in this memory only
    api_key: str | None = field(default=None, repr=False)
    # while this is held, tasks of this session's key go on by themselves
    connection: KlingClient | None = field(default=None, repr=False)
    # by slot: "picture" and "tail"
    pictures: dict[str, Picture] = field(default_factory=dict)
    picture_problems: dict[str, StudioError] = field(default_factory=dict)
    # addresses whose picture is asked for and not loaded yet, by slot
    to_load: dict[str, str] = field(default_factory=dict)
    # uploads already taken, by slot: a file stays in its widget over reruns
    seen_uploads: dict[str, str] = field(default_factory=dict)
    # the first-time tour: once ended, it does not come back
    tour: TourStep = TourStep.OFFERED
    # what a draft brought for the widgets, until all of it has arrived there
    on_its_way: dict[str, Any] = field(default_factory=dict)
    # what the kept widgets held when the page was last drawn whole
    kept_values: dict[str, Any] = field(default_factory=dict)
    # the review stays open over reruns: a stroke's late message must not close it
    reviewing: bool = False
    # its button was pressed, and what came of that is not known yet
    sending: bool = False
    # names what the open review would send: double clicks and reruns are one intent
    click_token: str = ""
    drawing: Drawing | None = None
    # a new revision remounts the canvas with `drawing`: after clearing, or for another picture
    canvas_revision: int = 0
    # what the mounted canvas was seeded with; must not change while it is mounted
    canvas_seed: dict[str, Any] | None = None
    # the draft as it was shown last: what is the same needs no keeping
    shown: Draft | None = None
    # what a recipe or an earlier task took the place of, to be brought back
    set_aside: Draft | None = None
    # how many of the newest tasks are on the page; each may be a video
    tasks_shown: int = 10
    # the page whose run was begun last, and the one that waits to be gone to
    page: Path | None = None
    heading_for: Path | None = None
    # the external task id that was sent last, while its field still holds it
    spent_task_id: str | None = None
    # why the last recipe could not be opened, and how many were: each is uploaded into a fresh field
    recipe_problem: StudioError | None = None
    recipes_opened: int = 0
    # the tokens of links made in this session, by entry: they cannot be had again
    share_tokens: dict[str, str] = field(default_factory=dict, repr=False)
    # what the brush paints on next
    layer: Layer = Layer.STATIC
    # not looked at on the canvas; kept and sent all the same
    hidden_layers: frozenset[Layer] = frozenset()
    # the points clicked on the mounted canvas, and the newest of them while no tool has used it
    marks_canvas_px: tuple[PointCanvasPx, ...] = ()
    new_mark_canvas_px: PointCanvasPx | None = None
    # what was before changes by program, newest last: the canvas's own undo begins at its mount
    drawings_before: list["Before"] = field(default_factory=list)
    # how many strokes the newest change by program left: with more, the canvas's own undo comes first
    strokes_put: int = 0

    def arrive(self, page: Path) -> None:
        """A page's run begins; who was heading for it is there."""
        self.page = page
        if self.heading_for == page:
            self.heading_for = None

    def redraw(self, drawing: Drawing | None, picture_before: Picture | None = None) -> None:
        """Replaces the drawing by program: the canvas is made anew with it.

        Args:
            drawing: the new one.
            picture_before: the picture of the old one, where that has changed with it.
        """
        before = Before(drawing=self.drawing, picture=picture_before)
        self.drawings_before = [*self.drawings_before[1 - KEPT_DRAWINGS :], before]
        self._put_drawing(drawing)

    def take_back(self) -> None:
        """Undoes the last change by program."""
        if self.drawings_before:
            before = self.drawings_before.pop()
            if before.picture is not None:
                self.pictures["picture"] = before.picture
            self._put_drawing(before.drawing)

    def remount(self) -> None:
        """Makes the canvas anew with the drawing in hand: what is looked at changed, or a mark must go."""
        self.canvas_revision += 1
        self.marks_canvas_px, self.new_mark_canvas_px = (), None

    def take_picture(self, slot: str, picture: Picture) -> None:
        """Puts another picture into a slot; what is drawn stays."""
        self._put_picture(slot, picture)
        if slot == "picture":
            self.drawings_before.clear()  # they belong to the picture before
            self.remount()

    def replace_with(self, draft: Draft) -> None:
        """Takes another draft in hand, and sets aside the one that was."""
        if self.shown is not None and not self.shown.is_blank:
            self.set_aside = self.shown
        self.adopt(draft)

    def adopt(self, draft: Draft, was: Draft | None = None) -> None:
        """Takes a draft in hand; its parameters are on their way to the widgets.

        Args:
            draft: the whole draft.
            was: the draft that the screen showed: what is the same in both is left alone, so that a repair of
                the prompt costs no undo history on the canvas.
        """
        picture_before = self.pictures.get("picture")
        for slot, picture, shown in (
            ("picture", draft.picture, was and was.picture),
            ("tail", draft.tail, was and was.tail),
        ):
            if was is None or picture != shown:
                self._put_picture(slot, picture)
        if was is None:
            self.drawings_before.clear()  # they belong to the draft before; `set_aside` has that
            self._put_drawing(draft.drawing)
        elif (draft.drawing, draft.picture) != (was.drawing, was.picture):
            self.redraw(draft.drawing, picture_before if draft.picture != picture_before else None)
        self.on_its_way |= _widget_values(draft.parameters, was.parameters if was else None)

    def _put_drawing(self, drawing: Drawing | None) -> None:
        self.drawing = drawing
        self.strokes_put = len(drawing.strokes) if drawing else 0
        self.remount()

    def _put_picture(self, slot: str, picture: Picture | None) -> None:
        self.picture_problems.pop(slot, None)
        if picture is None:
            self.pictures.pop(slot, None)
        else:
            self.pictures[slot] = picture


def current() -> Session:
    """This browser session's object."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Session()
    found: Session = st.session_state[_KEY]
    return found


def begin_anew() -> None:
    """Forgets everything of this session, its widgets' values included; the object that says whose last."""
    for name in [name for name in st.session_state if name != _KEY]:
        del st.session_state[name]
    del st.session_state[_KEY]


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
    current().redraw(drawing)


def take_back() -> None:
    """Undoes the last change by program."""
    current().take_back()


def bring_widgets() -> None:
    """Brings what a draft holds into the widgets, before they are drawn; again if a run was cut short."""
    session = current()
    for name, value in session.on_its_way.items():
        put(name, value)
    session.on_its_way = {}


def _widget_values(chosen: Parameters, was: Parameters | None) -> dict[str, Any]:
    """By widget, each named after its parameter; None leaves its widget as it is."""
    values = {
        name: value
        for name, value in vars(chosen).items()
        if value is not None and (was is None or value != getattr(was, name))
    }
    if was is None or chosen.cfg_scale != was.cfg_scale:
        values[SEND_CFG] = chosen.cfg_scale is not None  # asked for only where a model leaves it open
    if was is None and not chosen.external_task_id:
        values[EXTERNAL_TASK_ID] = new_external_task_id()
    return values


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
    """A draft without an external task id, or with a spent one, gets its own, before the field is drawn."""
    session = current()
    if needs_new_id(get(EXTERNAL_TASK_ID), session.spent_task_id):
        put(EXTERNAL_TASK_ID, new_external_task_id())
    session.spent_task_id = None
