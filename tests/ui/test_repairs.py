"""One click beside a finding mends the draft that is on the page."""

import pytest
from streamlit.testing.v1 import AppTest

from components.fabric import to_fabric
from studio.drawing import Drawing, Layer, Stroke, StrokeKind
from tests.support.pictures import encoded, gradient

M1, STILL = Layer.MOTION_1, Layer.STATIC


def draw(app: AppTest, *strokes: Stroke) -> AppTest:
    """The first sample photograph, and what the canvas sends after these strokes."""
    app.button(key="picture-raccoon.jpg").click().run()
    raw = to_fabric(Drawing(canvas_width_px=720, canvas_height_px=480, strokes=strokes))
    app.session_state["canvas-1"] = {"drawing": {"raw": raw, "data": None}, "backgroundFit": None}
    return app.run()


def region(layer: Layer, left: float = 100, right: float = 250) -> Stroke:
    corners = ((left, 100.0), (right, 100.0), (right, 250.0), (left, 250.0))
    return Stroke(layer=layer, kind=StrokeKind.AREA, points_canvas_px=corners, width_canvas_px=1)


def path(layer: Layer, *points: tuple[float, float]) -> Stroke:
    along = points or ((150.0, 150.0), (350.0, 200.0))
    return Stroke(layer=layer, kind=StrokeKind.PATH, points_canvas_px=along, width_canvas_px=4)


def drawing(app: AppTest) -> Drawing:
    found = app.session_state["studio"].drawing
    assert isinstance(found, Drawing)
    return found


def told(app: AppTest) -> str:
    """Every error and warning of the page."""
    assert not app.exception
    return "\n".join(box.value for box in (*app.error, *app.warning))


def may_review(app: AppTest) -> bool:
    return not next(button for button in app.button if button.label == "Review and send").disabled


def repair(app: AppTest, label: str) -> AppTest:
    return app.button(key=f"repair-{label}").click().run()


def test_a_path_that_leaves_the_picture_is_clipped_with_one_click(app: AppTest) -> None:
    """The error is gone, the drawing on the canvas is the mended one, and it can be sent."""
    draw(app, region(M1), path(M1, (150.0, 150.0), (-80.0, 150.0)))
    assert "leaves the picture" in told(app)
    assert not may_review(app)
    repair(app, "Clip the path of Motion 1")
    assert told(app) == ""
    assert may_review(app)
    assert drawing(app).paths(M1)[0].points_canvas_px == ((150.0, 150.0), (0.0, 150.0))
    assert drawing(app).regions(M1) == (region(M1),)


def test_a_warning_may_stay_and_is_mended_with_one_click_all_the_same(app: AppTest) -> None:
    """Only errors keep one from sending."""
    draw(app, region(M1), path(M1), region(STILL, left=200, right=500))
    assert "overlap" in told(app)
    assert may_review(app)
    repair(app, "Take it out of Static, leave it to Motion 1")
    assert told(app) == ""
    assert drawing(app).regions(M1) == (region(M1),)


def test_a_choice_is_mended_without_making_the_canvas_anew(app: AppTest) -> None:
    """The strokes' undo history stays."""
    draw(app, region(M1), path(M1))
    app.selectbox(key="model_name").set_value("kling-v1-6").run()
    revision = app.session_state["studio"].canvas_revision
    repair(app, "Use kling-v1 · pro · 5 s")
    assert (app.selectbox(key="model_name").value, told(app)) == ("kling-v1", "")
    assert app.session_state["studio"].canvas_revision == revision
    assert may_review(app)


def test_a_tail_frame_beside_paint_is_removed_with_one_click(app: AppTest) -> None:
    """And what is painted stays."""
    draw(app, region(M1), path(M1))
    file = ("end.png", encoded(gradient(640, 360)), "image/png")
    app.file_uploader(key="tail-upload").set_value(file).run()
    assert "cannot be used together" in told(app)
    repair(app, "Remove the tail frame")
    assert told(app) == ""
    assert len(drawing(app).strokes) == 2


def test_an_over_long_prompt_is_cut_with_one_click(app: AppTest) -> None:
    """At its field."""
    draw(app)
    app.text_area(key="prompt").set_value("x" * 612).run()
    repair(app, "Cut to 500 characters")
    assert app.text_area(key="prompt").value == "x" * 500
    assert told(app) == ""


@pytest.mark.parametrize("label", ["Make Motion 1 static", "Clear Motion 1"])
def test_paint_without_a_path_is_mended_either_way(app: AppTest, label: str) -> None:
    """It may be meant to stay still, or be a slip."""
    repair(draw(app, region(M1)), label)
    assert told(app) == ""
    assert len(drawing(app).of(STILL)) == (label != "Clear Motion 1")


def test_of_many_warnings_a_few_are_shown_and_the_rest_is_folded(app: AppTest) -> None:
    """Each is there with its repair all the same."""
    moving = [s for n in range(1, 4) for s in (region(Layer(n)), path(Layer(n)))]
    draw(app, *moving, region(STILL))
    assert len(app.warning) == 6
    assert [folded.label for folded in app.expander if "more" in folded.label] == ["3 more to look at"]


def test_where_a_finding_is_can_be_looked_at(app: AppTest) -> None:
    """A small picture, made only while it is open."""
    draw(app, region(M1), path(M1, (600.0, 150.0), (350.0, 200.0)))
    assert "its path starts beside what is painted" in told(app)
    assert "Show where" in [block.proto.popover.label for block in app.get("popover")]
    before = len(app.get("image"))
    app.session_state["where-path-starts-outside-1"] = True
    app.run()
    assert not app.exception
    assert len(app.get("image")) == before + 1


@pytest.mark.parametrize(
    ("label", "size"), [("Crop to 750 × 300", "750 × 300"), ("Pad to 1600 × 640", "1600 × 640")]
)
def test_a_picture_that_is_too_wide_is_mended_at_the_upload(app: AppTest, label: str, size: str) -> None:
    """Both ways are shown as they would be; the one taken is the picture then."""
    width = 1600 if label.startswith("Pad") else 900
    file = ("banner.png", encoded(gradient(width, 300)), "image/png")
    app.file_uploader(key="picture-upload").set_value(file).run()
    assert "too wide" in told(app)
    assert {button.label for button in app.button} >= {label}
    app.button(key=f"picture-{label}").click().run()
    assert told(app) == ""
    assert any(f"banner.png · {size}" in caption.value for caption in app.caption)
    assert may_review(app)
