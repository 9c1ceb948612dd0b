"""Streamlit may end a run at any touch of its state: what belongs together changes whole, or not at all."""

# ruff: noqa: PLC0415 — AppTest runs a function's source alone, its imports included

from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components import session, widget_values
from components.frame import draft_autosave
from components.session import ArrivingParameters, Replaced, Session
from studio.drawing.layers import newest_path
from studio.drawing.model import Layer
from studio.request.draft import Picture
from tests.support.make import CANVAS_PX, SIZE_PX, area, draft, drawn, photo
from tests.support.pictures import encoded, gradient

CLICK_CANVAS_PX = (10.0, 20.0)


class CutShortError(BaseException):
    """A newer run ends this one."""


class State(MutableMapping[str, Any]):
    """Streamlit's state, which allows so many touches."""

    def __init__(self, values: dict[str, Any], touches: int) -> None:
        """As many touches as given go well, the next one ends the run."""
        self.values_by_name, self.touches = values, touches

    def _touch(self) -> None:
        self.touches -= 1
        if self.touches < 0:
            raise CutShortError

    def __getitem__(self, name: str) -> Any:
        """A touch."""
        self._touch()
        return self.values_by_name[name]

    def __setitem__(self, name: str, value: Any) -> None:
        """A touch."""
        self._touch()
        self.values_by_name[name] = value

    def __delitem__(self, name: str) -> None:
        """A touch."""
        self._touch()
        del self.values_by_name[name]

    def __iter__(self) -> Iterator[str]:
        """The names at this moment."""
        return iter(list(self.values_by_name))

    def __len__(self) -> int:
        """How many there are."""
        return len(self.values_by_name)


Act = Callable[[], object]
CutShort = Callable[[Callable[[], dict[str, Any]], Act], list[dict[str, Any]]]
FollowUp = Callable[[dict[str, Any], Act], None]


@pytest.fixture
def follow_up(monkeypatch: pytest.MonkeyPatch) -> FollowUp:
    """The same act in the next run, which nothing ends."""

    def again(left: dict[str, Any], act: Act) -> None:
        monkeypatch.setattr(session, "st", SimpleNamespace(session_state=State(left, touches=1000)))
        act()

    return again


@pytest.fixture
def cut_short(monkeypatch: pytest.MonkeyPatch) -> CutShort:
    """The state that an act leaves behind, for each touch that may end it; last, of the whole act."""

    def everywhere(prepare: Callable[[], dict[str, Any]], act: Act) -> list[dict[str, Any]]:
        left: list[dict[str, Any]] = []
        while True:
            left.append(prepare())
            state = State(left[-1], touches=len(left) - 1)
            monkeypatch.setattr(session, "st", SimpleNamespace(session_state=state))
            try:
                act()
            except CutShortError:
                continue
            return left

    return everywhere


@pytest.mark.usefixtures("app")
def test_a_hidden_layer_is_shown_together_with_a_new_canvas(cut_short: CutShort) -> None:
    """The old canvas does not have its strokes: without a new one they would be taken for rubbed out."""
    from components.canvas import layer_list  # its canvas needs the app

    def show_it() -> None:
        layer_list.choose(session.current(), Layer.MOTION_1)

    for left in cut_short(lambda: {"studio": Session(hidden_layers=frozenset({Layer.MOTION_1}))}, show_it):
        assert bool(left["studio"].hidden_layers) == (left["studio"].canvas_revision == 0)


def test_the_draft_that_was_set_aside_is_not_lost_on_its_way_back(cut_short: CutShort) -> None:
    """It is in hand or still set aside."""
    before, now = draft(area(Layer.STATIC)), draft(area(Layer.MOTION_1))

    def prepare() -> dict[str, Any]:
        return {"studio": Session(drawing=now.drawing, shown=now, set_aside=before)}

    for left in cut_short(prepare, draft_autosave.bring_back):
        current = left["studio"]
        assert (current.drawing, current.set_aside) in {(now.drawing, before), (before.drawing, now)}


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("tool", ["Path", "Fill"])
def test_a_click_that_a_run_did_not_use_up_is_left_to_the_next(
    tool: str, cut_short: CutShort, follow_up: FollowUp
) -> None:
    """It becomes one point of the path, or the colour to fill by, once."""
    from components.canvas import toolbar  # its canvas needs the app

    def prepare() -> dict[str, Any]:
        clicked = Session(drawing=drawn())
        clicks = {"token": clicked.clicks_token, "points": [[1, *CLICK_CANVAS_PX]]}
        way = {"path-how": "Click points", "point-clicks": {"clicks": clicks}}
        return {"studio": clicked, toolbar.TOOL: tool, **way}

    def take() -> None:
        toolbar.take_clicks(Layer.MOTION_1, CANVAS_PX, SIZE_PX)

    for left in cut_short(prepare, take):
        follow_up(left, take)
        assert left["studio"].clicks_taken == 1
        if tool == "Path":
            assert newest_path(left["studio"].drawing, Layer.MOTION_1) == (CLICK_CANVAS_PX,)
        else:
            assert (left["wand-x"], left["wand-y"]) == (40, 80)


def test_whoever_signs_out_leaves_nothing_behind_without_its_owner(cut_short: CutShort) -> None:
    """The object that names the owner goes last: as long as it is there, the next run clears the rest."""
    for left in cut_short(
        lambda: {"prompt": "wind", "studio": Session(), "tool": "Path"}, session.begin_anew
    ):
        assert "studio" in left or not left


def test_a_spent_external_task_id_does_not_come_back(cut_short: CutShort, follow_up: FollowUp) -> None:
    """The service takes an id once; the field gets another, also where Streamlit had lost its value."""

    def prepare() -> dict[str, Any]:
        sent = Session(kept_values={"external_task_id": "mine-1"}, spent_task_id="mine-1")
        return {"studio": sent, "external_task_id": "mine-1"}

    def draw_the_field() -> None:
        widget_values.bring_back()
        widget_values.give_external_task_id()

    for left in cut_short(prepare, draw_the_field):
        follow_up(left, draw_the_field)
        assert left["external_task_id"] != "mine-1"


def test_a_draft_that_came_is_not_emptied_by_a_message_that_left_the_page_before(follow_up: FollowUp) -> None:
    """Its prompt comes again; a moment later an empty prompt is the person's."""
    come = Session(arriving=[ArrivingParameters(parameters=replace(draft().parameters, prompt="wind"))])
    left: dict[str, Any] = {"studio": come, "prompt": ""}
    follow_up(left, widget_values.bring)
    assert left["prompt"] == "wind"
    left["prompt"] = ""
    follow_up(left, widget_values.bring)
    assert left["prompt"] == "wind"
    come.arrived = {name: replace(value, until_s=0) for name, value in come.arrived.items()}
    left["prompt"] = ""
    follow_up(left, widget_values.bring)
    assert left["prompt"] == ""


def _overtaken_upload() -> None:
    """The picker; while an upload is read, somebody clicks on, and the next touch ends the run."""
    from typing import Any

    import streamlit as st

    from components import session
    from components.create import picture_picker

    picker: Any = picture_picker
    read, touch = picker.read_image, session.current

    def overtaken() -> session.Session:
        session.current = touch
        st.rerun()

    def read_slowly(*upload: Any) -> Any:
        picker.read_image = read
        source = read(*upload)
        session.current = overtaken
        return source

    picker.read_image = read_slowly
    picker.show("picture", "Your photograph", samples=False)
    picker.read_image = read
    st.text(f"{sorted(session.current().pictures)}")


def test_an_upload_is_not_lost_when_somebody_clicks_while_it_is_read() -> None:
    """A large photograph takes a second; it is in its slot before the run can end."""
    app = AppTest.from_function(_overtaken_upload, default_timeout=30).run()
    file = ("hill.png", encoded(gradient(400, 320)), "image/png")
    app.file_uploader(key="picture-upload").set_value(file).run()
    assert not app.exception
    assert [text.value for text in app.text] == ["['picture']"]


def _overtaken_address() -> None:
    """The picker; the run of a press on one of its buttons is ended before it comes to that button."""
    from typing import Any

    import streamlit as st

    from components import session
    from components.create import picture_picker
    from tests.support.make import photo

    picker: Any = picture_picker
    picker.fetch_image = lambda _url, **_: photo()
    if session.get("picture-load") or session.get("picture-pass"):
        st.rerun()
    picker.show("picture", "Your photograph", samples=False)
    st.text(f"{sorted(session.current().pictures)}")


@pytest.mark.parametrize("button", ["picture-load", "picture-pass"])
def test_a_press_is_not_lost_when_its_run_is_ended(button: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit names the button in that one run only."""
    monkeypatch.setattr("components.create.picture_picker.fetch_image", None)  # put back afterwards
    app = AppTest.from_function(_overtaken_address, default_timeout=30).run()
    app.text_input(key="picture-url").set_value("https://pictures.example.com/hill.png").run()
    app.button(key=button).click().run()
    assert not app.exception
    assert [text.value for text in app.text] == ["['picture']"]


def test_a_tail_frame_leaves_the_canvas_as_it_is_mounted() -> None:
    """Its undo history is somebody's work; another picture makes it anew."""
    current = Session(replaced=[Replaced(drawing=drawn())])
    current.take_picture("tail", Picture(source=photo()))
    assert (current.canvas_revision, len(current.replaced)) == (0, 1)
    current.take_picture("picture", Picture(source=photo()))
    assert (current.canvas_revision, len(current.replaced)) == (1, 0)
