"""The real app that can be killed and started again on the same port and data, as after a crash."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Self

from tests.support.running_app import ROOT, free_port, wait_until_healthy


class RestartableApp:
    """A context manager; `kill` is SIGKILL: nothing is flushed, nothing is said goodbye to."""

    def __init__(self, data_dir: Path, **settings: str) -> None:
        self.data_dir = data_dir
        self._settings = settings
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is; the same after a restart."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def pid(self) -> int:
        """The running process."""
        assert self._process is not None
        return self._process.pid

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Starts it and waits until it answers."""
        hidden = {"COMETAPI_KEY", "COMETAPI_BASE_URL"}
        env = {name: value for name, value in os.environ.items() if name not in hidden}
        env |= {"STUDIO_DATA_DIR": str(self.data_dir), "SIMULATOR_TASK_S": "1"} | self._settings
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
        command += [f"--server.port={self._port}", "--server.address=127.0.0.1"]
        command += ["--server.fileWatcherType=none"]
        with (self.data_dir / "app.log").open("ab") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        try:
            wait_until_healthy(f"{self.url}/_stcore/health", self._process)
        except BaseException:
            self.kill()
            raise

    def kill(self) -> None:
        """Ends it at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
