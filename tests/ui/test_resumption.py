"""A page that outlived its session: its first message counts in the new one, which begins knowing nothing."""

import json

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.testing.v1 import AppTest

from components.canvas.fabric_json import to_fabric
from components.runtime import services
from components.session import Session
from studio.drawing.model import Drawing, Layer, Stroke, StrokeKind
from tests.ui.conftest import ROOT

CANVAS_PX = (667, 500)


def stroke(left: float) -> Stroke:
    """A painted triangle on Motion 2."""
    points = ((left, 100.0), (left + 100, 100.0), (left + 50, 200.0))
    return Stroke(
        layer=Layer.MOTION_2, kind=StrokeKind.AREA, points_canvas_px=points, width_canvas_px=1, mitred=True
    )


def path() -> Stroke:
    """Its way."""
    points = ((150.0, 150.0), (250.0, 150.0))
    return Stroke(layer=Layer.MOTION_2, kind=StrokeKind.PATH, points_canvas_px=points, width_canvas_px=4)


def canvas_state(*strokes: Stroke) -> dict[str, object]:
    """As the canvas reports these strokes."""
    drawing = Drawing(canvas_width_px=CANVAS_PX[0], canvas_height_px=CANVAS_PX[1], strokes=strokes)
    return {"drawing": {"raw": to_fabric(drawing), "data": None}, "backgroundFit": None}


@pytest.fixture
def page(app: AppTest) -> AppTest:
    """A page of a server that is gone: a photograph, a stroke, a prompt."""
    app.button(key="picture-raccoon.jpg").click().run()
    app.session_state["canvas-1"] = canvas_state(stroke(100.0), path())
    app.text_area(key="prompt").set_value("wind").run()
    assert not app.exception
    return app


def message(page: AppTest, *components: tuple[str, object]) -> WidgetStates:
    """All that the page says with a click: its widgets' states, and those of components, by name."""
    states: WidgetStates = page._tree.get_widget_states()
    ids = {found.proto.id.split("-", maxsplit=2)[-1]: found.proto.id for found in page.get("bidi_component")}
    for name, value in components:
        states.widgets.append(WidgetState(id=ids[name], json_value=json.dumps(json.dumps(value))))
    return states


def answer(page: AppTest) -> tuple[str, object]:
    """The browser says whose the page is."""
    return "browser-id", {"id": session_of(page).owner}


def new_session(states: WidgetStates, path: str = "") -> AppTest:
    """The message comes to a server that was started again."""
    app = AppTest.from_file(str(ROOT / "components" / "main.py"), default_timeout=30)
    if path:
        app.switch_page(path)
    app._run(states)
    assert not app.exception
    return app


def session_of(app: AppTest) -> Session:
    found: Session = app.session_state["studio"]
    return found


def test_values_chosen_and_typed_on_it_stay(page: AppTest) -> None:
    """The newest text wins over the draft that was kept; the tool is not the one of a fresh page."""
    page.text_area(key="prompt").set_value("wind and rain")
    page.button_group(key="tool").set_value("Rectangle")
    app = new_session(message(page, answer(page)))
    assert app.text_area(key="prompt").value == "wind and rain"
    assert app.button_group(key="tool").value == "Rectangle"
    assert session_of(app).owner == session_of(page).owner
    assert session_of(app).drawing == session_of(page).drawing
    kept = services().drafts.load(session_of(page).owner)
    assert kept is not None
    assert kept.parameters.prompt == "wind and rain"


@pytest.mark.parametrize("pressed", ["Review and send", "Add a moving part"])
def test_a_press_is_heard_by_a_button_that_the_new_session_did_not_know(page: AppTest, pressed: str) -> None:
    """Its callback runs once the page is drawn for its owner."""
    next(button for button in page.button if button.label == pressed).click()
    app = new_session(message(page, answer(page)))
    if pressed == "Review and send":
        assert session_of(app).reviewing
    else:
        assert session_of(app).layer is Layer.MOTION_3


def test_the_layer_painted_last_is_chosen(page: AppTest) -> None:
    """What is chosen in the list lives in the session that is gone; its last stroke is in the draft."""
    assert session_of(new_session(message(page, answer(page)))).layer is Layer.MOTION_2


def test_a_stroke_drawn_on_its_canvas_is_added_to_the_draft(page: AppTest) -> None:
    """And the canvas is made anew with all of them."""
    drawn = canvas_state(stroke(100.0), path(), stroke(300.0))
    app = new_session(message(page, answer(page), ("canvas-1", drawn)))
    found = session_of(app)
    assert found.drawing is not None
    assert len(found.drawing.strokes) == 3
    assert found.canvas_seed == drawn["drawing"]["raw"]  # type: ignore[index]


def test_another_drawing_on_its_canvas_does_not_take_the_drafts_place(page: AppTest) -> None:
    """Hidden layers are not on it, for instance: the draft has more."""
    app = new_session(message(page, answer(page), ("canvas-1", canvas_state(stroke(300.0)))))
    assert session_of(app).drawing == session_of(page).drawing
    assert session_of(app.run()).drawing == session_of(page).drawing


def test_a_press_acts_once(app: AppTest) -> None:
    """Also one that the page itself answers, without a callback: the simulator is told once to fail."""
    app.switch_page("../pages/settings.py").run()
    next(button for button in app.button if button.label == "Trigger it once").click()
    new_session(message(app, answer(app)), "../pages/settings.py")
    again = new_session(message(app, answer(app)), "../pages/settings.py")
    assert [warning.value for warning in again.warning] == ["Waiting to happen, once each: 2"]


def test_all_waits_for_a_browser_that_answers_later(page: AppTest) -> None:
    """The first message may come without its answer: until then nobody's page is shown."""
    page.button_group(key="tool").set_value("Rectangle")
    next(button for button in page.button if button.label == "Review and send").click()
    app = new_session(message(page))
    assert not session_of(app).pictures
    app._run(message(app, answer(page)))
    assert not app.exception
    assert app.button_group(key="tool").value == "Rectangle"
    assert session_of(app).drawing == session_of(page).drawing
    assert session_of(app).reviewing


def test_text_typed_in_a_new_tab_before_the_browser_answers_stays(page: AppTest) -> None:
    """The rest of the kept draft comes; a choice that nobody made is not held against it."""
    page.selectbox(key="model_name").set_value("kling-v1-6").run()
    app = AppTest.from_file(str(ROOT / "components" / "main.py"), default_timeout=30).run()
    app.text_area(key="prompt").set_value("snow").run()
    app._run(message(app, answer(page)))
    assert not app.exception
    assert app.text_area(key="prompt").value == "snow"
    assert app.selectbox(key="model_name").value == "kling-v1-6"
    assert session_of(app).drawing == session_of(page).drawing


def test_an_external_task_id_that_was_sent_is_not_brought_again(page: AppTest) -> None:
    """The service takes it once."""
    states = message(page, answer(page))
    sent = page.text_input(key="external_task_id").value
    next(button for button in page.button if button.label == "Review and send").click().run()
    next(button for button in page.button if button.label.startswith("Send to")).click().run()
    app = new_session(states)
    assert app.text_input(key="external_task_id").value not in (None, "", sent)
