"""Differences between tasks, and nothing else."""

from decimal import Decimal

from studio.drawing.model import Layer
from studio.films.differences import MAX_CHARS, NOTHING, differences
from tests.support.make import area, draft, entry


def test_only_what_differs_is_listed_in_the_order_of_the_page() -> None:
    """A task without the value has a dash."""
    one = entry(model_name="kling-v1", prompt="wind", price_usd=Decimal("0.13"))
    two = entry(model_name="kling-v3", prompt="wind", price_usd=None)
    found = differences([(one, draft(area(Layer.STATIC))), (two, draft(negative_prompt="blur"))])
    assert [(row.name, row.values) for row in found] == [
        ("Model", ("kling-v1", "kling-v3")),
        ("Not wanted", (NOTHING, "blur")),
        ("Drawing", ("1 layer, 1 stroke", NOTHING)),
        ("Price", ("0.13 USD", NOTHING)),
    ]


def test_equal_tasks_have_none() -> None:
    """Also where no recipe is kept."""
    assert differences([(entry(), None), (entry(), None)]) == ()


def test_a_long_text_is_cut() -> None:
    """A table is for looking at."""
    (row,) = differences([(entry(prompt="a" * 9_000), None), (entry(prompt=""), None)])
    assert row.values == ("a" * MAX_CHARS + " …", NOTHING)
