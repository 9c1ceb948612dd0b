"""How much one person may spend in a day with the deployment's key.

The day is UTC's. A task whose price is not known counts as the dearest that is, so that a name typed by
hand is no way around the cap.
"""

from datetime import UTC, datetime
from decimal import Decimal

from kling.prices import PRICES_USD
from studio.errors import StudioError

DEAREST_USD = max(Decimal(price) for row in PRICES_USD.values() for price in row)
"""What a task of unknown price is counted as."""


class SpendingCapReached(StudioError):
    """This task would go over what one person may spend today."""


def counted_usd(price_usd: Decimal | None) -> Decimal:
    """What a task of this price counts as against the cap, in USD."""
    return DEAREST_USD if price_usd is None else price_usd


def day_start(now: datetime) -> datetime:
    """The beginning of the UTC day that holds this aware time."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def check_spending(*, cap_usd: Decimal, spent_usd: Decimal, price_usd: Decimal | None) -> None:
    """Lets a task pass that stays within the cap; exactly reaching it is within.

    Args:
        cap_usd: what one person may spend a day.
        spent_usd: what that person's tasks of this day count as.
        price_usd: the next task's list price; None when it is not known.

    Raises:
        SpendingCapReached: it would go over.
    """
    if spent_usd + counted_usd(price_usd) <= cap_usd:
        return
    counted = "is not known and counts as" if price_usd is None else "is"
    raise SpendingCapReached(
        "This task was not sent: it would go over today's spending cap.",
        f"One person may spend ${cap_usd} a day here; ${spent_usd} of it is spent, and this task's price "
        f"{counted} ${counted_usd(price_usd)}.",
        "Choose a cheaper model, mode or duration, use a key of your own on the Settings page, or send it "
        "after midnight UTC.",
    )
