"""`make check` looks for known vulnerabilities where it can, and calls nothing clean without a look."""

import json
import subprocess
from collections.abc import Sequence
from typing import Any

import pytest

from scripts.audit import LIMIT_S, Run, audit

CLEAN = {"name": "pillow", "version": "13.0.0", "vulns": []}
HOLED = {
    "name": "pillow",
    "version": "9.0.0",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["9.0.1"]}, {"id": "PYSEC-2", "fix_versions": []}],
}
UNKNOWN = {"name": "pillow", "skip_reason": "Dependency not found on PyPI and could not be audited"}
NOT_REACHED = (0, "pip-audit: its database cannot be reached from here; nothing was looked up.")


def printing(*packages: dict[str, Any]) -> Run:
    return lambda _: json.dumps({"dependencies": packages, "fixes": []})


def too_slow(command: Sequence[str]) -> str:
    raise subprocess.TimeoutExpired(command, LIMIT_S)


@pytest.mark.parametrize("run", [lambda _: "", too_slow, printing(UNKNOWN, UNKNOWN), printing()])
def test_without_its_database_the_check_says_so_and_passes(run: Run) -> None:
    """No network, a network that hangs, or a mirror that knows packages alone."""
    assert audit(run) == NOT_REACHED


def test_a_known_vulnerability_fails_the_check() -> None:
    """With its name, and the version that mends it."""
    code, words = audit(printing(CLEAN, HOLED, UNKNOWN))
    assert code == 1
    assert "pillow 9.0.0: PYSEC-1, fixed in 9.0.1" in words
    assert "PYSEC-2, fixed in no version yet" in words


def test_where_nothing_is_known_the_check_passes_and_says_of_how_many() -> None:
    """One that could not be looked up is not counted as clean."""
    assert audit(printing(CLEAN, UNKNOWN)) == (0, "pip-audit: nothing is known against 1 of 2 packages.")
