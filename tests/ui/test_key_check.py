"""*Test the key*: what the service answers to a look that costs nothing, in words."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.runtime import close_services
from tests.support.lying_server import Behaviour, LyingServer, html, reply
from tests.ui.conftest import ROOT

KEY = "sk-typed-by-me"


@pytest.fixture(autouse=True)
def _folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("STUDIO_DATA_DIR", str(tmp_path))
    yield
    close_services()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (reply({"code": 1203, "message": "task not found", "request_id": "r"}, 404), "takes this key"),
        (reply({"code": 1000, "message": f"*bad* {KEY}", "request_id": "r"}, 401), r"service: “\*bad\* "),
        (reply({"code": 1102, "message": "no quota", "request_id": "r"}, 429), "empty or blocked"),
        (html(502), "cannot be said"),
    ],
)
def test_the_answer_is_said_and_the_key_is_not(
    monkeypatch: pytest.MonkeyPatch, answer: Behaviour, said: str
) -> None:
    """A wrong key is refused in words; nothing is created."""
    with LyingServer(answer) as server:
        monkeypatch.setenv("COMETAPI_BASE_URL", server.url)
        page = AppTest.from_file(str(ROOT / "components" / "main.py"), default_timeout=30).run()
        page.switch_page("../pages/settings.py").run()
        page.session_state["studio"].api_key = KEY
        page.run()
        next(button for button in page.button if button.label == "Test the key").click().run()
        assert not page.exception
        boxes = "\n".join(box.value for box in (*page.success, *page.warning, *page.error))
        assert said in boxes
        assert KEY not in boxes
        assert {request.method for request in server.requests} == {"GET"}
