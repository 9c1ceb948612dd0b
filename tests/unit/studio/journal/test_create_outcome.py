"""What the end of a create call means, and when a missing task may be sent again."""

import random
from datetime import UTC, datetime, timedelta

import pytest

import kling
from kling import ErrorKind, KlingError, Task, TaskStatus
from studio.journal.create_outcome import OUTCOMES, OutcomeKind, VerdictKind, outcome_of, settle_s, verdict
from studio.journal.entry import Entry, LookupProof, State

LEAVES = [
    error
    for error in vars(kling).values()
    if isinstance(error, type) and issubclass(error, KlingError) and "kind" in vars(error)
]
SENT_AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return SENT_AT + timedelta(seconds=seconds)


def unknown(*, not_founds: int, last_not_found_s: float | None) -> Entry:
    return Entry(
        entry_id="0" * 32,
        owner="ann",
        service="https://far.example",
        key_fingerprint="f" * 64,
        external_task_id="external-1",
        task_id=None,
        state=State.UNKNOWN,
        version=2,
        made_elsewhere=False,
        model_name="kling-v1",
        mode=None,
        duration="5",
        prompt=None,
        price_usd=None,
        thumbnail=None,
        created_at=SENT_AT,
        state_since=SENT_AT,
        sent_at=SENT_AT,
        accepted_at=None,
        ended_at=None,
        attempts=1,
        retry_at=None,
        not_founds=not_founds,
        last_not_found_at=None if last_not_found_s is None else at(last_not_found_s),
        last_look_at=None,
        next_look_at=None,
        create_error=ErrorKind.READ_TIMEOUT,
        message=None,
    )


def test_every_leaf_of_the_error_tree_has_its_outcome() -> None:
    """A new kind of error is a decision about money, and cannot be forgotten here."""
    assert len(LEAVES) == len(ErrorKind)
    assert set(OUTCOMES) == set(ErrorKind)


@pytest.mark.parametrize("error", LEAVES)
def test_outcomes_agree_with_the_error_tree(error: type[KlingError]) -> None:
    """UNKNOWN exactly where a task may exist; back in line exactly where a create may be repeated."""
    raised = error("words")
    kind = outcome_of(raised).kind
    assert (kind is OutcomeKind.UNKNOWN) == raised.task_may_exist
    may_be_sent_again = raised.may_repeat and not raised.task_may_exist
    assert (kind is OutcomeKind.BACK_IN_LINE) == may_be_sent_again


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (kling.NameNotResolved, OutcomeKind.BACK_IN_LINE),
        (kling.Unreachable, OutcomeKind.BACK_IN_LINE),
        (kling.ConnectTimeout, OutcomeKind.BACK_IN_LINE),
        (kling.HandshakeFailed, OutcomeKind.BACK_IN_LINE),
        (kling.BadParameter, OutcomeKind.REJECTED),
        (kling.Unauthorized, OutcomeKind.REJECTED),
        (kling.NoAccess, OutcomeKind.REJECTED),
        (kling.NotFound, OutcomeKind.REJECTED),
        (kling.TooLarge, OutcomeKind.REJECTED),
        (kling.MalformedRequest, OutcomeKind.REJECTED),
        (kling.ModelNotServed, OutcomeKind.REJECTED),
        (kling.TooManyRequests, OutcomeKind.BACK_IN_LINE),
        (kling.TooManyTasks, OutcomeKind.BACK_IN_LINE),
        (kling.AccountBlocked, OutcomeKind.REJECTED),
        (kling.OutOfCredit, OutcomeKind.REJECTED),
        (kling.DuplicateExternalTaskId, OutcomeKind.UNKNOWN),
        (kling.ReadTimeout, OutcomeKind.UNKNOWN),
        (kling.ConnectionLost, OutcomeKind.UNKNOWN),
        (kling.PlatformError, OutcomeKind.UNKNOWN),
        (kling.NotTheApi, OutcomeKind.UNKNOWN),
        (kling.UnreadableAnswer, OutcomeKind.UNKNOWN),
    ],
)
def test_each_row_of_the_table_of_outcomes(error: type[KlingError], kind: OutcomeKind) -> None:
    """The rows of reliability.md, by hand: the table is not derived from the code that it checks."""
    outcome = outcome_of(error("the service's words", http_status=499))
    assert (outcome.kind, outcome.error_kind) == (kind, error.kind)
    assert "the service's words" in (outcome.message or "")


@pytest.mark.parametrize("error", LEAVES)
def test_an_account_problem_alone_stops_its_key(error: type[KlingError]) -> None:
    """1100, 1101, 1102, 1304 and quota text: nothing else would go through either."""
    stops = error in {kling.AccountBlocked, kling.OutOfCredit}
    assert outcome_of(error("words")).stop_key == stops


def test_a_task_is_accepted() -> None:
    """Code 0 with a task id."""
    task = Task(
        task_id="task-1",
        status=TaskStatus.SUBMITTED,
        status_message=None,
        external_task_id=None,
        created_at=None,
        updated_at=None,
        videos=(),
    )
    outcome = outcome_of(task)
    assert (outcome.kind, outcome.task, outcome.error_kind) == (OutcomeKind.ACCEPTED, task, None)


@pytest.mark.parametrize(("asked_s", "wait_s"), [(0.0, 0.0), (7.0, 7.0), (60.0, 60.0), (21_600.0, 60.0)])
def test_retry_after_wins_up_to_a_minute(asked_s: float, wait_s: float) -> None:
    """A service that asks for six hours is asked again after a minute."""
    busy = kling.TooManyRequests("busy", retry_after_s=asked_s)
    assert outcome_of(busy, attempt=5).wait_s == wait_s


def test_the_wait_doubles_from_a_second_to_a_minute() -> None:
    """Without a Retry-After."""
    waits = [outcome_of(kling.TooManyTasks("busy"), attempt=attempt).wait_s for attempt in (1, 2, 3, 7, 5000)]
    assert waits == [1.0, 2.0, 4.0, 60.0, 60.0]


def test_waits_that_nobody_asked_for_are_spread() -> None:
    """± 20 %, so that tasks that were refused together do not come together again."""
    rng = random.Random(4)
    waits = {outcome_of(kling.TooManyTasks("busy"), attempt=4, rng=rng).wait_s for _ in range(200)}
    assert len(waits) > 100
    assert 6.4 <= min(waits) < 7.0
    assert 9.0 < max(waits) <= 9.6


@pytest.mark.parametrize(
    ("lag_s", "window_s"), [(0.0, 600.0), (166.0, 600.0), (200.0, 700.0), (900.0, 2800.0)]
)
def test_the_settle_window_follows_the_lag(lag_s: float, window_s: float) -> None:
    """600 s, or 3 × the lag + 100 s if that is longer."""
    assert settle_s(LookupProof(found=True, lag_s=lag_s)) == window_s


@pytest.mark.parametrize(
    ("not_founds", "last_s", "now_s", "proof", "expected"),
    [
        (3, 600, 600, LookupProof(found=True, lag_s=1), VerdictKind.BACK_IN_LINE),
        (2, 600, 600, LookupProof(found=True, lag_s=1), VerdictKind.LOOK_AGAIN),
        (3, 599, 599, LookupProof(found=True, lag_s=1), VerdictKind.LOOK_AGAIN),
        # time alone proves nothing: the last look itself must lie behind the window
        (9, 300, 9000, LookupProof(found=True, lag_s=1), VerdictKind.LOOK_AGAIN),
        (0, None, 9000, LookupProof(found=True, lag_s=1), VerdictKind.LOOK_AGAIN),
        (9, 650, 650, LookupProof(found=True, lag_s=200), VerdictKind.LOOK_AGAIN),
        (9, 700, 700, LookupProof(found=True, lag_s=200), VerdictKind.BACK_IN_LINE),
        (9, 9000, 9000, LookupProof(found=False, lag_s=1), VerdictKind.ASK_PERSON),
        (9, 9000, 9000, None, VerdictKind.ASK_PERSON),
        (2, 9000, 9000, None, VerdictKind.LOOK_AGAIN),
    ],
)
def test_a_missing_task_is_judged_by_proof_window_and_spaced_not_founds(
    not_founds: int, last_s: float | None, now_s: float, proof: LookupProof | None, expected: VerdictKind
) -> None:
    """All three are needed before a create is repeated; without proof it never is."""
    entry = unknown(not_founds=not_founds, last_not_found_s=last_s)
    assert verdict(entry, proof, at(now_s)).kind is expected


@pytest.mark.parametrize(("now_s", "next_s"), [(0, 10), (20, 30), (60, 90), (300, 360)])
def test_looks_for_a_missing_task_grow_apart(now_s: float, next_s: float) -> None:
    """Soon after the create it is likely to turn up; later the looks come a minute apart."""
    assert verdict(unknown(not_founds=1, last_not_found_s=now_s), None, at(now_s)).at == at(next_s)
