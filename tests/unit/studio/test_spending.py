"""The cap on what one person spends in a day."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from studio.spending import DEAREST_USD, SpendingCapReached, check_spending, counted_usd, day_start

CAP = Decimal("3.00")


def test_a_task_within_the_cap_passes() -> None:
    """Reaching the cap exactly is within it."""
    check_spending(cap_usd=CAP, spent_usd=Decimal("2.44"), price_usd=Decimal("0.56"))


def test_a_cent_over_the_cap_is_refused_with_the_figures_and_a_way_out() -> None:
    """The refusal says the cap, what is spent, the price, and what to do."""
    with pytest.raises(SpendingCapReached) as refused:
        check_spending(cap_usd=CAP, spent_usd=Decimal("2.45"), price_usd=Decimal("0.56"))
    for part in ("$3.00", "$2.45", "$0.56", "midnight UTC"):
        assert part in str(refused.value)


def test_an_unknown_price_counts_as_the_dearest_known() -> None:
    """A model's name typed by hand is no way around the cap."""
    assert counted_usd(None) == DEAREST_USD == Decimal("2.80")
    with pytest.raises(SpendingCapReached, match="not known and counts as"):
        check_spending(cap_usd=CAP, spent_usd=CAP - DEAREST_USD + Decimal("0.01"), price_usd=None)


def test_a_free_task_passes_even_at_the_cap() -> None:
    """What costs nothing is not held back."""
    check_spending(cap_usd=CAP, spent_usd=CAP, price_usd=Decimal(0))


def test_the_day_is_utc_s() -> None:
    """One o'clock in the morning in the east is still yesterday in UTC."""
    east = datetime(2026, 11, 23, 1, 0, tzinfo=timezone(timedelta(hours=3)))
    assert day_start(east) == datetime(2026, 11, 22, tzinfo=UTC)
