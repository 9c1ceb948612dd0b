"""`python -m simulator` as its own process: a far end that outlives the app."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.running_app import ROOT, free_port, wait_until_healthy


@contextmanager
def running_simulator(processing_s: float = 1.0) -> Iterator[str]:
    """Its address; a task takes half a second, and then this long."""
    port = free_port()
    command = [sys.executable, "-m", "simulator", "--port", str(port), "--submitted-s", "0.5"]
    command += ["--processing-s", str(processing_s)]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_healthy(f"{url}/", process, expected=frozenset({404}))
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)
