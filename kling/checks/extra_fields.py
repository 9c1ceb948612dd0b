"""Fields that CometAPI's page does not list, as a person types them: the text of one JSON object.

A gateway probably passes them on; nothing here knows what they do. They are sent as typed, never over a field
of ours.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, NoReturn

from kling.answer_json import clean_text
from kling.checks.finding import Finding, error

if TYPE_CHECKING:
    from collections.abc import Iterator

FIELD = "extra_fields"
MAX_BYTES = 10_000
MAX_DEPTH = 20
"""Objects and lists inside each other; far more than any field of Kling's has."""
OUR_FIELDS = frozenset(
    {
        "image",
        "prompt",
        "negative_prompt",
        "callback_url",
        "mode",
        "model_name",
        "image_tail",
        "cfg_scale",
        "duration",
        "static_mask",
        "dynamic_masks",
        "external_task_id",
    }
)
_EXAMPLE = 'Write an object such as {"sound": "off"}, or leave it empty.'


class _Unusable(ValueError):
    """The text cannot be sent; the finding says why."""

    def __init__(self, rule: str, problem: str, remedy: str = _EXAMPLE) -> None:
        self.finding = error(FIELD, f"extra-fields-{rule}", f"The extra fields {problem}.", remedy)
        super().__init__(problem)


def read_extra_fields(text: str) -> dict[str, Any]:
    """The fields to send; none where the text may not be sent (`extra_findings` says why)."""
    try:
        return _read(text)
    except _Unusable:
        return {}


def extra_findings(text: str) -> Iterator[Finding]:
    """The first reason why the text may not be sent."""
    try:
        _read(text)
    except _Unusable as unusable:
        yield unusable.finding


def _read(text: str) -> dict[str, Any]:
    if not text.strip():
        return {}
    size = len(text.encode("utf-8", "replace"))
    if size > MAX_BYTES:
        raise _Unusable("too-large", f"have {size:,} bytes; at most {MAX_BYTES:,} are sent", "Shorten them.")
    found = _parse(text)
    if not isinstance(found, dict):
        raise _Unusable("no-object", "are no JSON object")
    if ours := sorted(found.keys() & OUR_FIELDS):
        raise _Unusable("ours", f"name “{ours[0]}”, which this page sends itself", "Choose it on the page.")
    if _depth_exceeds(found, MAX_DEPTH):
        raise _too_deep()
    return found


def _parse(text: str) -> object:
    try:
        return json.loads(
            text, object_pairs_hook=_without_twins, parse_constant=_refuse_constant, parse_float=_finite
        )
    except json.JSONDecodeError as broken:
        place = f"line {broken.lineno}, column {broken.colno}"
        raise _Unusable("no-json", f"are no JSON: {broken.msg} at {place}") from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError as wrong:  # a whole number of more than 4,300 digits
        if isinstance(wrong, _Unusable):
            raise
        raise _not_a_number(str(wrong)[:40]) from None


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twin = next(name for name in names if names.count(name) > 1)
        raise _Unusable("twice", f"name “{clean_text(twin)[:60]}” twice", "Leave one of them.")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise _not_a_number(name)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise _not_a_number(digits[:40])
    return number


def _not_a_number(text: str) -> _Unusable:
    return _Unusable("not-a-number", f"hold {text}, which is no number in JSON", "Write a finite number.")


def _too_deep() -> _Unusable:
    problem = f"are nested more than {MAX_DEPTH} deep"
    return _Unusable("too-deep", problem, "Write them flatter.")


def _depth_exceeds(value: object, depth: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    if inner is None:
        return False
    return depth == 0 or any(_depth_exceeds(one, depth - 1) for one in inner)
