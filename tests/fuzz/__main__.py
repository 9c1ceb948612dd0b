"""Hostile input of every kind for some minutes: `python -m tests.fuzz MINUTES` (`make fuzz`).

Prints a table, and each promise that was broken with the command that breaks it again; ends with 1 then. The
same seed gives the same inputs.
"""

import argparse
import math
import secrets
import sys
from collections.abc import Iterator

from tests.fuzz import browser
from tests.fuzz.campaign import Campaign, Tally
from tests.fuzz.kinds import KINDS

BROWSER = "browser"
"""The kind that is tried in Chromium, on the running app."""
_SHOWN = 20


def main(minutes: float, seed: int, names: tuple[str, ...], only: int | None) -> int:
    """How many promises were broken."""
    print(f"seed {seed}", flush=True)
    titles = f"{'tried':>7} {'not ours':>9} {'slowest s':>10} {'most MB':>8} {'inside':>7}"
    print(f"{'':<10} {titles} {'keys':>5} {'asked':>6}")
    tallies = {}
    for name in names:
        tallies[name] = tallied(name, seed, minutes * 60 / len(names), only)
        print(row(name, tallies[name]), flush=True)
    for line in broken(tallies, seed):
        print(line)
    return sum(len(tally.broken) or not tally.tried for tally in tallies.values())


def tallied(name: str, seed: int, seconds: float, only: int | None) -> Tally:
    """The tally of a kind's inputs, or of the only one."""
    number, most = (0, math.inf) if only is None else (only, 1)
    if name == BROWSER:
        return browser.run(seed, seconds, number, most)
    return Campaign(name=name, seed=seed, kind=KINDS[name], number=number, most=most).run(seconds)


def row(name: str, tally: Tally) -> str:
    """A line of the table; memory is above what the process had before an input."""
    figures = f"{tally.tried:>7} {tally.errors:>9} {tally.slowest_s:>10.2f} {tally.most_memory_mb:>8.0f}"
    outside = f"{tally.connections_inside:>7} {tally.keys_outside:>5} {tally.requests_outside:>6}"
    return f"{name:<10} {figures} {outside}"


def broken(tallies: dict[str, Tally], seed: int) -> Iterator[str]:
    """The first of each kind, with what tries it again."""
    for name, tally in tallies.items():
        if not tally.tried:
            yield f"{name}: nothing was tried"
        for number, promise in tally.broken[:_SHOWN]:
            again = f"python -m tests.fuzz 1 --seed {seed} --kind {name} --only {number}"
            yield f"{name}: {promise}\n    again: {again}".encode("ascii", "backslashreplace").decode()


def arguments() -> argparse.Namespace:
    """As they were given."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("minutes", type=float)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--kind", choices=(*KINDS, BROWSER))
    parser.add_argument("--only", type=int, help="the number of one input")
    return parser.parse_args()


if __name__ == "__main__":
    given = arguments()
    chosen = (given.kind,) if given.kind else (*KINDS, BROWSER)
    sys.exit(min(main(given.minutes, given.seed, chosen, given.only), 1))
