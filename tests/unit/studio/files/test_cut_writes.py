"""A process that is killed while it keeps a video: nothing half is ever seen, and the next one succeeds."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[4]


def cut_at_every_line(folder: Path, *variant: str) -> dict[str, Any]:
    """The findings of the program: the number of places to be killed at, and all that was broken then."""
    command = [sys.executable, "-m", "tests.support.cut_writes", str(folder), *variant]
    run = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": "."}, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_kill_at_any_line_leaves_nothing_half_and_a_second_attempt_succeeds(tmp_path: Path) -> None:
    """Every row that is there has its whole file; at most a file without a row is left."""
    found = cut_at_every_line(tmp_path)
    assert found["cuts"] > 100
    assert found["broken"] == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_the_same_test_finds_out_a_row_that_is_written_first(tmp_path: Path) -> None:
    """Otherwise the one above would prove nothing."""
    assert cut_at_every_line(tmp_path, "naive")["broken"]
