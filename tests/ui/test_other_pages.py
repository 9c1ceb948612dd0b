"""Tasks and Settings, and the frame around every page."""

import tempfile
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components import page_paths
from components.runtime import close_services
from components.session import Session
from kling.model_lives import MODEL_LIVES
from tests.ui.conftest import ROOT


def errors(app: AppTest) -> str:
    """Everything that the page calls an error."""
    assert not app.exception
    return "\n".join(box.value for box in app.error)


def test_the_tasks_page_is_quiet_and_says_where_tasks_come_from(app: AppTest) -> None:
    """An empty page tells what to do."""
    app.switch_page("../pages/tasks.py").run()
    assert errors(app) == ""
    assert any("Create page" in box.value for box in app.info)


def test_a_disk_that_may_vanish_is_told_where_tasks_are_shown(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By default everything is in the temporary folder; elsewhere nothing is said."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    app.switch_page("../pages/tasks.py").run()
    assert sum("disk that may vanish: tasks and videos" in text.value for text in app.caption) == 1
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "elsewhere"))
    app.run()
    assert errors(app) == ""
    assert not any("disk that may vanish" in text.value for text in app.caption)


def test_an_unknown_task_id_is_answered_at_its_field(app: AppTest) -> None:
    """It says what to check, and shows no task."""
    app.switch_page("../pages/tasks.py").run()
    next(field for field in app.text_input if field.label.startswith("Follow")).set_value("nobody-knows-this")
    next(button for button in app.button if button.label == "Follow").click().run()
    assert "does not know this task" in errors(app)


def test_a_key_with_a_line_break_inside_is_refused_without_being_shown(app: AppTest) -> None:
    """Such a key would end up in an error text of the HTTP library (reliability.md)."""
    app.switch_page("../pages/settings.py").run()
    app.text_input[0].set_value("sk-first\nsecond")
    app.button[0].click().run()
    assert "cannot be used" in errors(app)
    assert "sk-first" not in errors(app)


def test_a_typed_key_switches_the_session_to_cometapi_until_it_is_forgotten(app: AppTest) -> None:
    """It is kept for this session only, and said on every page."""
    app.switch_page("../pages/settings.py").run()
    app.text_input[0].set_value(" sk-typed ")
    app.button[0].click().run()
    assert errors(app) == ""
    assert any("CometAPI: every task is paid" in text.value for text in app.markdown)
    next(button for button in app.button if button.label == "Forget the key").click().run()
    assert any("Simulator" in text.value for text in app.markdown)


@pytest.mark.parametrize(
    ("name", "value"),
    [("COMETAPI_KEY", "sk-with\nbreak"), ("COMETAPI_BASE_URL", "nowhere"), ("SIMULATOR_TASK_S", "soon")],
)
def test_an_unusable_setting_is_said_on_the_page_instead_of_a_traceback(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """The deployment's mistake is named, with what to do; its value is not shown."""
    monkeypatch.setenv(name, value)
    app = AppTest.from_file(str(ROOT / "components" / "main.py"), default_timeout=30).run()
    close_services()
    assert errors(app)
    assert value not in errors(app)


def test_a_visitor_does_not_read_what_the_database_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It names hosts, users and files: that is for the log."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}")
    app = AppTest.from_file(str(ROOT / "components" / "main.py"), default_timeout=30).run()
    assert "the app's log says which" in errors(app)
    assert "unable to open" not in errors(app)


def test_a_corrected_setting_counts_without_a_new_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Secrets can be changed while the app runs; meanwhile the page says whom it would talk to."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}")
    app = AppTest.from_file(str(ROOT / "components" / "main.py"), default_timeout=30).run()
    assert "cannot be used" in errors(app)
    assert "Simulator" in " ".join(each.value for each in app.markdown)
    monkeypatch.delenv("DATABASE_URL")
    assert not app.run().error
    close_services()


def test_who_has_arrived_is_not_sent_there_again(app: AppTest) -> None:
    """Then a person who leaves the page again is not sent back to it."""
    current = app.session_state["studio"]
    current.heading_for = page_paths.CREATE
    app.run()
    assert current.heading_for is None
    app.switch_page("../pages/settings.py").run()
    assert any(field.label == "Your key" for field in app.text_input)


def test_the_way_to_a_page_is_taken_until_it_is_there() -> None:
    """A message of the page before may take a switch back: that page's next run goes again."""
    session = Session()
    session.arrive(page_paths.CREATE)
    session.heading_for = page_paths.TASKS
    session.arrive(page_paths.CREATE)
    assert session.heading_for == page_paths.TASKS
    session.arrive(page_paths.SETTINGS)  # its owner's own click
    assert session.heading_for is None


def test_settings_show_of_every_model_whether_it_lives_and_why(app: AppTest) -> None:
    """State, evidence with dates, price, and by what a drawing reaches it."""
    app.switch_page("../pages/settings.py").run()
    assert errors(app) == ""
    shown = app.dataframe[0].value.set_index("Model")
    assert set(MODEL_LIVES) == set(shown.index)
    assert list(shown.loc["kling-v1"][["State", "Your drawing", "Price"]]) == [
        "retired in September 2026",
        "motion brush, last frame, words",
        "from $0.14 for 5 s (May 2026)",
    ]
    assert "6 September 2026" in shown.loc["kling-v3"]["Evidence"]


def test_with_a_key_the_first_model_is_a_living_one(app: AppTest) -> None:
    """On the simulator the motion brush is; nobody who pays is led to a model that is gone."""
    assert app.selectbox(key="model_name").value == "kling-v1"
    app.switch_page("../pages/settings.py").run()
    app.text_input[0].set_value("sk-typed")
    app.button[0].click().run()
    app.switch_page("../pages/create.py").run()
    assert app.selectbox(key="model_name").value == "kling-v2-6"
