"""Videos offered for removal, the days that the service keeps one, and disks that may vanish."""

from datetime import timedelta
from pathlib import Path

import pytest

from studio.files.retention import (
    KeptVideo,
    days_left,
    removal_candidates,
    removal_notice,
    retention_notice,
    vanishing_disk_warning,
)
from tests.support.services import NOON

TEMP = Path("/temp")


def videos(*sizes: int, pinned: tuple[int, ...] = ()) -> list[KeptVideo]:
    """Videos of these sizes, kept a day apart; the newest is first."""
    made = [
        KeptVideo(
            entry_id=f"v{number}",
            title="wind",
            size_bytes=size,
            kept_at=NOON + timedelta(days=number),
            pinned=number in pinned,
        )
        for number, size in enumerate(sizes)
    ]
    return made[::-1]


def offered(kept: list[KeptVideo], *, used: int, cap: int) -> list[str]:
    """The ids of what is offered."""
    return [video.entry_id for video in removal_candidates(kept, used, cap)]


def test_below_the_cap_and_at_it_nothing_is_offered() -> None:
    """Keeping is the rule."""
    assert offered(videos(10, 10), used=20, cap=20) == []
    assert offered([], used=30, cap=20) == []


def test_above_the_cap_as_few_of_the_oldest_are_offered_as_suffice() -> None:
    """The third would not be needed."""
    assert offered(videos(10, 10, 10), used=30, cap=29) == ["v0"]
    assert offered(videos(10, 10, 10), used=30, cap=15) == ["v0", "v1"]


def test_pinned_videos_are_passed_over() -> None:
    """Even when that is not enough."""
    assert offered(videos(10, 10, 10, pinned=(0,)), used=30, cap=29) == ["v1"]
    assert offered(videos(10, 10, pinned=(0, 1)), used=30, cap=5) == []


@pytest.mark.parametrize(
    ("passed", "left"),
    [
        (timedelta(), 30),
        (timedelta(seconds=1), 29),
        (timedelta(days=29), 1),
        (timedelta(days=29, hours=1), 0),
        (timedelta(days=400), 0),
    ],
)
def test_the_service_keeps_a_video_for_thirty_days_from_its_end(passed: timedelta, left: int) -> None:
    """Whole days only: a promise is not rounded up."""
    assert days_left(NOON, NOON + passed) == left


def test_what_could_not_be_kept_says_how_long_the_service_has_it() -> None:
    """Whose promise it is, and that CometAPI makes none."""
    assert "29 days left by Kling" in retention_notice(NOON, NOON + timedelta(hours=1))
    assert "1 day left" in retention_notice(NOON, NOON + timedelta(days=29))
    assert "CometAPI calls it temporary" in retention_notice(NOON, NOON)
    assert "may have removed it" in retention_notice(NOON, NOON + timedelta(days=31))


def test_a_removed_video_is_said_to_be_removed_by_a_person() -> None:
    """Never silently."""
    assert removal_notice(NOON).startswith("Its video was removed by its owner on ")
    assert str(NOON.year) in removal_notice(NOON)


@pytest.mark.parametrize(
    ("database_url", "storage_url", "lost"),
    [
        ("sqlite:////temp/app/studio.db", "/temp/app/artifacts", "tasks and videos are lost"),
        ("sqlite:////temp/app/studio.db", "s3://bucket/studio", ": tasks are lost"),
        ("postgresql://host/studio", "file:///temp/app", ": videos are lost"),
        ("postgresql://host/studio", "s3://bucket/temp", None),
        ("sqlite:////srv/studio.db", "/srv/artifacts", None),
        ("sqlite:////srv/../temp/studio.db", "/temporary/artifacts", ": tasks are lost"),
    ],
)
def test_a_disk_that_may_vanish_is_told(database_url: str, storage_url: str, lost: str | None) -> None:
    """The warning names the things in the temporary folder, and the setting that moves each."""
    words = vanishing_disk_warning(database_url, storage_url, TEMP)
    assert (words is None) == (lost is None)
    assert lost is None or lost in str(words)
    assert ("DATABASE_URL" in str(words)) == ("tasks" in str(lost))
    assert ("STORAGE_URL" in str(words)) == ("videos" in str(lost))
