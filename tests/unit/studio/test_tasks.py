"""How an answer moves a task on."""

from datetime import timedelta

from kling import ImageToVideoRequest, TaskStatus
from studio.tasks import TaskState, advanced, made_elsewhere, sending
from tests.support.far_ends import FAR_END, NOON, task

REQUEST = ImageToVideoRequest(image="aGk=", model_name="kling-v1", external_task_id="mine-1")
SENDING = sending("ann", FAR_END, REQUEST, None, NOON)


def test_every_status_of_the_wire_has_a_state() -> None:
    """Completeness: a status that is added must be shown."""
    states = {advanced(SENDING, task(status), NOON).state for status in TaskStatus}
    assert states == {TaskState.SUBMITTED, TaskState.PROCESSING, TaskState.SUCCEED, TaskState.FAILED}


def test_the_key_stays_when_the_task_id_becomes_known() -> None:
    """A page finds its task again after the first answer."""
    assert advanced(SENDING, task(TaskStatus.SUBMITTED), NOON).key == SENDING.key


def test_elapsed_time_stops_at_the_end() -> None:
    """A finished task does not age on the page."""
    later = NOON + timedelta(hours=1)
    assert SENDING.elapsed_s(later) == 3600
    assert advanced(SENDING, task(TaskStatus.SUCCEED), later).elapsed_s(later) == 0


def test_a_task_made_elsewhere_is_known_by_its_task_id() -> None:
    """We were not told its external id, nor what it was made from."""
    found = made_elsewhere("ann", FAR_END, task(TaskStatus.PROCESSING), NOON)
    assert (found.key, found.model_name) == ("t1", None)


def test_success_without_the_video_at_hand_is_not_settled() -> None:
    """A finished video is done only when it is kept."""
    assert not advanced(SENDING, task(TaskStatus.SUCCEED), NOON).is_settled
