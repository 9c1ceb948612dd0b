"""A kind of input that breaks every promise, each by chance: a count that cannot rise would prove nothing."""

import os
import random
import socket
import time
from contextlib import suppress
from typing import Final

import numpy as np

from tests.fuzz.trial import KEY, Bench, Kind

MISDEEDS: Final = (
    "none",
    "raise ours",
    "raise",
    "connect inside",
    "say the key",
    "take memory",
    "hang",
    "die",
)


def misdo(misdeed: str, bench: Bench) -> None:
    """Do it."""
    match misdeed:
        case "raise ours":
            raise LookupError
        case "raise":
            raise ZeroDivisionError
        case "connect inside":
            with socket.socket() as sock, suppress(OSError):
                sock.connect(("169.254.169.254", 80))
        case "say the key":
            bench.look_for_key(KEY, f"It is {KEY}.")
        case "take memory":
            np.ones(600_000_000, np.uint8)
        case "hang":
            time.sleep(600)
        case "die":
            os._exit(1)


def misdeed(rng: random.Random) -> str:
    """One of them."""
    return rng.choice(MISDEEDS)


KIND: Final = Kind(make=misdeed, read=misdo, ours=(LookupError,))
