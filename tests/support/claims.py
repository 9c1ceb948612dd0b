"""Many threads of several processes that claim the same few entries again and again.

`python -m tests.support.claims DATABASE_URL CLAIMS journal|naive` is one such process; it prints its claims.
"""

import json
import random
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import update

from studio.journal.create_outcome import CreateOutcome, OutcomeKind
from studio.journal.database import Database
from studio.journal.entry import Entry, State
from studio.journal.journal import Journal
from studio.journal.schema import entries
from tests.support.make import new_task

PROCESSES, THREADS, ENTRIES = 2, 8, 20
ROOT = Path(__file__).parents[2]
OWNER = "somebody"
BACK_IN_LINE = CreateOutcome(kind=OutcomeKind.BACK_IN_LINE)

Claim = tuple[str, int]  # the entry, and its how-manieth create that is


def write_entries(journal: Journal) -> None:
    """A few entries in line."""
    for number in range(ENTRIES):
        journal.create_entry(new_task(str(number), owner=OWNER, thumbnail=None))


def race(database_url: str, claims: int, kind: str = "journal") -> list[Claim]:
    """Everything that 2 processes with 8 threads each have claimed.

    Args:
        database_url: with the entries in it.
        claims: how many in all, a multiple of 16.
        kind: "journal", or "naive" for one that compares nothing.

    Raises:
        AssertionError: one of them met an error, a locked database for instance.
    """
    command = [sys.executable, "-m", "tests.support.claims", database_url, str(claims // PROCESSES), kind]
    running = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    ]
    ended = [(*process.communicate(), process.returncode) for process in running]
    if any(code != 0 for _, _, code in ended):
        raise AssertionError("\n".join(errors for _, errors, _ in ended))
    return [(entry_id, attempt) for told, _, _ in ended for entry_id, attempt in json.loads(told)]


def lost_updates(claims: Iterable[Claim], known: Iterable[Entry]) -> int:
    """Claims that two got at once, and claims that the database does not know."""
    claims = list(claims)
    written = sum(entry.attempts for entry in known)
    return (len(claims) - len(set(claims))) + abs(len(claims) - written)


class NaiveJournal(Journal):
    """Reads, then writes, and compares nothing: what the race must find out."""

    def claim(self, entry: Entry) -> Entry | None:
        """Whoever reads INTENT takes it."""
        if entry.state is not State.INTENT:
            return None
        changes = {"state": State.SENDING, "sent_at": entry.created_at, "attempts": entry.attempts + 1}
        with self._store.writing() as connection:
            connection.execute(update(entries).filter_by(entry_id=entry.entry_id).values(**changes))
        return self.queries.entry(entry.entry_id)


JOURNALS = {"journal": Journal, "naive": NaiveJournal}


def _claim(journal: Journal, ids: list[str], claims: int) -> list[Claim]:
    done: list[Claim] = []
    while len(done) < claims:
        claimed = journal.claim(journal.queries.entry(random.choice(ids)))
        if claimed is not None:
            done.append((claimed.entry_id, claimed.attempts))
            journal.settle(claimed, BACK_IN_LINE)
    return done


def _main(database_url: str, claims: int, kind: str) -> None:
    store = Database(database_url)
    journal = JOURNALS[kind](store)
    ids = [entry.entry_id for entry in journal.queries.entries(OWNER)]
    with ThreadPoolExecutor(THREADS) as threads:
        work = [threads.submit(_claim, journal, ids, claims // THREADS) for _ in range(THREADS)]
        done = [claim for part in work for claim in part.result()]
    store.close()
    sys.stdout.write(json.dumps(done))


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
