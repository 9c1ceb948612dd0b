"""Variants: several drafts out of one, each with another model, mode, carrier or prompt. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from kling import capability
from kling.model_lives import short_model_name
from studio.request.carriers import carrier_of
from studio.request.draft import Carrier, Draft, Parameters

MOST_VARIANTS = 8
"""As many may be sent together."""


@dataclass(frozen=True, kw_only=True)
class VariantChoice:
    """The values to combine, each list in the order in which it was chosen."""

    models: tuple[str, ...]
    modes: tuple[str, ...]
    # None: the best one that each model takes
    carriers: tuple[Carrier | None, ...]
    prompts: tuple[str, ...]


def variants_of(draft: Draft, choice: VariantChoice) -> tuple[Draft, ...]:
    """Every combination once, the first model's first.

    A model of one quality has no mode, so that it is there once for all modes; so is the best carrier beside
    the same one by name. A guidance that a model does not take is left out. All else stays as in the draft,
    whether or not the model takes it.
    """
    found: dict[Parameters, Draft] = {}
    for parameters in _combined(draft.parameters, choice):
        variant = replace(draft, parameters=parameters)
        found.setdefault(replace(parameters, carrier=carrier_of(variant)), variant)
    return tuple(found.values())


def prompts_of(own: str, typed: str) -> tuple[str, ...]:
    """The draft's own prompt, and each typed line that is not empty; none twice."""
    lines = (line.strip() for line in typed.splitlines())
    return tuple(dict.fromkeys((own, *filter(None, lines))))


def variant_id(external_task_id: str, number: int) -> str:
    """The external task id of a batch's variant: the draft's own for the first one.

    So a second tab with the same draft makes the same ids, and a draft whose id is spent is known by it.

    Args:
        external_task_id: the draft's.
        number: from 0.
    """
    return f"{external_task_id}-{number + 1}" if number else external_task_id


def variant_title(draft: Draft, carrier: Carrier) -> str:
    """The name of a variant: "kling-v2-6 · pro · 5 s · last frame"."""
    chosen = draft.parameters
    parts = (short_model_name(chosen.model_name), chosen.mode, f"{chosen.duration} s", _CARRIERS[carrier])
    return " · ".join(filter(None, parts))


_CARRIERS = {
    Carrier.BRUSH: "motion brush",
    Carrier.FRAME: "last frame",
    Carrier.WORDS: "words only",
    Carrier.NONE: "",
}


def _combined(own: Parameters, choice: VariantChoice) -> Iterator[Parameters]:
    for model, mode, carrier, prompt in product(
        choice.models, choice.modes or (own.mode,), choice.carriers, choice.prompts
    ):
        known = capability(model)
        yield replace(
            own,
            model_name=model,
            mode=mode if known is None or known.modes else None,
            carrier=carrier,
            prompt=prompt,
            cfg_scale=None if known and not known.cfg_scale else own.cfg_scale,
        )
