"""Limits of what a place keeps, and the files to remove when it is too much. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True)
class SizeLimits:
    """The longest and the most that a place keeps."""

    # the oldest that anything may be, in seconds since it was last written
    max_age_s: float = 30 * 86_400.0
    # of everything together; the oldest goes first
    max_bytes: int = 2_000_000_000


@dataclass(frozen=True, kw_only=True)
class KeptFile:
    """A file as its store lists it."""

    # relative, such as `0f3a/manifest.json`
    name: str
    size_bytes: int
    # aware UTC
    written_at: datetime


def names_to_remove(
    files: Iterable[KeptFile], limits: SizeLimits, now: datetime, keep: str | None = None
) -> tuple[str, ...]:
    """Names at the top, of files and of whole folders, without which the rest is within its limits.

    A folder is as old as the newest file in it. `keep`, just written, stays whatever its size.
    """
    sizes: dict[str, int] = defaultdict(int)
    written: dict[str, datetime] = {}
    for file in files:
        top = file.name.partition("/")[0]
        sizes[top] += file.size_bytes
        written[top] = max(file.written_at, written.get(top, file.written_at))
    oldest_allowed = now - timedelta(seconds=limits.max_age_s)
    total, going = 0, []
    for top in sorted(written, key=lambda name: written[name], reverse=True):
        total += sizes[top]
        if top != keep and (written[top] < oldest_allowed or total > limits.max_bytes):
            going.append(top)
    return tuple(going)
