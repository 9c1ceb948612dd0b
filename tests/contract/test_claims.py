"""Processes and threads that want the same entries, on SQLite and on PostgreSQL alike."""

import pytest

from studio.journal.database import Database
from studio.journal.journal import Journal
from tests.support.claims import OWNER, lost_updates, race, write_entries


@pytest.mark.timeout(300)
def test_no_claim_is_lost_or_given_twice(store: Database, database_url: str) -> None:
    """8 threads × 2 processes: each claim has one winner, the database knows it, and nobody is locked out."""
    journal = Journal(store)
    write_entries(journal)
    claims = race(database_url, 800)
    assert len(claims) == 800
    assert lost_updates(claims, journal.queries.entries(OWNER)) == 0


@pytest.mark.timeout(300)
def test_the_race_finds_out_who_compares_nothing(store: Database, database_url: str) -> None:
    """Read, then write: the naive way loses updates in the very same race."""
    journal = Journal(store)
    write_entries(journal)
    claims = race(database_url, 320, "naive")
    assert lost_updates(claims, journal.queries.entries(OWNER)) > 0
