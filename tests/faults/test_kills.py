"""The real process, killed and started again: nothing twice, nothing lost, the database intact."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork"),
    pytest.mark.timeout(400),
]


def killed(*arguments: str) -> dict[str, Any]:
    """What the program reports."""
    command = [sys.executable, "-m", "tests.faults.kills", *arguments]
    env = {**os.environ, "PYTHONPATH": "."}
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    report: dict[str, Any] = json.loads(run.stdout)
    return report


def test_a_process_that_is_killed_again_and_again_pays_nothing_twice_and_loses_nothing() -> None:
    """At some steps and at random; `make faults` takes every step."""
    report = killed("7", "6")
    faults = (report["paid_twice"], report["lost"], report["called_unpaid"], report["damage"])
    assert faults == (0, 0, 0, [])
    assert report["kills"] >= 7 + 3


def test_the_same_kills_find_out_who_sends_again_blindly() -> None:
    """Killed when the task is made and not answered: whoever takes it for unsent pays twice."""
    assert killed("1", "0", "blindly")["paid_twice"] > 0


def test_the_same_service_finds_out_whose_creates_follow_redirects() -> None:
    """A POST that is sent again where a 307 leads to makes a second task."""
    assert killed("1", "0", "follows")["paid_twice"] > 0
