"""Settings that can change while the simulator runs: when tasks go on, and which models are listed."""

import threading
from collections.abc import Sequence
from random import Random
from typing import Any

from simulator.contract.catalogue import ROWS
from simulator.engine.pace import Pace, Progression
from simulator.settings import SimulatorSettings


class Behaviour:
    """The progression, the seed and the catalogue in force; safe to use from several threads."""

    def __init__(self, settings: SimulatorSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """As at the start of the process."""
        start = self._settings
        self.progression = Progression(
            kind=start.progression,
            polls=start.polls,
            submitted_s=start.submitted_s,
            processing_s=start.processing_s,
        )
        self._of_one: dict[str, Progression] = {}
        self.catalogue: Sequence[Any] = ROWS
        self.seed = start.seed

    @property
    def seed(self) -> int | None:
        """The start of the realistic times: the same seed, the same times."""
        return self._seed

    @seed.setter
    def seed(self, seed: int | None) -> None:
        with self._lock:
            self._seed, self._random = seed, Random(seed)  # noqa: S311 -- a seed is the very point

    def set_for(self, external_task_id: str, progression: Progression) -> None:
        """Let one task, still to come, go its own way."""
        with self._lock:
            self._of_one[external_task_id] = progression

    def pace(self, external_task_id: str | None) -> Pace:
        """The pace of a new task."""
        with self._lock:
            progression = self._of_one.pop(external_task_id or "", self.progression)
            return progression.pace(self._random)

    def pace_by(self, progression: Progression) -> Pace:
        """The pace of a task that is to go by this one."""
        with self._lock:
            return progression.pace(self._random)
