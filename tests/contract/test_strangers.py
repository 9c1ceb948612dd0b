"""Clients that strangers would write, each a program of its own, against the simulator as another."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from motion.video import probe
from tests.support.alone import simulator_alone
from tests.support.pictures import encoded, gradient
from tests.support.running_app import ROOT

KEY = "sk-of-a-stranger"
STRANGERS = ROOT / "tests" / "strangers"


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with simulator_alone(
        "--api-key", KEY, "--submitted-s", "0.2", "--processing-s", "0.3", "--fps", "6"
    ) as alone:
        yield alone.base_url


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with a picture and a mask of its size, and nothing of this project."""
    mask = np.zeros((320, 400), np.uint8)
    mask[120:180, 120:180] = 255
    (tmp_path / "picture.jpg").write_bytes(encoded(gradient(), "JPEG"))
    (tmp_path / "mask.png").write_bytes(encoded(mask))
    return tmp_path


def run(
    script: str, base_url: str, folder: Path, *more: str, key: str = KEY
) -> "subprocess.CompletedProcess[str]":
    """A stranger's program, in a folder of its own, without this project on its path."""
    command = [sys.executable, "-P", str(STRANGERS / script), base_url, key, "picture.jpg", "out.mp4", *more]
    return subprocess.run(
        command, cwd=folder, env={}, capture_output=True, text=True, timeout=90, check=False
    )


@pytest.mark.parametrize(("script", "more"), [("with_urllib.py", ()), ("with_httpx.py", ("mask.png",))])
def test_a_stranger_s_client_gets_its_video(
    script: str, more: tuple[str, ...], base_url: str, files: Path
) -> None:
    """Create, poll, download, as on CometAPI's page: only the base URL is another."""
    done = run(script, base_url, files, *more)
    assert done.returncode == 0, done.stderr
    told = probe((files / "out.mp4").read_bytes())
    assert (told.width, told.height) == (400, 320)
    assert told.duration_s == pytest.approx(5, abs=0.1)


def test_control_a_stranger_with_a_wrong_key_gets_nothing(base_url: str, files: Path) -> None:
    """The same program does fail when it should."""
    done = run("with_urllib.py", base_url, files, key="sk-wrong")
    assert done.returncode != 0
    assert "401" in done.stderr
    assert not (files / "out.mp4").exists()


def test_the_strangers_share_nothing_with_this_project() -> None:
    """They would prove nothing otherwise."""
    ours = {path.name for path in ROOT.iterdir() if path.is_dir()}
    for script in STRANGERS.glob("*.py"):
        lines = script.read_text().splitlines()
        imported = {line.split()[1].split(".")[0] for line in lines if line.startswith(("import ", "from "))}
        assert not imported & ours
