"""Takes the workflows of dead processes from them, where several processes share a database.

Each process changes a number of its own in the database every few seconds: its heartbeat. One whose number
stays the same for `STALLED_AFTER_S` is dead, or cannot reach the database, and loses its workflows; their
entries are started again like any that no workflow runs.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from studio.journal.deployment import Heartbeats
from studio.journal.entry import Entry
from studio.tasks.runner import TaskRunner

log = logging.getLogger(__name__)

STALLED_AFTER_S = 30.0


@dataclass
class StallDetector:
    """Which processes have stalled, judged by this process's own watch: clocks may differ."""

    # name → its heartbeat, and when that was first seen
    _seen: dict[str, tuple[str | None, float]] = field(default_factory=dict)

    def stalled(self, names: Iterable[str], heartbeats: dict[str, str], now_s: float) -> frozenset[str]:
        """Those of the named processes whose heartbeat has not changed for `STALLED_AFTER_S`."""
        for name in names:
            heartbeat = heartbeats.get(name)
            if name not in self._seen or self._seen[name][0] != heartbeat:
                self._seen[name] = (heartbeat, now_s)
        return frozenset(name for name in names if now_s - self._seen[name][1] >= STALLED_AFTER_S)


class Takeover:
    """One a process; called by one thread."""

    def __init__(self, runner: TaskRunner, heartbeats: Heartbeats) -> None:
        """Nothing is written yet."""
        self._runner = runner
        self._heartbeats = heartbeats
        self._detector = StallDetector()
        self._count = 0

    def run_once(self, unfinished: Collection[Entry] = ()) -> None:
        """Write this process's heartbeat, and take the workflows of those that have stalled.

        Args:
            unfinished: all entries for which something is left to do.
        """
        own = self._runner.executor_id
        self._count += 1
        self._heartbeats.beat(own, self._count)
        running = self._runner.running_workflows()
        heartbeats = self._heartbeats.read()
        owners = {workflow.executor_id for workflow in running if workflow.executor_id is not None}
        others = (owners | heartbeats.keys()) - {own}
        stalled = self._detector.stalled(others, heartbeats, time.monotonic())
        theirs = [workflow for workflow in running if workflow.executor_id in stalled]
        if unfinished:
            self._runner.queue_successors(theirs, unfinished)
        self._runner.cancel(theirs)
        for name in stalled:
            self._heartbeats.end(name)

    def end(self) -> None:
        """Let the others know at once that this process is gone."""
        try:
            self._heartbeats.end(self._runner.executor_id)
        except SQLAlchemyError:  # the others will find it stalled
            log.warning("The database is away: other processes are not told that this one ends")
