"""How fast a task goes: a progression for many, and from it the pace of one."""

from dataclasses import dataclass
from math import inf
from random import Random
from typing import Final, Literal

ProgressionKind = Literal["at_once", "polls", "seconds", "realistic"]

REALISTIC_SUBMITTED_S: Final = (0.5, 2.0)  # failures can come within 2 s
REALISTIC_TOTAL_S: Final = (120.0, 300.0)  # "2 to 5 minutes"


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Seconds in `submitted`, then in `processing`.

    With `polls` both are infinite until that many queries have come (`tasks.after_query`).
    """

    submitted_s: float
    processing_s: float
    polls: int | None = None


@dataclass(frozen=True, kw_only=True)
class Progression:
    """The rule by which tasks go on; the fields are those of `SimulatorSettings`."""

    kind: ProgressionKind
    polls: int
    submitted_s: float
    processing_s: float

    def pace(self, random: Random) -> Pace:
        """The pace of one task; only "realistic" draws from `random`."""
        match self.kind:
            case "at_once":
                return Pace(submitted_s=0.0, processing_s=0.0)
            case "polls":
                return Pace(submitted_s=inf, processing_s=inf, polls=self.polls)
            case "seconds":
                return Pace(submitted_s=self.submitted_s, processing_s=self.processing_s)
            case "realistic":
                submitted_s, total_s = (
                    random.uniform(*REALISTIC_SUBMITTED_S),
                    random.uniform(*REALISTIC_TOTAL_S),
                )
                return Pace(submitted_s=submitted_s, processing_s=total_s - submitted_s)
