"""Charges as a service tells them: three shapes, and nothing made up."""

from decimal import Decimal
from typing import Any

import pytest

from kling.charges import read_charges
from kling.task_json import read_task

FOUND: list[tuple[dict[str, Any], dict[str, Decimal]]] = [
    ({"final_unit_deduction": "3.5"}, {"units": Decimal("3.5")}),
    ({"final_unit_deduction": 0}, {"units": Decimal(0)}),
    ({"final_balance_deduction": {"quota": "0.35", "list_price": "0.49"}}, {"balance": Decimal("0.35")}),
    (
        {"billing": [{"charge_type": "unit", "amount": "2"}, {"charge_type": "unit", "amount": 1.5}]},
        {"units": Decimal("3.5")},
    ),
    ({"billing": {"charge_type": " Cash ", "amount": "0.7"}}, {"cash": Decimal("0.7")}),
    ({"billing": '[{"amount": "2"}]'}, {"units": Decimal(2)}),
]


@pytest.mark.parametrize(("told", "charges"), FOUND)
def test_each_shape_keeps_its_own_unit(told: dict[str, Any], charges: dict[str, Decimal]) -> None:
    """None of them names a currency."""
    assert read_charges([told]) == charges
    data = {"task_id": "t1", "task_status": "succeed", **told}
    assert read_task({"code": 0, "data": data}).charges == charges


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"final_unit_deduction": "string"},
        {"final_unit_deduction": True},
        {"final_unit_deduction": "-1"},
        {"final_unit_deduction": "NaN"},
        {"final_balance_deduction": "0.35"},
        {"billing": [None, 3, {"amount": "1e9"}]},
        {"billing": "…"},
    ],
)
def test_anything_else_is_no_charge(told: dict[str, Any]) -> None:
    """Unknown is not zero."""
    assert read_charges([told]) == {}


def test_the_innermost_object_counts() -> None:
    """A wrapper around Kling's own has other numbers."""
    assert read_charges([{"final_unit_deduction": "9"}, {"final_unit_deduction": "1"}]) == {
        "units": Decimal(1)
    }
