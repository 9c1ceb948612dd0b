"""Sees to it that no task is left alone: at the start, and every few seconds from then on.

A round says that this process lives, takes their tasks from processes that have fallen silent, and starts a
workflow for every entry that has none. It may be done twice, and by all processes at once.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from studio.journal.create_outcome import INTERRUPTED
from studio.journal.deployment import Heartbeats
from studio.journal.entry import Entry, State
from studio.journal.journal import Journal
from studio.tasks.error_messages import NO_KEY
from studio.tasks.runner import RunningWorkflow, TaskRunner
from studio.tasks.steps import Keys

log = logging.getLogger(__name__)

PERIOD_S = 5.0
SILENT_AFTER_S = 30.0
"""A process that has not said for so long that it lives has lost its tasks to the others."""
TIDY_EVERY_S = 600.0
CLOSING_S = 10.0
"""How long an end waits for a round: a database on the network may not answer."""


@dataclass
class Silence:
    """Which processes have fallen silent, judged by this process's own watch: clocks may differ."""

    _heard: dict[str, tuple[str | None, float]] = field(default_factory=dict)

    def fallen(self, names: Iterable[str], pulses: dict[str, str], now_s: float) -> frozenset[str]:
        """Those of the named processes whose pulse has not changed for `SILENT_AFTER_S`."""
        fallen = set()
        for name in names:
            pulse = pulses.get(name)
            if name not in self._heard or self._heard[name][0] != pulse:
                self._heard[name] = (pulse, now_s)
            if now_s - self._heard[name][1] >= SILENT_AFTER_S:
                fallen.add(name)
        return frozenset(fallen)


def alone(entries: Iterable[Entry], carriers: Iterable[RunningWorkflow]) -> tuple[Entry, ...]:
    """The entries that nobody carries."""
    carried = {carrier.entry_id for carrier in carriers}
    return tuple(entry for entry in entries if entry.entry_id not in carried)


def settle_left_over(journal: Journal) -> None:
    """What is being sent while the only process of a deployment starts was broken off with the last one."""
    for entry in journal.queries.stale_sending(older_than_s=0.0):
        journal.settle(entry, INTERRUPTED)


class Recovery:
    """A thread that does its round every `PERIOD_S`."""

    def __init__(self, *, journal: Journal, keys: Keys, runner: TaskRunner, pulses: Heartbeats) -> None:
        self._journal = journal
        self._keys = keys
        self._runner = runner
        self._pulses = pulses
        self._silence = Silence()
        # found without their key in the round before
        self._without_key: set[str] = set()
        self._rounds = 0
        self._tidied_at_s = time.monotonic()
        self._closing = False
        self._wanted = threading.Event()
        self._thread = threading.Thread(target=self._keep_on, name="recovery", daemon=True)

    def start(self) -> None:
        """The first round at once, and the others in the background."""
        self._thread.start()

    def close(self) -> None:
        """Ends it; the others learn at once that this process is gone."""
        self._closing = True
        self._wanted.set()
        if self._thread.is_alive():
            self._thread.join(CLOSING_S)
        try:
            self._pulses.end(self._runner.executor_id)
        except SQLAlchemyError:  # the others will find it silent
            log.warning("The database is away: nobody is told that this process ends")

    def run_now(self) -> None:
        """The next round comes now."""
        self._wanted.set()

    def run_once(self) -> None:
        """Once."""
        own = self._runner.executor_id
        self._rounds += 1
        self._pulses.beat(own, self._rounds)
        unfinished = self._journal.queries.unfinished()
        carriers = self._runner.running_workflows()
        pulses = self._pulses.read()
        others = {carrier.executor_id for carrier in carriers if carrier.executor_id is not None}
        silent = self._silence.fallen((others | pulses.keys()) - {own}, pulses, time.monotonic())
        left = tuple(carrier for carrier in carriers if carrier.executor_id in silent)
        self._runner.drop(left)
        self._restart(alone(unfinished, set(carriers) - set(left)))
        self._tidy(silent)

    def _restart(self, entries: tuple[Entry, ...]) -> None:
        """Starts those whose key is at hand; of the others says so, unless another process takes them."""
        without_key = set()
        for entry in entries:
            if self._keys.connect(entry) is not None:
                self._runner.start_workflow(entry)
            elif entry.message != NO_KEY and entry.state is not State.NEEDS_PERSON:
                without_key.add(entry.entry_id)
                if entry.entry_id in self._without_key:
                    self._journal.note(entry, message=NO_KEY)
        self._without_key = without_key

    def _tidy(self, silent: frozenset[str]) -> None:
        for name in silent:
            self._pulses.end(name)
        if time.monotonic() - self._tidied_at_s > TIDY_EVERY_S:
            self._tidied_at_s = time.monotonic()
            self._runner.tidy()

    def _keep_on(self) -> None:
        while not self._closing:
            self._wanted.clear()
            try:
                self.run_once()
            except Exception:  # the database may be away for a while: the next round finds what is left alone
                log.exception("A round of reconciling failed")
            self._wanted.wait(PERIOD_S)
