"""Files made of a kept video on its task: at a press, in the background, with words for what is missing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.runtime import close_services, services
from components.session import Session
from tests.support.kept_task import kept_task
from tests.support.labelled_films import labelled_film
from tests.support.waiting import wait_until
from tests.ui.conftest import ROOT


@pytest.fixture
def ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Ann's chain of two, and one of hers that goes on from Bob's."""
    monkeypatch.setenv("STUDIO_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("COMETAPI_KEY", raising=False)
    film = labelled_film(tmp_path / "film.mp4", range(12)).read_bytes()
    bobs = kept_task(tmp_path, "bob", film, task_id="bobs").entry_id
    first = kept_task(tmp_path, "ann", film, task_id="t1").entry_id
    second = kept_task(tmp_path, "ann", film, task_id="t2", continues=first).entry_id
    third = kept_task(tmp_path, "ann", film, task_id="t3", continues=bobs).entry_id
    yield [first, second, third]
    close_services()


def opened(menu: str, entry_id: str, **chosen: str) -> AppTest:
    """A task's page of Ann's with this menu open."""
    app = AppTest.from_file(str(ROOT / "components" / "main.py"), default_timeout=30)
    app.session_state["studio"] = Session(owner="ann")
    app.switch_page("../pages/tasks.py")
    app.query_params["task"] = entry_id
    app.session_state[f"{menu}-{entry_id}"] = True
    for name, value in chosen.items():
        app.session_state[f"{menu}-{entry_id}-{name}"] = value
    app.run()
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> None:
    """Presses a button, and draws the page again once nothing is being made."""
    next(button for button in app.button if button.label == label).click().run()
    jobs = services().films._jobs
    wait_until(lambda: not any(job.is_running for job in jobs.values()), "all files made")
    app.run()
    assert not app.exception


@pytest.mark.parametrize(
    ("kind", "what", "says"),
    [
        ("GIF", "GIF", "160 px wide"),
        ("Contact sheet", "contact sheet", "496 × 304 px"),
        ("Last frame", "last frame", "160 × 96 px"),
    ],
)
def test_a_file_is_made_at_a_press_and_offered_with_its_size(
    ids: list[str], kind: str, what: str, says: str
) -> None:
    """Nothing is made before; then the download stands in the button's place."""
    app = opened("export", ids[0], kind=kind)
    assert not services().films._jobs
    press(app, f"Make the {what}")
    assert any(says in caption.value for caption in app.caption)
    assert f"Make the {what}" not in [button.label for button in app.button]


def test_a_chain_is_listed_and_joined(ids: list[str]) -> None:
    """Oldest first; here each part is as long as the other."""
    app = opened("chain", ids[1])
    assert [text.value[:2] for text in app.text if text.value[:1].isdigit()] == ["1.", "2."]
    press(app, "Make the joined film")
    assert any("2 parts, 1.0 s." in caption.value for caption in app.caption)


def test_a_vanished_part_is_said(ids: list[str]) -> None:
    """Its number, and nothing is offered."""
    services().artifacts.remove("ann", ids[0])
    app = opened("chain", ids[1])
    assert any("Without a kept video: part 1." in error.value for error in app.error)
    assert "Make the joined film" not in [button.label for button in app.button]


def test_a_part_of_another_is_never_shown(ids: list[str]) -> None:
    """It is as one that is not there any more."""
    app = opened("chain", ids[2])
    assert any("not among your tasks" in caption.value for caption in app.caption)
    assert "Make the joined film" not in [button.label for button in app.button]
