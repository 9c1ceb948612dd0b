"""The ledger as a CSV that a spreadsheet opens as text and numbers, and never as a formula."""

import csv
import io
from collections.abc import Iterable

from studio.journal.key_colours import key_colours
from studio.journal.ledger import LedgerLine, charged_words

_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
COLUMNS = (
    "day",
    "model",
    "key",
    "person",
    "tasks",
    "estimated_usd",
    "without_price",
    "failed_free",
    "simulated",
    "charged_as_told",
)


def ledger_csv(lines: Iterable[LedgerLine]) -> bytes:
    """UTF-8, with a head line; a key is named by its colours, a person by the mark of the page."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    rows.writerows(map(_row, lines))
    return text.getvalue().encode()


def plain_cell(text: str) -> str:
    """The text of a cell; what a spreadsheet would take for a formula begins with an apostrophe."""
    return f"'{text}" if text.startswith(_BEGINS_FORMULA) else text


def person_mark(person: str) -> str:
    """A short mark for an owner as the database knows it: "login 3f2a91"."""
    kind, _, number = person.partition(":")
    return f"{kind} {number[:6]}" if number else kind[:6]


def _row(line: LedgerLine) -> tuple[object, ...]:
    return (
        line.day.isoformat(),
        plain_cell(line.model_name),
        "/".join(key_colours(line.key_fingerprint)) if line.key_fingerprint else "",
        plain_cell(person_mark(line.person)),
        line.tasks,
        f"{line.estimated_usd:.2f}",
        line.unpriced,
        line.free,
        line.simulated,
        plain_cell(charged_words(line.charged)),
    )
