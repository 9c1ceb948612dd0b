"""The real app on a free port, as `make run` starts it."""

import os
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
START_S = 60.0


@contextmanager
def running_app(data_dir: Path, script: str = "app.py", **settings: str) -> Iterator[str]:
    """Starts `streamlit run` on the app or another script, with these settings and no key; its URL."""
    port = free_port()
    env = _environment() | {"STUDIO_DATA_DIR": str(data_dir)} | settings
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.headless=true"]
    command += [f"--server.port={port}", "--server.address=127.0.0.1", "--server.fileWatcherType=none"]
    log = (data_dir / "app.log").open("wb")
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_healthy(f"{url}/_stcore/health", process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=60)  # a rendering that has begun is finished first
        log.close()


def wait_until_healthy(
    url: str, process: "subprocess.Popen[bytes]", expected: frozenset[int] = frozenset({200})
) -> None:
    """Asks until the server answers as expected; fails when it ends or takes longer than START_S."""
    pause = threading.Event()
    for _ in range(int(START_S / 0.1)):
        if process.poll() is not None:
            raise AssertionError(f"The app ended at once with code {process.returncode}.")
        if _status(url) in expected:
            return
        pause.wait(0.1)
    raise AssertionError("The app did not start in time.")


def _status(url: str) -> int | None:
    try:
        with urllib.request.urlopen(url, timeout=1.0) as answer:
            status: int = answer.status
            return status
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code
    except OSError:
        return None


def free_port() -> int:
    """A port of the loopback address that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _environment() -> dict[str, str]:
    hidden = {"COMETAPI_KEY", "COMETAPI_BASE_URL", "SIMULATOR_TASK_S"}
    return {name: value for name, value in os.environ.items() if name not in hidden}
