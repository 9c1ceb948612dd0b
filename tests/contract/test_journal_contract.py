"""The journal's rules, on SQLite and on PostgreSQL alike."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert, select, update

from kling import (
    ConnectTimeout,
    DynamicMask,
    ImageToVideoRequest,
    OutOfCredit,
    ReadTimeout,
    Task,
    TaskStatus,
    TooManyTasks,
    TrajectoryPoint,
    Unauthorized,
)
from studio.journal.create_outcome import INTERRUPTED, VerdictKind, outcome_of, verdict
from studio.journal.database import Database
from studio.journal.entry import Entry, LookupProof, NewTask, State
from studio.journal.journal import Journal
from studio.journal.queries import JournalProblem, SpentExternalId
from studio.journal.schema import artifacts

ENDPOINT = "https://far.example"
FINGERPRINT = "f" * 64


class Clock:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def turn(self, seconds: float) -> None:
        """Later."""
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(store: Database, clock: Clock) -> Journal:
    return Journal(store, clock)


def new_task(number: int = 1, **changes: object) -> NewTask:
    base = NewTask(
        owner="ann",
        click_token=f"click {number}",
        service=ENDPOINT,
        key_fingerprint=FINGERPRINT,
        external_task_id=f"external-{number}",
        request=ImageToVideoRequest(image="aW1n", model_name="kling-v1", mode="std", prompt="waves"),
        price_usd=Decimal("0.14"),
        thumbnail=b"\xff\xd8",
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def told(status: TaskStatus = TaskStatus.SUBMITTED, task_id: str = "task-1", **changes: object) -> Task:
    task = Task(
        task_id=task_id,
        status=status,
        status_message=None,
        external_task_id=None,
        created_at=None,
        updated_at=None,
        videos=(),
    )
    return replace(task, **changes)  # type: ignore[arg-type]


def present(entry: Entry | None) -> Entry:
    assert entry is not None
    return entry


def sending(journal: Journal, number: int = 1) -> Entry:
    return present(journal.claim(journal.create_entry(new_task(number))))


def unknown(journal: Journal) -> Entry:
    return present(journal.settle(sending(journal), outcome_of(ReadTimeout("no answer"))))


def accepted(journal: Journal) -> Entry:
    return present(journal.settle(sending(journal), outcome_of(told())))


def succeeded(journal: Journal) -> Entry:
    return present(journal.record_status(accepted(journal), told(TaskStatus.SUCCEED)))


def keep_video(store: Database, entry: Entry, now: datetime) -> None:
    row = {"entry_id": entry.entry_id, "kind": "video", "index": 0, "path": entry.entry_id}
    row |= {"size_bytes": 5, "sha256": "a" * 64, "pinned": False, "created_at": now}
    with store.writing() as connection:
        connection.execute(insert(artifacts).values(row))


def keep_anew(store: Database) -> None:
    """As `ArtifactStore` does when a video is there once more."""
    with store.writing() as connection:
        connection.execute(update(artifacts).values(removed_at=None))


def test_an_intent_is_read_back_as_it_was_written(journal: Journal, clock: Clock) -> None:
    """Everything that a page shows of a task stands in the database from the first moment."""
    entry = journal.create_entry(new_task())
    assert journal.queries.entry(entry.entry_id) == entry
    assert entry.state is State.INTENT
    assert (entry.owner, entry.service, entry.key_fingerprint) == ("ann", ENDPOINT, FINGERPRINT)
    assert (entry.model_name, entry.mode, entry.duration, entry.prompt) == ("kling-v1", "std", "5", "waves")
    assert (entry.price_usd, entry.thumbnail) == (Decimal("0.14"), b"\xff\xd8")
    assert (entry.created_at, entry.state_since) == (clock.now, clock.now)
    assert (entry.task_id, entry.attempts, entry.sent_at) == (None, 0, None)


def test_a_double_click_is_one_entry(journal: Journal) -> None:
    """The click token collapses reruns and double clicks, even when each drew another external id."""
    first = journal.create_entry(new_task())
    assert journal.create_entry(new_task(external_task_id="another")) == first
    assert journal.queries.entries("ann") == (first,)


def test_an_external_id_is_used_once(journal: Journal) -> None:
    """The service knows a task by it: the same request once more gets the entry that exists."""
    first = journal.create_entry(new_task())
    assert journal.create_entry(new_task(click_token="another")) == first
    assert journal.queries.entries("ann") == (first,)


def test_an_external_id_of_another_request_is_refused_in_words(journal: Journal) -> None:
    """Two tabs: the second one's prompt is not dropped in silence, and nothing is written."""
    first = journal.create_entry(new_task())
    other = replace(new_task(click_token="another"), request=replace(new_task().request, prompt="other"))
    with pytest.raises(SpentExternalId, match="another tab"):
        journal.create_entry(other)
    assert journal.queries.entries("ann") == (first,)


def test_an_external_id_of_another_key_is_another_task(journal: Journal) -> None:
    """External ids are unique to an account, not to the world."""
    journal.create_entry(new_task())
    journal.create_entry(new_task(click_token="another", key_fingerprint="e" * 64))
    assert len(journal.queries.entries("ann")) == 2


@pytest.mark.parametrize("same", ["click_token", "external_task_id"])
def test_another_owners_click_or_id_tells_nothing_of_the_entry(journal: Journal, same: str) -> None:
    """A copied token or id is refused, and answers nobody else's task."""
    journal.create_entry(new_task())
    copied = replace(new_task(2, owner="eve"), **{same: getattr(new_task(), same)})
    with pytest.raises(JournalProblem):
        journal.create_entry(copied)
    assert journal.queries.entries("eve") == ()


def test_the_request_is_kept_whole_until_the_entry_is_settled(journal: Journal) -> None:
    """A restart sends the very same body, under the entry's external id."""
    masks = (DynamicMask(mask="bWFzaw", trajectories=(TrajectoryPoint(x=1, y=2), TrajectoryPoint(x=3, y=4))),)
    request = ImageToVideoRequest(image="aW1n", model_name="kling-v1", cfg_scale=0.3, dynamic_masks=masks)
    entry = journal.create_entry(new_task(request=request))
    assert journal.queries.request(entry.entry_id) == replace(request, external_task_id="external-1")
    journal.settle(present(journal.claim(entry)), outcome_of(Unauthorized("no")))
    with pytest.raises(JournalProblem):
        journal.queries.request(entry.entry_id)


def test_only_one_gets_a_claim(journal: Journal) -> None:
    """The second of two that read the same entry finds that somebody was faster."""
    entry = journal.create_entry(new_task())
    claimed = present(journal.claim(entry))
    assert (claimed.state, claimed.attempts) == (State.SENDING, 1)
    assert journal.claim(entry) is None
    assert journal.claim(claimed) is None
    assert journal.queries.entry(entry.entry_id) == claimed


def test_a_changed_entry_is_not_written_over(journal: Journal) -> None:
    """The version is the other half of the compare-and-swap: same state, yet another knowledge."""
    entry = accepted(journal)
    seen = present(journal.record_status(entry, told(), next_look_at=None))
    assert seen.state is entry.state
    assert journal.note(entry, message="an old thought") is None
    assert journal.queries.entry(entry.entry_id) == seen


def test_an_entry_that_waits_is_not_claimed_before_its_time(journal: Journal, clock: Clock) -> None:
    """1303 puts a task back in line, after a wait that doubles."""
    waiting = present(journal.settle(sending(journal), outcome_of(TooManyTasks("busy"), attempt=3)))
    assert waiting.state is State.INTENT
    assert waiting.retry_at == clock.now + timedelta(seconds=4)
    assert journal.claim(waiting) is None
    clock.turn(4)
    again = present(journal.claim(waiting))
    assert (again.attempts, again.message, again.retry_at) == (2, None, None)


def test_an_accepted_task_has_its_id_and_time(journal: Journal, clock: Clock) -> None:
    """What the create's answer tells is written in the same step as the state."""
    claimed = sending(journal)
    clock.turn(2)
    entry = present(journal.settle(claimed, outcome_of(told())))
    assert (entry.state, entry.task_id, entry.accepted_at) == (State.ACCEPTED, "task-1", clock.now)
    assert entry.lookup_id == "task-1"


def test_a_rejected_task_says_why(journal: Journal, clock: Clock) -> None:
    """REJECTED is the end of an entry; a corrected request is a new one."""
    entry = present(journal.settle(sending(journal), outcome_of(Unauthorized("bad key"))))
    assert (entry.state, entry.message, entry.ended_at) == (State.REJECTED, "bad key", clock.now)
    assert entry.is_settled
    assert journal.claim(entry) is None


def test_an_account_without_credit_empties_the_line_of_its_key_alone(journal: Journal) -> None:
    """Stop sending for that key: nothing that waits for it was sent, and nothing was paid."""
    waiting = journal.create_entry(new_task(2))
    other_key = journal.create_entry(new_task(3, key_fingerprint="e" * 64))
    journal.settle(sending(journal), outcome_of(OutOfCredit("empty")))
    refused = journal.queries.entry(waiting.entry_id)
    assert (refused.state, refused.message, refused.attempts) == (State.REJECTED, "empty", 0)
    assert journal.claim(waiting) is None
    assert journal.queries.entry(other_key.entry_id).state is State.INTENT


def test_a_killed_sender_leaves_its_entry_to_be_found(journal: Journal, clock: Clock) -> None:
    """SENDING for longer than a create can take: its process is dead, and a paid task may exist."""
    claimed = sending(journal)
    clock.turn(119)
    assert journal.queries.stale_sending(120) == ()
    clock.turn(1)
    assert journal.queries.stale_sending(120) == (claimed,)
    entry = present(journal.settle(claimed, INTERRUPTED))
    assert (entry.state, entry.next_look_at) == (State.UNKNOWN, clock.now)
    assert journal.queries.stale_sending(120) == ()


def test_a_sender_taken_for_dead_still_writes_its_task_down(journal: Journal) -> None:
    """A task that was paid is never lost because somebody else was quicker to give up."""
    claimed = sending(journal)
    journal.settle(claimed, INTERRUPTED)
    entry = present(journal.settle(claimed, outcome_of(told())))
    assert (entry.state, entry.task_id) == (State.ACCEPTED, "task-1")


def test_a_sender_taken_for_dead_rejects_nothing(journal: Journal) -> None:
    """Without a task in hand, who comes late changes nothing."""
    claimed = sending(journal)
    taken = journal.settle(claimed, INTERRUPTED)
    assert journal.settle(claimed, outcome_of(ConnectTimeout("late"))) is None
    assert journal.queries.entry(claimed.entry_id) == taken


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (TaskStatus.SUBMITTED, State.ACCEPTED),
        (TaskStatus.PROCESSING, State.RUNNING),
        (TaskStatus.SUCCEED, State.SUCCEEDED),
        (TaskStatus.FAILED, State.FAILED),
    ],
)
def test_evidence_resolves_an_unknown_create(journal: Journal, status: TaskStatus, state: State) -> None:
    """UNKNOWN ends when the task is found, wherever it stands by then."""
    entry = present(journal.record_status(unknown(journal), told(status)))
    assert (entry.state, entry.task_id, entry.create_error) == (state, "task-1", None)


def test_an_answer_that_comes_late_does_not_turn_time_back(journal: Journal) -> None:
    """Answers are reordered: "processing" after "succeed" is old."""
    entry = present(journal.record_status(succeeded(journal), told(TaskStatus.PROCESSING)))
    assert entry.state is State.SUCCEEDED


def test_a_failed_task_keeps_its_reason_and_its_end(journal: Journal, clock: Clock) -> None:
    """A second look that tells less takes nothing away."""
    failed = told(TaskStatus.FAILED, status_message="risk control")
    entry = present(journal.record_status(accepted(journal), failed))
    ended_at = clock.now
    clock.turn(60)
    entry = present(journal.record_status(entry, told(TaskStatus.FAILED)))
    assert (entry.message, entry.ended_at) == ("risk control", ended_at)


def test_an_entry_keeps_its_task(journal: Journal) -> None:
    """An answer about another task changes nothing."""
    entry = accepted(journal)
    assert journal.record_status(entry, told(task_id="task-2")) is None
    assert journal.queries.entry(entry.entry_id) == entry


def test_what_waits_in_line_is_not_sent_when_its_task_turns_up(journal: Journal) -> None:
    """A late callback for a task that was sent again: the first one exists, so nothing more is sent."""
    in_line = present(journal.send_again(unknown(journal)))
    assert present(journal.record_status(in_line, told())).state is State.ACCEPTED
    assert journal.claim(in_line) is None


def test_not_founds_count_only_when_spaced(journal: Journal, clock: Clock) -> None:
    """Ten looks in a second are one not-found."""
    entry = unknown(journal)
    for seconds, count in ((0, 1), (59, 1), (1, 2), (60, 3)):
        clock.turn(seconds)
        entry = present(journal.not_found(entry))
        assert (entry.not_founds, entry.last_look_at) == (count, clock.now)


def _looked_for(journal: Journal, clock: Clock, entry: Entry) -> tuple[Entry, VerdictKind]:
    """Look until the verdict is something else than to look again."""
    while True:
        entry = present(journal.not_found(entry))
        decided = verdict(entry, journal.queries.proof(ENDPOINT), clock.now)
        if decided.kind is not VerdictKind.LOOK_AGAIN:
            return entry, decided.kind
        assert decided.at is not None
        clock.now = decided.at


def test_a_missing_task_is_sent_again_where_look_up_is_proven(journal: Journal, clock: Clock) -> None:
    """Proven look-up, the settle window, three spaced not-founds: then, and under the same id."""
    journal.record_lookup(ENDPOINT, True, 2.0)
    sent_at = clock.now
    entry, decided = _looked_for(journal, clock, unknown(journal))
    assert decided is VerdictKind.BACK_IN_LINE
    assert clock.now >= sent_at + timedelta(seconds=600)
    again = present(journal.send_again(entry))
    assert (again.state, again.external_task_id, again.not_founds) == (State.INTENT, "external-1", 0)
    assert journal.claim(again) is not None


@pytest.mark.parametrize(
    "prove", [lambda _: None, lambda journal: journal.record_lookup(ENDPOINT, False, 900.0)]
)
def test_a_missing_task_is_a_persons_matter_where_look_up_is_not_proven(
    journal: Journal, clock: Clock, prove: Callable[[Journal], None]
) -> None:
    """Unproven means: never repeat by itself."""
    prove(journal)
    entry, decided = _looked_for(journal, clock, unknown(journal))
    assert decided is VerdictKind.ASK_PERSON
    asked = present(journal.ask_person(entry, "This may have been charged."))
    assert (asked.state, asked.message) == (State.NEEDS_PERSON, "This may have been charged.")


def test_a_person_can_look_again_send_again_or_forget(journal: Journal) -> None:
    """The three choices, each from NEEDS_PERSON."""
    entry = present(journal.ask_person(unknown(journal), "Well?"))
    looking = present(journal.look_again(entry))
    assert (looking.state, looking.not_founds) == (State.UNKNOWN, 0)
    asked = present(journal.ask_person(looking, "Well?"))
    again = present(journal.send_again(asked))
    # what was in doubt is settled: nothing is said of it while the task stands in line
    assert (again.state, again.message) == (State.INTENT, None)
    assert present(journal.forget(again)).state is State.FORGOTTEN


def test_a_create_on_its_way_cannot_be_forgotten_or_sent_again(journal: Journal) -> None:
    """Its answer may tell of a paid task."""
    claimed = sending(journal)
    assert journal.forget(claimed) is None
    assert journal.send_again(claimed) is None
    assert journal.look_again(claimed) is None


def test_an_accepted_task_is_never_sent_again(journal: Journal) -> None:
    """Neither by the app nor by a person."""
    entry = accepted(journal)
    assert journal.send_again(entry) is None
    assert journal.claim(entry) is None
    assert journal.ask_person(entry, "Well?") is None


def test_what_was_forgotten_unseen_comes_back_when_it_was_paid(journal: Journal) -> None:
    """Forgetting an UNKNOWN is a guess; its task turning up is evidence."""
    forgotten = present(journal.forget(unknown(journal)))
    assert present(journal.record_status(forgotten, told())).state is State.ACCEPTED


def test_a_forgotten_task_that_its_owner_follows_again_comes_back(journal: Journal) -> None:
    """Its id was typed in: that person wants it after all."""
    forgotten = present(journal.forget(accepted(journal)))
    again = journal.adopt(forgotten.owner, ENDPOINT, FINGERPRINT, told())
    assert (again.entry_id, again.state) == (forgotten.entry_id, State.ACCEPTED)


def test_a_forgotten_task_stays_forgotten(journal: Journal) -> None:
    """A person who forgets a running task is not reminded by its next callback."""
    forgotten = present(journal.forget(accepted(journal)))
    assert journal.record_status(forgotten, told(TaskStatus.SUCCEED)) is None


def test_a_task_is_kept_only_with_its_video(journal: Journal, store: Database, clock: Clock) -> None:
    """KEPT means that the file is there."""
    entry = succeeded(journal)
    assert journal.mark_kept(entry) is None
    keep_video(store, entry, clock.now)
    assert present(journal.mark_kept(entry)).state is State.KEPT


def test_the_link_of_a_video_is_known_until_it_is_kept(
    journal: Journal, store: Database, clock: Clock
) -> None:
    """Whatever else is noted meanwhile; and no text of the record holds it."""
    link = "https://cdn.test/one.mp4?sig=secret"
    entry = present(journal.note(succeeded(journal), message="Cause: X.", result_url=link))
    entry = present(journal.note(entry, message="Cause: Y."))
    assert (entry.result_url, "secret" in repr(entry)) == (link, False)
    keep_video(store, entry, clock.now)
    assert present(journal.mark_kept(entry)).result_url is None


def test_only_what_succeeded_is_kept(journal: Journal, store: Database, clock: Clock) -> None:
    """A file alone says nothing of the task."""
    entry = accepted(journal)
    keep_video(store, entry, clock.now)
    assert journal.mark_kept(entry) is None


def kept_rows(store: Database) -> list[str]:
    """The files of which the database speaks."""
    with store.reading() as connection:
        return list(connection.execute(select(artifacts.c.path)).scalars())


def test_a_lost_video_is_to_be_fetched_again(journal: Journal, store: Database, clock: Clock) -> None:
    """Its row says so in the same step, so that nothing calls it kept before it is there once more."""
    entry = succeeded(journal)
    keep_video(store, entry, clock.now)
    kept = present(journal.mark_kept(entry))
    clock.turn(60)
    lost = present(journal.mark_file_missing(kept))
    assert (lost.state, lost.state_since, lost.ended_at) == (State.SUCCEEDED, clock.now, kept.ended_at)
    assert [entry.entry_id for entry in journal.queries.unfinished()] == [lost.entry_id]
    assert journal.mark_kept(lost) is None
    keep_anew(store)
    assert present(journal.mark_kept(lost)).state is State.KEPT


def test_what_its_owner_removed_is_not_lost(journal: Journal, store: Database, clock: Clock) -> None:
    """A person's word stands; the row goes on telling when it was."""
    entry = succeeded(journal)
    keep_video(store, entry, clock.now)
    kept = present(journal.mark_kept(entry))
    with store.writing() as connection:
        connection.execute(update(artifacts).values(removed_at=clock.now))
    assert journal.mark_file_missing(kept) is None
    assert journal.queries.entry(kept.entry_id) == kept
    assert kept_rows(store) == [entry.entry_id]


def test_only_what_was_kept_is_lost(journal: Journal, store: Database, clock: Clock) -> None:
    """Before that its file is on its way; and of two who see it missing one is heard."""
    entry = succeeded(journal)
    keep_video(store, entry, clock.now)
    assert journal.mark_file_missing(entry) is None
    kept = present(journal.mark_kept(entry))
    journal.mark_file_missing(kept)
    keep_anew(store)
    assert journal.mark_file_missing(kept) is None
    assert kept_rows(store) == [entry.entry_id]


def test_a_note_leaves_what_it_does_not_name(journal: Journal, clock: Clock) -> None:
    """What is in the way, and when to look next, are told apart."""
    noted = present(journal.note(accepted(journal), message="no network"))
    noted = present(journal.note(noted, next_look_at=clock.now))
    assert (noted.message, noted.next_look_at) == ("no network", clock.now)


def test_state_since_tells_of_the_state_alone(journal: Journal, clock: Clock) -> None:
    """A look that changes no state does not make it younger."""
    entry = accepted(journal)
    since = clock.now
    clock.turn(10)
    assert present(journal.record_status(entry, told())).state_since == since
    assert (
        present(
            journal.record_status(journal.queries.entry(entry.entry_id), told(TaskStatus.PROCESSING))
        ).state_since
        == clock.now
    )


def test_places_in_line_are_counted_by_key(journal: Journal, clock: Clock) -> None:
    """First come, first shown; other keys and what has left the line do not count."""
    first = journal.create_entry(new_task(1))
    other = journal.create_entry(new_task(9, key_fingerprint="e" * 64))
    clock.turn(1)
    second = journal.create_entry(new_task(2))
    ids = [entry.entry_id for entry in (first, other, second)]
    assert [journal.queries.queue_positions("ann").get(name) for name in ids] == [1, 1, 2]
    present(journal.claim(first))
    assert [journal.queries.queue_positions("ann").get(name) for name in ids] == [None, 1, 1]


def test_what_is_unfinished_is_read_without_its_pictures(journal: Journal) -> None:
    """Every process reads all of it every few seconds, and nobody looks at it."""
    entry = journal.create_entry(new_task())
    assert entry.thumbnail is not None
    assert journal.queries.unfinished() == (replace(entry, thumbnail=None),)


def test_a_task_made_elsewhere_is_taken_up_once(journal: Journal) -> None:
    """Following an id twice is one entry, and the second time is a look."""
    first = journal.adopt("ann", ENDPOINT, FINGERPRINT, told())
    assert (first.state, first.made_elsewhere, first.external_task_id) == (State.ACCEPTED, True, None)
    again = journal.adopt("ann", ENDPOINT, FINGERPRINT, told(TaskStatus.PROCESSING))
    assert (again.entry_id, again.state) == (first.entry_id, State.RUNNING)
    assert len(journal.queries.entries("ann")) == 1
    assert journal.adopt("bob", ENDPOINT, FINGERPRINT, told()).entry_id != first.entry_id


def test_following_an_own_task_that_was_unknown_resolves_it(journal: Journal) -> None:
    """A person who finds the task at the service and follows it has brought the evidence."""
    entry = unknown(journal)
    followed = journal.adopt("ann", ENDPOINT, FINGERPRINT, told(external_task_id="external-1"))
    assert (followed.entry_id, followed.state) == (entry.entry_id, State.ACCEPTED)


def test_another_owners_task_is_known_as_such(journal: Journal) -> None:
    """With a key that many share, an id that was guessed or copied must open nothing."""
    accepted(journal)
    for known_id in ("task-1", "external-1"):
        assert journal.queries.is_anothers("eve", ENDPOINT, FINGERPRINT, known_id)
        assert not journal.queries.is_anothers("ann", ENDPOINT, FINGERPRINT, known_id)
    assert not journal.queries.is_anothers("eve", ENDPOINT, FINGERPRINT, "task-2")


def test_look_up_is_proven_by_finding_and_disproven_by_missing(journal: Journal, clock: Clock) -> None:
    """One miss outweighs every find for 30 days; the longest lag stays."""
    assert journal.queries.proof(ENDPOINT) is None
    journal.record_lookup(ENDPOINT, True, 40.0)
    journal.record_lookup(ENDPOINT, True, 2.0)
    assert journal.queries.proof(ENDPOINT) == LookupProof(found=True, lag_s=40.0)
    journal.record_lookup(ENDPOINT, False, 900.0)
    journal.record_lookup(ENDPOINT, True, 2.0)
    assert journal.queries.proof(ENDPOINT) == LookupProof(found=False, lag_s=40.0)
    clock.turn(30 * 86400)
    assert journal.queries.proof(ENDPOINT) == LookupProof(found=True, lag_s=40.0)
    assert journal.queries.proof("https://other.example") is None


def test_each_owner_sees_their_own_newest_first(journal: Journal, clock: Clock) -> None:
    """Everything is read by owner."""
    first = journal.create_entry(new_task(1))
    clock.turn(1)
    second = journal.create_entry(new_task(2))
    journal.create_entry(new_task(3, owner="bob"))
    assert journal.queries.entries("ann") == (second, first)


def test_unfinished_entries_are_those_with_something_left_to_do(journal: Journal) -> None:
    """After a restart each of them is carried on, and nothing else."""
    present(journal.settle(sending(journal, 1), outcome_of(Unauthorized("no"))))
    waiting = journal.create_entry(new_task(2))
    assert [entry.entry_id for entry in journal.queries.unfinished()] == [waiting.entry_id]


def test_spending_counts_what_was_or_may_yet_be_paid(journal: Journal, clock: Clock) -> None:
    """Refused, failed and never sent are free; unclear and in line are not."""
    since = clock.now
    journal.settle(sending(journal, 1), outcome_of(Unauthorized("no")))
    failed = present(journal.settle(sending(journal, 2), outcome_of(told(task_id="task-2"))))
    journal.record_status(failed, told(TaskStatus.FAILED, task_id="task-2"))
    journal.forget(journal.create_entry(new_task(3)))
    assert journal.queries.spent_usd("ann", since) == 0
    journal.settle(sending(journal, 4), outcome_of(ReadTimeout("unclear")))
    journal.create_entry(new_task(5, key_fingerprint="e" * 64, price_usd=Decimal("0.49")))
    journal.adopt("ann", ENDPOINT, FINGERPRINT, told(task_id="task-6"))
    assert journal.queries.spent_usd("ann", since) == Decimal("0.63")
    assert journal.queries.spent_usd("ann", since, FINGERPRINT) == Decimal("0.14")
    assert journal.queries.spent_usd("ann", since + timedelta(seconds=1)) == 0
    assert journal.queries.spent_usd("bob", since) == 0


def test_words_that_a_database_refuses_fail_no_entry(journal: Journal) -> None:
    """A paid task is written down whatever its service says."""
    entry = accepted(journal)
    failed = told(TaskStatus.FAILED, status_message="no\0 way \ud800" + "!" * 5000)
    assert present(journal.record_status(entry, failed)).message == "no? way ?" + "!" * 5000


def test_an_unknown_id_is_a_problem_that_a_person_can_read(journal: Journal) -> None:
    """Not a stack trace."""
    with pytest.raises(JournalProblem, match="not known here"):
        journal.queries.entry("0" * 32)
