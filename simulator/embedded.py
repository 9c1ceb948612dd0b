"""The simulator inside another process: on a loopback socket, in a thread of its own."""

import atexit
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import uvicorn
from starlette.applications import Starlette

from simulator.engine.folder import FolderInUse, check_free
from simulator.engine.scene import Render
from simulator.faults.wire import CuttableProtocol
from simulator.http.app import create_app
from simulator.settings import SimulatorSettings

API_KEY: Final = "simulator"  # visibly not a secret
LOOPBACK: Final = "127.0.0.1"
START_TIMEOUT_S: Final = 20.0
STOP_TIMEOUT_S: Final = 30.0  # a rendering that has begun is finished first


class SimulatorDidNotStart(RuntimeError):
    """The embedded simulator gave up before it listened."""


class _Server(uvicorn.Server):
    """A uvicorn server that says when it listens, or that it never will."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.settled = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.settled.set()

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            super().run(sockets)
        finally:
            self.settled.set()


@dataclass(frozen=True, kw_only=True)
class RunningSimulator:
    """A simulator that listens.

    Attributes:
        base_url: like `http://127.0.0.1:40123`, without a slash at its end.
        api_key: the key that it accepts.
    """

    base_url: str
    api_key: str
    _server: _Server = field(repr=False)
    _thread: threading.Thread = field(repr=False)

    def stop(self) -> None:
        """Stop serving, finish the rendering that has begun, remove what is temporary.

        May be called again.
        """
        atexit.unregister(self.stop)
        self._server.should_exit = True
        self._thread.join(STOP_TIMEOUT_S)


def start(settings: SimulatorSettings | None = None, *, render: Render | None = None) -> RunningSimulator:
    """Start a simulator on a loopback port and wait until it listens. Works from any thread.

    With a `state_dir` it has the port that it had before, if that is still free, so that URLs of videos
    stay good over a restart. It stops with the process, or by `RunningSimulator.stop`.

    Raises:
        SimulatorDidNotStart: another process has its folder, or it did not listen within 20 s (its log says
            why).
    """
    chosen = settings or SimulatorSettings()
    try:
        check_free(chosen.state_dir)
    except FolderInUse as error:
        raise SimulatorDidNotStart(str(error)) from error
    listener = _listener(chosen.state_dir and chosen.state_dir / "port")
    return serve(create_app(chosen, render=render), api_key=chosen.api_key or API_KEY, listener=listener)


def _listener(kept: Path | None) -> socket.socket:
    """A listening socket on the port in the file `kept`; on a free one when there is none or it is taken."""
    port = None if kept is None else _port_in(kept)
    if port is not None:
        with suppress(OSError):
            return socket.create_server((LOOPBACK, port))
    listener = socket.create_server((LOOPBACK, 0))
    if kept is not None and port is None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(str(listener.getsockname()[1]))
    return listener


def _port_in(file: Path) -> int | None:
    """The port that is kept there; None when there is no such file, or something else in it."""
    try:
        port = int(file.read_text())
    except (FileNotFoundError, ValueError):
        return None
    return port if 0 < port < 65_536 else None


def serve(app: Starlette, *, api_key: str, listener: socket.socket | None = None) -> RunningSimulator:
    """Serve an application that is already composed; otherwise as `start`."""
    server = _Server(_config(app))
    listener = listener or _listener(None)
    base_url = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
    thread = threading.Thread(target=_serve, args=(server, listener), name="simulator", daemon=True)
    thread.start()
    if not server.settled.wait(START_TIMEOUT_S) or not server.started:
        server.should_exit = True
        thread.join(STOP_TIMEOUT_S)
        raise SimulatorDidNotStart("The log says why.")
    running = RunningSimulator(base_url=base_url, api_key=api_key, _server=server, _thread=thread)
    atexit.register(running.stop)
    return running


def _config(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="asyncio",
        http=CuttableProtocol,
        ws="none",
        lifespan="on",
        log_config=None,  # the host's logging stays as it is
        access_log=False,
        timeout_keep_alive=75,  # longer than a client's pause between two looks
        timeout_graceful_shutdown=2,
    )


def _serve(server: _Server, listener: socket.socket) -> None:
    with listener, suppress(SystemExit):  # uvicorn's way out when the application does not start
        server.run(sockets=[listener])
