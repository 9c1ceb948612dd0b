"""Waiting for what will become true, on a machine that may be busy."""

import threading
import time
from collections.abc import Callable

PATIENCE_S = 60.0


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Asks again until it is true; fails, saying what was waited for, after PATIENCE_S."""
    give_up_at, pause = time.monotonic() + PATIENCE_S, threading.Event()
    while not condition():
        if time.monotonic() > give_up_at:
            raise AssertionError(f"Waited in vain for {what}.")
        pause.wait(0.05)
