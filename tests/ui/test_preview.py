"""The preview on the Create page: what is shown when, and what is said about it."""

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from components.canvas.fabric_json import to_fabric
from studio.drawing.model import Drawing, Layer, Stroke, StrokeKind

HONEST = "This shows the directions that you give, not what Kling will paint."
SO_FAR = "What you directed so far."


def area(layer: Layer, left: float, top: float, right: float, bottom: float) -> Stroke:
    """A painted rectangle."""
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return Stroke(layer=layer, kind=StrokeKind.AREA, points_canvas_px=corners, width_canvas_px=1)


def path(layer: Layer, *points: tuple[float, float]) -> Stroke:
    """A trajectory."""
    return Stroke(layer=layer, kind=StrokeKind.PATH, points_canvas_px=points, width_canvas_px=4)


def draw(app: AppTest, *strokes: Stroke) -> AppTest:
    """What the canvas sends after these strokes."""
    raw = to_fabric(Drawing(canvas_width_px=720, canvas_height_px=480, strokes=strokes))
    app.session_state["canvas-1"] = {"drawing": {"raw": raw, "data": None}, "backgroundFit": None}
    return app.run()


def sample(app: AppTest) -> AppTest:
    """The page with the first sample photograph chosen."""
    return app.button(key="picture-raccoon.jpg").click().run()


def said(app: AppTest) -> str:
    """All captions."""
    assert not app.exception
    return "\n".join(caption.value for caption in app.caption)


def until_made(app: AppTest) -> AppTest:
    """The page once its preview is there; its player runs it again and again until then."""
    for _ in range(400):
        player = app.get("bidi_component")[-1]
        if '"ask"' not in player.proto.json:
            break
        app.run()
    return app


def test_without_a_picture_there_is_no_preview(app: AppTest) -> None:
    """Nothing to show, no switch to turn."""
    assert not any(toggle.key == "preview" for toggle in app.toggle)


def test_a_picture_alone_is_previewed_as_a_camera_move(app: AppTest) -> None:
    """And it is said what a preview is."""
    sample(app)
    assert HONEST in said(app)


def test_a_finished_drawing_moves_and_an_unfinished_one_does_not(app: AppTest) -> None:
    """Only when nothing in the drawing is wrong."""
    region = area(Layer.MOTION_1, 300, 200, 400, 300)
    draw(sample(app), region)
    assert SO_FAR in said(app)
    assert HONEST not in said(app)
    draw(app, region, path(Layer.MOTION_1, (350.0, 250.0), (400.0, 240.0)))
    assert HONEST in said(app)
    assert SO_FAR not in said(app)


def test_a_model_without_the_motion_brush_does_not_stop_the_preview(app: AppTest) -> None:
    """What is wrong with the choice is not wrong with the drawing."""
    draw(
        sample(app),
        area(Layer.MOTION_1, 300, 200, 400, 300),
        path(Layer.MOTION_1, (350.0, 250.0), (400.0, 240.0)),
    )
    app.selectbox(key="model_name").set_value("kling-v2-master").run()
    assert HONEST in said(app)


def test_a_cut_out_is_named_with_its_reason(app: AppTest) -> None:
    """In the words of the screen."""
    draw(
        sample(app),
        area(Layer.STATIC, 500, 200, 560, 300),
        area(Layer.MOTION_2, 300, 200, 400, 300),
        path(Layer.MOTION_2, (350.0, 250.0), (480.0, 250.0)),
    )
    assert "Motion 2 is shown as a cut-out. Its way crosses the static area" in said(until_made(app))


def captions(block: Block) -> list[int]:
    """At which place of their blocks the words on what a preview is are."""
    here = [place for place, child in block.children.items() if getattr(child, "value", None) == HONEST]
    blocks = [child for child in block.children.values() if isinstance(child, Block)]
    return here + [place for child in blocks for place in captions(child)]


def test_how_far_it_is_is_said_where_the_words_below_it_are(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a place of its own the page would jump whenever a preview takes longer than a second."""
    monkeypatch.setattr("components.create.preview_panel.SHOWN_AFTER_S", -1.0)
    monkeypatch.setattr("components.create.preview_panel.PATIENCE_S", 0.0)
    # drawn in no other test: a preview that was made before in this process is there at once
    draw(
        sample(app),
        area(Layer.MOTION_5, 311, 207, 402, 303),
        path(Layer.MOTION_5, (353.0, 251.0), (407.0, 243.0)),
    )
    assert app.get("progress")
    assert HONEST not in said(app)
    assert HONEST in said(until_made(app))
    assert not app.get("progress")
    assert captions(app.main) == [2]  # below the switches and the player


def test_turned_off_it_says_nothing(app: AppTest) -> None:
    """And makes nothing."""
    sample(app)
    app.toggle(key="preview").set_value(False).run()
    assert HONEST not in said(app)
    assert not any(toggle.key == "compare" for toggle in app.toggle)


def test_both_switches_stay_as_they_were_over_a_page_change(app: AppTest) -> None:
    """One decides once."""
    sample(app)
    for switch, turned in (("compare", True), ("preview", False)):
        app.toggle(key=switch).set_value(turned).run()
        app.switch_page("../pages/tasks.py").run()
        app.switch_page("../pages/create.py").run()
        assert app.toggle(key=switch).value is turned


def test_a_picture_given_by_its_address_cannot_be_previewed(app: AppTest) -> None:
    """It is said why."""
    app.text_input(key="picture-url").set_value("https://pictures.example.com/cat.png").run()
    app.button(key="picture-pass").click().run()
    assert "seen by the service only" in said(app)
