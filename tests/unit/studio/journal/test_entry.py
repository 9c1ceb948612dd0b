"""States, and how what the service says moves them on."""

import itertools

import pytest

from kling import TaskStatus
from studio.journal.entry import FORGETTABLE, SETTLED, WITH_TASK, WITHOUT_TASK, State, after_look

ORDER = [State.ACCEPTED, State.RUNNING, State.FAILED, State.SUCCEEDED, State.KEPT]


def test_each_state_says_whether_a_task_is_known() -> None:
    """All but FORGOTTEN, which can be both: no state is left without its rule in the database."""
    assert WITH_TASK.isdisjoint(WITHOUT_TASK)
    assert set(State) - WITH_TASK - WITHOUT_TASK == {State.FORGOTTEN}


def test_what_is_settled_or_on_its_way_cannot_be_forgotten() -> None:
    """An end is an end, and the answer to a create must be heard."""
    assert FORGETTABLE.isdisjoint(SETTLED | {State.SENDING})


@pytest.mark.parametrize(("state", "status"), list(itertools.product(ORDER, TaskStatus)))
def test_no_answer_moves_a_task_back(state: State, status: TaskStatus) -> None:
    """Answers come late and out of order."""
    assert ORDER.index(after_look(state, status)) >= ORDER.index(state)


@pytest.mark.parametrize("status", TaskStatus)
def test_a_task_that_turns_up_stands_where_the_service_says(status: TaskStatus) -> None:
    """From every state without a task id."""
    told = {after_look(state, status) for state in WITHOUT_TASK | {State.FORGOTTEN}}
    assert len(told) == 1
    assert told <= WITH_TASK - {State.KEPT}
