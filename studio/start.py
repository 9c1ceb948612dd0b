"""Starts what cannot be started yet: a database, for instance, may come up after the app."""

import logging
from collections.abc import Callable

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 2.0
LONGEST_PAUSE_S = 60.0


def has_started(start: Callable[[], object]) -> bool:
    """Starts it; why it could not be started is logged, once and whole."""
    try:
        start()
    except Exception:  # whatever it is, the pages say so, and it may pass
        log.exception("The app cannot work as it is set up, or its database is away; it tries again")
        return False
    return True


def start_again(start: Callable[[], object], ended: Callable[[float], bool]) -> None:
    """Tries until it works, quietly and with growing pauses, so that tasks go on without a visitor.

    Args:
        start: raises while it cannot.
        ended: waits for so many seconds, and answers True as soon as nobody wants it any more.
    """
    pause_s = FIRST_PAUSE_S
    while not ended(pause_s):
        try:
            start()
        except Exception:  # noqa: BLE001 — the first failure was logged, and this one is the same
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        else:
            log.warning("The app works now")
            return
