"""The service's errors in a person's words."""

import pytest

from kling import DynamicMask, ErrorKind, ImageToVideoRequest, ModelNotServed, OutOfCredit, ReadTimeout
from studio.messages import WORDS, submit_problem

PLAIN = ImageToVideoRequest(image="aGk=", model_name="kling-v1")
PAINTED = ImageToVideoRequest(
    image="aGk=", model_name="kling-v1", dynamic_masks=(DynamicMask(mask="aGk=", trajectories=()),)
)


@pytest.mark.parametrize("kind", list(ErrorKind))
def test_every_kind_of_error_has_words(kind: ErrorKind) -> None:
    """Completeness: whatever the service answers is said in words, with what to do."""
    why, next_step = WORDS[kind]
    assert why.endswith(".")
    assert next_step.endswith(".")


def test_a_model_that_is_not_served_leads_to_one_that_does_what_was_drawn() -> None:
    """contract.md: lead the user to a model that does what they drew."""
    problem = submit_problem(ModelNotServed("no", http_status=503), PAINTED)
    assert "kling-v1-5" in problem.next_step
    assert "no motion brush" in problem.next_step


def test_without_a_drawing_a_model_seen_working_is_named() -> None:
    """The advice fits what was sent."""
    assert "kling-v2-6" in submit_problem(ModelNotServed("no", http_status=503), PLAIN).next_step


def test_an_unclear_outcome_says_that_it_may_have_been_charged() -> None:
    """Nobody may be told that nothing was paid when that is not known."""
    assert "may have been charged" in submit_problem(ReadTimeout("slow"), PLAIN).what


def test_a_refusal_says_that_nothing_was_paid_and_quotes_the_service() -> None:
    """The service's own words help its support."""
    problem = submit_problem(
        OutOfCredit("user quota is not enough", http_status=403, request_id="r-7"), PLAIN
    )
    assert "nothing was paid" in problem.what
    assert "user quota is not enough" in problem.why
    assert "r-7" in problem.why
