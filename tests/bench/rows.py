"""One measured figure, as every bench gives it."""

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
    passed: bool | None


def row(
    name: str, value: float, unit: str, *, ratio: float | None = None, target: float | None = None
) -> Row:
    """The figure, rounded for reading, and whether it keeps its promise."""
    passed = None if target is None or ratio is None else ratio <= target
    shown = None if ratio is None else round(ratio, 2)
    return Row(name=name, value=round(value, 3), unit=unit, ratio=shown, target=target, passed=passed)
