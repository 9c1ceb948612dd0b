"""The Compare page: what of an address is shown, and what is said of the rest."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.compare import comparison
from components.compare.compared_task import GONE
from components.runtime import close_services, services
from components.session import Session
from tests.support.kept_task import PROMPT, kept_task
from tests.support.videos import small_mp4
from tests.ui.conftest import ROOT


@pytest.fixture
def ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Two finished tasks of Ann's and one of Bob's."""
    monkeypatch.setenv("STUDIO_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("COMETAPI_KEY", raising=False)
    owners = ("ann", "ann", "bob")
    yield [
        kept_task(tmp_path, owner, small_mp4(), task_id=f"t{n}").entry_id for n, owner in enumerate(owners)
    ]
    close_services()


def opened(*ids: str) -> AppTest:
    """The page at this address."""
    app = AppTest.from_file(str(ROOT / "components" / "main.py"), default_timeout=30)
    app.session_state["studio"] = Session(owner="ann")
    app.switch_page("../pages/compare.py")
    app.query_params["tasks"] = ",".join(ids)
    app.run()
    assert not app.exception
    return app


def warnings(app: AppTest) -> list[str]:
    return [warning.value for warning in app.warning]


def test_ones_own_videos_are_side_by_side_with_what_differs(ids: list[str]) -> None:
    """Each with its letter; these two are the same but for nothing."""
    app = opened(*ids[:2])
    assert [text.value for text in app.text] == [f"A · {PROMPT}", f"B · {PROMPT}"]
    assert comparison.SAME in [caption.value for caption in app.caption]
    assert warnings(app) == []


def test_a_strangers_id_is_said_and_never_shown(ids: list[str]) -> None:
    """As one that never was; with only one video left there is a way to choose others."""
    for address in ((ids[0], ids[2]), (ids[0], "../../etc", "<b>"), (ids[2],)):
        app = opened(*address)
        assert warnings(app) == [comparison.UNKNOWN]
        assert [info.value for info in app.info] == [comparison.TOO_FEW]
        assert not app.text


def test_an_address_without_tasks_leads_back(ids: list[str]) -> None:
    """Also one that names the same task twice."""
    assert [info.value for info in opened("").info] == [comparison.TOO_FEW]
    assert [info.value for info in opened(ids[0], ids[0]).info] == [comparison.TOO_FEW]


def test_a_removed_video_is_said(ids: list[str]) -> None:
    """Its owner removed it: there is nothing to compare."""
    services().artifacts.remove("ann", ids[1])
    assert warnings(opened(*ids[:2])) == [comparison.WITHOUT_VIDEO]


def test_a_video_that_vanished_is_said_in_its_place(ids: list[str]) -> None:
    """The others are shown all the same."""
    video = services().artifacts.video(ids[1])
    assert video is not None
    services().artifacts.fetch_local_path(video).unlink()
    app = opened(*ids[:2])
    assert len(app.text) == 2
    assert GONE in [caption.value for caption in app.caption]
