"""Signing in and out: whose work a session shows, and the gate where a login is demanded."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.runtime import close_services
from studio.owners import is_browser_owner, login_owner
from tests.ui.conftest import ROOT

ADA = {"is_logged_in": True, "iss": "https://login.example.org", "sub": "ada", "name": "Ada"}
NOBODY = {"is_logged_in": False}


@pytest.fixture
def frame(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The app, not yet run."""
    monkeypatch.setenv("STUDIO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SIMULATOR_TASK_S", "0")
    for name in ("COMETAPI_KEY", "COMETAPI_BASE_URL", "LOGIN_REQUIRED", "PUBLIC_URL", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    yield AppTest.from_file(str(ROOT / "components" / "main.py"), default_timeout=30)
    close_services()


def owner(app: AppTest) -> str:
    found: str = app.session_state["studio"].owner
    return found


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def prompts(app: AppTest) -> int:
    return len(app.text_area)


def test_without_a_configured_login_nothing_is_said_of_one(frame: AppTest) -> None:
    """The header has no button that could not work; the owner is the browser."""
    frame.run()
    assert is_browser_owner(owner(frame))
    assert not {"Sign in", "Sign in now", "Sign out"} & set(labels(frame))


def test_somebody_signed_in_owns_what_the_session_makes(frame: AppTest) -> None:
    """Issuer and subject name the owner; the header has the name and the way out."""
    frame.user = dict(ADA)
    frame.run()
    assert not frame.exception
    assert owner(frame) == login_owner(ADA["iss"], ADA["sub"])
    assert "Sign out" in labels(frame)


def test_nobody_signed_in_works_as_the_browser_and_is_told_what_signing_in_does(frame: AppTest) -> None:
    """Said before it is done: what this browser made is not moved."""
    frame.user = dict(NOBODY)
    frame.run()
    assert is_browser_owner(owner(frame))
    assert "Sign in now" in labels(frame)
    assert any("is not moved" in text.value for text in frame.markdown)
    assert prompts(frame) > 0


def test_signing_out_leaves_nothing_of_that_person_in_the_session(frame: AppTest) -> None:
    """The key, the prompt and the owner are gone with the next run."""
    frame.user = dict(ADA)
    frame.run()
    frame.session_state["studio"].api_key = "sk-ada"
    frame.text_area[0].set_value("Ada's prompt").run()
    frame.user = dict(NOBODY)
    frame.run()
    assert is_browser_owner(owner(frame))
    assert frame.session_state["studio"].api_key is None
    assert "Ada's prompt" not in {area.value for area in frame.text_area}


def test_a_token_that_names_nobody_shows_no_work(frame: AppTest) -> None:
    """A provider without subjects would make one owner of everybody."""
    frame.user = {"is_logged_in": True, "iss": "https://login.example.org"}
    frame.run()
    assert "did not say who you are" in frame.error[0].value
    assert prompts(frame) == 0


def test_a_demanded_login_stops_every_page_for_nobody(
    frame: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing but the way in."""
    monkeypatch.setenv("LOGIN_REQUIRED", "true")
    frame.user = dict(NOBODY)
    frame.run()
    assert labels(frame) == ["Sign in"]
    assert prompts(frame) == 0
    for name in ("tasks", "guide", "settings"):
        frame.switch_page(f"../pages/{name}.py").run()
        assert labels(frame) == ["Sign in"]
        assert not frame.text_input


def test_a_demanded_login_lets_in_who_is_signed_in(frame: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page is there, under that person's owner."""
    monkeypatch.setenv("LOGIN_REQUIRED", "true")
    frame.user = dict(ADA)
    frame.run()
    assert prompts(frame) > 0


def test_a_demanded_login_that_is_not_configured_lets_nobody_in(
    frame: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The operator's mistake shuts the door instead of opening it."""
    monkeypatch.setenv("LOGIN_REQUIRED", "true")
    frame.run()
    assert "has no sign-in configured" in frame.error[0].value
    assert prompts(frame) == 0


@pytest.mark.parametrize("demanded", ["true", "false"])
def test_a_login_that_lacks_something_says_who_can_mend_it(
    frame: AppTest, monkeypatch: pytest.MonkeyPatch, demanded: str
) -> None:
    """Streamlit's own error would take the place of the whole page, and say nothing."""
    monkeypatch.setenv("LOGIN_REQUIRED", demanded)
    frame.user = dict(NOBODY)
    frame.run()
    next(button for button in frame.button if button.label in {"Sign in", "Sign in now"}).click().run()
    assert not frame.exception
    assert "Nobody can sign in here" in frame.error[0].value
    assert "operator" in frame.error[0].value
