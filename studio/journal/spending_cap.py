"""The cap on one person's spending in a day with the deployment's key.

The day is UTC's. A task whose price is not known counts as the dearest that is, so that a name typed by
hand is no way around the cap.
"""

from collections.abc import Sequence
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


def check_spending(*, cap_usd: Decimal, spent_usd: Decimal, prices_usd: Sequence[Decimal | None]) -> None:
    """Lets tasks pass that stay within the cap together; exactly reaching it is within.

    Args:
        cap_usd: what one person may spend a day.
        spent_usd: what that person's tasks of this day count as.
        prices_usd: the list price of each next task; None where it is not known.

    Raises:
        SpendingCapReached: they would go over.
    """
    together_usd = sum(map(counted_usd, prices_usd), Decimal(0))
    if spent_usd + together_usd <= cap_usd:
        return
    raise SpendingCapReached(
        f"{_not_sent(len(prices_usd))} would go over today's spending cap.",
        f"One person may spend {_words(cap_usd)} a day here; {_words(spent_usd)} of it is spent, and "
        f"{_price(prices_usd)} {_words(together_usd)}.",
        "Choose a cheaper model, mode or duration if one fits, use a key of your own on the Settings page, "
        f"or send {'it' if len(prices_usd) == 1 else 'fewer, or the rest'} after midnight UTC.",
    )


def _not_sent(tasks: int) -> str:
    return (
        "This task was not sent: it" if tasks == 1 else f"None of these {tasks} tasks was sent: together they"
    )


def _price(prices_usd: Sequence[Decimal | None]) -> str:
    if len(prices_usd) == 1:
        return f"this task's price {'is not known and counts as' if None in prices_usd else 'is'}"
    unknown = prices_usd.count(None)
    counted = f", of which {unknown} {'is' if unknown == 1 else 'are'} not known," if unknown else ""
    return f"their prices{counted} come to"


def _words(usd: Decimal) -> str:
    # no dollar sign: two of them in one text are a formula in Markdown
    return f"{usd:.2f} USD"
