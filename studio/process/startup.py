"""Starts what cannot be started yet: a database, for instance, may come up after the app."""

import logging
from collections.abc import Callable

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 2.0
LONGEST_PAUSE_S = 60.0


def retry_until_started(start: Callable[[], object], ended: Callable[[float], bool]) -> None:
    """Tries until it works, with growing pauses, so that tasks go on without a visitor.

    Why it cannot start is logged once and whole: what follows is the same.

    Args:
        start: raises while it cannot.
        ended: waits for so many seconds, and answers True as soon as nobody wants it any more.
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
