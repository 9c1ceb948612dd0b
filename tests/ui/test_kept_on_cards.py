"""What a card says of a video that is not here: removed by its owner, lost with a disk, or not kept yet."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.runtime import close_services, services
from components.tasks import task_card
from studio.journal.entry import SIMULATOR, Entry, State
from tests.support.kept_task import kept_task
from tests.support.listed import listed
from tests.support.make import entry
from tests.support.services import NOON


def _screen() -> None:
    """Ann's cards as they are a day after the tasks' end."""
    from datetime import timedelta  # noqa: PLC0415 — AppTest runs a function's source alone

    from components import session  # noqa: PLC0415
    from components.runtime import services  # noqa: PLC0415
    from components.tasks import task_card  # noqa: PLC0415
    from tests.support.listed import listed  # noqa: PLC0415
    from tests.support.services import NOON  # noqa: PLC0415

    session.current().owner = "ann"
    for view in listed(services().tasks, "ann").tasks:
        video = task_card.find_video(view)
        task_card.show(view, NOON + timedelta(days=1), video=video, thumbnail=None)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Entry]:
    """A task of Ann's with its video, in the data of an app that starts now."""
    monkeypatch.setenv("STUDIO_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("COMETAPI_KEY", raising=False)
    yield kept_task(tmp_path, "ann", b"a video")
    close_services()


def shown() -> AppTest:
    """The cards."""
    app = AppTest.from_function(_screen, default_timeout=30).run()
    assert not app.exception
    return app


@pytest.mark.usefixtures("kept")
def test_a_finished_video_plays_by_itself_without_sound() -> None:
    """A browser lets none with sound begin by itself."""
    (video,) = shown().get("video")
    assert video.proto.autoplay
    assert video.proto.muted
    assert video.proto.loop


def test_a_video_that_its_owner_removed_is_said_to_be(kept: Entry) -> None:
    """By whom and when; nothing is offered to download."""
    services().artifacts.remove("ann", kept.entry_id)
    app = shown()
    assert any("removed by its owner" in text.value for text in app.caption)
    assert not app.warning


def test_a_video_that_was_lost_with_a_disk_says_how_long_the_service_has_it(kept: Entry) -> None:
    """The database outlived the files: there is still a way to get it."""
    video = services().artifacts.video(kept.entry_id)
    assert video is not None
    services().artifacts.fetch_local_path(video).unlink()
    (warning,) = shown().warning
    assert "not there any more" in warning.value
    assert "29 days left by Kling's promise" in warning.value


def labels(app: AppTest) -> list[str]:
    """The buttons."""
    return [button.label for button in app.button]


def test_a_lost_video_can_be_got_again(kept: Entry) -> None:
    """One click, and it is on its way; the button is gone."""
    video = services().artifacts.video(kept.entry_id)
    assert video is not None
    assert "Get it again" not in labels(shown())
    services().artifacts.fetch_local_path(video).unlink()
    app = shown()
    next(button for button in app.button if button.label == "Get it again").click().run()
    assert not app.exception
    (entry,) = listed(services().tasks, "ann").entries
    assert entry.state is State.SUCCEEDED
    assert "Get it again" not in labels(app)
    assert any("saving" in text.value for text in app.markdown)


def test_a_video_that_its_owner_removed_is_not_offered_again(kept: Entry) -> None:
    """It is not lost."""
    services().artifacts.remove("ann", kept.entry_id)
    assert "Get it again" not in labels(shown())


@pytest.mark.parametrize(("service", "says"), [("https://far.test", True), (SIMULATOR, False)])
def test_nobody_promises_anything_for_the_simulator(service: str, says: bool) -> None:  # noqa: FBT001
    """Kling's thirty days are Kling's."""
    finished = entry(state=State.SUCCEEDED, service=service, ended_at=NOON)
    assert bool(task_card._left_on_service(finished, NOON + timedelta(days=1))) is says
