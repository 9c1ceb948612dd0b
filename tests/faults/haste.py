"""The product's own waits, shortened, so that a process may be killed and taken over within seconds.

Only how long is waited is changed, never for what; the simulation keeps the real times.
"""

from types import ModuleType

from studio.journal import create_outcome, journal
from studio.tasks import recovery, schedule, steps, takeover
from studio.tasks.schedule import Schedule

FAST = Schedule(first_s=0.2, steps=((60.0, 0.3),))

SETTLE_S = 6.0
"""Must exceed what a process that is not killed may take from its claim to its create."""


WAITS: tuple[tuple[ModuleType, str, object], ...] = (
    (schedule, "REMOTE", FAST),
    (schedule, "STALE_SENDING_S", 8.0),
    (steps, "CLAIM_HOLDS_S", 4.0),
    (create_outcome, "settle_s", lambda _proof: SETTLE_S),
    (create_outcome, "NOT_FOUND_SPACING_S", 0.2),
    (journal, "NOT_FOUND_SPACING_S", 0.2),
    (recovery, "PERIOD_S", 0.5),
    (takeover, "STALLED_AFTER_S", 4.0),
)


def make_haste() -> None:
    """In this process, for good."""
    for module, name, value in WAITS:
        setattr(module, name, value)
