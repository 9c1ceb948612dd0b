"""The last good catalogue is there again after a restart, with its day; a damaged one is none."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from studio.journal.database import Database
from studio.journal.deployment import DeploymentValues
from studio.journal.schema import meta, upgrade
from studio.service.catalogue import Listing, Reading
from studio.service.kept_catalogue import NAME, KeptCatalogue

SERVICE, YESTERDAY = "https://far.example", date(2026, 11, 27)
READING = Reading(
    base_url=SERVICE,
    read_on=YESTERDAY,
    listings={
        "kling-v2-6": Listing(listed_as="kling_v2_6", price_usd=Decimal("0.084"), unit="a second"),
        "kling-v3": Listing(listed_as="Kling V3", price_usd=Decimal("0.42"), unit="a video"),
        "kling-v2-1": Listing(listed_as="kling-v2-1"),
    },
)
WHOLE = {"service": SERVICE, "read_on": "2026-11-27", "data": [{"id": "kling-v3"}]}


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Database]:
    """A database on SQLite."""
    opened = Database(f"sqlite:///{tmp_path / 'studio.db'}")
    upgrade(opened)
    yield opened
    opened.close()


@pytest.fixture
def values(opened: Database) -> DeploymentValues:
    """Of that database, still empty."""
    return DeploymentValues(opened)


def test_the_next_process_has_what_was_kept(values: DeploymentValues) -> None:
    """Every row with its price and what that is for, and the day."""
    KeptCatalogue(values, SERVICE).keep(READING)
    assert KeptCatalogue(values, SERVICE).load() == READING


def test_before_the_first_answer_there_is_none(values: DeploymentValues) -> None:
    """Absent is no error."""
    assert KeptCatalogue(values, SERVICE).load() is None


def test_another_service_s_is_neither_kept_nor_taken(values: DeploymentValues) -> None:
    """The simulator's, and the one of an address that was set before."""
    elsewhere = KeptCatalogue(values, "https://elsewhere.example")
    elsewhere.keep(READING)
    assert values.get(NAME) is None
    KeptCatalogue(values, SERVICE).keep(READING)
    assert elsewhere.load() is None


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        "{",
        "null",
        "[]",
        json.dumps({"data": []}),
        json.dumps(WHOLE | {"data": {}}),
        json.dumps(WHOLE | {"read_on": "yesterday"}),
        json.dumps(WHOLE | {"read_on": 20261127}),
        "[" * 100_000,
    ],
)
def test_a_damaged_one_is_none(values: DeploymentValues, damaged: str) -> None:
    """Nothing changes but a line in the log."""
    values.put(NAME, damaged)
    assert KeptCatalogue(values, SERVICE).load() is None


def test_a_database_that_cannot_be_written_leaves_the_process_alone(
    opened: Database, values: DeploymentValues
) -> None:
    """The answer is still in memory."""
    with opened.writing() as connection:
        meta.drop(connection)
    KeptCatalogue(values, SERVICE).keep(READING)
