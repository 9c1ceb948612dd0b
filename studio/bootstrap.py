"""The composition root: everything that a process shares, made from its settings."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from studio.drafts import Drafts
from studio.far_end import FarEnd
from studio.sent import SentRecipes
from studio.settings import Settings
from studio.tracker import Tracker

if TYPE_CHECKING:
    from simulator.embedded import RunningSimulator


def _start_simulator(settings: Settings) -> RunningSimulator:
    from simulator.embedded import start  # noqa: PLC0415 — only a process without a key loads it
    from simulator.settings import SimulatorSettings  # noqa: PLC0415

    task_s = settings.simulator_task_s
    state_dir = settings.data_dir / "simulator"  # a restarted app still finds its simulated tasks
    return start(SimulatorSettings(submitted_s=task_s * 0.2, processing_s=task_s * 0.8, state_dir=state_dir))


@dataclass(kw_only=True)
class Services:
    """What every session of a process shares; close() ends it."""

    settings: Settings
    tracker: Tracker
    # how a simulator is started; called once at most
    start_simulator: Callable[[Settings], RunningSimulator] = _start_simulator
    _simulator: RunningSimulator | None = None
    _starting: threading.Lock = field(default_factory=threading.Lock)
    # what each person has in hand, and what was sent, both in the settings' data_dir
    drafts: Drafts = field(init=False)
    sent: SentRecipes = field(init=False)

    def __post_init__(self) -> None:
        """Nothing is written before there is something to keep."""
        self.drafts = Drafts(self.settings.data_dir / "drafts")
        self.sent = SentRecipes(self.settings.data_dir / "recipes")

    def far_end(self, session_key: str | None = None) -> FarEnd:
        """CometAPI with the session's or the deployment's key, otherwise the simulator."""
        key = session_key or self.settings.api_key
        if key:
            return FarEnd(base_url=self.settings.base_url, api_key=key, simulated=False)
        running = self._running_simulator()
        return FarEnd(base_url=running.base_url, api_key=running.api_key, simulated=True)

    def close(self) -> None:
        """Ends the polling, the keeping of drafts and the simulator; may be called again."""
        self.tracker.close()
        self.drafts.close()
        with self._starting:
            if self._simulator is not None:
                self._simulator.stop()

    def _running_simulator(self) -> RunningSimulator:
        # One a process, started when it is first needed: a deployment with a key never pays for it.
        with self._starting:
            if self._simulator is None:
                self._simulator = self.start_simulator(self.settings)
            return self._simulator


def build(settings: Settings) -> Services:
    """Everything of a process, with its polling begun.

    Raises:
        KeyProblem, SettingsProblem: the deployment's key or its base URL cannot be used.
    """
    # Without a key of its own too: a session may bring one, and the address must do for it.
    FarEnd(base_url=settings.base_url, api_key=settings.api_key or "none", simulated=False).connect().close()
    tracker = Tracker(settings.data_dir)
    tracker.start()
    return Services(settings=settings, tracker=tracker)
