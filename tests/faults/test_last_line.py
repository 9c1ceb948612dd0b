"""The last line of `make faults` counts the simulation and the real process, and says why it ends with 1."""

from dataclasses import replace

from tests.faults.__main__ import counts, last_line
from tests.faults.kills import Report
from tests.faults.verdicts import Tally

SIMULATED = Tally(submissions=500, longest_wait_s=61.0)
NAIVE = [Tally(paid_twice=1)]
KILLED = Report(submissions=86, kills=43, paid_twice=0, lost=0, called_unpaid=0, damage=[], missed=[])


def test_what_only_the_real_process_paid_twice_is_in_the_last_line() -> None:
    """The simulation alone said 0 of it."""
    killed = replace(KILLED, paid_twice=22, called_unpaid=1)
    faults = counts(replace(SIMULATED, called_unpaid=2), NAIVE, killed)
    told = last_line(SIMULATED, killed, faults)
    assert told.startswith("simulation 500 + process 86: paid twice 22, lost 0, ")
    assert 'called "nothing was paid" though paid 3' in told
    assert told.endswith("longest wait behind stuck tasks 61 s")


def test_whatever_is_wrong_is_counted() -> None:
    """A run that ends with 1 has a count that is not 0 in its last line."""
    assert sum(counts(SIMULATED, NAIVE, KILLED).values()) == 0
    wrong = (
        (replace(SIMULATED, waited_too_long=1), NAIVE, KILLED),
        (SIMULATED, [*NAIVE, Tally()], KILLED),
        (SIMULATED, NAIVE, replace(KILLED, damage=["studio.db: row 1 missing"])),
        (SIMULATED, NAIVE, replace(KILLED, missed=["before claim"])),
    )
    assert [sum(counts(*run).values()) for run in wrong] == [1, 1, 1, 1]
