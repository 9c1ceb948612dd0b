"""Tasks at the service are followed by the next process, and nothing more is sent; on both databases.

A few restarts here; forty by hand: `RESTARTS=40 python -m pytest -s -n 0 tests/contract/test_restarts.py`.
"""

import os
from pathlib import Path

import pytest

from tests.support.postgres import PostgresServer
from tests.support.restarts import Restart, play_restart

RESTARTS = int(os.environ.get("RESTARTS", "2"))


@pytest.mark.timeout(60 * RESTARTS)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_restart_follows_what_runs_and_sends_nothing_more(
    database: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """04_restart_takes_a_place: nothing but its rank says what of a line made at one moment comes first."""
    monkeypatch.setattr("studio.tasks.takeover.STALLED_AFTER_S", 0.0)
    found: list[Restart] = []
    for number in range(RESTARTS):
        folder = tmp_path / str(number)
        folder.mkdir()
        if database == "sqlite":
            url = f"sqlite:///{folder}/studio.db"
        else:
            server: PostgresServer = request.getfixturevalue("postgres")
            url = server.new_database()
        found.append(play_restart(url, folder))
    unfollowed, over_cap = sum(one.unfollowed for one in found), sum(one.over_cap for one in found)
    slowest_s = max(one.seconds for one in found)
    told = f"{unfollowed} unfollowed, {over_cap} over the cap, {slowest_s:.1f} s at most"
    print(f"{database}: {RESTARTS} restarts, {told}")
    assert (unfollowed, over_cap) == (0, 0)
