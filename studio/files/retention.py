"""The time that videos stay, here and on the service, and the words for it. Pure.

Nothing is ever removed by itself: above the cap, the oldest unpinned videos are offered for removal.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

DEFAULT_CAP_BYTES = 10_000_000_000
SERVICE_KEEPS = timedelta(days=30)
"""Kling's own promise, counted from the task's end; CometAPI calls its links temporary (contract.md)."""


@dataclass(frozen=True, kw_only=True)
class KeptVideo:
    """A video on our storage, as the panel of kept videos shows it."""

    entry_id: str
    # what one recognises it by: its prompt, or its task id
    title: str
    size_bytes: int
    # aware UTC
    kept_at: datetime
    pinned: bool


def removal_candidates(videos: Iterable[KeptVideo], used_bytes: int, cap_bytes: int) -> tuple[KeptVideo, ...]:
    """The oldest unpinned videos without which everything fits under the cap, or all if that is too few.

    Args:
        videos: those of one person, who alone may remove them.
        used_bytes: of everything that is kept, of all owners.
        cap_bytes: what it may be.
    """
    offered: list[KeptVideo] = []
    for video in sorted((video for video in videos if not video.pinned), key=lambda video: video.kept_at):
        if used_bytes - sum(chosen.size_bytes for chosen in offered) <= cap_bytes:
            break
        offered.append(video)
    return tuple(offered)


def days_left(ended_at: datetime, now: datetime) -> int:
    """Whole days for which the service has promised to keep a video, 0 when they are over."""
    return max((ended_at + SERVICE_KEEPS - now).days, 0)


def retention_notice(ended_at: datetime, now: datetime) -> str:
    """A sentence for a finished video that is not kept here (yet)."""
    days = days_left(ended_at, now)
    if days == 0:
        return "Not kept here. Kling's promise of 30 days is over, and the service may have removed it."
    left = f"{days} day{'s' if days > 1 else ''}"
    return f"Not kept here yet. On the service: {left} left by Kling's promise; CometAPI calls it temporary."


def by_hand_notice(kept_at: datetime) -> str:
    """A sentence for a video that its owner fetched and uploaded."""
    return f"Brought by hand on {kept_at:%d %B %Y}: the app could not fetch it."


def removal_notice(removed_at: datetime) -> str:
    """A sentence for a video that its owner removed."""
    return f"Its video was removed by its owner on {removed_at:%d %B %Y}."


def vanishing_disk_warning(database_url: str, storage_url: str, temp_dir: Path) -> str | None:
    """A warning when tasks or videos lie in the system's temporary folder; None when they do not.

    That is where everything is by default, and on Streamlit Community Cloud it goes with each restart of
    the machine.
    """
    passing = [
        (what, setting)
        for what, url, setting in (
            ("tasks", database_url, "DATABASE_URL"),
            ("videos", storage_url, "STORAGE_URL"),
        )
        if _is_in(url, temp_dir)
    ]
    if not passing:
        return None
    things, settings = (" and ".join(names) for names in zip(*passing, strict=True))
    return (
        f"Kept on a disk that may vanish: {things} are lost when this machine is replaced. Download what you "
        f"want to keep; whoever runs this app can set {settings}."
    )


def _is_in(url: str, folder: Path) -> bool:
    scheme, separator, rest = url.partition("://")
    if separator and scheme not in {"file", "sqlite"}:
        return False
    path = Path(rest.removeprefix("/") if scheme == "sqlite" else rest or url)
    return path.resolve().is_relative_to(folder.resolve())
