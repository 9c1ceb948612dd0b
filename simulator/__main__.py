"""`python -m simulator`: the simulator alone, on a port of your choice."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, get_args

import uvicorn

from simulator.engine.folder import FolderInUse, check_free
from simulator.engine.pace import ProgressionKind
from simulator.faults.kinds import KINDS
from simulator.faults.wire import CuttableProtocol
from simulator.http.app import create_app
from simulator.settings import SimulatorSettings

DEFAULTS: Final = SimulatorSettings()

DESCRIPTION = """\
Answers as CometAPI's Kling image-to-video does, and renders real videos. Any key does unless --api-key is
given. Nothing leaves this machine except fetches of pictures given by URL and callbacks that were asked for.
"""

CONTROL = """\
While it runs, JSON over HTTP sets how it behaves (with the key, if there is one; from this machine only,
unless started with --control):

  GET    /_control              what is set, what runs, the kinds of faults
  PUT    /_control/progression  {"kind": "at_once" | "polls" | "seconds" | "realistic",
                                 "polls": n, "submitted_s": x, "processing_s": y, "task": id}
  PUT    /_control/seed         {"seed": n}
  PUT    /_control/catalogue    {"rows": [...] or null}: what GET /api/models lists
  POST   /_control/faults       {"on": "create" | "query" | "list" | "video" | "models" | "callback",
                                 "kind": …, "times": n or null (until taken away), "task": id,
                                 and the kind's fields}
  DELETE /_control/faults       all, or /_control/faults/{fault_id}
  POST   /_control/reset        no tasks, callbacks, faults and log, settings as at the start
  GET    /_control/requests     ?limit=100: what was asked, newest last

"task" is a task id or an external task id, also one still to come; without it, all are meant.

Kinds of faults (in brackets: on which requests; then its fields):
"""

EXAMPLE = """
For example, a 429 with Retry-After on the next two creates:

  curl -X POST localhost:8900/_control/faults -H 'Content-Type: application/json' \\
       -d '{"on": "create", "kind": "http", "status": 429, "retry_after_s": 3, "times": 2}'
"""


def _kinds() -> str:
    lines = []
    for kind in KINDS:
        fields = f" {', '.join(kind['fields'])}" if kind["fields"] else ""
        lines.append(f"  {kind['kind']} [{' '.join(kind['on'])}]{fields}\n      {kind['says']}\n")
        lines += [f"      {name}: {row['says']} ({row['source']})\n" for name, row in kind["shapes"].items()]
    return "".join(lines)


class _Help(argparse.ArgumentDefaultsHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """Units and defaults of every argument, and the prose as it is written."""


OPTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "time": {
        "progression": "when a task goes on, never before its video is ready; realistic: 2 to 5 minutes",
        "polls": "with polls: the query that says succeed",
        "submitted_s": "with seconds: how long submitted",
        "processing_s": "with seconds: then processing",
        "seed": "makes realistic times the same in every run",
    },
    "limits": {
        "max_parallel": "unfinished tasks at one time",
        "max_kept_tasks": "tasks remembered",
        "max_body_bytes": "largest create in bytes",
        "renders": "videos rendered at one time",
        "render_max_px": "longest side of a video",
        "fps": "frames per second",
    },
    "memory and rights": {
        "state_dir": "keeps tasks and videos over a restart; one simulator at a time uses it",
        "api_key": "the one accepted key (any key that is not empty, if not given)",
        "allow_loopback": "let image URLs and callbacks lead to this machine",
        "control": "let /_control answer other machines too",
    },
}
"""Every setting by its group, in words."""
_TYPES: Final[Mapping[str, type]] = {"seed": int, "state_dir": Path, "api_key": str}  # None by default


def parser() -> argparse.ArgumentParser:
    """The command line, with a help that is the documentation."""
    command_line = argparse.ArgumentParser(
        prog="python -m simulator",
        description=DESCRIPTION,
        epilog=CONTROL + _kinds() + EXAMPLE,
        formatter_class=_Help,
    )
    command_line.add_argument("--host", default="127.0.0.1", help="address to listen on")
    command_line.add_argument("--port", type=int, default=8900, help="port to listen on")
    for group, settings in OPTIONS.items():
        options = command_line.add_argument_group(group)
        for name, words in settings.items():
            options.add_argument(f"--{name.replace('_', '-')}", help=words, **_kind_of(name))
    return command_line


def _kind_of(name: str) -> dict[str, Any]:
    default = getattr(DEFAULTS, name)
    if default is False:
        return {"action": "store_true"}
    choices = get_args(ProgressionKind) if name == "progression" else None
    return {"type": _TYPES.get(name, type(default)), "default": default, "choices": choices}


def settings_from(arguments: Sequence[str]) -> tuple[str, int, SimulatorSettings]:
    """Host, port and settings of a command line; exits with a message when a value is out of range."""
    command_line = parser()
    values = vars(command_line.parse_args(arguments))
    host, port = values.pop("host"), values.pop("port")
    try:
        return host, port, SimulatorSettings(**values)
    except ValueError as error:
        command_line.error(str(error))


def main() -> None:
    """Serve until interrupted."""
    host, port, settings = settings_from(sys.argv[1:])
    try:
        check_free(settings.state_dir)
    except FolderInUse as error:
        sys.exit(f"{error} Stop that one, or name another --state-dir.")
    sys.stdout.write(f"Simulator at http://{host}:{port} (base URL; Ctrl+C stops it)\n")
    sys.stdout.flush()
    uvicorn.run(
        create_app(settings),
        host=host,
        port=port,
        http=CuttableProtocol,
        ws="none",
        access_log=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=2,  # a delayed answer does not hold up the end
    )


if __name__ == "__main__":
    main()
