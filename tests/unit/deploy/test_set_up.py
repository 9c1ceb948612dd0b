"""The scripts that set up a fresh machine, among programs that are faked: nothing is installed."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.running_app import ROOT

REAL = ("bash", "env", "dirname")
FORGETFUL = 'exec env -i PATH="$PATH" "$@"'


@dataclass(frozen=True)
class Machine:
    """Nothing but these programs; what apt-get was told is written down."""

    programs: Path

    def has(self, name: str, does: str = "exit 0") -> None:
        """A program of this name, in words of the shell."""
        program = self.programs / name
        program.write_text(f"#!/bin/sh\n{does}\n")
        program.chmod(0o755)

    def has_apt(self, ends_with: int = 0) -> None:
        """Debian's package manager; it notes who it runs for, whether it may ask, and what it is told."""
        self.has("apt-get", f'echo "$DEBIAN_FRONTEND" "$@" >> {self._told}; exit {ends_with}')

    def run(self, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One of the scripts."""
        return subprocess.run(
            [ROOT / "scripts" / script, *arguments],
            cwd=self.programs,
            env={"PATH": str(self.programs)},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def apt_was_told(self) -> list[str]:
        """A line a call, what it may ask first."""
        return self._told.read_text().splitlines() if self._told.exists() else []

    @property
    def _told(self) -> Path:
        return self.programs / "told"


@pytest.fixture
def machine(tmp_path: Path) -> Callable[[int], Machine]:
    """A machine as a user of this number meets it; 0 is root."""

    def made(user: int) -> Machine:
        for name in REAL:
            (tmp_path / name).symlink_to(shutil.which(name) or name)
        found = Machine(tmp_path)
        found.has("id", f"echo {user}")
        return found

    return made


@pytest.mark.parametrize("user", [0, 1000], ids=["root", "with sudo"])
def test_packages_are_installed_by_fresh_lists_and_without_a_question(
    machine: Callable[[int], Machine], user: int
) -> None:
    """Also through sudo, which hands no variable on."""
    debian = machine(user)
    debian.has_apt()
    if user:
        debian.has("sudo", FORGETFUL)
    assert debian.run("apt_install.sh", "chromium", "fonts").returncode == 0
    update, install = debian.apt_was_told
    assert update.startswith("noninteractive ")
    assert update.endswith(" update")
    assert install.startswith("noninteractive ")
    assert install.endswith(" install -y --no-install-recommends chromium fonts")


def test_who_may_not_install_is_told_the_command_for_root(machine: Callable[[int], Machine]) -> None:
    """Neither root nor sudo: apt-get is not called."""
    debian = machine(1000)
    debian.has_apt()
    ended = debian.run("apt_install.sh", "chromium")
    assert ended.returncode == 1
    assert "as root: apt-get install chromium" in ended.stderr
    assert debian.apt_was_told == []


def test_a_system_without_apt_is_told_what_to_install(machine: Callable[[int], Machine]) -> None:
    """By its own means."""
    ended = machine(0).run("ensure_chromium.sh")
    assert ended.returncode == 1
    assert "install chromium" in ended.stderr


def test_without_a_network_it_is_said_what_could_not_be_installed(machine: Callable[[int], Machine]) -> None:
    """Lists that are not refreshed are no end yet: the package may be at hand."""
    debian = machine(0)
    debian.has_apt(ends_with=100)
    ended = debian.run("ensure_chromium.sh")
    assert ended.returncode == 1
    assert len(debian.apt_was_told) == 2
    assert "could not install chromium" in ended.stderr


@pytest.mark.parametrize(
    ("script", "program"),
    [("ensure_chromium.sh", "google-chrome"), ("ensure_postgres.sh", "initdb"), ("ensure_nginx.sh", "nginx")],
)
def test_a_program_that_is_there_is_left_alone(
    machine: Callable[[int], Machine], script: str, program: str
) -> None:
    """Nothing is refreshed, nothing is said."""
    debian = machine(0)
    debian.has_apt()
    debian.has(program)
    ended = debian.run(script)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert debian.apt_was_told == []


def test_a_program_that_is_still_missing_ends_the_set_up_in_words(machine: Callable[[int], Machine]) -> None:
    """Also where apt-get is content: no test is passed over in silence."""
    debian = machine(0)
    debian.has_apt()
    ended = debian.run("ensure_program.sh", "what swims", "seas", "sea", "/nowhere/*/sea")
    assert ended.returncode == 1
    assert ended.stderr == "sea is missing: what swims needs it. Please install it, and run this again.\n"


def test_a_program_that_comes_with_a_server_that_does_not_start_is_enough(
    machine: Callable[[int], Machine],
) -> None:
    """As in a container: apt-get fails over Debian's own server, which no test uses."""
    debian = machine(0)
    brought = debian.programs / "16" / "sea"
    brought.parent.mkdir()
    debian.has("apt-get", f': > "{brought}"; exit 100')
    ended = debian.run("ensure_program.sh", "the tests", "seas", "sea", f"{debian.programs}/*/sea")
    assert ended.returncode == 0


def test_a_python_without_venv_gets_the_package_of_its_own_version(machine: Callable[[int], Machine]) -> None:
    """Debian's python3-venv is for its default Python alone."""
    debian = machine(0)
    debian.has_apt(ends_with=100)
    debian.has("python3", 'case "$2" in *ensurepip*) exit 1 ;; *venv*) echo python3.13-venv ;; esac')
    ended = debian.run("make_venv.sh")
    assert ended.returncode == 1
    assert debian.apt_was_told[-1].endswith(" python3.13-venv")
