"""Rows of the journal's tables: made from what is submitted or found, and read back. Pure."""

import json
from dataclasses import fields
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import Row

from kling import ErrorKind, Task
from studio.journal.create_outcome import MAY_EXIST, CreateOutcome, OutcomeKind
from studio.journal.entry import Entry, NewTask, State, after_look

MICRO = 1_000_000
NO_NOT_FOUNDS = {"not_founds": 0, "last_not_found_at": None}
_ENDED = (State.SUCCEEDED, State.FAILED, State.KEPT)
_COPIED = tuple({field.name for field in fields(Entry)} - {"state", "price_usd", "create_error"})


def new_entry_row(new_task: NewTask, now: datetime) -> dict[str, Any]:
    """A new row in INTENT."""
    request = new_task.request
    price = new_task.price_usd
    return {
        **_new_row(new_task.owner, new_task.service, new_task.key_fingerprint, now),
        "entry_id": new_task.entry_id,
        "click_token": new_task.click_token,
        "external_task_id": new_task.external_task_id,
        "state": State.INTENT,
        "made_elsewhere": False,
        "model_name": request.model_name,
        "mode": request.mode,
        "duration": request.duration,
        "prompt": request.prompt,
        "price_micro_usd": None if price is None else int(price * MICRO),
        "thumbnail": new_task.thumbnail,
        "batch_id": new_task.batch_id,
        "continues_entry_id": new_task.continues_entry_id,
        "created_at": now,
    }


def adopted_row(owner: str, service: str, key_fingerprint: str, task: Task, now: datetime) -> dict[str, Any]:
    """A new row for a task that this app did not make."""
    return {
        **_new_row(owner, service, key_fingerprint, now),
        "made_elsewhere": True,
        "created_at": min(task.created_at or now, now),
        **look_changes(None, task, now),
    }


def look_changes(entry: Entry | None, task: Task, now: datetime) -> dict[str, Any]:
    """The columns that an answer of the service about a task changes; None: a new row."""
    state = after_look(entry.state if entry else State.INTENT, task.status)
    return {
        "state": state,
        "task_id": task.task_id,
        "accepted_at": (entry.accepted_at if entry else None) or now,
        "ended_at": _ended_at(entry, task, now) if state in _ENDED else None,
        "last_look_at": now,
        "retry_at": None,
        "create_error": None,
        "message": _message(entry, task, state),
        "put_aside_at": None if entry is None or _is_over(task, state) else entry.put_aside_at,
        **_charged(task),
    }


def _charged(task: Task) -> dict[str, Any]:
    """The column of what was charged; an answer that says nothing of it leaves what is known."""
    told = {unit: str(amount) for unit, amount in task.charges.items()}
    return {"charged": json.dumps(told)} if told else {}


def _is_over(task: Task, state: State) -> bool:
    """Whether its owner has something to see: a video, or that there will be none."""
    return state is State.FAILED or (state in _ENDED and bool(task.videos))


def _ended_at(entry: Entry | None, task: Task, now: datetime) -> datetime:
    """As the service says, unless that lies before its begin or in the future: then now."""
    known = entry.ended_at if entry and entry.state in _ENDED else None
    began = entry.created_at if entry else task.created_at
    is_sound = task.updated_at and task.updated_at <= now and (began is None or began <= task.updated_at)
    return known or (task.updated_at if is_sound else None) or now


def _message(entry: Entry | None, task: Task, state: State) -> str | None:
    """The reason of a failure; of an open task the service's own word, when it is not known here."""
    if state is State.FAILED:
        return task.status_message or (entry.message if entry else None)
    if task.status_word and state in (State.ACCEPTED, State.RUNNING):
        return f"The service calls its status “{task.status_word}”, which is not known here."
    return None


def read_entry(row: Row[Any]) -> Entry:
    """The record of one row."""
    values = row._mapping  # noqa: SLF001 — SQLAlchemy's public name for it
    micro_usd, create_error = values["price_micro_usd"], values["create_error"]
    return Entry(
        **{name: values[name] for name in _COPIED},
        state=State(values["state"]),
        price_usd=None if micro_usd is None else Decimal(micro_usd) / MICRO,
        create_error=None if create_error is None else ErrorKind(create_error),
    )


def _new_row(owner: str, service: str, key_fingerprint: str, now: datetime) -> dict[str, Any]:
    return {
        "entry_id": uuid4().hex,
        "owner": owner,
        "service": service,
        "key_fingerprint": key_fingerprint,
        "version": 0,
        "attempts": 0,
        "not_founds": 0,
        "state_since": now,
    }


def create_changes(entry: Entry, outcome: CreateOutcome, now: datetime) -> dict[str, Any]:
    """The columns that a create changes which made no known task.

    An entry that was ever sent with an unclear end is never called refused: only a person can tell.
    """
    error = {"create_error": outcome.error_kind, "message": outcome.message}
    if outcome.kind is OutcomeKind.REJECTED and entry.unclear_ends:
        message = f"{MAY_EXIST} (The service: “{outcome.message}”)" if outcome.message else MAY_EXIST
        return {**error, "state": State.NEEDS_PERSON, "next_look_at": None, "message": message}
    if outcome.kind is OutcomeKind.REJECTED:
        return {**error, "state": State.REJECTED, "ended_at": now}
    if outcome.kind is OutcomeKind.BACK_IN_LINE:
        return {**error, "state": State.INTENT, "retry_at": now + timedelta(seconds=outcome.wait_s)}
    is_repetition = outcome.error_kind is ErrorKind.DUPLICATE_EXTERNAL_TASK_ID
    ends = entry.unclear_ends + (2 if is_repetition else 1)
    return {**error, "state": State.UNKNOWN, "next_look_at": now, "unclear_ends": ends, **NO_NOT_FOUNDS}
