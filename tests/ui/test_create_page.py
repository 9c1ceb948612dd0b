"""The Create page: what is typed stays, what is wrong is said at its field, nothing wrong can be sent."""

import pytest
from streamlit.testing.v1 import AppTest

from components.canvas.fabric_geometry import Fabric
from components.canvas.fabric_json import to_fabric
from components.runtime import services
from studio.drawing.model import Drawing, Layer, Stroke, StrokeKind
from studio.pictures.samples import SAMPLES
from tests.support.listed import listed
from tests.support.pictures import encoded, gradient


def picture(width_px: int = 640, height_px: int = 360, kind: str = "PNG") -> bytes:
    """A real picture file."""
    return encoded(gradient(width_px, height_px), kind)


def sample(app: AppTest) -> AppTest:
    """The page with the first sample photograph chosen."""
    return app.button(key="picture-raccoon.jpg").click().run()


def draw(app: AppTest, *strokes: Stroke, revision: int = 1) -> AppTest:
    """What the canvas sends after these strokes."""
    raw: Fabric = to_fabric(Drawing(canvas_width_px=720, canvas_height_px=480, strokes=strokes))
    app.session_state[f"canvas-{revision}"] = {"drawing": {"raw": raw, "data": None}, "backgroundFit": None}
    return app.run()


def region(layer: Layer) -> Stroke:
    """A painted triangle."""
    points = ((100.0, 100.0), (200.0, 100.0), (150.0, 200.0))
    return Stroke(layer=layer, kind=StrokeKind.AREA, points_canvas_px=points, width_canvas_px=1)


def path(layer: Layer, *points: tuple[float, float]) -> Stroke:
    """A trajectory."""
    along = points or ((150.0, 150.0), (300.0, 200.0))
    return Stroke(layer=layer, kind=StrokeKind.PATH, points_canvas_px=along, width_canvas_px=4)


def errors(app: AppTest) -> str:
    """Everything that the page calls an error."""
    assert not app.exception
    return "\n".join(box.value for box in app.error)


def may_review(app: AppTest) -> bool:
    """Whether nothing is said to be missing."""
    return not any(caption.value.startswith("Before sending") for caption in app.caption)


def press_review(app: AppTest) -> AppTest:
    return app.button(key="review").click().run()


def test_without_a_picture_nothing_can_be_sent(app: AppTest) -> None:
    """The first thing to do is said beside the button."""
    assert not app.exception
    assert not may_review(app)
    assert any("Upload one" in caption.value for caption in app.caption)


def test_a_press_names_the_first_missing_thing_at_its_field_and_beside_the_button(app: AppTest) -> None:
    """The button is never grey; what it says goes once nothing is missing, and the review opens then only."""
    press_review(app)
    assert not app.session_state["studio"].reviewing
    assert errors(app).splitlines() == [
        "There is no picture yet. Upload one, take a sample, or give a URL.",
        "Before sending: There is no picture yet.",
    ]
    sample(app)
    assert errors(app) == ""
    assert not app.session_state["studio"].reviewing
    press_review(app)
    assert app.session_state["studio"].reviewing


def test_a_press_right_after_typing_is_judged_by_the_newest_text(app: AppTest) -> None:
    """Text and press come as one message, or the press's run overtakes the text's."""
    sample(app)
    app.text_area(key="prompt").set_value("x" * 501).run()
    assert not may_review(app)
    app.text_area(key="prompt").set_value("x" * 500)
    press_review(app)
    assert app.session_state["studio"].reviewing


def test_what_is_wrong_in_a_folded_field_is_said_outside_of_the_fold(app: AppTest) -> None:
    """A fold that is closed would hide it."""
    sample(app)
    app.text_area(key="extra_fields").set_value("{").run()
    folded = [box.value for fold in app.expander for box in fold.error]
    assert folded == []
    assert errors(app)


def test_without_a_key_the_page_is_labelled_as_simulator(app: AppTest) -> None:
    """The simulator is always labelled as one."""
    assert any("Simulator" in text.value for text in app.markdown)


def test_a_sample_photograph_alone_can_be_sent(app: AppTest) -> None:
    """Painting is a choice: without masks the picture still becomes a video."""
    sample(app)
    assert errors(app) == ""
    assert may_review(app)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("notes.png", b"just some words", "not"),
        ("cut.jpg", picture(kind="JPEG")[:2000], "cut.jpg"),
        ("tiny.png", picture(200, 200), "300"),
        ("banner.png", picture(1600, 320), "2.5"),
        ("empty.png", b"", "empty"),
    ],
)
def test_an_unusable_upload_is_refused_in_words(app: AppTest, name: str, data: bytes, says: str) -> None:
    """At the uploader, with the reason, and with nothing typed lost."""
    app.text_area(key="prompt").set_value("wind in the trees").run()
    app.file_uploader(key="picture-upload").set_value((name, data, "image/png")).run()
    assert says in errors(app)
    assert app.text_area(key="prompt").value == "wind in the trees"
    assert not may_review(app)


@pytest.mark.parametrize(
    "address", ["/etc/hostname", "photo.png", "file:///etc/hostname", "http:///dev/zero"]
)
def test_an_address_that_is_none_is_not_passed_on(app: AppTest, address: str) -> None:
    """The page would open a path on the server's own disk; it shows the samples alone."""
    app.text_input(key="picture-url").set_value(address).run()
    app.button(key="picture-pass").click().run()
    assert "This URL cannot be used" in errors(app)
    assert not app.exception
    assert len(app.image) == len(SAMPLES)


def test_a_file_that_breaks_its_reader_is_forgotten(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is shown once; the next run of the page goes on without it."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("components.create.picture_picker.read_image", fail)
    app.file_uploader(key="picture-upload").set_value(("hill.png", picture(), "image/png")).run()
    assert app.exception
    app.run()
    assert not app.exception


@pytest.mark.parametrize("name", ["photo", "photo.jfif", "photo.jpe", "photo.HEIC"])
def test_an_upload_may_have_any_ending(app: AppTest, name: str) -> None:
    """Its content counts."""
    app.file_uploader(key="picture-upload").set_value((name, picture(kind="JPEG"), "image/jpeg")).run()
    assert any(f"{name} · 640 × 360" in caption.value for caption in app.caption)


def test_a_good_upload_replaces_the_picker_by_the_picture(app: AppTest) -> None:
    """One sees the image at once."""
    app.file_uploader(key="picture-upload").set_value(("hill.png", picture(), "image/png")).run()
    assert errors(app) == ""
    assert any("hill.png · 640 × 360" in caption.value for caption in app.caption)


def test_an_over_long_prompt_is_kept_and_refused_with_the_numbers(app: AppTest) -> None:
    """Nothing typed is cut; the service takes 500 characters."""
    sample(app)
    app.text_area(key="prompt").set_value("x" * 612).run()
    assert "612" in errors(app)
    assert "112" in errors(app)
    assert len(app.text_area(key="prompt").value or "") == 612
    assert not may_review(app)


def test_a_painted_layer_without_a_path_is_named(app: AppTest) -> None:
    """A mask without a trajectory is found here, in the screen's words."""
    draw(sample(app), region(Layer.MOTION_2))
    assert "Motion 2: it is painted but has no path" in errors(app)
    assert not may_review(app)


def test_a_path_without_paint_is_named(app: AppTest) -> None:
    """And the reverse."""
    draw(sample(app), path(Layer.MOTION_3))
    assert "Motion 3: it has a path but nothing is painted" in errors(app)


def test_a_one_point_path_is_refused(app: AppTest) -> None:
    """A single click is no direction."""
    draw(sample(app), region(Layer.MOTION_1), path(Layer.MOTION_1, (150.0, 150.0)))
    assert "Motion 1" in errors(app)
    assert not may_review(app)


def test_a_path_that_leaves_the_picture_is_refused(app: AppTest) -> None:
    """Points are pixels of the image as sent."""
    draw(sample(app), region(Layer.MOTION_1), path(Layer.MOTION_1, (150.0, 150.0), (-80.0, 150.0)))
    assert "Motion 1" in errors(app)
    assert not may_review(app)


def test_a_whole_direction_can_be_sent(app: AppTest) -> None:
    """Static, a painted layer and its path."""
    draw(sample(app), region(Layer.STATIC), region(Layer.MOTION_1), path(Layer.MOTION_1))
    assert errors(app) == ""
    assert may_review(app)


def test_a_model_without_the_motion_brush_can_be_sent_the_same_drawing(app: AppTest) -> None:
    """In words here; which way it goes stands under the model (test_carrier)."""
    draw(sample(app), region(Layer.MOTION_1), path(Layer.MOTION_1))
    app.selectbox(key="model_name").set_value("kling-v2-master").run()
    assert errors(app) == ""
    assert may_review(app)


def test_only_what_the_model_supports_is_offered_and_the_rest_is_explained(app: AppTest) -> None:
    """kling-v2-master has no mode and no guidance scale."""
    app.selectbox(key="model_name").set_value("kling-v2-master").run()
    assert not any(group.key == "mode" for group in app.get("button_group"))
    assert not any(slider.key == "cfg_scale" for slider in app.slider)
    said = " ".join(caption.value for caption in app.caption)
    assert "no mode is sent" in said
    assert "guidance scale" in said


def test_a_bad_callback_url_is_refused_at_its_field(app: AppTest) -> None:
    """The service could not call it."""
    sample(app)
    app.text_input(key="callback_url").set_value("not a url").run()
    assert errors(app)
    assert not may_review(app)


def test_clearing_one_layer_leaves_the_others(app: AppTest) -> None:
    """Clear belongs to one layer."""
    draw(sample(app), region(Layer.STATIC), region(Layer.MOTION_1), path(Layer.MOTION_1))
    app.button(key=f"choose-{Layer.MOTION_1.value}").click().run()
    app.menu_button(key="layer-menu").click("Clear").run()
    assert any("stays still" in caption.value for caption in app.caption)
    assert any(caption.value == "empty" for caption in app.caption)


def test_the_draft_is_there_after_another_page_and_back(app: AppTest) -> None:
    """Picture, drawing and texts survive a page change."""
    app.text_area(key="prompt").set_value("a slow dawn").run()
    draw(sample(app), region(Layer.STATIC))
    app.switch_page("../pages/tasks.py").run()
    app.switch_page("../pages/create.py").run()
    assert app.text_area(key="prompt").value == "a slow dawn"
    assert any("stays still" in caption.value for caption in app.caption)


def test_an_address_that_cannot_be_loaded_is_refused_in_words(app: AppTest) -> None:
    """A loopback address is never fetched on a person's behalf."""
    app.text_input(key="picture-url").set_value("https://127.0.0.1/cat.png").run()
    app.button(key="picture-load").click().run()
    assert errors(app)
    assert not may_review(app)


def test_an_address_may_be_passed_on_as_it_is(app: AppTest) -> None:
    """The service fetches a public URL itself."""
    app.text_input(key="picture-url").set_value("https://pictures.example.com/cat.png").run()
    app.button(key="picture-pass").click().run()
    assert errors(app) == ""
    assert may_review(app)


def test_a_picture_by_its_address_is_loaded_by_the_browser_alone(app: AppTest) -> None:
    """Without saying where it is shown; the address cannot leave its attribute."""
    app.text_input(key="picture-url").set_value('https://pictures.example.com/a"b.png').run()
    app.button(key="picture-pass").click().run()
    (shown,) = [found.proto.body for found in app.get("html") if "pictures.example.com" in found.proto.body]
    assert 'src="https://pictures.example.com/a&quot;b.png"' in shown
    assert 'referrerpolicy="no-referrer"' in shown


def test_what_was_typed_comes_back_when_streamlit_loses_it(app: AppTest) -> None:
    """A page left in mid-refresh may lose its widgets' values; the session has them."""
    app.text_area(key="prompt").set_value("a slow dawn").run()
    app.switch_page("../pages/tasks.py").run()
    del app.session_state["prompt"]
    app.switch_page("../pages/create.py").run()
    assert app.text_area(key="prompt").value == "a slow dawn"


def test_the_review_shows_the_prompt_as_it_will_be_sent(app: AppTest) -> None:
    """Stars, dollars and brackets in it are no Markdown."""
    prompt = "**wind** for $5, then $6 [more](https://example.com)"
    sample(app)
    app.text_area(key="prompt").set_value(prompt).run()
    next(button for button in app.button if button.label == "Review and send").click().run()
    assert prompt in [text.value for text in app.text]


def test_what_was_asked_to_be_sent_is_sent_by_the_next_run_when_its_own_was_ended(app: AppTest) -> None:
    """Streamlit ends a run for a newer one, of a late stroke for instance; once all the same."""
    sample(app)
    next(button for button in app.button if button.label == "Review and send").click().run()
    current = app.session_state["studio"]
    current.sending = True
    app.run()
    assert not app.exception
    assert (current.reviewing, current.sending) == (False, False)
    assert len(listed(services().tasks, current.owner).entries) == 1


def test_a_review_that_is_opened_again_sends_nothing_by_itself(app: AppTest) -> None:
    """What was asked for in one that was closed is forgotten with it."""
    sample(app)
    current = app.session_state["studio"]
    current.sending = True
    next(button for button in app.button if button.label == "Review and send").click().run()
    assert current.reviewing
    assert listed(services().tasks, current.owner).entries == ()
