"""The session: one typed object under one key, and widgets by name. Only here st.session_state is touched.

Streamlit may end a run at any touch of its state, for a newer one. So things that belong together are changed
on a `Session` asked for before: its fields and methods do not touch that state. Slow work comes in between.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from weakref import WeakSet

import streamlit as st

from components.page_message import PageMessage
from kling import KlingClient
from studio.drawing.model import Drawing, Layer
from studio.errors import StudioError
from studio.guide.tour import TourStep
from studio.owners import new_browser_owner
from studio.pictures.source_image import SourceImage, shared
from studio.preview.jobs import PreviewJob
from studio.preview.render import MethodReason
from studio.request.draft import Carrier, Draft, Parameters, Picture

_KEY = "studio"
_CANVAS = "canvas-"
KEPT_DRAWINGS = 20
KEPT_PICTURES = 2
"""Of the drawings kept for Undo, how many may have a picture of their own, of up to 23 MB."""


@dataclass(frozen=True, kw_only=True)
class Replaced:
    """Drawing and picture that a change by program replaced."""

    drawing: Drawing | None
    # none where the change left the picture alone
    picture: Picture | None = None


@dataclass(frozen=True, kw_only=True)
class ArrivingParameters:
    """Parameters of a draft on their way to the widgets."""

    parameters: Parameters
    # the ones that the screen showed: what is the same in both leaves its widget alone
    shown: Parameters | None = None


@dataclass(frozen=True, kw_only=True)
class ArrivedValue:
    """A widget's value that came with a draft, and the one that the screen showed before."""

    value: object
    before: object
    # by the monotonic clock: until then a message may still tell the value before
    until_s: float


@dataclass(kw_only=True, eq=False)
class Session:
    """The work of one person at hand. Widgets hold the parameters; everything else is here."""

    # unguessable: every read of a task is by owner
    owner: str = field(default_factory=new_browser_owner)
    # typed by the user; lives in this memory only
    api_key: str | None = field(default=None, repr=False)
    # whether its owner goes on without the key that was typed before
    is_key_given_up: bool = False
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
    # the browser has named its owner, or a login has
    recognised: bool = False
    # from a page that is older than this session, until all of it is delivered
    brought: PageMessage = field(default_factory=PageMessage)
    # how many runs were begun with its values
    deliveries: int = 0
    # of drafts taken in hand, oldest first, until all of them are in the widgets
    arriving: list[ArrivingParameters] = field(default_factory=list)
    # by widget: what a draft brought a moment ago
    arrived: dict[str, ArrivedValue] = field(default_factory=dict)
    # how the person wants the drawing sent; None: the best way that the model takes
    carrier: Carrier | None = None
    # the drawing's sentences once a person has edited them
    motion_words: str | None = None
    # values of the kept widgets when the page was last drawn whole, by name
    kept_values: dict[str, Any] = field(default_factory=dict)
    # the same when it was drawn whole for the first time: others were typed or chosen since
    first_values: dict[str, Any] = field(default_factory=dict)
    # the review stays open over reruns: a stroke's late message must not close it
    reviewing: bool = False
    # the review is of several variants of the draft
    is_several: bool = False
    # it was asked for while something was missing, which is said until nothing is
    is_review_refused: bool = False
    # its button was pressed, and the outcome is not known yet
    sending: bool = False
    # names the task that the open review would send: double clicks and reruns are one
    click_token: str = ""
    drawing: Drawing | None = None
    # a new revision remounts the canvas with `drawing`: after clearing, or for another picture
    canvas_revision: int = 0
    # the seed of the mounted canvas; must not change while it is mounted
    canvas_seed: dict[str, Any] | None = None
    # the draft as it was shown last: the same one needs no saving
    shown: Draft | None = None
    # the draft that a recipe or an earlier task replaced, to be brought back
    set_aside: Draft | None = None
    # the preview that is shown or on its way, and what was said of the newest one that was made
    preview_job: PreviewJob | None = None
    cut_outs: tuple[MethodReason, ...] = ()
    # the page whose run was begun last, and the one that waits to be gone to
    page: Path | None = None
    heading_for: Path | None = None
    # with these in its address
    heading_with: dict[str, str] = field(default_factory=dict)
    # tasks whose end was announced, or is from before the session; None: it has not looked yet
    ends_known: set[str] | None = None
    # the external task id that was sent last, while its field still holds it
    spent_task_id: str | None = None
    # why the last recipe could not be opened, and how many were: each is uploaded into a fresh field
    recipe_problem: StudioError | None = None
    recipes_opened: int = 0
    # the tokens of links made in this session, by entry: they cannot be had again
    share_tokens: dict[str, str] = field(default_factory=dict, repr=False)
    # the layer that the brush paints on next
    layer: Layer = Layer.STATIC
    # not shown on the canvas; kept and sent too
    hidden_layers: frozenset[Layer] = frozenset()
    # the number of the newest click on the picture that a tool has taken, of those made for this session
    clicks_taken: int = 0
    clicks_token: str = field(default_factory=lambda: secrets.token_hex(8))
    # by changes by program, newest last: the canvas's own undo begins at its mount
    replaced: list[Replaced] = field(default_factory=list)
    # how many strokes the newest change by program left: with more, the canvas's own undo comes first
    strokes_put: int = 0

    def arrive(self, page: Path) -> None:
        """Begin a page's run; another page than before ends the way, there or elsewhere."""
        if page == self.heading_for or page != self.page:
            self.heading_for, self.heading_with = None, {}
        self.page = page

    def redraw(self, drawing: Drawing | None, picture_before: Picture | None = None) -> None:
        """Replace the drawing by program: the canvas is made anew with it.

        Args:
            drawing: the new one.
            picture_before: the picture of the old one, where that has changed with it.
        """
        before = Replaced(drawing=self.drawing, picture=picture_before)
        self.replaced = _newest([*self.replaced, before])
        self._put_drawing(drawing)

    def undo_change(self) -> None:
        """Undo the last change by program."""
        if self.replaced:
            before = self.replaced.pop()
            if before.picture is not None:
                self.pictures["picture"] = before.picture
            self._put_drawing(before.drawing)

    def remount(self) -> None:
        """Make the canvas anew with the drawing in hand: other layers are shown."""
        self.canvas_revision += 1

    def take_picture(self, slot: str, picture: Picture) -> None:
        """Put another picture into a slot; the drawing stays."""
        self._put_picture(slot, picture)
        if slot == "picture":
            self.replaced.clear()  # they belong to the picture before
            self.remount()

    def replace_with(self, draft: Draft) -> None:
        """Take another draft in hand, and set aside the one that was."""
        if self.shown is not None and not self.shown.is_blank:
            self.set_aside = self.shown
        self.adopt(draft)

    def adopt(self, draft: Draft, was: Draft | None = None) -> None:
        """Take a draft in hand; its parameters are on their way to the widgets.

        Args:
            draft: the whole draft.
            was: the draft that the screen showed: parts that are the same in both are left alone, so that a
                repair of the prompt costs no undo history on the canvas.
        """
        picture_before = self.pictures.get("picture")
        for slot, picture, shown in (
            ("picture", draft.picture, was and was.picture),
            ("tail", draft.tail, was and was.tail),
        ):
            if was is None or picture != shown:
                self._put_picture(slot, picture)
        if was is None:
            self.replaced.clear()  # they belong to the draft before; `set_aside` has that
            self._put_drawing(draft.drawing)
        elif (draft.drawing, draft.picture) != (was.drawing, was.picture):
            self.redraw(draft.drawing, picture_before if draft.picture != picture_before else None)
        self.arriving.append(
            ArrivingParameters(parameters=draft.parameters, shown=was.parameters if was else None)
        )
        if was is None:
            self._go_on_where_it_was_left()

    @property
    def canvas_key(self) -> str:
        """Name of the mounted canvas's widget."""
        return f"{_CANVAS}{self.canvas_revision}"

    def sources(self) -> Iterator[SourceImage]:
        """Every picture that is held in memory: in hand, set aside, and for Undo; some of them twice."""
        drafts = (self.shown, self.set_aside)
        of_drafts = [picture for draft in drafts if draft for picture in (draft.picture, draft.tail)]
        replaced = [before.picture for before in self.replaced]
        for picture in (*self.pictures.values(), *of_drafts, *replaced):
            if picture is not None and picture.source is not None:
                yield picture.source

    def _go_on_where_it_was_left(self) -> None:
        """Choose the layer painted last; the canvas of a page that outlived its session stays mounted."""
        if self.drawing is not None and self.drawing.strokes:
            self.layer = self.drawing.strokes[-1].layer
        for name in self.brought.names:
            if name.startswith(_CANVAS) and name.removeprefix(_CANVAS).isdecimal():
                self.canvas_revision = int(name.removeprefix(_CANVAS))

    def _put_drawing(self, drawing: Drawing | None) -> None:
        self.drawing = drawing
        self.strokes_put = len(drawing.strokes) if drawing else 0
        self.remount()

    def _put_picture(self, slot: str, picture: Picture | None) -> None:
        self.picture_problems.pop(slot, None)
        if picture is None:
            self.pictures.pop(slot, None)
        else:
            # one copy of a picture, in however many tabs
            source = picture.source and shared(picture.source)
            self.pictures[slot] = replace(picture, source=source)


def _newest(replaced: list[Replaced]) -> list[Replaced]:
    """The newest changes that are kept for Undo."""
    with_picture = [number for number, before in enumerate(replaced) if before.picture is not None]
    first = with_picture[-KEPT_PICTURES - 1] + 1 if len(with_picture) > KEPT_PICTURES else 0
    return replaced[max(first, len(replaced) - KEPT_DRAWINGS) :]


_OPEN: "WeakSet[Session]" = WeakSet()
"""The sessions of this process; Streamlit lets go of them when their time is over."""


def pictures_held(owner: str) -> int:
    """The number of different pictures in memory for one person, in all their tabs."""
    return len({source.identity for each in tuple(_OPEN) if each.owner == owner for source in each.sources()})


def is_new() -> bool:
    """Whether no run of this browser session has come as far as to ask for its object."""
    return _KEY not in st.session_state


def current() -> Session:
    """Return this browser session's object."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Session()
        _OPEN.add(st.session_state[_KEY])
    found: Session = st.session_state[_KEY]
    return found


def begin_anew() -> None:
    """Forget all of this session, its widgets' values included; the object that names its owner last."""
    for name in [name for name in st.session_state if name != _KEY]:
        del st.session_state[name]
    del st.session_state[_KEY]


def is_mounted(widget: str) -> bool:
    """Whether a widget of this name was shown in the run before (a page change unmounts it)."""
    return widget in st.session_state


def put(widget: str, value: object) -> None:
    """Set a widget's value before it is drawn; one that an older page has brought stays."""
    if widget not in current().brought.names:
        st.session_state[widget] = value


def get(widget: str) -> Any:  # noqa: ANN401 — a widget's value has the widget's type
    """Return a widget's value in a callback; None before the widget was drawn."""
    return st.session_state.get(widget)


def redraw(drawing: Drawing | None) -> None:
    """Replace the drawing by program: the canvas is made anew with it."""
    current().redraw(drawing)


def undo_change() -> None:
    """Undo the last change by program."""
    current().undo_change()
