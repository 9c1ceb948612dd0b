"""A typed key that went with its session: nobody else's key pays without a word."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.runtime import close_services, services
from tests.support.listed import listed
from tests.support.running_app import free_port
from tests.ui.conftest import ROOT


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[AppTest]:
    """A new session with a photograph, in a deployment with a key of its own."""
    monkeypatch.setenv("STUDIO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COMETAPI_KEY", "sk-of-the-deployment")
    monkeypatch.setenv("COMETAPI_BASE_URL", f"http://127.0.0.1:{free_port()}")
    page = AppTest.from_file(str(ROOT / "components" / "main.py"), default_timeout=30).run()
    yield page.button(key="picture-raccoon.jpg").click().run()
    close_services()


def lost(page: AppTest) -> AppTest:
    """The tab answers that a key was typed in it."""
    page.session_state["own-key"] = {"is_lost": True}
    return page.run()


def labels(page: AppTest) -> list[str]:
    """The buttons."""
    return [button.label for button in page.button]


def press(page: AppTest, label: str) -> AppTest:
    """One click."""
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception
    return page


def captions(page: AppTest) -> str:
    """The small print."""
    return "\n".join(caption.value for caption in page.caption)


def test_a_lost_key_is_said_and_nothing_can_be_sent_before_its_owner_decides(page: AppTest) -> None:
    """On every page and in the review; going on is one click."""
    press(lost(page), "Review and send")
    assert "this app's key would pay" in page.warning[0].value
    assert "Send to CometAPI" not in labels(page)
    press(page, "Go on without it")
    assert "Send to CometAPI" in labels(page)
    assert "Paid with this app's key." in captions(page)


def test_a_press_on_send_from_before_the_loss_was_known_sends_nothing(page: AppTest) -> None:
    """The tab's answer may come just after the press: the app's key does not pay for it."""
    press(page, "Review and send")
    session = page.session_state["studio"]
    session.sending = True
    lost(page)
    assert listed(services().tasks, session.owner).entries == ()


def test_a_key_typed_again_is_no_longer_lost(page: AppTest) -> None:
    """And the review says that it pays."""
    lost(page).session_state["studio"].api_key = "sk-my-own"
    press(page, "Review and send")
    assert "Send to CometAPI" in labels(page)
    assert "Paid with your own key." in captions(page)


def test_a_key_that_its_owner_forgot_is_not_missed(page: AppTest) -> None:
    """It was not lost."""
    page.session_state["studio"].api_key = "sk-my-own"
    page.switch_page("../pages/settings.py").run()
    press(page, "Forget the key")
    assert not any("Your own key is gone" in warning.value for warning in lost(page).warning)
