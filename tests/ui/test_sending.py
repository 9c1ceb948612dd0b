"""Sent to a service that is away or talks nonsense: what the Tasks page says, and what is left on Create."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.runtime import close_services, services
from tests.support.listed import listed
from tests.support.lying_server import LyingServer, html
from tests.support.running_app import free_port
from tests.support.waiting import wait_until
from tests.ui.conftest import ROOT

Send = Callable[[str], AppTest]


def press(app: AppTest, label: str) -> None:
    """One click."""
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


@pytest.fixture
def send(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Send]:
    """Sends a sample photograph and a prompt to the service at this address."""

    def sent(base_url: str) -> AppTest:
        monkeypatch.setenv("STUDIO_DATA_DIR", str(tmp_path))
        monkeypatch.setenv("COMETAPI_KEY", "sk-of-the-deployment")
        monkeypatch.setenv("COMETAPI_BASE_URL", base_url)
        app = AppTest.from_file(str(ROOT / "components" / "main.py"), default_timeout=30).run()
        app.button(key="picture-raccoon.jpg").click().run()
        app.text_area(key="prompt").set_value("steam rises").run()
        press(app, "Review and send")
        press(app, "Send to CometAPI")
        return app

    yield sent
    close_services()


def card(app: AppTest, words: str) -> str:
    """What the Tasks page says, once these words are on it."""
    said = ""

    def is_there() -> bool:
        nonlocal said
        app.switch_page("../pages/tasks.py").run()
        said = "\n".join(box.value for box in (*app.markdown, *app.caption, *app.info, *app.warning))
        return words in said

    wait_until(is_there, words)
    return said


def test_a_service_that_is_away_keeps_the_task_in_line_and_leaves_the_draft(send: Send) -> None:
    """Nothing was paid, it is said so, and one can leave the line."""
    app = send(f"http://127.0.0.1:{free_port()}")
    assert "Nothing has been charged yet" in card(app, "could not be reached")
    next(button for button in app.button if button.label == "Leave the line").click().run()
    assert listed(services().tasks, app.session_state["studio"].owner).entries == ()
    app.switch_page("../pages/create.py").run()
    assert app.text_area(key="prompt").value == "steam rises"


def test_a_web_page_instead_of_an_answer_makes_an_unclear_task_that_is_not_sent_again(send: Send) -> None:
    """It may have been charged: the app looks it up, and never repeats the create."""
    with LyingServer(html()) as server:
        app = send(server.url)
        assert "unclear" in card(app, "A web page answered instead of the API")
        assert [request.method for request in server.requests].count("POST") == 1


def test_a_second_tab_is_told_that_its_id_is_spent_and_sends_under_a_new_one(send: Send) -> None:
    """Both tabs began with one draft, and so with one external id: neither prompt is dropped."""
    app = send(f"http://127.0.0.1:{free_port()}")
    session = app.session_state["studio"]
    (first,) = listed(services().tasks, session.owner).entries
    app.switch_page("../pages/create.py").run()
    session.spent_task_id = None  # the other tab does not know
    app.text_input(key="external_task_id").set_value(first.external_task_id)
    app.text_area(key="prompt").set_value("the cup turns").run()
    press(app, "Review and send")
    press(app, "Send to CometAPI")
    assert "Another task of yours has this external task id" in "\n".join(box.value for box in app.error)
    press(app, "Send to CometAPI")
    second, _ = listed(services().tasks, session.owner).entries
    assert (second.prompt, second.external_task_id != first.external_task_id) == ("the cup turns", True)
