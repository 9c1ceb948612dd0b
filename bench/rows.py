"""One measured figure, as every bench gives it."""

import time
from collections.abc import Callable
from typing import TypedDict


class Row(TypedDict):
    """A line of the table and an entry of bench-results.json."""

    name: str
    value: float
    unit: str
    # to the floor measured in the same run; None for a figure that is compared with nothing
    ratio: float | None
    # the highest ratio that is good enough; None without a promise
    target: float | None
    # the highest value that is good enough, in the row's unit; None without a promise
    limit: float | None
    passed: bool | None


def row(
    name: str,
    value: float,
    unit: str,
    *,
    ratio: float | None = None,
    target: float | None = None,
    limit: float | None = None,
) -> Row:
    """The figure, rounded for reading, and whether it keeps its promises."""
    kept = [ratio <= target] if ratio is not None and target is not None else []
    kept += [value <= limit] if limit is not None else []
    return Row(
        name=name,
        value=round(value, 3),
        unit=unit,
        ratio=None if ratio is None else round(ratio, 2),
        target=target,
        limit=limit,
        passed=all(kept) if kept else None,
    )


def timed_s(work: Callable[[], object]) -> float:
    """Seconds that a piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
