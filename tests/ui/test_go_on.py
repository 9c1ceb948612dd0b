"""A kept video's frame on its card becomes the picture of a new draft, and the draft of before comes back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.runtime import close_services, services
from components.session import Session
from tests.support.kept_task import PROMPT, kept_task
from tests.support.labelled_films import labelled_film, read_label
from tests.support.pictures import decoded
from tests.ui.conftest import ROOT

FRAMES = 12


@pytest.fixture
def card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[AppTest, str]]:
    """Ann's screen, a draft in hand; her task has a video of numbered frames, and its way on is open."""
    monkeypatch.setenv("STUDIO_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("COMETAPI_KEY", raising=False)
    film = labelled_film(tmp_path / "film.mp4", range(FRAMES)).read_bytes()
    entry_id = kept_task(tmp_path, "ann", film).entry_id
    app = AppTest.from_file(str(ROOT / "components" / "main.py"), default_timeout=30)
    app.session_state["studio"] = Session(owner="ann")
    app.run()
    app.text_area(key="prompt").set_value("a draft of before").run()
    app.switch_page("../pages/tasks.py")
    app.query_params["task"] = entry_id
    app.session_state[f"go-on-{entry_id}"] = True
    yield app.run(), entry_id
    close_services()


def use(app: AppTest) -> Session:
    """Presses the button."""
    next(button for button in app.button if button.label == "Use this frame").click().run()
    assert not app.exception
    session: Session = app.session_state["studio"]
    return session


def test_the_last_frame_is_the_picture_of_a_new_draft(card: tuple[AppTest, str]) -> None:
    """The person is on Create with it; what was in hand is kept, and said to be."""
    app, entry_id = card
    session = use(app)
    picture = session.pictures["picture"]
    assert picture.source is not None
    assert read_label(decoded(picture.source.wire_bytes)) == FRAMES - 1
    assert picture.continues_entry_id == entry_id
    assert app.text_area(key="prompt").value == PROMPT
    assert session.set_aside is not None
    assert session.set_aside.parameters.prompt == "a draft of before"


def test_the_frame_that_is_looked_at_is_taken(card: tuple[AppTest, str]) -> None:
    """By its second."""
    app, _ = card
    app.slider[0].set_value(4 / 24).run()
    picture = use(app).pictures["picture"]
    assert picture.source is not None
    assert read_label(decoded(picture.source.wire_bytes)) == 4


def test_a_video_that_cannot_be_read_is_said(card: tuple[AppTest, str]) -> None:
    """And nothing is offered."""
    app, entry_id = card
    video = services().artifacts.video(entry_id)
    assert video is not None
    file = services().artifacts.fetch_local_path(video)
    file.write_bytes(b"x" * file.stat().st_size)
    app.run()
    assert any("cannot be read" in error.value for error in app.error)
    assert "Use this frame" not in [button.label for button in app.button]
