"""Retry start-up until the database is reachable."""

import logging
from collections.abc import Callable

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 2.0
LONGEST_PAUSE_S = 60.0


def retry_until_started(start: Callable[[], object], ended: Callable[[float], bool]) -> None:
    """Start until it works, with growing pauses, so that tasks go on without a visitor.

    The first failure is logged whole, those that follow are not.

    Args:
        start: raises while it cannot.
        ended: waits for so many seconds; True as soon as the app stops.
    """
    pause_s = 0.0
    while not ended(pause_s):
        try:
            start()
        except Exception:  # whatever it is, the pages say so, and it may pass
            if not pause_s:
                log.exception("The app cannot work as it is set up, or its database is away; it tries again")
            pause_s = min(2 * pause_s or FIRST_PAUSE_S, LONGEST_PAUSE_S)
        else:
            if pause_s:
                log.warning("The app works now")
            return
