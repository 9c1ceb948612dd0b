"""The one-click repairs of the findings on a draft."""

from collections.abc import Callable, Iterable, Mapping

from kling import Finding
from studio.checks import carrier_checks, drawing_repairs, model_checks, parameter_repairs, picture_repairs
from studio.checks.findings import LocatedFinding, Repair
from studio.request.draft import Draft

__all__ = ["Repair", "repairs"]

_FOR_FIELDS: Mapping[str, Callable[[Draft, Finding], Iterable[Repair]]] = {
    **carrier_checks.BY_RULE,
    **model_checks.BY_RULE,
    **parameter_repairs.BY_RULE,
    **picture_repairs.BY_RULE,
}


def repairs(draft: Draft, findings: Iterable[Finding]) -> tuple[Repair, ...]:
    """The repairs of all these findings, in their order; shared ones at the first."""
    offered: dict[str, Repair] = {}
    for found in findings:
        for repair in _repairs_of(draft, found):
            offered.setdefault(repair.label, repair)
    return tuple(offered.values())


def _repairs_of(draft: Draft, found: Finding) -> Iterable[Repair]:
    offer = drawing_repairs.BY_RULE.get(found.rule)
    if offer and isinstance(found, LocatedFinding) and draft.drawing is not None:
        return offer(draft.drawing, found)
    make = _FOR_FIELDS.get(found.rule)
    return make(draft, found) if make else ()
