"""The models that live: state, date and replacement of every model, with the evidence of the table.

Looked up on 27 November 2026. Kling announced in July 2026 that six models retire on 15 September 2026.
Whether CometAPI still serves them is unknown, so they can be chosen all the same, and nobody is led to them.
What a deployment saw itself, and then the public catalogue, outweigh this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kling.prices import price_usd
from kling.rules import CAPABILITIES, DEFAULT_DURATION

LOOKED_UP_ON = date(2026, 11, 27)
"""The date of this table; show every state with it."""
RETIRED_ON = date(2026, 9, 15)
"""The day on which Kling retired six models at the source."""


class ModelState(StrEnum):
    """State of a model at its source."""

    LIVING = "living"
    """Offered by Kling on the day of the table."""
    UNKNOWN = "unknown"
    """Not known here: no state, path or body that anybody has seen at CometAPI."""
    RETIRED = "retired"
    """Retired by Kling; CometAPI may route it elsewhere, or refuse it."""


@dataclass(frozen=True, kw_only=True)
class ModelLife:
    """The state of one model and the evidence for it.

    Attributes:
        model_name: as on the wire.
        state: at Kling.
        retired_on: the day of its retirement; None for a model that was not retired.
        replacement: the model to use instead; None where none is needed or known.
        accepted_on: the last day on which CometAPI is known to have made a video with it.
        refused_on: the day on which this deployment was last told that it is not served.
        evidence: what was seen at CometAPI, one plain sentence with its date.
    """

    model_name: str
    state: ModelState
    retired_on: date | None = None
    replacement: str | None = None
    accepted_on: date | None = None
    refused_on: date | None = None
    evidence: str


def _living(model_name: str, evidence: str, accepted_on: date | None = None) -> ModelLife:
    return ModelLife(
        model_name=model_name, state=ModelState.LIVING, evidence=evidence, accepted_on=accepted_on
    )


def _retired(model_name: str, replacement: str, evidence: str = "Nothing was seen since.") -> ModelLife:
    return ModelLife(
        model_name=model_name,
        state=ModelState.RETIRED,
        retired_on=RETIRED_ON,
        replacement=replacement,
        evidence=evidence,
    )


_MAX_SHOWN_CHARS = 60
_SUCCEEDED_ON = date(2026, 9, 6)
_LIVES = (
    _living("kling-v2-5-turbo", "CometAPI named it among the valid names in September 2026."),
    _living("kling-v2-6", "Tasks ended well on 6 September 2026.", _SUCCEEDED_ON),
    _living("kling-v3", "Tasks ended well on 6 September 2026.", _SUCCEEDED_ON),
    ModelLife(
        model_name="kling-3.0-turbo",
        state=ModelState.UNKNOWN,
        evidence='CometAPI answered "invalid model name" on 6 September 2026, '
        "and announced it on 30 September.",
    ),
    _retired(
        "kling-v2-master",
        "kling-v3",
        "CometAPI's page still advises it; it was accepted in March 2026.",
    ),
    _retired("kling-v2-1-master", "kling-v3"),
    _retired("kling-v1", "kling-v2-6"),
    _retired("kling-v1-5", "kling-v2-6"),
    _retired("kling-v1-6", "kling-v2-6"),
    _retired("kling-v2-1", "kling-v2-6"),
)

MODEL_LIVES: Mapping[str, ModelLife] = {life.model_name: life for life in _LIVES}
"""The state of every model that is known here: living first, then unknown, then retired."""


def model_life(model_name: str) -> ModelLife:
    """The state of a model; a name that stands in no table is unknown."""
    return MODEL_LIVES.get(model_name) or ModelLife(
        model_name=model_name, state=ModelState.UNKNOWN, evidence="Nothing is known of it here."
    )


def short_model_name(model_name: str) -> str:
    """A model's name for the middle of a sentence; a typed one may have any length."""
    return model_name if len(model_name) <= _MAX_SHOWN_CHARS else f"{model_name[:_MAX_SHOWN_CHARS]}…"


def model_names(state: ModelState) -> tuple[str, ...]:
    """The models of one state, in the order of the table."""
    return tuple(life.model_name for life in _LIVES if life.state is state)


def seen_working() -> Mapping[str, date]:
    """The living models that CometAPI is known to have made videos with, and when it last did."""
    return {
        life.model_name: life.accepted_on
        for life in _LIVES
        if life.accepted_on and life.state is ModelState.LIVING
    }


def cheapest_living_model() -> str:
    """The cheapest, by list price, of the living models that CometAPI is known to have made videos with."""
    return min(seen_working(), key=_lowest_price_usd)


def _lowest_price_usd(model_name: str) -> float:
    prices = [
        price_usd(model_name, mode, DEFAULT_DURATION) for mode in CAPABILITIES[model_name].modes or (None,)
    ]
    return min(float(price) for price in prices if price is not None)
