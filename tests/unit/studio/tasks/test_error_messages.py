"""The service's errors in a person's words."""

from datetime import timedelta

import pytest

from kling import DynamicMask, ErrorKind, ImageToVideoRequest
from kling.error_table import SURE_STATUSES
from studio.journal.entry import Entry, State
from studio.journal.queue_stops import QueueStop
from studio.tasks.error_messages import WORDS, duration, heavy_request_hint, refusal, size_hint, stopped_queue
from tests.support.make import entry
from tests.support.services import NOON

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


def refused(problem: ErrorKind, message: str = "no") -> Entry:
    """A task that the service did not make."""
    return entry(state=State.REJECTED, create_error=problem, message=message)


def test_a_model_that_is_not_served_leads_to_a_living_one_that_takes_the_drawing_along() -> None:
    """contract.md: lead nobody to a retired model, and say what becomes of the drawing."""
    problem = refusal(refused(ErrorKind.MODEL_NOT_SERVED), PAINTED)
    assert "kling-v2-6" in problem.next_step
    assert "last frame, or in words" in problem.next_step


def test_without_a_drawing_a_model_seen_working_is_named() -> None:
    """The advice fits what was sent."""
    assert "kling-v2-6" in refusal(refused(ErrorKind.MODEL_NOT_SERVED), PLAIN).next_step


def test_a_refusal_says_that_nothing_was_paid_and_quotes_the_service() -> None:
    """The service's own words help its support."""
    problem = refusal(refused(ErrorKind.OUT_OF_CREDIT, "user quota is not enough (request id r-7)"), PLAIN)
    assert "nothing was paid" in problem.what
    assert "user quota is not enough" in problem.why
    assert "r-7" in problem.why


def test_words_of_our_own_are_not_quoted_as_the_services() -> None:
    """An empty 413 says nothing: the client puts our sentence in its place."""
    problem = refusal(refused(ErrorKind.TOO_LARGE, f"{SURE_STATUSES[413][1]} (HTTP 413)"), PLAIN)
    assert problem.why == "The request is larger than the service takes."


def test_a_heavy_request_that_is_refused_says_its_size_and_what_helps() -> None:
    """Relays refuse large bodies in many words; the hint is ours and not put into the service's mouth."""
    hint = heavy_request_hint(ErrorKind.BAD_PARAMETER, 13_000_000)
    problem = refusal(refused(ErrorKind.BAD_PARAMETER, f"cannot parse the request{hint}"), PLAIN)
    assert "13.0 MB" in problem.next_step
    assert problem.why.endswith("“cannot parse the request”)")


@pytest.mark.parametrize(
    "kind", [ErrorKind.READ_TIMEOUT, ErrorKind.CONNECTION_LOST, ErrorKind.PLATFORM_ERROR]
)
def test_an_unclear_end_of_a_heavy_request_says_its_size_and_keeps_it(kind: ErrorKind) -> None:
    """A 408, or a connection that a relay cuts while the body is on its way: the next one may be lighter."""
    hint = heavy_request_hint(kind, 13_000_000)
    assert "13.0 MB, which may be too much" in hint
    assert size_hint(f"request timeout (HTTP 408){hint}") == hint
    assert size_hint("request timeout") == size_hint(None) == ""


@pytest.mark.parametrize(
    ("kind", "size_bytes"), [(ErrorKind.BAD_PARAMETER, 100_000), (ErrorKind.POLICY_REFUSED, 13_000_000)]
)
def test_a_light_request_or_a_refusal_for_policy_has_no_such_hint(kind: ErrorKind, size_bytes: int) -> None:
    """A smaller picture would not help."""
    assert heavy_request_hint(kind, size_bytes) == ""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "0 s"), (59.4, "59 s"), (60, "1 min"), (6516, "1 h 48 min"), (6540, "1 h 49 min")],
)
def test_a_time_is_told_in_two_units_at_most(seconds: float, words: str) -> None:
    """Rounded down, since it is a time that has passed or that remains."""
    assert duration(seconds) == words


def test_a_bound_is_rounded_up() -> None:
    """One minute too early would be untrue."""
    assert duration(6516, round_up=True) == duration(6540, round_up=True) == "1 h 49 min"


def test_a_queue_that_stands_still_says_why_since_when_and_how_long() -> None:
    """And what opens it, for every reason that there is."""
    for reason in (ErrorKind.OUT_OF_CREDIT, ErrorKind.ACCOUNT_BLOCKED):
        stop = QueueStop(reason=reason, since=NOON, next_try_at=NOON + timedelta(minutes=4))
        said = stopped_queue(stop, NOON + timedelta(minutes=2))
        assert said.startswith(WORDS[reason][0])
        assert "since 01 May 12:00 UTC, for 2 min so far" in said
        assert "The next try comes by itself in 2 min; one that goes through opens the line again." in said
