"""The proof of "paid once, never lost": `python -m tests.faults SIZE` (`make faults`).

SIZE submissions in virtual time, the naive ways in the same worlds, and the real process killed at every step
and at random moments. Ends with 1 when anything was paid twice, lost or damaged.
"""

import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from studio.tasks.steps import Steps
from tests.faults.naive import GivesUp, RetriesEverything, SendsHoweverLate, TrustsNotFound
from tests.faults.simulation import simulate
from tests.faults.verdicts import Tally

ROOT = Path(__file__).parents[2]
CHUNK = 50
NAIVE_SIZE, NAIVE_SEED = 75, 3
NAIVE: tuple[type[Steps], ...] = (RetriesEverything, TrustsNotFound, SendsHoweverLate, GivesUp)
KILLS_A_THOUSAND = 30
STEPS = 28
RAM = Path("/dev/shm")
"""What virtual time writes need not outlive the machine."""

Job = tuple[int, int, Path, type[Steps]]


def main(size: int) -> int:
    """How much is wrong."""
    began_s = time.monotonic()
    killing = start_kills(max(size * KILLS_A_THOUSAND // 1000, 1))
    with tempfile.TemporaryDirectory(dir=RAM if RAM.is_dir() else None) as folder:
        real, *naive = simulations(size, Path(folder))
    told, _ = killing.communicate()
    if killing.returncode:
        return 1
    kills: dict[str, Any] = json.loads(told)
    for line in report(real, naive, kills):
        print(line)
    print(f"{time.monotonic() - began_s:.1f} s")
    print(f"submissions {real.submissions}, paid twice {real.paid_twice}, lost {real.lost}")
    found_out = all(tally.paid_twice + tally.lost for tally in naive)
    return real.paid_twice + real.lost + faults_of(kills) + (not found_out)


def start_kills(random_kills: int) -> subprocess.Popen[str]:
    """Beside the simulation, since it mostly waits."""
    command = [sys.executable, "-m", "tests.faults.kills", str(STEPS), str(random_kills)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)


def simulations(size: int, folder: Path) -> list[Tally]:
    """Of the product, and of each naive way."""
    kinds = (Steps, *NAIVE)
    jobs: list[Job] = [
        (min(CHUNK, size - first), seed, folder, Steps) for seed, first in enumerate(range(0, size, CHUNK))
    ]
    jobs += [(NAIVE_SIZE, NAIVE_SEED, folder, kind) for kind in NAIVE]
    with multiprocessing.get_context("spawn").Pool(os.cpu_count()) as pool:
        tallies = pool.starmap(simulate, jobs, chunksize=1)
    done = [(job[3], tally) for job, tally in zip(jobs, tallies, strict=True)]
    return [sum((tally for made, tally in done if made is kind), Tally()) for kind in kinds]


def report(real: Tally, naive: list[Tally], kills: dict[str, Any]) -> Iterator[str]:
    """The lines before the last one."""
    ends = ", ".join(f"{state} {times}" for state, times in real.ends.most_common())
    yield f"{'':<42} submissions  paid twice  lost"
    yield _line("simulated", real.submissions, real.paid_twice, real.lost)
    for kind, tally in zip(NAIVE, naive, strict=True):
        name = f"simulated, naive: {kind.__name__}"
        yield _line(name, tally.submissions, tally.paid_twice, tally.lost)
    name = f"real process, SIGKILL {kills['kills']} times"
    yield _line(name, kills["submissions"], kills["paid_twice"], kills["lost"])
    yield f"ends: {ends}"
    yield f"databases: {'; '.join(kills['damage']) or 'intact'}"


def faults_of(kills: dict[str, Any]) -> int:
    """What went wrong with the real process."""
    return int(kills["paid_twice"] + kills["lost"] + len(kills["damage"]) + len(kills["missed"]))


def _line(name: str, submissions: int, paid_twice: int, lost: int) -> str:
    return f"{name:<42} {submissions:>11}  {paid_twice:>10}  {lost:>4}"


if __name__ == "__main__":
    sys.exit(min(main(int(sys.argv[1])), 1))
