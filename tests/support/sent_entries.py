"""Entries in a real journal, as a submit writes them."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from kling import ImageToVideoRequest
from studio.journal.entry import NewTask

FINGERPRINT = "f" * 64


def new_task(owner: str = "ann", price_usd: str | None = "0.56", **fields: Any) -> NewTask:
    """What one person's submit writes; any field may be given."""
    plain: dict[str, Any] = {
        "owner": owner,
        "click_token": uuid4().hex,
        "service": "https://far.example",
        "key_fingerprint": FINGERPRINT,
        "external_task_id": uuid4().hex,
        "request": ImageToVideoRequest(image="aW1n", model_name="kling-v1", prompt="wind in the leaves"),
        "price_usd": None if price_usd is None else Decimal(price_usd),
        "thumbnail": b"JPEG",
    }
    return NewTask(**{**plain, **fields})
