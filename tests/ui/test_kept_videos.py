"""The panel of kept videos: what it takes, pinning, and removing by a person alone."""

# ruff: noqa: PLC0415 — AppTest runs a function's source alone, its imports included

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from studio.files.artifact_store import ArtifactKind, ArtifactStore
from studio.journal.database import Database
from studio.journal.journal import Journal
from tests.support.make import new_task
from tests.support.services import NOON


def _screen(artifacts: object) -> None:
    """Ann's panel."""
    from typing import cast

    from components.tasks import kept_videos

    kept_videos.show(cast("ArtifactStore", artifacts), "ann")


class Clock:
    """A day later each time that one looks."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        self.now += timedelta(days=1)
        return self.now


pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What differs between databases is in test_kept_by_owner."""


@pytest.fixture
def artifacts(store: Database, tmp_path: Path) -> ArtifactStore:
    """Room for 30 bytes."""
    return ArtifactStore(store, str(tmp_path / "kept"), cap_bytes=30, now=Clock())


def keep(store: Database, artifacts: ArtifactStore, size: int, owner: str = "ann") -> str:
    """A video of that many bytes; its entry's id."""
    entry = Journal(store).create_entry(new_task(owner=owner))
    artifacts.keep(entry.entry_id, ArtifactKind.VIDEO, bytes(size))
    return entry.entry_id


def panel(artifacts: ArtifactStore) -> AppTest:
    """The screen after its first run."""
    app = AppTest.from_function(_screen, args=(artifacts,), default_timeout=30).run()
    assert not app.exception
    return app


def badges(app: AppTest) -> int:
    """How many videos are marked as those that could go."""
    return sum("could go" in text.value for text in app.markdown)


def test_there_is_no_panel_while_nothing_is_kept(store: Database, artifacts: ArtifactStore) -> None:
    """Nor for what is another person's."""
    keep(store, artifacts, 10, owner="bob")
    assert not panel(artifacts).expander


def test_below_the_cap_the_panel_is_closed_and_offers_nothing(store: Database, tmp_path: Path) -> None:
    """Its label says how much there is, and how much there may be."""
    roomy = ArtifactStore(store, str(tmp_path / "kept"), cap_bytes=2_000_000_000)
    keep(store, roomy, 10_000_000)
    app = panel(roomy)
    assert app.expander[0].label == "Kept videos: 10 MB of 2 GB"
    assert not app.expander[0].proto.expanded
    assert badges(app) == 0
    assert not app.info


def test_above_the_cap_the_oldest_is_marked_until_it_is_pinned(
    store: Database, artifacts: ArtifactStore
) -> None:
    """Then the next; and nothing was removed."""
    first, second = (keep(store, artifacts, 20) for _ in range(2))
    app = panel(artifacts)
    assert app.expander[0].proto.expanded
    assert badges(app) == 1
    app.button(key=f"pin-{first}").click().run()
    assert app.button(key=f"pin-{first}").label == "Unpin"
    assert badges(app) == 1
    app.button(key=f"pin-{second}").click().run()
    assert badges(app) == 0
    assert "all your videos are pinned" in app.info[0].value
    assert len(artifacts.videos("ann")) == 2


def test_a_video_is_removed_by_its_own_second_button(store: Database, artifacts: ArtifactStore) -> None:
    """The one that was meant, and it says so on its task."""
    first, second = (keep(store, artifacts, 20) for _ in range(2))
    app = panel(artifacts)
    app.button(key=f"remove-{first}").click().run()
    assert [video.entry_id for video in artifacts.videos("ann")] == [second]
    removed = artifacts.video(first)
    assert removed is not None
    assert removed.removed_at is not None
    assert not app.info


def test_a_video_that_is_gone_already_is_told(store: Database, artifacts: ArtifactStore) -> None:
    """Removed in another tab: no traceback."""
    first = keep(store, artifacts, 20)
    keep(store, artifacts, 20)
    app = panel(artifacts)
    artifacts.remove("ann", first)
    app.button(key=f"remove-{first}").click().run()
    assert not app.exception
    assert "no such video" in app.toast[0].value
