"""One input of one kind: made by chance, read by the product, and what must not be is counted."""

import base64
import html
import json
import logging
import random
import socket
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from studio.journal.database import Database
from studio.journal.schema import upgrade
from studio.process.log_redaction import install
from tests.fuzz.network import Network, watched
from tests.support.lying_server import Behaviour, LyingServer, drop

KEY = "sk-Fuzz0123456789Key"
SLOW_S = 5.0
"""Promised for each input."""
_SURELY_A_KEY = 8


@dataclass(kw_only=True)
class Bench:
    """What stays from input to input of a kind: a network, a service on loopback, a folder, a database."""

    folder: Path
    network: Network = field(default_factory=Network)
    keys_outside: list[str] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._answers: list[Behaviour] = []
        self.service = LyingServer(self._answer)
        self.port = int(self.service.url.rpartition(":")[2])
        self.network.own_ports.add(self.port)

    @cached_property
    def store(self) -> Database:
        """A database with its tables."""
        store = Database(f"sqlite:///{self.folder}/studio.db")
        upgrade(store)
        return store

    def answer_with(self, answers: list[Behaviour]) -> None:
        """Have the service give these answers, and break off after the last."""
        self._answers = list(answers)

    def look_for_key(self, key: str, *told: object) -> None:
        """Count the key wherever it stands in these, in what was logged, or beside its header."""
        sent = [
            (one.method, one.path, one.body, {**one.headers, "authorization": ""})
            for one in self.service.requests
        ]
        for text in (*(str(one) for one in told), *self.logged, *(str(one) for one in sent)):
            if holds_key(text, key):
                self.keys_outside.append(text)

    def forget(self) -> None:
        """Begin a new input."""
        for found in (self.network.inside, self.keys_outside, self.logged, self.service.requests):
            found.clear()

    def _answer(self, connection: socket.socket, *stopped: Any) -> None:
        behave = self._answers.pop(0) if self._answers else drop
        behave(connection, *stopped)


@contextmanager
def bench(folder: Path) -> Iterator[Bench]:
    """A bench whose sockets and logs are watched."""
    made = Bench(folder=folder)
    handler = _Keeping(made.logged)
    root = logging.getLogger()
    level = root.level
    with made.service:
        with watched(made.network):
            install()
            root.addHandler(handler)
            root.setLevel(logging.DEBUG)
            try:
                yield made
            finally:
                root.removeHandler(handler)
                root.setLevel(level)
        if "store" in vars(made):
            made.store.close()


class _Keeping(logging.Handler):
    """Keeps the lines as they would be written."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(self.format(record))


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of input.

    Attributes:
        make: gives an input; the same one for the same state of the generator.
        read: has the product read it; may look further, by assertions.
        ours: what the product raises on purpose.
    """

    make: Callable[[random.Random], Any]
    read: Callable[[Any, Bench], None]
    ours: tuple[type[Exception], ...]


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came of one input; `error` has the place of an exception that is not ours."""

    error: str = ""
    seconds: float = 0.0
    memory_mb: float = 0.0
    connections_inside: tuple[str, ...] = ()
    keys_outside: tuple[str, ...] = ()
    requests_outside: tuple[str, ...] = ()


def try_input(kind: Kind, name: str, bench: Bench) -> Result:
    """The result of the input of that name; a slow one may have waited for others, and is tried twice."""
    bench.forget()
    result = _tried(kind, name, bench)
    if result.seconds <= SLOW_S:
        return result
    again = _tried(kind, name, bench)
    return again if again.seconds < result.seconds else result


def _tried(kind: Kind, name: str, bench: Bench) -> Result:
    before_s, before_mb, error = quiet_clock_s(), memory_mb("VmRSS"), ""
    try:
        made = kind.make(random.Random(name))
        before_mb = reset_most_memory()
        before_s = quiet_clock_s()
        kind.read(made, bench)
    except kind.ours:
        pass
    except Exception as failure:  # noqa: BLE001 -- whatever it is, it is what is looked for
        error = _place(failure)
    return Result(
        error=error,
        seconds=quiet_clock_s() - before_s,
        memory_mb=memory_mb("VmHWM") - before_mb,
        connections_inside=tuple(bench.network.inside),
        keys_outside=tuple(text[:300] for text in bench.keys_outside),
    )


def _place(failure: Exception) -> str:
    last = traceback.extract_tb(failure.__traceback__)[-1]
    says = " ".join(str(failure).split())[:120]
    return f"{type(failure).__name__}: {says} ({Path(last.filename).name}:{last.lineno})"


def quiet_clock_s() -> float:
    """Seconds, without those in which others had this thread's processor, where the system tells (Linux)."""
    try:
        others_ns = int(Path("/proc/thread-self/schedstat").read_text().split()[1])
    except OSError:
        others_ns = 0
    return time.perf_counter() - others_ns / 1e9


def reset_most_memory() -> float:
    """Have the system measure the most memory anew, where it can (Linux); the memory now."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    return memory_mb("VmRSS")


def memory_mb(field_name: str) -> float:
    """Of this process: `VmRSS` now, `VmHWM` at most; 0 where the system does not say (not Linux)."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{field_name}:"))


def holds_key(text: str, key: str) -> bool:
    """Whether a key stands in a text; one that may be a part of any word is not looked for."""
    folded = text.lower()
    return len(key) >= _SURELY_A_KEY and any(form.lower() in folded for form in key_forms(key))


def key_forms(key: str) -> tuple[str, ...]:
    """How a service may write a key."""
    raw = key.encode()
    return (
        *(key, quote(key, safe=""), html.escape(key), json.dumps(key)[1:-1], raw.hex()),
        *(form(raw).decode().rstrip("=") for form in (base64.b64encode, base64.urlsafe_b64encode)),
    )
