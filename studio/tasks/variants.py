"""A batch: variants that are sent together, each as a task of its own. Pure."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kling import ImageToVideoRequest
from studio.journal.entry import NewTask
from studio.request.draft import Draft
from studio.request.variants import variant_id


@dataclass(frozen=True, kw_only=True)
class BatchPrice:
    """The list prices of a batch together."""

    known_usd: Decimal
    # how many of them are not known
    unknown: int

    @property
    def words(self) -> str:
        """The sum for the middle of a sentence; no dollar sign, which Markdown takes for a formula."""
        sum_ = f"{self.known_usd:.2f} USD"
        return f"{sum_} and {self.unknown} whose price is not known here" if self.unknown else sum_


def batch_price(prices_usd: Sequence[Decimal | None]) -> BatchPrice:
    """The sum of list prices, and how many are missing in it."""
    known = [price for price in prices_usd if price is not None]
    return BatchPrice(known_usd=sum(known, Decimal(0)), unknown=len(prices_usd) - len(known))


def numbered(
    variants: Sequence[tuple[ImageToVideoRequest, Draft]], external_task_id: str
) -> Iterator[tuple[ImageToVideoRequest, Draft]]:
    """The requests and drafts of a batch, each with its own external task id.

    Args:
        variants: as they were composed, all with the draft's own id.
        external_task_id: the draft's.
    """
    for number, (request, draft) in enumerate(variants):
        own = variant_id(external_task_id, number)
        parameters = replace(draft.parameters, external_task_id=own)
        yield replace(request, external_task_id=own), replace(draft, parameters=parameters)


def as_batch(new_tasks: Sequence[NewTask]) -> tuple[NewTask, ...]:
    """Tasks of one click with a token of their own each, and a name that they share.

    The first keeps the click's token: by it the journal knows a click of before.
    """
    batch_id = hashlib.sha256(f"batch\n{new_tasks[0].click_token}".encode()).hexdigest()[:32]
    return tuple(
        replace(new, batch_id=batch_id, click_token=_token(new.click_token, number))
        for number, new in enumerate(new_tasks)
    )


def _token(click_token: str, number: int) -> str:
    if not number:
        return click_token
    return hashlib.sha256(f"{click_token}\n{number}".encode()).hexdigest()
