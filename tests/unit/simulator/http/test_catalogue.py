"""The public catalogue, `GET /api/models`: rows that can be set, and every way to fail."""

import json
from collections.abc import Iterator
from math import isnan
from typing import Any

import pytest

from simulator.contract.catalogue import ROWS
from tests.support.simulated import Simulated, simulated

PATH = "/api/models"


@pytest.fixture
def service() -> Iterator[Simulated]:
    with simulated() as running:
        yield running


def rows(service: Simulated) -> list[Any]:
    body = service.send("GET", PATH).json()
    assert body["success"] is True
    listed: list[Any] = body["data"]
    return listed


def test_it_lists_the_living_models_and_asks_for_no_key(service: Simulated) -> None:
    """With a price and a ratio each, and more than Kling's; nobody knows how Kling's are named there."""
    listed = rows(service)
    assert listed == [*ROWS]
    assert {"id", "code", "name", "model_type", "features", "pricing", "endpoints"} <= set(listed[0])
    names = {row["id"] for row in listed} | {row["code"] for row in listed} | {row["name"] for row in listed}
    assert {"kling-v2-5-turbo", "kling-v2-6", "kling-v3"} <= names
    assert "kling-v1" not in names


@pytest.mark.parametrize(
    "odd",
    [
        [],
        [1, None, "x", []],
        [{"id": "kling-v2-6", "pricing": {"per_request": -1}}],
        [{"id": "x" * 10_000}],
        [{"id": 5, "features": {"a": 1}, "pricing": "free"}],
    ],
)
def test_its_rows_can_be_set(service: Simulated, odd: list[Any]) -> None:
    """To rows of any kind, until they are taken back or all is reset."""
    for back in (("PUT", "/catalogue", {"rows": None}), ("POST", "/reset", None)):
        assert service.control("PUT", "/catalogue", json={"rows": odd}).json() == {"rows": len(odd)}
        assert service.control("GET").json()["catalogue"] == len(odd)
        assert rows(service) == odd
        method, path, body = back
        service.control(method, path, json=body)
        assert rows(service) == [*ROWS]


def test_a_price_may_be_no_number(service: Simulated) -> None:
    """NaN goes out as it came in, though JSON has no word for it."""
    typed = {"Content-Type": "application/json"}
    content = b'{"rows": [{"id": "kling-v3", "pricing": {"per_request": NaN}}]}'
    assert service.control("PUT", "/catalogue", content=content, headers=typed).status_code == 200
    (row,) = json.loads(service.send("GET", PATH).content)["data"]
    assert isnan(row["pricing"]["per_request"])


@pytest.mark.parametrize("wrong", [{}, {"rows": {}}, {"rows": "x"}, {"rows": [1] * 1001}])
def test_other_rows_are_refused_in_words(service: Simulated, wrong: dict[str, Any]) -> None:
    """And nothing is set."""
    answer = service.control("PUT", "/catalogue", json=wrong)
    assert (answer.status_code, answer.json()["error"].startswith("rows ")) == (400, True)
    assert rows(service) == [*ROWS]


@pytest.mark.parametrize(
    ("fault", "status", "start"),
    [
        ({"kind": "http", "status": 404}, 404, "{"),
        ({"kind": "html"}, 200, "<!doctype html>"),
        ({"kind": "redirect"}, 301, ""),
        ({"kind": "truncated_json"}, 200, '{"success": true, "data": [{'),
        ({"kind": "huge", "megabytes": 2}, 200, '{"success": true, "data": [{"id": "x"},'),
    ],
)
def test_it_fails_on_demand(service: Simulated, fault: dict[str, Any], status: int, start: str) -> None:
    """Absent, a page, elsewhere, broken, huge; then it is there again."""
    service.fault("models", **fault)
    answer = service.send("GET", PATH)
    assert (answer.status_code, answer.text.startswith(start)) == (status, True)
    assert rows(service) == [*ROWS]


def test_huge_is_as_large_as_asked(service: Simulated) -> None:
    """In megabytes, and JSON to its end."""
    service.fault("models", "huge", megabytes=3)
    answer = service.send("GET", PATH)
    assert len(answer.content) == pytest.approx(3_000_000, rel=0.01)
    assert len(answer.json()["data"]) > 100_000
