"""Read what a service says it has charged for a task, where an answer has it.

Neither is on CometAPI's page; Kling's own answers have them, and a gateway may pass them on. None names a
currency, so an amount keeps the word that stands with it:
    billing                  [{"charge_type": "unit", "amount": "3.5", …}, …]
    final_unit_deduction     "3.5": units of a resource pack
    final_balance_deduction  {"quota": "0.35", "list_price": "0.49"}: what is taken from the balance
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from kling.answer_json import read_decimal
from kling.video_places import at_place, opened

UNITS, BALANCE = "units", "balance"
_MOST = Decimal(1_000_000)
_WORD_CHARS = 20
_PLACES = (("final_unit_deduction", UNITS), ("final_balance_deduction.quota", BALANCE))


def read_charges(layers: Sequence[Mapping[str, Any]]) -> Mapping[str, Decimal]:
    """The amount charged in each unit; the innermost layer that tells any. Empty: nothing is told."""
    for layer in reversed(layers):
        told = list(_billed(opened(layer.get("billing")))) or list(_deducted(layer))
        if told:
            return {unit: sum((n for u, n in told if u == unit), Decimal(0)) for unit, _ in told}
    return {}


def _billed(billing: object) -> Iterator[tuple[str, Decimal]]:
    rows = billing if isinstance(billing, list) else [billing]
    for row in rows:
        if isinstance(row, Mapping) and (amount := _amount(row.get("amount"))) is not None:
            word = row.get("charge_type")
            known = word.strip().lower()[:_WORD_CHARS] if isinstance(word, str) and word.strip() else UNITS
            yield UNITS if known == "unit" else known, amount


def _deducted(layer: Mapping[str, Any]) -> Iterator[tuple[str, Decimal]]:
    for place, unit in _PLACES:
        if (amount := _amount(at_place(layer, place))) is not None:
            yield unit, amount


def _amount(value: object) -> Decimal | None:
    """A number from 0 to a million, also as text."""
    amount = read_decimal(value)
    return amount if amount is not None and 0 <= amount <= _MOST else None
