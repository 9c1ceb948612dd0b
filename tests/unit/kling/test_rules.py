"""Capabilities, prices and limits against an independent copy of the contract's tables."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kling import CAPABILITIES, PRICES_AS_OF, brush_models, capability, price_usd, rules
from kling.prices import PRICES_USD

TABLE = """
kling-v1          | std pro | std 5, pro 5                    | std 5, pro 5 | yes
kling-v1-5        | std pro | pro 5, pro 10                   | pro 5        | yes
kling-v1-6        | std pro | pro 5, pro 10                   | no           | yes
kling-v2-master   | no      | no                              | no           | no
kling-v2-1        | std pro | pro 5, pro 10                   | no           | no
kling-v2-1-master | no      | no                              | no           | no
kling-v2-5-turbo  | std pro | pro 5, pro 10                   | no           | no
kling-v2-6        | std pro | pro 5, pro 10                   | no           | no
kling-v3          | std pro | std 5, std 10, pro 5, pro 10    | no           | unknown
"""
ROWS = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()]
ANSWERS = {"yes": True, "no": False, "unknown": None}


def pairs(cell: str) -> frozenset[tuple[str, ...]]:
    """`"std 5, pro 5"` as a set of (mode, duration)."""
    return frozenset(tuple(text.split()) for text in cell.split(",")) if cell != "no" else frozenset()


def test_the_capability_table_has_the_contract_s_models_in_its_order() -> None:
    """Contract, capability table: nine rows."""
    assert list(CAPABILITIES) == [row[0] for row in ROWS]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_model_can_what_its_row_says(row: list[str]) -> None:
    """Contract, capability table: each cell."""
    name, modes, tail, brush, cfg_scale = row
    known = capability(name)
    assert known is not None
    assert known.durations == ("5", "10")
    assert known.modes == (() if modes == "no" else tuple(modes.split()))
    assert known.image_tail == pairs(tail)
    assert known.motion_brush == pairs(brush)
    assert known.cfg_scale is ANSWERS[cfg_scale]


def test_a_name_that_is_not_in_the_table_has_no_row() -> None:
    """Users may type another name."""
    assert capability("kling-v9") is None


def test_the_models_with_the_motion_brush_come_cheapest_first() -> None:
    """Contract: what did the drawing needs, and what it costs."""
    assert brush_models() == (("kling-v1", "std", "5"), ("kling-v1", "pro", "5"), ("kling-v1-5", "pro", "5"))
    prices = [price_usd(*offer) for offer in brush_models()]
    assert prices == sorted(prices, key=lambda price: price or 0)


PRICES = [
    ("kling-v1", "std", ".14", ".28"),
    ("kling-v1", "pro", ".49", ".98"),
    *[(model, "std", ".28", ".56") for model in ("kling-v1-5", "kling-v1-6", "kling-v2-1")],
    *[(model, "pro", ".49", ".98") for model in ("kling-v1-5", "kling-v1-6", "kling-v2-1")],
    *[(model, None, "1.40", "2.80") for model in ("kling-v2-master", "kling-v2-1-master")],
    *[(model, "std", ".21", ".42") for model in ("kling-v2-5-turbo", "kling-v2-6")],
    *[(model, "pro", ".35", ".70") for model in ("kling-v2-5-turbo", "kling-v2-6")],
    ("kling-v3", "std", ".42", ".84"),
    ("kling-v3", "pro", ".56", "1.12"),
]


@pytest.mark.parametrize(("model", "mode", "five", "ten"), PRICES)
def test_a_price_is_that_of_the_list(model: str, mode: str | None, five: str, ten: str) -> None:
    """Contract, price: 5 s and 10 s, in exact cents."""
    assert price_usd(model, mode, "5") == Decimal(five)
    assert price_usd(model, mode, "10") == Decimal(ten)


def test_every_model_mode_and_duration_of_the_table_has_a_price() -> None:
    """Completeness: no estimate is missing, and none is for a model that is not there."""
    offered = {(row.model_name, mode) for row in CAPABILITIES.values() for mode in row.modes or (None,)}
    assert offered == set(PRICES_USD)
    assert len(PRICES) == len(PRICES_USD)


def test_no_mode_means_the_service_s_default() -> None:
    """Contract: std is the default."""
    assert price_usd("kling-v1", None, "5") == Decimal("0.14")


@pytest.mark.parametrize(
    "choice", [("kling-v9", "std", "5"), ("kling-v1", "max", "5"), ("kling-v1", "std", "7")]
)
def test_what_the_list_does_not_name_has_no_price(choice: tuple[str, str, str]) -> None:
    """No invented estimate."""
    assert price_usd(*choice) is None


def test_the_estimate_has_a_date() -> None:
    """Contract: show every estimate with its date."""
    assert PRICES_AS_OF == "May 2026"


def test_the_limits_are_the_contract_s() -> None:
    """Contract, create: each number."""
    assert (rules.MAX_PROMPT_CHARS, rules.MAX_NEGATIVE_PROMPT_CHARS) == (500, 200)
    assert (rules.MAX_IMAGE_BYTES, rules.MIN_IMAGE_SIDE_PX, rules.MAX_ASPECT_RATIO) == (10_000_000, 300, 2.5)
    assert (rules.MIN_CFG_SCALE, rules.DEFAULT_CFG_SCALE, rules.MAX_CFG_SCALE) == (0, 0.5, 1)
    assert (rules.MODES, rules.DEFAULT_MODE) == (("std", "pro"), "std")
    assert (rules.DURATIONS, rules.DEFAULT_DURATION) == (("5", "10"), "5")
    assert rules.MAX_DYNAMIC_MASKS == 6
    assert (rules.MIN_TRAJECTORY_POINTS, rules.MAX_TRAJECTORY_POINTS) == (2, 77)


def test_white_is_painted_and_white_is_frozen() -> None:
    """Contract: the colours are one named constant each."""
    assert (rules.MASK_PAINTED, rules.MASK_REST) == (255, 0)
