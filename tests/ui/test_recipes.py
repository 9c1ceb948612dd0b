"""Recipes and kept drafts on the page: what is opened is shown, what is not offered becomes what is."""

from dataclasses import replace
from pathlib import Path

from streamlit.testing.v1 import AppTest

from studio.drawing.model import Layer
from studio.files.storage import Storage
from studio.pictures.picture_url import PictureUrl
from studio.pictures.source_image import read_image
from studio.recipes.draft_store import DraftStore
from studio.recipes.recipe_file import SentTask, dump_recipe
from studio.request.draft import Draft, Parameters, Picture
from tests.support.make import area, draft, path
from tests.support.pictures import encoded, gradient

MADE = draft(
    area(Layer.STATIC, right=30),
    area(Layer.MOTION_1),
    path(Layer.MOTION_1),
    prompt="a slow dawn",
    negative_prompt="fog",
    external_task_id="mine-1",
)


def opened(app: AppTest, made: Draft, task: SentTask | None = None) -> AppTest:
    """The page after a recipe was chosen in its menu."""
    field = next(field for field in app.file_uploader if field.label == "Open a recipe")
    field.set_value(("made.motion", dump_recipe(made, task), "application/zip")).run()
    assert not app.exception
    return app


def shown(app: AppTest) -> Draft | None:
    """The draft that the page shows."""
    found: Draft | None = app.session_state["studio"].shown
    return found


def test_a_recipe_becomes_the_draft_in_hand(app: AppTest) -> None:
    """Texts, choices, picture; its external task id too, as it was not sent."""
    opened(app, MADE)
    assert app.text_area(key="prompt").value == "a slow dawn"
    found = shown(app)
    assert found
    assert found.parameters == replace(MADE.parameters, cfg_scale=0.5)
    assert found.picture == MADE.picture


def test_an_opened_draft_is_not_taken_back_to_nothing(app: AppTest) -> None:
    """What was changed by program in the draft before is not this one's; the whole of it is set aside."""
    opened(app, MADE)
    assert "Undo last change" not in [button.label for button in app.button]


def test_the_recipe_of_a_task_gets_an_id_of_its_own(app: AppTest) -> None:
    """The service takes an id once."""
    task = SentTask(task_id="t1", external_task_id="mine-1", status="succeed", service="CometAPI")
    found = shown(opened(app, MADE, task))
    assert found
    assert found.parameters.external_task_id.startswith("studio-")


def test_what_is_not_offered_becomes_what_is(app: AppTest) -> None:
    """A recipe by hand, or of a model that has changed, breaks no field."""
    strange = Parameters(model_name="kling-v1", mode="ultra", duration="77", prompt="x", cfg_scale=9.0)
    found = shown(opened(app, replace(MADE, parameters=strange)))
    assert found
    assert (found.parameters.mode, found.parameters.duration) == ("std", "5")
    assert found.parameters.cfg_scale == 1.0


def test_an_unknown_model_and_a_tail_frame_are_taken_over(app: AppTest) -> None:
    """Both are the person's to choose."""
    made = replace(
        draft(picture=Picture(url=PictureUrl("https://pictures.example.com/cat.png")), model_name="kling-v9"),
        tail=MADE.picture,
    )
    found = shown(opened(app, made))
    assert found
    assert (found.picture, found.tail, found.parameters.model_name) == (made.picture, made.tail, "kling-v9")


def test_a_recipe_with_a_picture_that_is_too_wide_opens_with_its_repair(app: AppTest) -> None:
    """Nothing of it is refused; one click later it may be sent."""
    wide = Picture(source=read_image(encoded(gradient(1600, 320)), "wide.png"))
    opened(app, draft(area(Layer.STATIC), picture=wide))
    assert any("a ratio of 5.00" in box.value for box in app.error)
    app.button(key="repair-Crop the picture to 800 × 320").click().run()
    assert not app.exception
    assert not app.error
    found = shown(app)
    assert found
    assert found.picture
    assert found.picture.source
    assert found.picture.source.size_px == (800, 320)
    assert found.drawing
    assert found.drawing.layers_used == (Layer.STATIC,)


def test_the_draft_before_is_set_aside_and_can_be_brought_back(app: AppTest) -> None:
    """Opening a file by mistake loses nothing."""
    app.text_area(key="prompt").set_value("my own").run()
    opened(app, MADE)
    next(button for button in app.button if button.label == "Bring back the draft before").click().run()
    assert app.text_area(key="prompt").value == "my own"
    next(button for button in app.button if button.label == "Bring back the draft before").click().run()
    assert app.text_area(key="prompt").value == "a slow dawn"


def test_a_file_that_is_no_recipe_is_refused_in_words(app: AppTest) -> None:
    """What is in hand stays."""
    app.text_area(key="prompt").set_value("my own").run()
    field = next(field for field in app.file_uploader if field.label == "Open a recipe")
    field.set_value(("made.motion", b"nothing", "application/zip")).run()
    assert any("cannot be opened" in box.value for box in app.error)
    assert app.text_area(key="prompt").value == "my own"


def test_an_untouched_page_is_not_kept_and_a_changed_one_is(app: AppTest, tmp_path: Path) -> None:
    """An empty page must not wipe out the draft that the browser is about to name."""
    assert not (tmp_path / "drafts").exists()
    app.text_area(key="prompt").set_value("my own").run()
    owner = app.session_state["studio"].owner
    found = DraftStore(Storage(str(tmp_path / "drafts"))).load(owner) or _soon(tmp_path, owner)
    assert found
    assert found.parameters.prompt == "my own"


def _soon(folder: Path, owner: str) -> Draft | None:
    """The draft as soon as its thread has written it; the test's time-out ends a vain wait."""
    while (found := DraftStore(Storage(str(folder / "drafts"))).load(owner)) is None:
        pass
    return found
