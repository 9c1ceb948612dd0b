"""The proof of "paid once, never lost": `python -m tests.faults SIZE` (`make faults`).

SIZE submissions in virtual time, the naive ways in the same worlds, and the real process killed at every step
and at random moments. The last line counts all that must not be, of both; ends with 1 when a count is not 0.
"""

import logging
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.pool import AsyncResult, Pool
from pathlib import Path

from tests.faults import kills
from tests.faults.naive import NAIVE
from tests.faults.simulation import simulate
from tests.faults.verdicts import Tally

CHUNK = 50
NAIVE_SIZE, NAIVE_SEED = 400, 3
"""At most so many submissions: a naive way is found out after 10 to 40."""
KILLS_A_THOUSAND = 20
PROCESSES_KILLED = 3
RAM = Path("/dev/shm")
"""What virtual time writes need not outlive the machine."""


def main(size: int) -> int:
    """How much is wrong."""
    began_s = time.monotonic()
    with tempfile.TemporaryDirectory(dir=RAM if RAM.is_dir() else None) as folder:
        real, naive, killed = results(size, Path(folder))
    for line in report(real, naive, killed):
        print(line)
    print(f"{time.monotonic() - began_s:.1f} s")
    faults = counts(real, naive, killed)
    print(last_line(real, killed, faults))
    return sum(faults.values())


def results(size: int, folder: Path) -> tuple[Tally, list[Tally], kills.Report]:
    """Of the product in virtual time, of each naive way, and of the real process."""
    processes = PROCESSES_KILLED + 2 * (os.cpu_count() or 1)
    # Forked before this process has any thread: its workers may fork again, and import nothing.
    with multiprocessing.get_context("fork").Pool(processes, logging.disable, (logging.CRITICAL,)) as pool:
        killing = kill_jobs(pool, max(size * KILLS_A_THOUSAND // 1000, 1))
        naive = [
            pool.apply_async(
                simulate,
                (NAIVE_SIZE, NAIVE_SEED, folder, kind),
                {"theme": theme, "until_found_out": True},
            )
            for kind, theme in NAIVE.items()
        ]
        real = [
            pool.apply_async(simulate, (min(CHUNK, size - first), seed, folder))
            for seed, first in enumerate(range(0, size, CHUNK))
        ]
        first, *others = (job.get() for job in killing)
        return sum((job.get() for job in real), Tally()), [job.get() for job in naive], sum(others, first)


def kill_jobs(pool: Pool, random_kills: int) -> list[AsyncResult[kills.Report]]:
    """Several real processes, which mostly wait, and between them every step and all random kills."""
    parts = range(PROCESSES_KILLED)
    return [
        pool.apply_async(
            kills.in_a_folder,
            (kills.STEPS[part::PROCESSES_KILLED], len(range(part, random_kills, PROCESSES_KILLED))),
        )
        for part in parts
    ]


def counts(real: Tally, naive: list[Tally], killed: kills.Report) -> dict[str, int]:
    """All that must not be, of the simulation and of the real process together."""
    return {
        "paid twice": real.paid_twice + killed.paid_twice,
        "lost": real.lost + killed.lost,
        'called "nothing was paid" though paid': real.called_unpaid + killed.called_unpaid,
        "slots held too long": real.waited_too_long,
        "databases damaged": len(killed.damage),
        "steps without a kill": len(killed.missed),
        "naive ways not found out": sum(not tally.faults for tally in naive),
    }


def last_line(real: Tally, killed: kills.Report, faults: dict[str, int]) -> str:
    """The sum of everything."""
    told = ", ".join(f"{name} {count}" for name, count in faults.items())
    longest = f"longest wait behind stuck tasks {real.longest_wait_s:.0f} s"
    return f"simulation {real.submissions} + process {killed.submissions}: {told}, {longest}"


def report(real: Tally, naive: list[Tally], killed: kills.Report) -> Iterator[str]:
    """The lines before the last one."""
    yield f"{'':<42} submissions  paid twice  lost  called unpaid  slots held too long"
    yield _line("simulated", real)
    for kind, tally in zip(NAIVE, naive, strict=True):
        yield _line(f"simulated, naive: {kind.__name__}", tally)
    yield _line(f"real process, SIGKILL {killed.kills} times", killed)
    yield f"ends: {', '.join(f'{state} {times}' for state, times in real.ends.most_common())}"
    yield f"databases: {'; '.join(killed.damage) or 'intact'}"
    if killed.missed:
        yield f"steps at which nothing was killed: {', '.join(killed.missed)}"


def _line(name: str, of: Tally | kills.Report) -> str:
    held = getattr(of, "waited_too_long", "")
    paid = f"{of.submissions:>11}  {of.paid_twice:>10}  {of.lost:>4}  {of.called_unpaid:>13}"
    return f"{name:<42} {paid}  {held:>19}"


if __name__ == "__main__":
    sys.exit(min(main(int(sys.argv[1])), 1))
