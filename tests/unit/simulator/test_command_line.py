"""The command line and the settings behind it."""

from pathlib import Path
from typing import Any

import pytest

from simulator.__main__ import settings_from
from simulator.faults.kinds import KINDS
from simulator.http.control import CONTROL_ROUTES
from simulator.settings import SimulatorSettings


def test_without_arguments_it_has_the_documented_defaults() -> None:
    """Loopback, port 8900, about ten seconds a task, any key."""
    assert settings_from([]) == ("127.0.0.1", 8900, SimulatorSettings())


def test_every_argument_arrives() -> None:
    """Under its own name."""
    arguments = "--host 0.0.0.0 --port 9 --submitted-s 0 --processing-s 1.5 --api-key k --max-parallel 3"
    more = "--max-kept-tasks 4 --max-body-bytes 5 --render-max-px 640 --fps 12 --renders 2 --state-dir kept"
    last = "--progression polls --polls 7 --seed 8 --allow-loopback --control"
    settings = SimulatorSettings(
        progression="polls",
        polls=7,
        seed=8,
        allow_loopback=True,
        control=True,
        renders=2,
        state_dir=Path("kept"),
        submitted_s=0,
        processing_s=1.5,
        api_key="k",
        max_parallel=3,
        max_kept_tasks=4,
        max_body_bytes=5,
        render_max_px=640,
        fps=12,
    )
    assert settings_from(f"{arguments} {more} {last}".split()) == ("0.0.0.0", 9, settings)


@pytest.mark.parametrize("arguments", [["--fps", "0"], ["--submitted-s", "-1"], ["--port", "x"]])
def test_a_wrong_argument_is_named(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """It exits with 2 and says which."""
    with pytest.raises(SystemExit) as caught:
        settings_from(arguments)
    assert caught.value.code == 2
    assert arguments[0].strip("-").replace("-", "_") in capsys.readouterr().err.replace("-", "_")


def test_help_names_every_setting(capsys: pytest.CaptureFixture[str]) -> None:
    """`python -m simulator --help` is the documentation."""
    with pytest.raises(SystemExit):
        settings_from(["--help"])
    told = capsys.readouterr().out.replace("-", "_")
    assert all(f"__{name}" in told for name in SimulatorSettings.__dataclass_fields__)


def test_help_names_every_control_call_and_every_fault(capsys: pytest.CaptureFixture[str]) -> None:
    """With its requests, its fields and what it does."""
    with pytest.raises(SystemExit):
        settings_from(["--help"])
    told = capsys.readouterr().out
    assert all(route.path.replace("{fault_id}", "") in told for route in CONTROL_ROUTES)
    assert all(kind["kind"] in told and str(kind["says"]) in told for kind in KINDS)


@pytest.mark.parametrize(
    "wrong",
    [
        {"submitted_s": -1},
        {"processing_s": float("inf")},
        {"api_key": " "},
        {"max_parallel": 0},
        {"max_kept_tasks": 1},
        {"max_body_bytes": 0},
        {"render_max_px": 1},
        {"fps": 61},
        {"progression": "slowly"},
        {"polls": 0},
        {"renders": 17},
    ],
)
def test_a_setting_out_of_range_is_refused(wrong: dict[str, Any]) -> None:
    """With a ValueError that names it."""
    with pytest.raises(ValueError, match=next(iter(wrong))):
        SimulatorSettings(**wrong)
