"""The cap on one person's spending in a day with the deployment's key.

The day is UTC's. A task whose price is not known counts as the dearest that is, so that a name typed by
hand is no way around the cap.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from kling.prices import PRICES_USD
from studio.errors import StudioError

DEAREST_USD = max(Decimal(price) for row in PRICES_USD.values() for price in row)
"""The price that a task of unknown price is counted at."""


class SpendingCapReached(StudioError):
    """This task would go over what one person may spend today."""


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """One person's cap for this UTC day with the deployment's key, and the part that is spent."""

    cap_usd: Decimal
    spent_usd: Decimal

    def words(self, price_usd: Decimal | None) -> str:
        """The sentence about it before a task of this price is sent."""
        left_usd = max(self.cap_usd - self.spent_usd, Decimal(0))
        counts = (
            f" A price that is not known counts as {_words(counted_usd(None))}." if price_usd is None else ""
        )
        return f"You have {_words(left_usd)} left of today's {_words(self.cap_usd)} (UTC).{counts}"


def counted_usd(price_usd: Decimal | None) -> Decimal:
    """The amount that a task of this price counts against the cap, in USD."""
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
        f"One person may spend {_words(cap_usd)} a day here; {_words(spent_usd)} of it is spent, and this "
        f"task's price {counted} {_words(counted_usd(price_usd))}.",
        "Choose a cheaper model, mode or duration if one fits, use a key of your own on the Settings page, "
        "or send it after midnight UTC.",
    )


def _words(usd: Decimal) -> str:
    # no dollar sign: two of them in one text are a formula in Markdown
    return f"{usd:.2f} USD"
