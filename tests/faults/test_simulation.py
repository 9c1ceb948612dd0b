"""Virtual time, a hostile far side, kills at each boundary: nothing is paid twice and nothing is lost."""

from pathlib import Path

import pytest

from kling import ErrorKind, TaskStatus
from simulator.faults.shapes import QUERY_SHAPES
from studio.journal.create_outcome import OUTCOMES
from studio.journal.entry import State
from studio.tasks.steps import Steps
from tests.faults.dialect import true_shapes
from tests.faults.failures import (
    KEY_STOPPED,
    NOT_MADE,
    NOT_MADE_IN_OTHER_SHAPES,
    REPETITIONS,
    UNCLEAR,
    error_of,
)
from tests.faults.far_side import Theme
from tests.faults.naive import NAIVE
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
    failures = (*NOT_MADE, *NOT_MADE_IN_OTHER_SHAPES, *KEY_STOPPED, *UNCLEAR, *REPETITIONS)
    drawn = {error_of(failure, NOON).kind for failure in failures}
    assert drawn == set(OUTCOMES) - REFUSED_HERE


def test_the_far_side_words_its_answers_in_every_shape_of_the_simulator() -> None:
    """A new row in the simulator's table is spoken here without a word more."""
    spoken = {name for status in (None, *TaskStatus) for name in true_shapes(status)}
    assert spoken == set(QUERY_SHAPES)


def test_nothing_is_paid_twice_and_nothing_is_lost(tmp_path: Path) -> None:
    """Each submission ends, or waits for a person with the id to ask by; `make faults` takes thousands."""
    tally = simulate(160, seed=1, folder=tmp_path)
    assert (tally.submissions, tally.faults) == (160, 0)
    assert tally.ends[State.KEPT] > 50
    assert tally.longest_wait_s > 0


@pytest.mark.parametrize(("kind", "theme"), NAIVE.items())
def test_the_same_worlds_find_out_a_naive_way(kind: type[Steps], theme: Theme, tmp_path: Path) -> None:
    """Otherwise the test above would prove nothing; a few worlds of its theme are enough."""
    tally = simulate(400, seed=1, folder=tmp_path, kind=kind, theme=theme, until_found_out=True)
    assert tally.faults > 0
