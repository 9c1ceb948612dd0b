"""The limits of one person, in words where they are met."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components import session, uploads
from components.foreign_text import markdown
from components.runtime import close_services
from studio.recipes.recipe_file import dump_recipe
from studio.settings import OPEN_DEPLOYMENT
from tests.support.make import draft
from tests.support.pictures import encoded, gradient
from tests.ui.conftest import ROOT

TOO_MANY = "too many of yours are open"


def choose(app: AppTest, data: bytes) -> AppTest:
    """A file in the picture's field."""
    return app.file_uploader(key="picture-upload").set_value(("hill.png", data, "image/png")).run()


def problems(app: AppTest) -> str:
    """All that is said in red."""
    assert not app.exception
    return "\n".join(box.value for box in app.error)


def test_a_picture_beyond_the_limit_is_refused_at_its_field(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And taken once there is room again."""
    monkeypatch.setattr(session, "pictures_held", lambda _: 12)
    assert TOO_MANY in problems(choose(app, encoded(gradient())))
    monkeypatch.setattr(session, "pictures_held", lambda _: 11)
    choose(app, encoded(gradient(500)))
    assert "500 × 320" in "".join(caption.value for caption in app.caption)


def test_a_recipe_beyond_the_limit_is_refused_at_its_field(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its pictures are pictures too."""
    monkeypatch.setattr(session, "pictures_held", lambda _: 12)
    field = next(field for field in app.file_uploader if field.label == "Open a recipe")
    field.set_value(("made.motion", dump_recipe(draft()), "application/zip")).run()
    assert TOO_MANY in problems(app)


def test_an_upload_that_was_taken_is_not_kept_a_second_time(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken one stays in its field, with what is said of it."""
    given_back: list[str] = []
    monkeypatch.setattr(uploads, "give_back", lambda file: given_back.append(file.name))
    choose(app, b"no picture")
    assert given_back == []
    choose(app, encoded(gradient()))
    assert given_back == ["hill.png"]


@pytest.mark.parametrize(("cap_usd", "is_said"), [("", True), ("5", False)])
def test_an_open_deployment_says_so_on_the_settings_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cap_usd: str, *, is_said: bool
) -> None:
    """With a key of its own, and neither a login nor a cap."""
    monkeypatch.setenv("STUDIO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COMETAPI_KEY", "sk-of-the-deployment")
    monkeypatch.setenv("COMETAPI_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("SPENDING_CAP_USD", cap_usd)
    app = AppTest.from_file(str(ROOT / "components" / "main.py"), default_timeout=30).run()
    app.switch_page(str(ROOT / "pages" / "settings.py")).run()
    close_services()
    assert not app.exception
    assert (markdown(OPEN_DEPLOYMENT) in [box.value for box in app.warning]) is is_said


def test_a_task_beyond_the_limit_is_refused_at_its_button(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what to do: the first one is still in the making."""
    monkeypatch.setenv("STUDIO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SIMULATOR_TASK_S", "600")
    monkeypatch.setenv("TASKS_PER_PERSON", "1")
    monkeypatch.delenv("COMETAPI_KEY", raising=False)
    app = AppTest.from_file(str(ROOT / "components" / "main.py"), default_timeout=30).run()
    app.button(key="picture-raccoon.jpg").click().run()
    for _ in range(2):
        next(button for button in app.button if button.label == "Review and send").click().run()
        next(button for button in app.button if button.label == "Send to Simulator").click().run()
        said = problems(app)
        app.switch_page(str(ROOT / "pages" / "create.py")).run()
    close_services()
    assert "One person may have 1 unfinished task at a time here, and you have 1" in said
