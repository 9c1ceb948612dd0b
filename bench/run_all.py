"""Every bench, one after the other: a table on the screen, and bench-results.json at the root (`make bench`).

A missed target is shown and does not fail the command; a bench that cannot run does.
"""

import importlib
import json
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.rows import Row

# bench/bench_<name>.py, each with a run()
BENCHES = (
    "drawing",
    "checks",
    "render",
    "last_frame",
    "preview",
    "simulator",
    "tasks",
    "gallery",
    "browser",
    "compare",
    "view",
    "memory",
)
RESULTS = Path(__file__).parents[1] / "bench-results.json"
HEADINGS = ("name", "value", "unit", "ratio", "target", "verdict")
VERDICTS = {True: "passed", False: "MISSED", None: ""}


def main(names: Sequence[str]) -> None:
    """Runs the named benches, or all of them; prints the table and writes the file."""
    rows: list[Row] = []
    for name in names or BENCHES:
        print(f"measuring {name} …", flush=True)
        rows += importlib.import_module(f"bench.bench_{name}").run()
    print(table(rows))
    RESULTS.write_text(json.dumps({"machine": machine(), "results": rows}, indent=2, ensure_ascii=False))


def machine() -> dict[str, Any]:
    """What the figures depend on, without saying whose machine it is."""
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "load_average_at_end": os.getloadavg()[0],
    }


def table(rows: Sequence[Row]) -> str:
    """The rows in columns, then how many targets were missed."""
    lines = [HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    text = "\n".join(_line(line, widths) for line in lines)
    missed = [row["name"] for row in rows if row["passed"] is False]
    verdict = f"{len(missed)} MISSED: {'; '.join(missed)}" if missed else "every target met"
    return f"\n{text}\n\nTargets: {verdict}."


def _cells(row: Row) -> tuple[str, ...]:
    ratio = "" if row["ratio"] is None else f"{row['ratio']:.2f} ×"
    return (row["name"], f"{row['value']:,}", row["unit"], ratio, _promise(row), VERDICTS[row["passed"]])


def _promise(row: Row) -> str:
    times = [] if row["target"] is None else [f"≤ {row['target']:g} ×"]
    at_most = [] if row["limit"] is None else [f"≤ {row['limit']:g} {row['unit']}"]
    return ", ".join(times + at_most)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


if __name__ == "__main__":
    main(sys.argv[1:])
