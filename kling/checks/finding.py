"""Findings of `check`: the field, the rule, what is wrong, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Severity of a finding: whether one may still send."""

    ERROR = "error"
    """The service would refuse the request, or its task would fail."""
    WARNING = "warning"
    """It may work, or not as meant; nobody here knows."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong with a request.

    Attributes:
        field: the wire path, as in `prompt` or `dynamic_masks[2].trajectories`.
        rule: a stable slug, as in `prompt-too-long`.
        problem: one sentence for people, with the numbers.
        remedy: one sentence: what to do.
        severity: whether it must be fixed before sending.
    """

    field: str
    rule: str
    problem: str
    remedy: str
    severity: Severity = Severity.ERROR


def warning(field: str, rule: str, problem: str, remedy: str) -> Finding:
    """A finding with which one may still send."""
    return Finding(field=field, rule=rule, problem=problem, remedy=remedy, severity=Severity.WARNING)


def error(field: str, rule: str, problem: str, remedy: str) -> Finding:
    """A finding with which nothing may be sent."""
    return Finding(field=field, rule=rule, problem=problem, remedy=remedy)
