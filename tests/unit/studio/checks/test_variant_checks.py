"""Each variant is composed and checked as a draft of its own."""

from decimal import Decimal

from studio.checks.variant_checks import check_variant
from studio.drawing.model import Layer
from studio.request.draft import Carrier
from tests.support.make import area, draft, ever_living, path

STROKES = (area(Layer.MOTION_1), path(Layer.MOTION_1))


def test_an_invalid_combination_is_there_with_its_reason_and_may_not_be_sent() -> None:
    """kling-v2-6 takes no masks; asked for all the same, it is shown, and only its person leaves it out."""
    wrong = check_variant(draft(*STROKES, model_name="kling-v2-6", carrier=Carrier.BRUSH), ever_living)
    assert not wrong.may_send
    assert "motion-brush-unsupported" in [found.rule for found in wrong.errors]


def test_a_valid_one_has_its_own_carrier_and_price() -> None:
    """As its review alone would show them."""
    right = check_variant(draft(*STROKES), ever_living)
    assert right.may_send
    assert right.errors == ()
    assert (right.title, right.list_price_usd) == ("kling-v1 · std · 5 s · motion brush", Decimal("0.14"))
    assert "model-retired" in [found.rule for found in check_variant(draft(*STROKES)).warnings]
    assert check_variant(draft(model_name="my-model")).list_price_usd is None
