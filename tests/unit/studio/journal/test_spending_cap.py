"""The cap on what one person spends in a day."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from studio.journal.spending_cap import (
    DEAREST_USD,
    Allowance,
    SpendingCapReached,
    check_spending,
    counted_usd,
    day_start,
)

CAP = Decimal("3.00")


def test_a_task_within_the_cap_passes() -> None:
    """Reaching the cap exactly is within it."""
    check_spending(cap_usd=CAP, spent_usd=Decimal("2.44"), prices_usd=[Decimal("0.56")])


def test_a_cent_over_the_cap_is_refused_with_the_figures_and_a_way_out() -> None:
    """The refusal says the cap, what is spent, the price, and what to do."""
    with pytest.raises(SpendingCapReached) as refused:
        check_spending(cap_usd=CAP, spent_usd=Decimal("2.45"), prices_usd=[Decimal("0.56")])
    for part in ("3.00 USD", "2.45 USD", "0.56 USD", "midnight UTC"):
        assert part in str(refused.value)


def test_an_unknown_price_counts_as_the_dearest_known() -> None:
    """A model's name typed by hand is no way around the cap."""
    assert counted_usd(None) == DEAREST_USD == Decimal("2.80")
    with pytest.raises(SpendingCapReached, match="not known and counts as"):
        check_spending(cap_usd=CAP, spent_usd=CAP - DEAREST_USD + Decimal("0.01"), prices_usd=[None])


def test_several_tasks_count_together() -> None:
    """Two that would each pass alone are refused together, with their sum and without a task of them sent."""
    two = [Decimal("0.56"), Decimal("0.56")]
    check_spending(cap_usd=CAP, spent_usd=Decimal("1.88"), prices_usd=two)
    with pytest.raises(SpendingCapReached, match=r"None of these 2 tasks .* prices come to 1\.12 USD"):
        check_spending(cap_usd=CAP, spent_usd=Decimal("1.89"), prices_usd=two)
    with pytest.raises(SpendingCapReached, match=r"of which 1 is not known, come to 3\.36 USD"):
        check_spending(cap_usd=CAP, spent_usd=Decimal(0), prices_usd=[None, Decimal("0.56")])


def test_a_free_task_passes_even_at_the_cap() -> None:
    """What costs nothing is not held back."""
    check_spending(cap_usd=CAP, spent_usd=CAP, prices_usd=[Decimal(0)])


def test_the_day_is_utc_s() -> None:
    """One o'clock in the morning in the east is still yesterday in UTC."""
    east = datetime(2026, 11, 23, 1, 0, tzinfo=timezone(timedelta(hours=3)))
    assert day_start(east) == datetime(2026, 11, 22, tzinfo=UTC)


def test_what_is_left_is_said_before_sending() -> None:
    """Never less than nothing, and with what an unknown price counts as."""
    left = Allowance(cap_usd=CAP, spent_usd=Decimal("2.44"))
    assert left.words(Decimal("0.56")) == "You have 0.56 USD left of today's 3.00 USD (UTC)."
    assert "counts as 2.80 USD" in left.words(None)
    assert "0.00 USD left" in Allowance(cap_usd=CAP, spent_usd=Decimal(4)).words(None)


def test_no_text_about_money_turns_into_a_formula() -> None:
    """Markdown takes what stands between two dollar signs for mathematics."""
    with pytest.raises(SpendingCapReached) as refused:
        check_spending(cap_usd=CAP, spent_usd=CAP, prices_usd=[None])
    assert "$" not in str(refused.value) + Allowance(cap_usd=CAP, spent_usd=CAP).words(None)
