"""Official list prices, from which estimates are made. Failed tasks are free."""

from collections.abc import Mapping
from decimal import Decimal

PRICES_AS_OF = "May 2026"
"""The date of the list; CometAPI said in July 2026 that it charges these. Show every estimate with it."""

PRICES_USD: Mapping[tuple[str, str | None], tuple[str, str]] = {
    ("kling-v1", "std"): ("0.14", "0.28"),
    ("kling-v1", "pro"): ("0.49", "0.98"),
    ("kling-v1-5", "std"): ("0.28", "0.56"),
    ("kling-v1-5", "pro"): ("0.49", "0.98"),
    ("kling-v1-6", "std"): ("0.28", "0.56"),
    ("kling-v1-6", "pro"): ("0.49", "0.98"),
    ("kling-v2-1", "std"): ("0.28", "0.56"),
    ("kling-v2-1", "pro"): ("0.49", "0.98"),
    ("kling-v2-master", None): ("1.40", "2.80"),
    ("kling-v2-1-master", None): ("1.40", "2.80"),
    ("kling-v2-5-turbo", "std"): ("0.21", "0.42"),
    ("kling-v2-5-turbo", "pro"): ("0.35", "0.70"),
    ("kling-v2-6", "std"): ("0.21", "0.42"),
    ("kling-v2-6", "pro"): ("0.35", "0.70"),
    ("kling-v3", "std"): ("0.42", "0.84"),
    ("kling-v3", "pro"): ("0.56", "1.12"),
}
"""(model, mode) → price of 5 s and of 10 s in USD; v2-6 and v3 without sound."""

_COLUMN = {"5": 0, "10": 1}


def price_usd(model_name: str, mode: str | None, duration: str) -> Decimal | None:
    """The list price of one video, None when the list has none.

    A mode left out is the service's default, std, for the models that have modes.
    """
    row = PRICES_USD.get((model_name, mode)) or (
        PRICES_USD.get((model_name, "std")) if mode is None else None
    )
    column = _COLUMN.get(duration)
    return Decimal(row[column]) if row and column is not None else None
