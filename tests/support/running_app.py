"""The real app on a free port, as `make run` starts it."""

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
START_S, END_S = 60.0, 30.0


@contextmanager
def running_app(data_dir: Path, script: str = "app.py", **settings: str) -> Iterator[str]:
    """Starts `streamlit run` on the app or another script, with these settings and no key; its URL."""
    port = free_port()
    env = _environment() | {"STUDIO_DATA_DIR": str(data_dir)} | settings
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.headless=true"]
    command += [f"--server.port={port}", "--server.address=127.0.0.1", "--server.fileWatcherType=none"]
    with (data_dir / "app.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_healthy(f"{url}/_stcore/health", process)
        yield url
    finally:
        end(process)


def end(process: "subprocess.Popen[bytes]") -> None:
    """Politely, so that it tidies up; it finishes renderings first, which may take too long."""
    process.terminate()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until_healthy(url: str, process: "subprocess.Popen[bytes]") -> None:
    """Asks until the server answers 200; fails when it ends or takes longer than START_S."""
    pause, give_up_at = threading.Event(), time.monotonic() + START_S
    while time.monotonic() < give_up_at:
        if process.poll() is not None:
            raise AssertionError(f"The app ended at once with code {process.returncode}.")
        if _is_healthy(url):
            return
        pause.wait(0.1)
    raise AssertionError("The app did not start in time.")


def _is_healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1.0):
            return True
    except urllib.error.HTTPError as refusal:
        refusal.close()
        return False
    except OSError:
        return False


def free_port() -> int:
    """A port of the loopback address that nobody uses, nor is given by chance within the next minute.

    The connection that ended at it keeps it from who asks for any port; a server may have it by its number.
    """
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        server.accept()[0].close()
        client.recv(1)
        port: int = server.getsockname()[1]
        return port


def _environment() -> dict[str, str]:
    hidden = {"COMETAPI_KEY", "COMETAPI_BASE_URL", "SIMULATOR_TASK_S"}
    return {name: value for name, value in os.environ.items() if name not in hidden}
