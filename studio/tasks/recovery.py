"""Starts a workflow for every unfinished task that none runs: at the start, and every few seconds.

It may be done twice, and by all processes at once. On SQLite there is one process, which goes on with its own
workflows when it starts; where several share a database, `takeover` frees those of the dead ones first.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable

from studio.journal.create_outcome import INTERRUPTED
from studio.journal.entry import Entry, State
from studio.journal.journal import Journal
from studio.tasks.error_messages import NO_KEY
from studio.tasks.runner import RunningWorkflow, TaskRunner
from studio.tasks.steps import Keys
from studio.tasks.takeover import Takeover

log = logging.getLogger(__name__)

PERIOD_S = 5.0
TIDY_EVERY_S = 600.0
CLOSING_S = 10.0
"""How long an end waits for a run: a database on the network may not answer."""


def without_workflow(entries: Iterable[Entry], running: Iterable[RunningWorkflow]) -> tuple[Entry, ...]:
    """The entries that no workflow runs."""
    run = {workflow.entry_id for workflow in running}
    return tuple(entry for entry in entries if entry.entry_id not in run)


def settle_interrupted(journal: Journal) -> None:
    """Settle what is being sent while the only process of a deployment starts: the last one broke it off."""
    for entry in journal.queries.stale_sending(older_than_s=0.0):
        journal.settle(entry, INTERRUPTED)


class Recovery:
    """A thread that does it every `PERIOD_S`."""

    def __init__(
        self, *, journal: Journal, keys: Keys, runner: TaskRunner, takeover: Takeover | None = None
    ) -> None:
        """Nothing is started yet.

        Args:
            journal: whose unfinished entries are run.
            keys: entries whose key is not among them wait.
            runner: of this process.
            takeover: None where no other process shares the database.
        """
        self._journal = journal
        self._keys = keys
        self._runner = runner
        self._takeover = takeover
        # found without their key by the run before
        self._without_key: set[str] = set()
        self._tidied_at_s = time.monotonic()
        self._closing = False
        self._wanted = threading.Event()
        self._thread = threading.Thread(target=self._run, name="recovery", daemon=True)

    def start(self) -> None:
        """Run at once, and again in the background."""
        self._thread.start()

    def close(self) -> None:
        """End it."""
        self._closing = True
        self._wanted.set()
        if self._thread.is_alive():
            self._thread.join(CLOSING_S)
        if self._takeover is not None:
            self._takeover.end()

    def run_now(self) -> None:
        """Have the next run come now."""
        self._wanted.set()

    def run_once(self) -> None:
        """Start what no workflow runs."""
        unfinished = self._journal.queries.unfinished()
        if self._takeover is not None:
            self._takeover.run_once(unfinished)
        self._restart(without_workflow(unfinished, self._runner.running_workflows()))
        if time.monotonic() - self._tidied_at_s > TIDY_EVERY_S:
            self._tidied_at_s = time.monotonic()
            self._runner.tidy()

    def _restart(self, entries: tuple[Entry, ...]) -> None:
        """Start those whose key is at hand; note it of the others, unless another process takes them.

        What is at the service comes first: a slot must not be taken from it meanwhile.
        """
        without_key = set()
        for entry in sorted(entries, key=lambda one: one.state is State.INTENT):
            if self._keys.connect(entry) is not None:
                self._runner.start_workflow(entry)
            elif entry.message != NO_KEY and entry.state is not State.NEEDS_PERSON:
                without_key.add(entry.entry_id)
                if entry.entry_id in self._without_key:
                    self._journal.note(entry, message=NO_KEY)
        self._without_key = without_key

    def _run(self) -> None:
        while not self._closing:
            self._wanted.clear()
            try:
                self.run_once()
            except Exception:  # the database may be away for a while: the next run finds what is left alone
                log.exception("A run of the recovery failed")
            self._wanted.wait(PERIOD_S)
