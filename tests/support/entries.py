"""Entries of the journal as they are read, without a journal."""

from typing import Any

from studio.journal.entry import Entry, State
from tests.support.services import NOON


def entry(**fields: Any) -> Entry:
    """One of Ann's, just written down; any field may be given."""
    plain: dict[str, Any] = {
        "entry_id": "e1",
        "owner": "ann",
        "service": "https://far.test",
        "key_fingerprint": "k",
        "external_task_id": "mine-1",
        "task_id": None,
        "state": State.INTENT,
        "version": 0,
        "made_elsewhere": False,
        "model_name": "kling-v1",
        "mode": "std",
        "duration": "5",
        "prompt": "wind",
        "price_usd": None,
        "thumbnail": None,
        "created_at": NOON,
        "state_since": NOON,
        "sent_at": None,
        "accepted_at": None,
        "ended_at": None,
        "attempts": 0,
        "retry_at": None,
        "not_founds": 0,
        "last_not_found_at": None,
        "last_look_at": None,
        "next_look_at": None,
        "create_error": None,
        "message": None,
    }
    return Entry(**{**plain, **fields})
