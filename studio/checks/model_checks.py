"""Findings on the chosen model: whether it still lives, by the evidence that is known."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from kling import Finding, Severity, capability
from kling.model_lives import ModelLife, ModelState
from kling.rules import DEFAULT_DURATION, sorted_pairs
from studio.checks.findings import Repair
from studio.request.carriers import carrier_of, carrier_sentence
from studio.request.draft import Carrier, Draft

LifeOf = Callable[[str], ModelLife]
"""The state of a model, by its name: the table's, or what this deployment saw itself."""


@dataclass(frozen=True, kw_only=True)
class ModelFinding(Finding):
    """A finding on the chosen model, with the model to use instead; None where none is known."""

    replacement: str | None


def model_findings(draft: Draft, life_of: LifeOf) -> Iterator[Finding]:
    """Warn of a model that was retired at its source; it can be sent all the same."""
    life = life_of(draft.parameters.model_name)
    if life.state is not ModelState.RETIRED:
        return
    yield ModelFinding(
        field="model_name",
        rule="model-retired",
        problem=_gone(life),
        remedy=f"Use {life.replacement} instead." if life.replacement else "Choose another one.",
        severity=Severity.WARNING,
        replacement=life.replacement,
    )


def _gone(life: ModelLife) -> str:
    if life.refused_on:
        return f"The service answered{_on(life.refused_on)} that it does not serve {life.model_name}."
    return f"Kling retired {life.model_name}{_on(life.retired_on)}; CometAPI may not serve it any more."


def _on(day: date | None) -> str:
    return f" on {day.day} {day:%B %Y}" if day else ""


def use_model(draft: Draft, model_name: str) -> Draft:
    """Choose another model for a draft, with the mode and duration that carry its drawing best.

    Nothing of the drawing changes. The mode and the duration stay where the model takes them; a setting that
    it does not take is left out.
    """
    known = capability(model_name)
    if known is None:
        return replace(draft, parameters=replace(draft.parameters, model_name=model_name))
    chosen = draft.parameters
    modes = known.modes or (None,)
    parameters = replace(
        chosen,
        model_name=model_name,
        mode=chosen.mode if chosen.mode in modes else modes[0],
        duration=chosen.duration if chosen.duration in known.durations else DEFAULT_DURATION,
        cfg_scale=chosen.cfg_scale if known.cfg_scale else None,
        carrier=None if chosen.carrier is Carrier.BRUSH and not known.motion_brush else chosen.carrier,
    )
    switched = replace(draft, parameters=parameters)
    return _with_a_frame(switched, known.image_tail)


def _with_a_frame(draft: Draft, pairs: frozenset[tuple[str | None, str]]) -> Draft:
    """Take the mode and duration that send a last frame, where words alone would be sent otherwise."""
    if carrier_of(draft) is not Carrier.WORDS or draft.parameters.carrier is not None:
        return draft
    nearest = sorted(sorted_pairs(pairs), key=lambda pair: pair[1] != draft.parameters.duration)
    for mode, duration in nearest:
        better = replace(draft, parameters=replace(draft.parameters, mode=mode, duration=duration))
        if carrier_of(better) is Carrier.FRAME:
            return better
    return draft


def _replacement_repairs(draft: Draft, found: Finding) -> Iterator[Repair]:
    if isinstance(found, ModelFinding) and found.replacement:
        yield use_instead(draft, found, found.replacement)


def use_instead(draft: Draft, found: Finding, model_name: str) -> Repair:
    """The repair that switches to another model and keeps the drawing."""
    switched = use_model(draft, model_name)
    chosen = switched.parameters
    with_ = " · ".join(part for part in (chosen.mode, f"{chosen.duration} s") if part)
    return Repair(
        finding=found,
        label=f"Use {model_name} instead",
        explanation=f"With {with_}. {carrier_sentence(switched)}".rstrip(),
        apply=lambda draft: use_model(draft, model_name),
    )


BY_RULE: Mapping[str, Callable[[Draft, Finding], Iterator[Repair]]] = {"model-retired": _replacement_repairs}
"""The repairs of each rule on the chosen model."""
