"""When to look at a task again (reliability.md, "Following a task")."""

import random
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """First look, then a period that grows with the task's age; all in seconds."""

    first_s: float
    # (age up to which it holds, period)
    steps: tuple[tuple[float, float], ...]
    jitter: float = 0.2

    def wait_s(self, age_s: float, rng: random.Random) -> float:
        """Seconds from now to the next look at a task of this age, ± the jitter."""
        if age_s < self.first_s:
            return self.first_s - age_s
        period = next((period for until, period in self.steps if age_s < until), self.steps[-1][1])
        return period * rng.uniform(1 - self.jitter, 1 + self.jitter)


MINUTE_S, HOUR_S, DAY_S = 60.0, 3600.0, 86400.0
REMOTE = Schedule(
    first_s=10.0,
    steps=(
        (2 * MINUTE_S, 5.0),
        (5 * MINUTE_S, 10.0),
        (30 * MINUTE_S, 30.0),
        (DAY_S, 5 * MINUTE_S),
        (7 * DAY_S, HOUR_S),
    ),
)
# The simulator stands in this very process and its tasks take seconds.
SIMULATED = Schedule(first_s=0.5, steps=((MINUTE_S, 0.5), (HOUR_S, 5.0)))
