"""Inputs of one kind, one after another in a process of its own: one that hangs or dies is counted too."""

import math
import multiprocessing
import os
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from tests.fuzz.trial import SLOW_S, Kind, Result, bench, try_input

MEMORY_MB = 500.0
"""Promised above what the process had before the input."""
HANGS_AFTER_S = 60.0
_START_S = 120.0
WARM_UPS = 5


@dataclass(kw_only=True)
class Tally:
    """The counts of one kind; `broken` has the number of each input that broke a promise, and how."""

    tried: int = 0
    errors: int = 0
    slowest_s: float = 0.0
    most_memory_mb: float = 0.0
    connections_inside: int = 0
    keys_outside: int = 0
    requests_outside: int = 0
    broken: list[tuple[int, str]] = field(default_factory=list)

    def count(self, number: int, result: Result) -> None:
        """One input more."""
        self.tried += 1
        self.errors += bool(result.error)
        self.slowest_s = max(self.slowest_s, result.seconds)
        self.most_memory_mb = max(self.most_memory_mb, result.memory_mb)
        self.connections_inside += len(result.connections_inside)
        self.keys_outside += len(result.keys_outside)
        self.requests_outside += len(result.requests_outside)
        self.broken += [(number, promise) for promise in broken_promises(result)]


def broken_promises(result: Result) -> list[str]:
    """In words."""
    found = [result.error] if result.error else []
    found += [f"took {result.seconds:.1f} s"] if result.seconds > SLOW_S else []
    found += [f"took {result.memory_mb:.0f} MB"] if result.memory_mb > MEMORY_MB else []
    found += [f"connected to {place}" for place in result.connections_inside]
    found += [f"a key outside its header: {text}" for text in result.keys_outside]
    return found + [f"the browser asked {url}" for url in result.requests_outside]


@dataclass(kw_only=True)
class Campaign:
    """Tries the inputs of a kind, from the number `number` on.

    Attributes:
        name: of the kind; with the seed it names the inputs.
        kind: how they are made and read.
        most: of them.
        hangs_after_s: an input that takes longer is given up.
    """

    name: str
    seed: int
    kind: Kind
    number: int = 0
    most: float = math.inf
    hangs_after_s: float = HANGS_AFTER_S
    tally: Tally = field(default_factory=Tally)

    def run(self, seconds: float) -> Tally:
        """Go on for so long."""
        until_s = time.monotonic() + seconds
        title = f"{self.seed} {self.name}"
        while self._goes_on(until_s):
            with TemporaryDirectory() as folder, _Process(self.kind, title, self.number, folder) as tried:
                tried.wait(_START_S)  # raises EOFError where it does not even start
                while self._goes_on(until_s) and self._count(tried):
                    pass
        return self.tally

    def _goes_on(self, until_s: float) -> bool:
        return self.tally.tried < self.most and time.monotonic() < until_s

    def _count(self, tried: "_Process") -> bool:
        """Count one input; whether its process is still good for another."""
        try:
            result = tried.wait(self.hangs_after_s)
        except EOFError:
            result = Result(error="the process died")
        self.tally.count(self.number, result or Result(error="it hangs", seconds=self.hangs_after_s))
        self.number += 1
        return result is not None and result.error != "the process died"


class _Process:
    """Tries inputs from a number on, without end; killed when it is left."""

    def __init__(self, kind: Kind, title: str, first: int, folder: str) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._results, theirs = spawn.Pipe(duplex=False)
        self._process = spawn.Process(target=_try_on, args=(kind, title, first, folder, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join()
        self._results.close()

    def wait(self, seconds: float) -> Result | None:
        """The next result; None when none comes in time."""
        found: Result | None = self._results.recv() if self._results.poll(seconds) else None
        return found


def _try_on(kind: Kind, title: str, first: int, folder: str, results: Connection) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # decoders write warnings past Python
    with bench(Path(folder)) as made:
        for number in range(WARM_UPS):
            try_input(kind, f"warm {title} {number}", made)
        number = first
        results.send(None)
        while True:
            results.send(try_input(kind, f"{title} {number}", made))
            number += 1
