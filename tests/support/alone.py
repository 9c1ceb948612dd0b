"""`python -m simulator`, as its own process on a free port."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.running_app import ROOT, free_port, wait_until_healthy


@contextmanager
def simulator_alone(*flags: str) -> Iterator[str]:
    """Its base URL; it is ended afterwards."""
    port = free_port()
    command = [sys.executable, "-m", "simulator", "--port", str(port), *flags]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_healthy(f"{url}/openapi.json", process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=60)  # a rendering that has begun is finished first
