"""Which models live at a service, by three kinds of evidence: what this deployment saw, a catalogue, a table.

What this deployment saw itself outweighs the rest: a create of a model that was accepted, or refused because
the model is not served; the newest wins. The public catalogue adds a listing and a price. The table of
`kling.model_lives` says the rest, with its dates.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from kling.model_lives import (
    LOOKED_UP_ON,
    MODEL_LIVES,
    ModelLife,
    ModelState,
    cheapest_living_model,
    model_life,
)
from kling.prices import PRICES_AS_OF, price_usd
from kling.rules import CAPABILITIES, DEFAULT_DURATION
from studio.journal.queries import JournalQueries, ModelSighting
from studio.service.catalogue import Catalogue, Listing
from studio.service.endpoint import ServiceEndpoint

READ_EVERY_S = 10.0
"""How long what was read of the journal is kept: a page asks at each stroke."""
SIMULATORS_DEFAULT = "kling-v1"
"""Does the motion brush at the lowest price: what a newcomer wants to try first."""


@dataclass(frozen=True, kw_only=True)
class ModelEvidence:
    """The evidence on one model at one service.

    Attributes:
        life: its state, with what this deployment saw taken in.
        seen: the newest that this deployment saw itself; None for nothing.
        listing: its row in the public catalogue; None where it is not listed, which tells nothing.
    """

    life: ModelLife
    seen: ModelSighting | None = None
    listing: Listing | None = None

    @property
    def is_good(self) -> bool:
        """Whether it lives, and a create of it was accepted, here or as far as the table knows."""
        return self.life.state is ModelState.LIVING and self.life.accepted_on is not None

    @property
    def words(self) -> str:
        """All evidence in sentences, the strongest first."""
        sentences = [_seen_words(self.seen)] if self.seen else []
        if self.listing:
            sentences.append(f"{_listed_when(self.listing, 'Today', 'On')} {self.listing.words}.")
        return " ".join([*sentences, MODEL_LIVES.get(self.life.model_name, self.life).evidence])

    @property
    def price_words(self) -> str:
        """The price of a video of five seconds as far as it is known, with its source."""
        if self.listing and self.listing.price_usd is not None:
            listed = f"listed {_listed_when(self.listing, 'today', 'on')}"
            return f"${self.listing.price_usd:f} {self.listing.unit}, {listed}"
        price = _lowest_price_usd(self.life.model_name)
        return "not known" if price is None else f"from ${price} for 5 s ({PRICES_AS_OF})"


@dataclass(frozen=True, kw_only=True)
class ModelTable:
    """The evidence on every model at one service."""

    is_simulated: bool
    rows: Mapping[str, ModelEvidence]

    def evidence(self, model_name: str) -> ModelEvidence:
        """The evidence on a model; of a name that stands nowhere, that it is unknown."""
        return self.rows.get(model_name) or ModelEvidence(life=model_life(model_name))

    def life_of(self, model_name: str) -> ModelLife:
        """Its state, for the checks."""
        return self.evidence(model_name).life

    @property
    def listed(self) -> Mapping[str, ModelEvidence]:
        """The models of the table, for everybody to see; a name that a person typed is theirs."""
        return {name: self.rows[name] for name in MODEL_LIVES}

    @property
    def default_model(self) -> str:
        """The first choice: the cheapest living model with good evidence; on the simulator the brush."""
        if self.is_simulated:
            return SIMULATORS_DEFAULT
        return _cheapest_good(self.rows.values()) or cheapest_living_model()


def model_table(
    sightings: Mapping[str, ModelSighting], listings: Mapping[str, Listing], *, is_simulated: bool
) -> ModelTable:
    """Weigh the evidence: what was seen here over the table; listings beside it."""
    rows = {
        name: ModelEvidence(
            life=_with_sighting(model_life(name), sightings.get(name)),
            seen=sightings.get(name),
            listing=listings.get(name),
        )
        for name in (*MODEL_LIVES, *(name for name in sightings if name not in MODEL_LIVES))
    }
    instead = _cheapest_good(rows.values())
    rows = {name: _with_replacement(row, instead) for name, row in rows.items()}
    return ModelTable(is_simulated=is_simulated, rows=rows)


class ModelKnowledge:
    """The evidence of this deployment on models, read anew every few seconds. Thread-safe."""

    def __init__(
        self,
        queries: JournalQueries,
        catalogue: Catalogue,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Of one journal and one catalogue."""
        self._queries, self._catalogue, self._clock_s = queries, catalogue, clock_s
        self._kept: dict[str, tuple[float, Mapping[str, ModelSighting]]] = {}
        self._lock = threading.Lock()

    def table(self, endpoint: ServiceEndpoint) -> ModelTable:
        """All that is known of the models of a service."""
        sightings = self._sightings(endpoint.journal_name)
        listings = self._catalogue.listings(endpoint.base_url)
        return model_table(sightings, listings, is_simulated=endpoint.simulated)

    def _sightings(self, service: str) -> Mapping[str, ModelSighting]:
        with self._lock:
            read_at_s, found = self._kept.get(service, (None, {}))
            if read_at_s is None or self._clock_s() - read_at_s >= READ_EVERY_S:
                found = self._queries.model_sightings(service)
                self._kept[service] = self._clock_s(), found
            return found


def _with_sighting(life: ModelLife, seen: ModelSighting | None) -> ModelLife:
    if seen is None:
        return life
    if seen.accepted:
        return replace(life, state=ModelState.LIVING, accepted_on=seen.at.date())
    return replace(life, state=ModelState.RETIRED, refused_on=seen.at.date())


def _with_replacement(row: ModelEvidence, instead: str | None) -> ModelEvidence:
    """Give a refused model another one to use; the table's own may be refused too."""
    if row.life.refused_on is None:
        return row
    return replace(row, life=replace(row.life, replacement=instead))


def _cheapest_good(rows: Iterable[ModelEvidence]) -> str | None:
    """The cheapest model whose evidence is good and whose price is known; None where there is none."""
    prices = {row.life.model_name: _lowest_price_usd(row.life.model_name) for row in rows if row.is_good}
    known = {name: price for name, price in prices.items() if price is not None}
    return min(known, key=known.__getitem__, default=None)


def _lowest_price_usd(model_name: str) -> Decimal | None:
    known = CAPABILITIES.get(model_name)
    modes = (known.modes if known else ()) or (None,)
    prices = [price_usd(model_name, mode, DEFAULT_DURATION) for mode in modes]
    return min((price for price in prices if price is not None), default=None)


def _seen_words(seen: ModelSighting) -> str:
    return f"{'Accepted' if seen.accepted else 'Refused as not served'} here on {date_words(seen.at)}."


def _listed_when(listing: Listing, today: str, on: str) -> str:
    """The day of a listing: the word for today, or "on 27 November 2026" with this "on"."""
    return today if listing.listed_on is None else f"{on} {date_words(listing.listed_on)}"


def date_words(day: date | datetime) -> str:
    """A day for a person: "27 November 2026"."""
    return f"{day.day} {day:%B %Y}"


TABLE_DATE = f"The table was looked up on {date_words(LOOKED_UP_ON)}."
