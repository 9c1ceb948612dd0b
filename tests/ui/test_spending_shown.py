"""The day's cap in the review: said before sending, and a task over it never leaves."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.runtime import close_services
from tests.support.lying_server import LyingServer, reply
from tests.ui.conftest import ROOT


@pytest.fixture
def endpoint() -> Iterator[LyingServer]:
    """A service that would make any task."""
    told = {"task_id": "t1", "task_status": "submitted", "created_at": 1, "updated_at": 2}
    with LyingServer(reply({"code": 0, "message": "", "request_id": "r", "data": told})) as server:
        yield server


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, endpoint: LyingServer) -> Iterator[AppTest]:
    """The open review of a sample photograph, in a deployment whose cap is below any price."""
    monkeypatch.setenv("STUDIO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COMETAPI_KEY", "sk-of-the-deployment")
    monkeypatch.setenv("COMETAPI_BASE_URL", endpoint.url)
    monkeypatch.setenv("SPENDING_CAP_USD", "0.05")
    app = AppTest.from_file(str(ROOT / "components" / "main.py"), default_timeout=30).run()
    app.button(key="picture-raccoon.jpg").click().run()
    next(button for button in app.button if button.label == "Review and send").click().run()
    yield app
    close_services()


def test_what_is_left_of_the_day_is_said_before_sending(review: AppTest) -> None:
    """Beside the price."""
    assert any("0.05 USD left of today's 0.05 USD" in caption.value for caption in review.caption)


def test_a_task_over_the_cap_is_refused_and_never_leaves(review: AppTest, endpoint: LyingServer) -> None:
    """The reason is at the button, and the service has heard nothing."""
    next(button for button in review.button if button.label == "Send to CometAPI").click().run()
    assert not review.exception
    assert any("would go over today's spending cap" in box.value for box in review.error)
    assert [request for request in endpoint.requests if request.method == "POST"] == []


def test_a_key_of_one_s_own_has_no_cap(review: AppTest) -> None:
    """Who pays decides."""
    review.session_state["studio"].api_key = "sk-of-my-own"
    review.run()
    assert any("List price" in caption.value for caption in review.caption)
    assert not any("left of today's" in caption.value for caption in review.caption)
