"""`python -m simulator`, as its own process on a free port."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.support.running_app import ROOT, end, free_port, wait_until_healthy


@dataclass(frozen=True, kw_only=True)
class Alone:
    """Where it listens, and the process that it is."""

    base_url: str
    pid: int


@contextmanager
def simulator_alone(*flags: str) -> Iterator[Alone]:
    """It listens; it is ended afterwards."""
    port = free_port()
    command = [sys.executable, "-m", "simulator", "--port", str(port), *flags]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_healthy(f"{url}/openapi.json", process)
        yield Alone(base_url=url, pid=process.pid)
    finally:
        end(process)
