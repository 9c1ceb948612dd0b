"""The last good catalogue of the deployment's service, kept in its database for the next start.

One value, written like a catalogue itself and read by the same tolerant reader: the rows that name one of
Kling's models, with their day and their service. The simulator's is not kept: its address is another one
after every start. A value that is absent, damaged or of another service is none.
"""

import json
import logging
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from studio.journal.deployment import DeploymentValues
from studio.service.catalogue import UNITS, Listing, NoCatalogue, Reading, read_catalogue

NAME = "catalogue"
"""Of the value in the database."""
_FIELDS = {unit: field for field, unit in UNITS.items()}

log = logging.getLogger(__name__)


class KeptCatalogue:
    """The kept catalogue of one service. Thread-safe."""

    def __init__(self, values: DeploymentValues, base_url: str) -> None:
        self._values, self._base_url = values, base_url

    def load(self) -> Reading | None:
        """The last answer that was kept; None where there is none that can be read."""
        text = self._values.get(NAME)
        try:
            return None if text is None else _read(text, self._base_url)
        except (NoCatalogue, KeyError, TypeError, ValueError) as damaged:
            log.warning("The kept catalogue of models is passed over: %s", type(damaged).__name__)
            return None

    def keep(self, reading: Reading) -> None:
        """Write an answer over the one before; of another service, nothing is written."""
        if reading.base_url != self._base_url:
            return
        try:
            self._values.put(NAME, _dump(reading))
        except SQLAlchemyError as problem:
            log.warning("The catalogue of models could not be kept: %s", type(problem).__name__)


def _dump(reading: Reading) -> str:
    rows = [_row(listing) for listing in reading.listings.values()]
    return json.dumps({"service": reading.base_url, "read_on": reading.read_on.isoformat(), "data": rows})


def _row(listing: Listing) -> Mapping[str, Any]:
    """A row as the catalogue has it, which reads as this listing."""
    if listing.price_usd is None:
        return {"id": listing.listed_as}
    return {"id": listing.listed_as, "pricing": {_FIELDS[listing.unit]: float(listing.price_usd)}}


def _read(text: str, base_url: str) -> Reading | None:
    """Raises NoCatalogue, KeyError, TypeError or ValueError where it is damaged."""
    listings = read_catalogue(text.encode())
    kept = json.loads(text)
    if kept["service"] != base_url:
        return None
    return Reading(base_url=base_url, read_on=date.fromisoformat(kept["read_on"]), listings=listings)
