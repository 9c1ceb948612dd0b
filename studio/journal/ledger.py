"""The ledger: what was spent, by day, model, key and person.

Estimates by list prices: what the service has, or may have, is counted at the price that was shown. A failed
or refused task is free, and so is what was never sent. Simulated tasks are counted, and are never money.
What was made elsewhere was not spent here. Charges, apart from the estimates, are what the service says.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, select

from studio.journal.database import Database
from studio.journal.entry import SIMULATOR, State
from studio.journal.rows import MICRO
from studio.journal.schema import entries

_c = entries.c
_FREE = {State.FAILED, State.REJECTED}


class Cost(StrEnum):
    """The ways in which a task counts."""

    ESTIMATED = "estimated"
    """At its list price."""
    FREE = "free"
    """Failed or refused."""
    SIMULATED = "simulated"
    """Never money."""


@dataclass(frozen=True, kw_only=True)
class LedgerLine:
    """One person's tasks of a day with one model and one key."""

    # in UTC
    day: date
    model_name: str
    # of the key that paid; empty on the simulator
    key_fingerprint: str
    # as the database knows its owner
    person: str
    # sent to the service, and neither failed nor refused
    tasks: int = 0
    estimated_usd: Decimal = Decimal(0)
    # of the tasks, those without a known price, which are in no sum
    unpriced: int = 0
    free: int = 0
    simulated: int = 0
    # what the service itself says it has charged, by its own unit; most services say nothing
    charged: Mapping[str, Decimal] = field(default_factory=dict)

    def __add__(self, other: "LedgerLine") -> "LedgerLine":
        """Both together, named as the first."""
        return replace(
            self,
            tasks=self.tasks + other.tasks,
            estimated_usd=self.estimated_usd + other.estimated_usd,
            unpriced=self.unpriced + other.unpriced,
            free=self.free + other.free,
            simulated=self.simulated + other.simulated,
            charged=_sums(self.charged, other.charged),
        )


class Ledger:
    """Reads only. Thread-safe."""

    def __init__(self, store: Database) -> None:
        """Nothing is read yet."""
        self._store = store

    def lines(self, owner: str | None, since: datetime) -> tuple[LedgerLine, ...]:
        """The lines since then, newest day first.

        Args:
            owner: whose; None: everybody's, for the deployment's owner alone.
            since: aware.
        """
        shown = (_c.owner, _c.created_at, _c.model_name, _c.key_fingerprint, _c.service, _c.state)
        query = select(*shown, _c.sent_at, _c.price_micro_usd, _c.charged).where(
            _c.created_at >= since, ~_c.made_elsewhere
        )
        if owner is not None:
            query = query.where(_c.owner == owner)
        with self._store.reading() as connection:
            found = [line for row in connection.execute(query) if (line := _line(row)) is not None]
        return tuple(sorted(merged(found, _place), key=_place, reverse=True))


def merged(lines: Iterable[LedgerLine], key: Callable[[LedgerLine], object]) -> list[LedgerLine]:
    """Lines with the same key as one, in the order of their first."""
    sums: dict[object, LedgerLine] = {}
    for line in lines:
        known = sums.get(key(line))
        sums[key(line)] = line if known is None else known + line
    return list(sums.values())


def total(lines: Iterable[LedgerLine]) -> LedgerLine:
    """All lines as one."""
    nothing = LedgerLine(day=date.min, model_name="", key_fingerprint="", person="")
    return sum(lines, nothing)


def cost_of(state: State, *, is_sent: bool, is_simulated: bool) -> Cost | None:
    """The way in which a task counts; None: not yet, since it waits, or was taken out of the line."""
    if state is State.INTENT or not is_sent:
        return None
    if is_simulated:
        return Cost.SIMULATED
    return Cost.FREE if state in _FREE else Cost.ESTIMATED


def charged_words(charged: Mapping[str, Decimal]) -> str:
    """Charges in words: "3.5 units, 0.70 balance"; empty when nothing is told."""
    return ", ".join(f"{amount.normalize():f} {unit}" for unit, amount in sorted(charged.items()))


def _sums(one: Mapping[str, Decimal], other: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {unit: one.get(unit, Decimal(0)) + other.get(unit, Decimal(0)) for unit in {**one, **other}}


def _place(line: LedgerLine) -> tuple[date, str, str, str]:
    return line.day, line.model_name, line.key_fingerprint, line.person


def _line(row: Row[*tuple[Any, ...]]) -> LedgerLine | None:
    is_simulated = row.service == SIMULATOR
    told = json.loads(row.charged) if row.charged and not is_simulated else {}
    cost = cost_of(State(row.state), is_sent=row.sent_at is not None, is_simulated=is_simulated)
    if cost is None:
        return None
    micro_usd = row.price_micro_usd if cost is Cost.ESTIMATED else 0
    return LedgerLine(
        day=row.created_at.date(),
        model_name=row.model_name or "",
        key_fingerprint="" if is_simulated else row.key_fingerprint,
        person=row.owner,
        tasks=int(cost is Cost.ESTIMATED),
        estimated_usd=Decimal(micro_usd or 0) / MICRO,
        unpriced=int(micro_usd is None),
        free=int(cost is Cost.FREE),
        simulated=int(cost is Cost.SIMULATED),
        charged={unit: Decimal(amount) for unit, amount in told.items()},
    )
