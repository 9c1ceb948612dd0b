"""One click beside a finding mends the draft that is on the page."""

import pytest
from streamlit.testing.v1 import AppTest

from components.canvas.fabric_json import to_fabric
from studio.drawing.model import Drawing, Layer, Stroke, StrokeKind
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
    """Every error and warning of the page, but for the one that its model is retired."""
    assert not app.exception
    boxes = (box.value for box in (*app.error, *app.warning))
    return "\n".join(text for text in boxes if not text.startswith("Kling retired"))


def may_review(app: AppTest) -> bool:
    return not any(caption.value.startswith("Before sending") for caption in app.caption)


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
    repair(app, "Use kling-v2-6 instead")
    assert app.selectbox(key="model_name").value == "kling-v2-6"
    assert "kling-v1-6" not in told(app)
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
    assert len(told(app).splitlines()) == 6
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


def upload(app: AppTest, width: int, height: int, slot: str = "picture") -> AppTest:
    file = ("banner.png", encoded(gradient(width, height)), "image/png")
    return app.file_uploader(key=f"{slot}-upload").set_value(file).run()


def size_px(app: AppTest, slot: str = "picture") -> tuple[int, int]:
    found: tuple[int, int] = app.session_state["studio"].pictures[slot].source.size_px
    return found


@pytest.mark.parametrize(
    ("label", "size"),
    [("Crop the picture to 750 × 300", (750, 300)), ("Pad the picture to 1600 × 640", (1600, 640))],
)
def test_a_picture_that_is_too_wide_is_mended_with_what_is_drawn_and_taken_back(
    app: AppTest, label: str, size: tuple[int, int]
) -> None:
    """The picture is one that may be sent, the drawing is at its place on it, and both come back."""
    width = 1600 if label.startswith("Pad") else 900
    upload(app, width, 300)
    assert "a ratio of" in told(app)
    height = round(720 / width * 300)
    raw = to_fabric(
        Drawing(canvas_width_px=720, canvas_height_px=height, strokes=(path(M1, (300, 50), (400, 60)),))
    )
    app.session_state["canvas-1"] = {"drawing": {"raw": raw, "data": None}, "backgroundFit": None}
    app.run()
    before = drawing(app)
    repair(app, label)
    assert "a ratio of" not in told(app)
    assert size_px(app) == size
    left, top = (width - size[0]) / 2, (300 - size[1]) / 2
    if label.startswith("Crop"):
        left = max(0, min(350 * width / 720 - 375, 150))
    scale = drawing(app).canvas_width_px / size[0]
    expected = [
        ((x * width / 720 - left) * scale, (y * width / 720 - top) * scale) for x, y in ((300, 50), (400, 60))
    ]
    moved = drawing(app).paths(M1)[0].points_canvas_px
    assert [x for point in moved for x in point] == pytest.approx(
        [x for point in expected for x in point], abs=0.5
    )
    next(button for button in app.button if button.label == "Undo last change").click().run()
    assert size_px(app) == (width, 300)
    assert drawing(app) == before


def test_what_stays_of_a_picture_can_be_looked_at(app: AppTest) -> None:
    """A small picture for each way, made only while it is open."""
    upload(app, 900, 300)
    before = len(app.get("image"))
    app.session_state["stays-image"] = True
    app.run()
    assert not app.exception
    assert len(app.get("image")) == before + 2


@pytest.mark.parametrize("size", [(4000, 1), (1, 4000), (1, 1)])
def test_a_picture_of_any_shape_can_be_looked_at_and_mended(app: AppTest, size: tuple[int, int]) -> None:
    """However thin, the page shows it, and each click offered leads on to one that may be sent."""
    upload(app, *size)
    for _ in range(2):
        if labels := [button.label for button in app.button if " the picture to " in button.label]:
            repair(app, labels[0])
    assert told(app) == ""
    assert may_review(app)


def test_a_tail_frame_is_mended_and_the_draft_before_brought_back(app: AppTest) -> None:
    """At its own field, with its own click."""
    draw(app)
    upload(app, 200, 150, "tail")
    assert "The tail frame has 200 × 150 px" in told(app)
    repair(app, "Enlarge the tail frame to 400 × 300")
    assert (size_px(app, "tail"), told(app)) == ((400, 300), "")
    next(button for button in app.button if button.label == "Bring back the draft before").click().run()
    assert size_px(app, "tail") == (200, 150)


def test_what_was_taken_back_is_not_brought_over_another_picture(app: AppTest) -> None:
    """A picture chosen by hand ends what could be taken back."""
    upload(app, 900, 300)
    repair(app, "Crop the picture to 750 × 300")
    app.button(key="picture-change").click().run()
    app.button(key="picture-raccoon.jpg").click().run()
    assert "Undo last change" not in [button.label for button in app.button]
