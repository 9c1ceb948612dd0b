"""`python -m simulator`: the far end alone, on a port of your choice."""

import argparse
import sys
from collections.abc import Sequence

import uvicorn

from simulator.app import create_app
from simulator.settings import SimulatorSettings

DEFAULTS = SimulatorSettings()


def parser() -> argparse.ArgumentParser:
    """The command line, with a help that names units and defaults."""
    own = argparse.ArgumentParser(
        prog="python -m simulator",
        description="Answers as CometAPI's Kling image-to-video does, and renders real videos. Any key does "
        "unless --api-key is given; nothing leaves this machine except fetches of pictures given by URL.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    own.add_argument("--host", default="127.0.0.1", help="address to listen on")
    own.add_argument("--port", type=int, default=8900, help="port to listen on")
    own.add_argument(
        "--submitted-s", type=float, default=DEFAULTS.submitted_s, help="seconds a task is submitted"
    )
    own.add_argument(
        "--processing-s",
        type=float,
        default=DEFAULTS.processing_s,
        help="seconds it is then processing, at least",
    )
    own.add_argument(
        "--api-key", default=None, help="the one accepted key (any key that is not empty, if not given)"
    )
    own.add_argument(
        "--max-parallel", type=int, default=DEFAULTS.max_parallel, help="unfinished tasks at one time"
    )
    own.add_argument("--max-kept-tasks", type=int, default=DEFAULTS.max_kept_tasks, help="tasks remembered")
    own.add_argument(
        "--max-body-bytes", type=int, default=DEFAULTS.max_body_bytes, help="largest create in bytes"
    )
    own.add_argument(
        "--render-max-px", type=int, default=DEFAULTS.render_max_px, help="longest side of a video"
    )
    own.add_argument("--fps", type=int, default=DEFAULTS.fps, help="frames per second")
    return own


def settings_from(arguments: Sequence[str]) -> tuple[str, int, SimulatorSettings]:
    """Host, port and settings of a command line; exits with a message when a value is out of range."""
    own = parser()
    values = vars(own.parse_args(arguments))
    host, port = values.pop("host"), values.pop("port")
    try:
        return host, port, SimulatorSettings(**values)
    except ValueError as error:
        own.error(str(error))


def main() -> None:
    """Serve until interrupted."""
    host, port, settings = settings_from(sys.argv[1:])
    sys.stdout.write(f"Simulator at http://{host}:{port} (base URL; Ctrl+C stops it)\n")
    sys.stdout.flush()
    uvicorn.run(
        create_app(settings), host=host, port=port, ws="none", access_log=False, timeout_keep_alive=75
    )


if __name__ == "__main__":
    main()
