"""Many people on the app at once: `python -m tests.load` (`make load`).

Prints a table of what was promised and what was measured; ends with 1 where a target is missed.
"""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator

from tests.load.crowd import AWAY_RATIO, MOST_MB, P95_S, Outcome, Plan, percentile, run

_SHOWN = 10


def main(plan: Plan) -> int:
    """Print the table; returns the number of targets that were missed."""
    outcome = run(plan)
    for line in table(outcome, plan):
        print(line)
    missed = list(outcome.missed())
    print(f"missed: {', '.join(missed)}" if missed else "all targets are met")
    return len(missed)


def table(outcome: Outcome, plan: Plan) -> Iterator[str]:
    """The lines of it, errors last."""
    cores, load = os.cpu_count(), os.getloadavg()[1]
    people = f"{plan.people} people for {plan.work_s / 60:g} min, {outcome.tasks} tasks"
    yield f"{people}; {cores} cores, load {load:.1f}"
    yield f"{'':<34} {'measured':>10} {'target':>9}"
    yield _line(
        "95 of 100 reruns are faster than", f"{outcome.p95_s * 1000:.0f} ms", f"{P95_S * 1000:.0f} ms"
    )
    for name, seconds in sorted(outcome.reruns_s.items()):
        half, most = percentile(seconds, 50) * 1000, percentile(seconds, 95) * 1000
        yield _line(f"  {name} ({len(seconds)})", f"{most:.0f} ms", f"p50 {half:.0f} ms")
    yield _line("errors", str(len(outcome.errors)), "0")
    yield _line("memory at the first page", f"{outcome.start_mb:.0f} MB")
    yield _line("most memory", f"{outcome.most_mb:.0f} MB", f"{MOST_MB:.0f} MB")
    yield _line("memory as they left", f"{outcome.end_mb:.0f} MB")
    after = f"memory {plan.away_s / 60:g} min later"
    yield _line(after, f"{outcome.away_mb:.0f} MB", f"{AWAY_RATIO * outcome.start_mb:.0f} MB")
    for error, times in Counter(outcome.errors).most_common(_SHOWN):
        yield f"{times} × {' '.join(error.split())[:200]}"


def _line(what: str, measured: str, target: str = "") -> str:
    return f"{what:<34} {measured:>10} {target:>10}".rstrip()


def plan_given() -> Plan:
    """As it was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.load")
    parser.add_argument("--people", type=int, default=Plan.people)
    parser.add_argument("--minutes", type=float, default=Plan.work_s / 60, help="for which they work")
    parser.add_argument("--away", type=float, default=Plan.away_s / 60, help="minutes after they have left")
    given = parser.parse_args()
    return Plan(people=given.people, work_s=given.minutes * 60, away_s=given.away * 60)


if __name__ == "__main__":
    sys.exit(min(main(plan_given()), 1))
