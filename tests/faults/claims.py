"""8 threads × 2 processes claim the same entries: `python -m tests.faults.claims [CLAIMS]`, or 10,000.

Prints one line a database; ends with 1 when an update was lost. A locked database ends it with that error.
"""

import sys
import tempfile
import time
from pathlib import Path

from studio.journal.database import Database
from studio.journal.journal import Journal
from studio.journal.schema import upgrade
from tests.support.claims import OWNER, PROCESSES, THREADS, lost_updates, race, write_entries
from tests.support.postgres import PostgresServer, missing


def run(name: str, database_url: str, claims: int) -> int:
    """How many updates were lost."""
    store = Database(database_url)
    upgrade(store)
    journal = Journal(store)
    write_entries(journal)
    began = time.monotonic()
    done = race(database_url, claims)
    took_s = time.monotonic() - began
    lost = lost_updates(done, journal.queries.entries(OWNER))
    store.close()
    print(f"{name}: claims {len(done)}, lost updates {lost}, lock errors 0, {took_s:.1f} s")
    return lost


def main(claims: int) -> int:
    """How many updates were lost on all databases."""
    claims -= claims % (PROCESSES * THREADS)
    with tempfile.TemporaryDirectory() as folder:
        lost = run("SQLite", f"sqlite:///{Path(folder) / 'studio.db'}", claims)
    if reason := missing():
        print(f"PostgreSQL: left out. {reason}")
        return lost
    with PostgresServer() as server:
        return lost + run("PostgreSQL", server.new_database(), claims)


if __name__ == "__main__":
    sys.exit(1 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000) else 0)
