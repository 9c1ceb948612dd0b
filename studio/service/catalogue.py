"""The public catalogue of models: which of Kling's models it lists today, and at which price.

`GET {base}/api/models`, never with a key, in the background and at most hourly. A row proves a listing and a
price, not that a create succeeds; a model that is not listed is not told of. What is missing, slow, broken,
redirected or too large changes nothing: the last good answer stays, with its day, also over a restart
(`kept_catalogue`).
"""

import logging
import math
import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from kling.answer_json import parse
from kling.model_lives import MODEL_LIVES
from studio.guarded_http import FetchProblem, Limits, Route, guarded_get

PATH = "/api/models"
LIMITS = Limits(max_bytes=8_000_000, total_timeout_s=10.0, max_redirects=0)
ASK_EVERY_S = 3600.0
_MAX_NAME_CHARS = 200
UNITS = {"per_request": "a video", "per_second": "a second"}
"""The unit of each price, by its field in a row."""
_PLAIN = re.compile("[^a-z0-9]")

log = logging.getLogger(__name__)


class NoCatalogue(ValueError):
    """An answer is no catalogue; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A row of the catalogue that names one of Kling's models.

    Attributes:
        listed_as: the text of the row that was matched.
        price_usd: what is charged: listed × ratio; None where the row has no usable price.
        unit: "a video" or "a second".
        listed_on: the day of the answer, where that is over; None: today.
    """

    listed_as: str
    price_usd: Decimal | None = None
    unit: str = ""
    listed_on: date | None = None

    @property
    def words(self) -> str:
        """For a person: "listed as kling-v3 at $0.42 a video"."""
        price = f" at ${self.price_usd:f} {self.unit}" if self.price_usd is not None else ", without a price"
        return f"listed as {self.listed_as}{price}"


Listings = Mapping[str, Listing]
"""By model name; a model that is not listed is not in it."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A good answer of a service, and its day in UTC."""

    base_url: str
    read_on: date
    listings: Listings

    def listings_on(self, today: date) -> Listings:
        """The listings as they are known on a day: with the day of the answer, where that is another one."""
        if self.read_on == today:
            return self.listings
        return {name: replace(row, listed_on=self.read_on) for name, row in self.listings.items()}


def read_catalogue(body: bytes) -> Listings:
    """The listings in an answer's body; rows that are none are passed over.

    Raises:
        NoCatalogue: the whole is no catalogue.
    """
    try:
        answer = parse(body)
    except ValueError as broken:
        raise NoCatalogue("It is no JSON.") from broken
    rows = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(rows, list):
        raise NoCatalogue("It has no list of models.")
    models = {_plain(name): name for name in MODEL_LIVES}
    found: dict[str, Listing] = {}
    for row in rows:
        if isinstance(row, dict) and row.get("upcoming") is not True:
            for listed_as in _names(row):
                model_name = models.get(_plain(listed_as))
                if model_name is not None:
                    found.setdefault(model_name, _listing(listed_as, row.get("pricing")))
    return found


def fetch_catalogue(base_url: str) -> bytes:
    """The body of the answer, asked for without a key; a redirect is not followed.

    Raises:
        FetchProblem, NoCatalogue: there is none, or not within the limits.
    """
    # the operator's own address: it may be inside the network, as a gateway is
    with guarded_get(f"{base_url.rstrip('/')}{PATH}", lambda _: Route(is_trusted=True), LIMITS) as answer:
        if answer.http_status != 200:
            raise NoCatalogue(f"It is answered with HTTP {answer.http_status}.")
        return b"".join(answer.pieces())


def start_thread(work: Callable[[], None]) -> None:
    """Do some work in the background; it ends with the process."""
    threading.Thread(target=work, name="catalogue", daemon=True).start()


def today_utc() -> date:
    """The day in UTC."""
    return datetime.now(UTC).date()


class Catalogue:
    """The last good answer of each service. Thread-safe."""

    def __init__(
        self,
        fetch: Callable[[str], bytes] = fetch_catalogue,
        start: Callable[[Callable[[], None]], None] = start_thread,
        clock_s: Callable[[], float] = time.monotonic,
        today: Callable[[], date] = today_utc,
        *,
        earlier: Reading | None = None,
        keep: Callable[[Reading], None] = lambda _: None,
    ) -> None:
        """With no other answer than an earlier one.

        Args:
            fetch: gives the body for a base URL.
            start: does the asking in the background.
            clock_s: seconds that never go back.
            today: the day in UTC.
            earlier: the last good answer that an earlier process kept.
            keep: takes each good answer, in the background, for a later process.
        """
        self._fetch, self._start, self._clock_s, self._today = fetch, start, clock_s, today
        self._keep = keep
        self._asked_at_s: dict[str, float] = {}
        self._last = {earlier.base_url: earlier} if earlier else {}
        self._lock = threading.Lock()

    def listings(self, base_url: str) -> Listings:
        """The listings that are known now; asks anew in the background when that is an hour ago."""
        with self._lock:
            asked_at_s = self._asked_at_s.get(base_url, -math.inf)
            is_due = self._clock_s() - asked_at_s >= ASK_EVERY_S
            if is_due:
                self._asked_at_s[base_url] = self._clock_s()
        if is_due:
            self._start(lambda: self._ask(base_url))
        last = self._last.get(base_url)
        return last.listings_on(self._today()) if last else {}

    def _ask(self, base_url: str) -> None:
        try:
            listings = read_catalogue(self._fetch(base_url))
        except (FetchProblem, NoCatalogue) as problem:
            log.info("No catalogue of models: %s %s", type(problem).__name__, problem)
            return
        self._last[base_url] = Reading(base_url=base_url, read_on=self._today(), listings=listings)
        self._keep(self._last[base_url])


def _names(row: Mapping[str, Any]) -> Iterable[str]:
    for field in ("id", "code", "name"):
        text = row.get(field)
        if isinstance(text, str) and 0 < len(text) <= _MAX_NAME_CHARS:
            yield text


def _plain(name: str) -> str:
    """A name without case and punctuation."""
    return _PLAIN.sub("", name.casefold())


def _listing(listed_as: str, pricing: object) -> Listing:
    prices = pricing if isinstance(pricing, dict) else {}
    ratio = _number(prices.get("ratio", 1))
    for field, unit in UNITS.items():
        listed = _number(prices.get(field))
        if listed is not None and ratio is not None:
            return Listing(listed_as=listed_as, price_usd=_charged(listed, ratio), unit=unit)
    return Listing(listed_as=listed_as)


def _number(value: object) -> float | None:
    """A finite number of zero or more; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= 1e6 else None


def _charged(listed: float, ratio: float) -> Decimal:
    cents = Decimal(f"{listed * ratio:.4f}").normalize()
    return cents.quantize(Decimal("0.01")) if cents == cents.quantize(Decimal("0.01")) else cents
