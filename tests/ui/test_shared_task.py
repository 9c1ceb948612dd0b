"""What a shared link shows when not all of the task is there any more."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.runtime import close_services, services
from tests.support.kept_task import PROMPT, kept_task
from tests.support.videos import small_mp4
from tests.ui.conftest import ROOT

OWNER = "o" * 32


@pytest.fixture
def link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """A link to one finished task, not yet opened."""
    for name in ("COMETAPI_KEY", "COMETAPI_BASE_URL", "DATABASE_URL", "STORAGE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("STUDIO_DATA_DIR", str(tmp_path))
    entry = kept_task(tmp_path, OWNER, small_mp4())
    opened = AppTest.from_file(str(ROOT / "components" / "main.py"), default_timeout=30)
    opened.query_params["share"] = services().shares.make(OWNER, entry.entry_id)
    yield opened
    close_services()


def test_a_video_that_has_vanished_is_said_in_a_stranger_s_words(link: AppTest, tmp_path: Path) -> None:
    """Where the files are kept is nothing to them; prompt and parameters are still shown."""
    for video in tmp_path.glob("files/**/*.mp4"):
        video.unlink()
    link.run()
    assert not link.error
    assert link.info[0].value == "There is no video of this task any more."
    assert PROMPT in [text.value for text in link.text]


def test_a_request_that_has_vanished_leaves_the_rest(link: AppTest, tmp_path: Path) -> None:
    """The video, the prompt and what the task itself says."""
    for request in tmp_path.glob("files/**/request*.json"):
        request.unlink()
    link.run()
    assert not link.error
    assert not link.info
    assert PROMPT in [text.value for text in link.text]
    assert "kling-v1 · std · 5 s" in [caption.value for caption in link.caption]
