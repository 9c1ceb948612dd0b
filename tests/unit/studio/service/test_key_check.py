"""Whether a service takes a key, asked for free."""

import pytest

from kling import KlingError, Task
from kling.errors import BadParameter, NameNotResolved, NotFound, OutOfCredit, PlatformError, Unauthorized
from studio.service.key_check import KeyVerdict, check_key


class Service:
    """It answers every look so."""

    def __init__(self, answer: KlingError) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def get(self, task_id_or_external_id: str) -> Task:
        self.asked.append(task_id_or_external_id)
        raise self.answer


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (NotFound("task not found"), KeyVerdict.TAKEN),
        (BadParameter("task_not_exist"), KeyVerdict.TAKEN),
        (Unauthorized("invalid token"), KeyVerdict.REFUSED),
        (OutOfCredit("no quota"), KeyVerdict.ACCOUNT),
        (NameNotResolved("no such host"), KeyVerdict.UNKNOWN),
        (PlatformError("busy"), KeyVerdict.UNKNOWN),
    ],
)
def test_the_answer_to_a_look_at_no_task_tells_of_the_key(answer: KlingError, verdict: KeyVerdict) -> None:
    """401 and 403 refuse it; that there is no such task, or a fault of its own, does not."""
    service = Service(answer)
    found = check_key(service)
    assert found.verdict is verdict
    assert (found.words == "") is (verdict is KeyVerdict.TAKEN)


def test_each_look_is_at_another_id() -> None:
    """Of a fresh one nobody can have a task."""
    service = Service(NotFound("no"))
    check_key(service)
    check_key(service)
    assert len(set(service.asked)) == 2
