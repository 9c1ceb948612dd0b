"""The public catalogue: read tolerantly, asked for rarely, without a key; a strange one changes nothing."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from simulator.contract.catalogue import ROWS
from studio.guarded_http import Limits
from studio.service import catalogue
from studio.service.catalogue import (
    ASK_EVERY_S,
    Catalogue,
    NoCatalogue,
    Reading,
    fetch_catalogue,
    read_catalogue,
)
from tests.support.lying_server import LyingServer, html, reply, trickle


def body(*rows: object) -> bytes:
    """An answer with these rows."""
    return json.dumps({"success": True, "data": rows}).encode()


def row(**fields: Any) -> dict[str, Any]:
    """A row of kling-v3; any field may be given."""
    return {"id": "kling-v3", "code": "kling-v3", "pricing": {"per_request": 0.5, "ratio": 0.8}, **fields}


def test_a_name_with_half_a_character_can_be_shown() -> None:
    """No screen and no file takes it as it is."""
    found = read_catalogue(body(row(id="kling-v3\ud83d", code=None)))
    assert found["kling-v3"].listed_as == "kling-v3\ufffd"


def test_models_are_found_by_id_code_or_name_without_case_and_punctuation() -> None:
    """How Kling's models are named there is not known; what was matched is shown."""
    found = read_catalogue(json.dumps({"success": True, "data": ROWS}).encode())
    assert {name: listing.words for name, listing in found.items()} == {
        "kling-v2-5-turbo": "listed as kling-v2-5-turbo at $0.21 a video",
        "kling-v2-6": "listed as kling_v2_6 at $0.21 a video",
        "kling-v3": "listed as kling-v3 at $0.42 a video",
    }


@pytest.mark.parametrize(
    ("pricing", "price_usd", "unit"),
    [
        ({"per_request": 0.5, "ratio": 0.8}, "0.40", "a video"),
        ({"per_second": 0.084}, "0.084", "a second"),
        ({"per_request": 0.5, "ratio": 0}, "0.00", "a video"),
        ({"per_request": -1, "ratio": 0.8}, None, ""),
        ({"per_request": float("nan")}, None, ""),
        ({"per_request": float("inf")}, None, ""),
        ({"per_request": 0.5, "ratio": "much"}, None, ""),
        ({"per_request": True}, None, ""),
        ({"per_request": "0.5"}, None, ""),
        ([0.5], None, ""),
        (None, None, ""),
    ],
)
def test_what_is_charged_is_listed_times_ratio_or_not_known(
    pricing: object, price_usd: str | None, unit: str
) -> None:
    """The listing stays where the price is nonsense."""
    listing = read_catalogue(body(row(pricing=pricing)))["kling-v3"]
    assert listing.price_usd == (None if price_usd is None else Decimal(price_usd))
    assert listing.unit == unit


@pytest.mark.parametrize(
    "strange",
    [
        "kling-v3",
        None,
        7,
        ["kling-v3"],
        {"id": 3, "code": ["kling-v3"], "name": {}},
        {"id": "kling-v3" + "-" * 10_000},
        row(upcoming=True),
    ],
)
def test_rows_of_other_shapes_are_passed_over(strange: object) -> None:
    """The good ones count."""
    found = read_catalogue(body(strange, row(id="kling-v2-6", code=None)))
    assert set(found) == {"kling-v2-6"}


@pytest.mark.parametrize(
    "strange",
    [
        b"",
        b"<!doctype html>",
        b"[]",
        b'{"success": true}',
        b'{"data": {"id": 1}}',
        b"[" * 100_000,
        b'{"data": [' + b"9" * 5_000 + b"]}",
        b"\xff\xfe\x00",
    ],
)
def test_a_body_that_is_no_catalogue_is_refused(strange: bytes) -> None:
    """It is kept out as a whole."""
    with pytest.raises(NoCatalogue):
        read_catalogue(strange)


def test_it_is_asked_for_without_any_key() -> None:
    """It is public, and a key is not shown around."""
    with LyingServer(reply({"success": True, "data": [row()]})) as server:
        assert "kling-v3" in read_catalogue(fetch_catalogue(server.url))
        (request,) = server.requests
    assert request.path == "/api/models"
    assert "authorization" not in request.headers


@pytest.mark.parametrize(
    "behaviour",
    [
        html(),
        html(404),
        reply(b"", 302, {"Location": "/elsewhere"}),
        reply(b"{}", 200, {"Content-Length": "200000000"}),
        trickle,
    ],
)
def test_a_strange_answer_leaves_the_last_good_one(behaviour: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """HTML, an error, a redirect, 200 MB, an endless one: nothing changes but a line in the log."""
    quick = Limits(max_bytes=8_000_000, total_timeout_s=0.5, max_redirects=0)
    monkeypatch.setattr(catalogue, "LIMITS", quick)
    now = [0.0]
    with LyingServer(reply({"data": [row()]}), behaviour) as server:
        asked = Catalogue(start=lambda work: work(), clock_s=lambda: now[0])
        asked.listings(server.url)
        now[0] += ASK_EVERY_S
        asked.listings(server.url)
        assert server.connections == 2
        assert set(asked.listings(server.url)) == {"kling-v3"}


def test_it_is_asked_for_once_an_hour_and_never_waited_for() -> None:
    """A page gets what is known now."""
    now = [0.0]
    waiting: list[Callable[[], None]] = []
    fetched: list[str] = []

    def fetch(base_url: str) -> bytes:
        fetched.append(base_url)
        return body(row())

    asked = Catalogue(fetch=fetch, start=waiting.append, clock_s=lambda: now[0])
    assert asked.listings("https://a.test") == {}
    assert fetched == []
    waiting.pop()()
    assert set(asked.listings("https://a.test")) == {"kling-v3"}
    now[0] = ASK_EVERY_S - 1
    asked.listings("https://a.test")
    assert waiting == []
    now[0] = ASK_EVERY_S
    asked.listings("https://a.test")
    assert len(waiting) == 1


def test_a_listing_of_an_earlier_day_has_its_day() -> None:
    """Of this process or of the one before; a new answer is today's again, and is given to be kept."""
    day = [date(2026, 11, 27)]
    waiting: list[Callable[[], None]] = []
    kept: list[Reading] = []
    earlier = Reading(
        base_url="https://a.test", read_on=date(2026, 11, 26), listings=read_catalogue(body(row()))
    )
    asked = Catalogue(
        fetch=lambda _: body(row()),
        start=waiting.append,
        today=lambda: day[0],
        earlier=earlier,
        keep=kept.append,
    )
    assert asked.listings("https://b.test") == {}
    assert asked.listings("https://a.test")["kling-v3"].listed_on == date(2026, 11, 26)
    waiting[-1]()
    assert asked.listings("https://a.test")["kling-v3"].listed_on is None
    assert [(one.base_url, one.read_on) for one in kept] == [("https://a.test", date(2026, 11, 27))]
    day[0] = date(2026, 11, 28)
    assert asked.listings("https://a.test")["kling-v3"].listed_on == date(2026, 11, 27)


def test_a_strange_answer_is_not_kept() -> None:
    """Yesterday's stays."""
    kept: list[Reading] = []
    asked = Catalogue(fetch=lambda _: b"<!doctype html>", start=lambda work: work(), keep=kept.append)
    asked.listings("https://a.test")
    assert kept == []
