"""Virtual time, a hostile far side, kills at each boundary: nothing is paid twice and nothing is lost."""

from pathlib import Path

import pytest

from kling import ErrorKind
from studio.journal.create_outcome import OUTCOMES
from studio.journal.entry import State
from studio.tasks.steps import Steps
from tests.faults.far_side import DUPLICATE, KEY_STOPPED, NOT_MADE, UNCLEAR, error_of
from tests.faults.naive import GivesUp, RetriesEverything, SendsHoweverLate, TrustsNotFound
from tests.faults.simulation import simulate
from tests.support.services import NOON

REFUSED_HERE = {
    ErrorKind.INVALID_API_KEY,
    ErrorKind.INVALID_BASE_URL,
    ErrorKind.INVALID_TASK_ID,
    ErrorKind.UNSENDABLE_REQUEST,
}


def test_the_far_side_draws_from_every_row_of_the_table() -> None:
    """A row that no world meets would prove nothing."""
    drawn = {error_of(failure, NOON).kind for failure in (*NOT_MADE, *KEY_STOPPED, *UNCLEAR, DUPLICATE)}
    assert drawn == set(OUTCOMES) - REFUSED_HERE


def test_nothing_is_paid_twice_and_nothing_is_lost(tmp_path: Path) -> None:
    """Each submission ends, or waits for a person with the id to ask by; `make faults` takes thousands."""
    tally = simulate(150, seed=1, folder=tmp_path)
    assert (tally.submissions, tally.paid_twice, tally.lost) == (150, 0, 0)
    assert tally.ends[State.KEPT] > 50


@pytest.mark.parametrize(
    ("kind", "seed"), [(RetriesEverything, 1), (TrustsNotFound, 1), (SendsHoweverLate, 6)]
)
def test_the_same_worlds_find_out_who_sends_again_by_guess(
    kind: type[Steps], seed: int, tmp_path: Path
) -> None:
    """Otherwise the test above would prove nothing."""
    assert simulate(75, seed=seed, folder=tmp_path, kind=kind).paid_twice > 0


def test_the_same_worlds_find_out_who_gives_up(tmp_path: Path) -> None:
    """A paid task that nobody looks for is lost."""
    assert simulate(75, seed=1, folder=tmp_path, kind=GivesUp).lost > 0
