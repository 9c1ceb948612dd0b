"""The steps of a task: one create for each intent, nothing lost, and no repetition without evidence."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import OperationalError

from kling import (
    BadParameter,
    ConnectionLost,
    DuplicateExternalTaskId,
    ImageToVideoRequest,
    KlingError,
    ModelNotServed,
    NotFound,
    OutOfCredit,
    PlatformError,
    ReadTimeout,
    TaskStatus,
    TooManyTasks,
    Unreachable,
)
from studio.files.video_download import DownloadProblem
from studio.journal.create_outcome import SETTLE_S, CreateOutcome
from studio.journal.database import Database
from studio.journal.entry import SIMULATOR, Entry, NewTask, State
from studio.journal.journal import Journal
from studio.journal.queries import JournalQueries
from studio.journal.schema import artifacts, upgrade
from studio.tasks.schedule import STALE_SENDING_S
from studio.tasks.steps import CLAIM_HOLDS_S, NextStep, Step, Steps
from tests.support.services import NOON, Clock, FakeClient, FakeKeys, task

REQUEST = ImageToVideoRequest(image="aGk=", model_name="kling-v1", prompt="wind")


@dataclass
class World:
    """One journal with one entry, a far end in memory, and a clock."""

    store: Database
    clock: Clock = field(default_factory=Clock)
    client: FakeClient = field(default_factory=FakeClient)
    service: str = "https://far.test"
    keys: FakeKeys = field(init=False)
    journal: Journal = field(init=False)
    steps: Steps = field(init=False)
    entry_id: str = field(init=False)
    downloads: list[str] = field(default_factory=list)
    broken_downloads: int = 0

    def __post_init__(self) -> None:
        self.keys = FakeKeys(self.client)
        self.journal = Journal(self.store, self.clock)
        self.steps = Steps(journal=self.journal, keys=self.keys, keep_video=self._keep, now=self.clock)
        self.entry_id = self.submit("one").entry_id

    def submit(self, name: str, request: ImageToVideoRequest = REQUEST) -> Entry:
        """Another intent."""
        return self.journal.create_entry(
            NewTask(
                owner="ann",
                click_token=f"click-{name}",
                service=self.service,
                key_fingerprint="k",
                external_task_id=f"mine-{name}",
                request=request,
                price_usd=None,
            )
        )

    @property
    def entry(self) -> Entry:
        """As the journal has it now."""
        return self.journal.queries.entry(self.entry_id)

    def take(self, times: int = 1) -> NextStep:
        """The next steps, each after its wait; what comes after the last."""
        for _ in range(times):
            next_step = self.steps.run_next_step(self.entry_id)
            if next_step.goes_on:
                self.clock.advance(next_step.wait_s)
        return next_step

    def until(self, state: State) -> Entry:
        """The entry once it is there; a hundred steps must do."""
        for _ in range(100):
            if self.entry.state is state:
                return self.entry
            self.take()
        raise AssertionError(f"still {self.entry.state}")

    def _keep(self, entry: Entry, url: str, trusted_base_url: str) -> None:
        assert trusted_base_url == self.client.base_url
        self.downloads.append(url)
        if len(self.downloads) <= self.broken_downloads:
            raise DownloadProblem("Not yet.", "It broke.", "Wait.")
        row: dict[str, Any] = {
            "entry_id": entry.entry_id,
            "kind": "video",
            "index": 0,
            "path": f"{entry.entry_id}/video.mp4",
            "size_bytes": 3,
            "sha256": "0" * 64,
            "pinned": False,
            "created_at": NOON,
        }
        with self.store.writing() as connection:
            connection.execute(insert(artifacts).values(row))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    """An empty database."""
    with closing(Database(f"sqlite:///{tmp_path}/studio.db")) as opened:
        upgrade(opened)
        yield opened


@pytest.fixture
def world(store: Database) -> World:
    """An intent that nobody has sent yet."""
    return World(store)


SUBMITTED, PROCESSING = task(TaskStatus.SUBMITTED), task(TaskStatus.PROCESSING)
SUCCEED = task(TaskStatus.SUCCEED)


def test_a_task_goes_from_intent_to_kept_with_one_create(world: World) -> None:
    """Submitted → processing → succeed → on our storage."""
    world.client.on_create = [SUBMITTED]
    world.client.on_get = [SUBMITTED, SUBMITTED, PROCESSING, SUCCEED]
    kept = world.until(State.KEPT)
    assert kept.task_id == "t1"
    assert len(world.client.created) == 1
    assert world.downloads == ["http://far.test/videos/t1.mp4"]
    assert world.take() == NextStep(step=Step.DONE)


def test_the_link_of_a_video_that_cannot_be_fetched_is_known_until_it_is(world: World) -> None:
    """Its owner may fetch it by hand; once it is kept, the link is of no more use."""
    world.client.on_create, world.client.on_get = [SUCCEED], [SUCCEED]
    world.broken_downloads = 1
    world.until(State.SUCCEEDED)
    world.take()
    assert world.entry.result_url == "http://far.test/videos/t1.mp4"
    assert world.until(State.KEPT).result_url is None


def test_the_request_is_sent_with_its_external_id(world: World) -> None:
    """The only way to find the task again when no answer comes."""
    world.client.on_create = [SUBMITTED]
    world.take()
    assert world.client.created[0].external_task_id == "mine-one"


@pytest.mark.parametrize(("own", "expected"), [(None, "https://us/cb"), ("https://mine/", "https://mine/")])
def test_the_service_is_told_where_to_call_back(world: World, own: str | None, expected: str) -> None:
    """At the task's own address; a person's own is passed on unchanged."""
    world.client.on_create = [SUBMITTED]
    entry = world.submit("called", replace(REQUEST, callback_url=own))
    replace(world.steps, callback_address=lambda _: "https://us/cb").run_next_step(entry.entry_id)
    assert world.client.created[0].callback_url == expected


def test_the_first_look_comes_after_ten_seconds_and_then_every_five(world: World) -> None:
    """reliability.md, "Following a task"."""
    world.client.on_create, world.client.on_get = [SUBMITTED], [PROCESSING]
    assert world.steps.run_next_step(world.entry_id) == NextStep(step=Step.LOOK, wait_s=10.0)
    world.clock.advance(10)
    assert 4.0 <= world.steps.run_next_step(world.entry_id).wait_s <= 6.0


def test_two_that_send_at_once_send_once(world: World) -> None:
    """The claim is a compare-and-swap: whoever is second finds it sending."""
    world.client.on_create = [SUBMITTED]
    second: list[NextStep] = []
    world.client.before_answer = lambda: second.append(world.steps.run_next_step(world.entry_id))
    world.take()
    assert len(world.client.created) == 1
    assert second[0].step is Step.RESOLVE
    assert second[0].wait_s > 0


def test_who_is_overtaken_between_reading_and_claiming_sends_nothing(world: World) -> None:
    """The claim decides, not what was read before it."""

    class Overtaken(JournalQueries):
        def request(self, entry_id: str) -> ImageToVideoRequest:
            world.journal.claim(world.entry)
            return super().request(entry_id)

    journal = Journal(world.store, world.clock)
    journal.queries = Overtaken(world.store, world.clock)
    slow = replace(world.steps, journal=journal)
    assert slow.run_next_step(world.entry_id).step is Step.RESOLVE
    assert world.client.created == []


class FrozenAfterClaim(Journal):
    """The journal of a process that stands still right after its claim; `meanwhile` is what others do."""

    meanwhile: Callable[[], None] = lambda: None

    def claim(self, entry: Entry) -> Entry | None:
        """As ever."""
        claimed = super().claim(entry)
        self.meanwhile()
        return claimed


def frozen(world: World, meanwhile: Callable[[], None]) -> Steps:
    """The steps of a process that stands still between its claim and its create."""
    journal = FrozenAfterClaim(world.store, world.clock)
    journal.meanwhile = meanwhile
    return replace(world.steps, journal=journal)


@pytest.mark.parametrize("seconds", [CLAIM_HOLDS_S, -CLAIM_HOLDS_S])
def test_a_claim_that_is_too_old_sends_nothing_and_is_given_back(world: World, seconds: float) -> None:
    """The machine slept, or its clock was put: what was surely not sent is in line again."""
    world.client.on_create = [SUBMITTED]
    next_step = frozen(world, lambda: world.clock.advance(seconds)).run_next_step(world.entry_id)
    assert (world.entry.state, world.client.created) == (State.INTENT, [])
    assert next_step == NextStep(step=Step.SEND)
    world.until(State.ACCEPTED)
    assert len(world.client.created) == 1


def test_who_wakes_up_after_others_have_sent_again_sends_nothing(world: World) -> None:
    """Taken for dead, looked for, found missing and sent by another process: one create in all."""
    world.journal.record_lookup(world.service, found=True, lag_s=1.0)
    world.client.on_create = [SUBMITTED]

    def others_send() -> None:
        world.until(State.ACCEPTED)

    assert frozen(world, others_send).run_next_step(world.entry_id).step is Step.LOOK
    assert len(world.client.created) == 1


def test_a_claim_holds_for_less_than_a_sender_is_waited_for() -> None:
    """Whoever finds it SENDING for so long can be sure that no create of it begins any more."""
    assert CLAIM_HOLDS_S * 2 < STALE_SENDING_S


@pytest.mark.parametrize("failure", [Unreachable("refused"), TooManyTasks("1303", http_status=429)])
def test_what_made_no_task_is_back_in_line_and_sent_again_under_the_same_id(
    world: World, failure: KlingError
) -> None:
    """Never sent, or 1302 and 1303: after a back-off."""
    world.client.on_create = [failure, SUBMITTED]
    next_step = world.steps.run_next_step(world.entry_id)
    assert (next_step.step, next_step.wait_s >= 0.8) == (Step.SEND, True)
    assert world.steps.run_next_step(world.entry_id).step is Step.SEND  # not yet due
    assert len(world.client.created) == 1
    world.until(State.ACCEPTED)
    assert {request.external_task_id for request in world.client.created} == {"mine-one"}


def test_the_services_wish_to_wait_is_followed_in_line_and_when_looking(world: World) -> None:
    """Retry-After wins over our own schedule."""
    slow = TooManyTasks("busy", http_status=429, retry_after_s=40.0)
    world.client.on_create, world.client.on_get = [slow, SUBMITTED], [slow]
    assert world.take().wait_s == 40.0
    world.until(State.ACCEPTED)
    assert world.steps.run_next_step(world.entry_id).wait_s >= 40.0


def test_a_service_that_wishes_for_hours_is_asked_again_within_a_minute(world: World) -> None:
    """Retry-After is heeded up to 60 s, also while a task is followed."""
    patient = TooManyTasks("busy", http_status=429, retry_after_s=21_600.0)
    world.client.on_create, world.client.on_get = [SUBMITTED], [patient]
    world.until(State.ACCEPTED)
    assert world.steps.run_next_step(world.entry_id).wait_s == 60.0


def test_a_missing_task_is_looked_for_within_a_minute_whatever_the_service_wishes(world: World) -> None:
    """The same for a task that may or may not exist."""
    patient = TooManyTasks("busy", http_status=429, retry_after_s=21_600.0)
    world.client.on_create, world.client.on_get = [ReadTimeout("no answer")], [patient]
    world.until(State.UNKNOWN)
    assert world.steps.run_next_step(world.entry_id).wait_s == 60.0


def test_a_refused_request_is_over(world: World) -> None:
    """REJECTED: nothing was made; a corrected request is a new intent."""
    world.client.on_create = [ModelNotServed("model_not_found", http_status=503)]
    assert world.take() == NextStep(step=Step.DONE)
    assert world.entry.state is State.REJECTED


def test_an_empty_account_empties_the_line(world: World) -> None:
    """1100 to 1102, 1304 and quota text: stop sending for that key."""
    other = world.submit("two")
    world.client.on_create = [OutOfCredit("no balance", http_status=429)]
    world.take()
    assert world.steps.run_next_step(other.entry_id) == NextStep(step=Step.DONE)
    assert len(world.client.created) == 1


@pytest.mark.parametrize(
    "failure", [ReadTimeout("no answer"), ConnectionLost("reset"), PlatformError("524", http_status=524)]
)
def test_an_unclear_create_is_looked_up_by_our_own_id_and_not_sent_again(
    world: World, failure: KlingError
) -> None:
    """A paid task may exist."""
    world.client.on_create = [failure]
    world.client.on_get = [NotFound("not yet"), PROCESSING, SUCCEED]
    world.until(State.KEPT)
    assert world.client.asked[0] == "mine-one"
    assert len(world.client.created) == 1


def test_an_unclear_create_is_found_in_the_accounts_list(world: World) -> None:
    """Where a look by external id finds nothing, the list may."""
    world.client.on_create = [ReadTimeout("no answer")]
    world.client.on_list = (
        task(TaskStatus.PROCESSING, task_id="t9", external_task_id="another"),
        task(TaskStatus.PROCESSING, external_task_id="mine-one"),
    )
    assert world.until(State.RUNNING).task_id == "t1"


def test_a_create_that_breaks_inside_the_app_is_unclear(world: World) -> None:
    """Whatever broke, the request may have left."""

    def broken() -> None:
        raise RuntimeError("a bug")

    world.client.before_answer = broken
    world.take()
    assert world.entry.state is State.UNKNOWN


def test_unproven_a_missing_task_is_never_sent_again_by_itself(world: World) -> None:
    """Not-found proves nothing where looking up by external id was never seen to work."""
    world.client.on_create = [ReadTimeout("no answer")]
    world.until(State.NEEDS_PERSON)
    assert (world.clock() - NOON).total_seconds() >= SETTLE_S
    assert world.take().step is Step.WAIT_FOR_PERSON
    assert len(world.client.created) == 1


def test_a_task_that_turns_up_while_a_person_is_waited_for_is_taken_up(world: World) -> None:
    """The account's list shows it at last: nobody needs to decide anything."""
    world.client.on_create = [ReadTimeout("no answer")]
    world.until(State.NEEDS_PERSON)
    assert world.take().wait_s > 0
    world.client.on_list = (task(TaskStatus.PROCESSING, external_task_id="mine-one"),)
    world.until(State.RUNNING)


def test_while_a_person_is_waited_for_a_failed_look_hides_nothing(world: World) -> None:
    """What the person must know to decide stays on the card."""
    world.client.on_create = [ReadTimeout("no answer")]
    asked = world.until(State.NEEDS_PERSON).message
    world.client.on_get = [Unreachable("refused")]
    assert world.take().step is Step.WAIT_FOR_PERSON
    assert asked is not None
    assert world.entry.message == asked


def test_proven_a_missing_task_is_sent_again_under_the_same_id_after_the_settle_window(world: World) -> None:
    """Three spaced not-founds, and 600 s."""
    world.journal.record_lookup(world.service, found=True, lag_s=1.0)
    world.client.on_create = [ReadTimeout("no answer"), SUBMITTED]
    world.until(State.ACCEPTED)
    assert (world.clock() - NOON).total_seconds() >= SETTLE_S
    assert [request.external_task_id for request in world.client.created] == ["mine-one"] * 2


def test_a_failed_call_is_no_not_found(world: World) -> None:
    """A service that is down says nothing about the task."""
    world.journal.record_lookup(world.service, found=True, lag_s=1.0)
    world.client.on_create = [ReadTimeout("no answer")]
    world.client.on_get = [PlatformError("down", http_status=503)]
    world.take(times=40)
    assert world.entry.state is State.UNKNOWN
    assert len(world.client.created) == 1


def test_lookup_by_external_id_is_tried_once_for_each_accepted_task(world: World) -> None:
    """It proves the far end, with the lag; and a later miss outweighs a lucky first time."""
    world.client.on_create, world.client.on_get = [SUBMITTED] * 2, [PROCESSING]
    world.take(times=5)
    assert world.client.asked.count("mine-one") == 1
    proof = world.journal.queries.proof(world.service)
    assert proof is not None
    assert (proof.found, proof.lag_s) == (True, 10.0)
    second = world.submit("two")
    for _ in range(3):
        world.clock.advance(world.steps.run_next_step(second.entry_id).wait_s)
    assert world.client.asked.count("mine-two") == 1


def test_where_an_accepted_task_was_not_found_a_not_found_proves_nothing(world: World) -> None:
    """A replica that lags behind shows what exists as missing: nothing is sent again on its word."""
    world.journal.record_lookup(world.service, found=True, lag_s=1.0)
    world.client.on_create, world.client.on_get = [SUBMITTED], [NotFound("no such task")]
    world.take(times=2)
    proof = world.journal.queries.proof(world.service)
    assert proof is not None
    assert not proof.found


def test_a_far_end_without_lookup_by_external_id_is_known_as_such(world: World) -> None:
    """Then a not-found proves nothing."""
    world.client.on_create = [SUBMITTED]
    world.client.on_get = [PROCESSING, NotFound("no such task")]
    world.take(times=2)
    proof = world.journal.queries.proof(world.service)
    assert proof is not None
    assert not proof.found
    world.client.on_get = [PROCESSING]
    world.take(times=3)
    assert world.client.asked.count("mine-one") == 1  # asked once for this task, not at every look


def test_a_look_up_that_shows_another_id_without_our_name_proves_nothing(world: World) -> None:
    """Relays have ids of their own: it may be ours or not; with our external id in it, it is ours."""
    world.client.on_create = [SUBMITTED]
    world.client.on_get = [PROCESSING, task(TaskStatus.PROCESSING, task_id="t2")]
    world.take(times=2)
    assert world.journal.queries.proof(world.service) is None
    named = task(TaskStatus.PROCESSING, task_id="t3", external_task_id="mine-two")
    world.client.on_create, world.client.on_get = [task(TaskStatus.SUBMITTED, task_id="t9")], [named]
    second = world.submit("two")
    for _ in range(2):
        world.clock.advance(world.steps.run_next_step(second.entry_id).wait_s)
    proof = world.journal.queries.proof(world.service)
    assert proof is not None
    assert proof.found


def test_another_task_under_our_own_id_is_no_answer_to_an_unclear_create(world: World) -> None:
    """It is neither our task nor a proof that there is none."""
    world.client.on_create = [ReadTimeout("no answer")]
    world.client.on_get = [task(TaskStatus.PROCESSING, task_id="t2", external_task_id="another")]
    world.take(times=2)
    assert (world.entry.state, world.entry.task_id, world.entry.not_founds) == (State.UNKNOWN, None, 0)


def test_somebody_elses_sending_is_left_alone_until_nobody_can_be_at_it(world: World) -> None:
    """A killed process leaves SENDING: after its time-outs it is UNKNOWN, never INTENT."""
    world.journal.claim(world.entry)
    assert world.steps.run_next_step(world.entry_id) == NextStep(step=Step.RESOLVE, wait_s=STALE_SENDING_S)
    world.clock.advance(STALE_SENDING_S)
    world.take()
    assert world.entry.state is State.UNKNOWN
    assert world.client.created == []


def test_an_answer_that_comes_after_the_sender_was_taken_for_dead_is_not_lost(world: World) -> None:
    """What the service told is evidence, whatever the journal had come to believe."""

    def declared_dead() -> None:
        world.clock.advance(STALE_SENDING_S)
        world.steps.run_next_step(world.entry_id)

    world.client.before_answer = declared_dead
    world.client.on_create = [SUBMITTED]
    world.take()
    assert (world.entry.state, world.entry.task_id) == (State.ACCEPTED, "t1")


def test_an_answer_outlives_a_database_that_is_away_for_a_moment(world: World) -> None:
    """Only the process that sent knows that the task was made, and by what id."""

    class Away(Journal):
        failures = iter(range(3))

        def settle(self, entry: Entry, outcome: CreateOutcome) -> Entry | None:
            if next(self.failures, None) is not None:
                raise OperationalError("UPDATE", {}, Exception("the server closed the connection"))
            return super().settle(entry, outcome)

    world.client.on_create = [SUBMITTED]
    pauses: list[float] = []
    journal = Away(world.store, world.clock)
    replace(world.steps, journal=journal, pause=pauses.append).run_next_step(world.entry_id)
    assert (world.entry.state, world.entry.task_id) == (State.ACCEPTED, "t1")
    assert pauses == [1.0, 2.0, 4.0]


def test_without_its_key_a_task_waits_and_says_so_and_goes_on_with_it(world: World) -> None:
    """A key lives in memory only."""
    world.keys.client = None
    assert world.take() == NextStep(step=Step.WAIT_FOR_KEY)
    assert "key" in (world.entry.message or "")
    world.keys.client = world.client
    world.client.on_create, world.client.on_get = [SUBMITTED], [SUCCEED]
    world.until(State.KEPT)


@pytest.mark.parametrize("state", [State.UNKNOWN, State.ACCEPTED, State.SUCCEEDED])
def test_every_step_waits_for_the_key(world: World, state: State) -> None:
    """Also after the create."""
    world.client.on_create = [ReadTimeout("no answer") if state is State.UNKNOWN else SUBMITTED]
    world.client.on_get = [SUCCEED]
    world.until(state)
    world.keys.client = None
    assert world.take() == NextStep(step=Step.WAIT_FOR_KEY)
    assert world.entry.state is state


def test_a_failed_look_does_not_make_a_failed_task(world: World) -> None:
    """A task is never called failed because we could not look, nor because the service forgot it."""
    world.client.on_create = [SUBMITTED]
    world.client.on_get = [PlatformError("down", http_status=503), NotFound("gone"), PROCESSING, SUCCEED]
    world.until(State.KEPT)


def test_what_is_in_the_way_is_said(world: World) -> None:
    """And when it is looked at next."""
    world.client.on_create, world.client.on_get = [SUBMITTED], [PlatformError("down", http_status=503)]
    world.take(times=2)
    assert world.entry.message
    assert world.entry.next_look_at == world.clock()


def test_a_failed_task_keeps_the_services_reason(world: World) -> None:
    """task_status_msg is the only word on why (contract.md)."""
    world.client.on_create = [SUBMITTED]
    world.client.on_get = [task(TaskStatus.FAILED, message="Image pixel is invalid")]
    assert world.until(State.FAILED).message == "Image pixel is invalid"
    assert world.take() == NextStep(step=Step.DONE)


def test_a_broken_download_is_tried_again_with_a_fresh_link(world: World) -> None:
    """No finished video is lost; KEPT only once it lies on our storage."""
    world.broken_downloads = 2
    world.client.on_create, world.client.on_get = [SUBMITTED], [SUCCEED]
    world.until(State.SUCCEEDED)
    looks = len(world.client.asked)
    world.take()
    assert world.entry.state is State.SUCCEEDED
    world.until(State.KEPT)
    assert len(world.client.asked) == looks + 3


def test_success_without_a_video_is_asked_for_again(world: World) -> None:
    """The link may come a moment later."""
    empty = replace(SUCCEED, videos=())
    world.client.on_create, world.client.on_get = [SUBMITTED], [empty, empty, empty, SUCCEED]
    world.until(State.KEPT)


def test_a_simulator_that_forgot_a_task_has_failed_it(store: Database) -> None:
    """Its memory is this process's: nothing was paid, and nothing will come."""
    world = World(store, service=SIMULATOR)
    world.client.on_create = [SUBMITTED]
    failed = world.until(State.FAILED)
    assert "forgot" in (failed.message or "")


def test_a_week_old_task_is_still_looked_at(world: World) -> None:
    """Hourly, and never given up."""
    world.client.on_create, world.client.on_get = [SUBMITTED], [PROCESSING]
    world.take(times=2)
    world.clock.advance(30 * 86_400)
    assert 2800 <= world.steps.run_next_step(world.entry_id).wait_s <= 4400


REFUSED = BadParameter("external id already exists", http_status=400)


def test_what_was_sent_with_an_unclear_end_is_never_called_refused(world: World) -> None:
    """Not found for ten minutes, it is sent again and refused in whatever words: a person decides."""
    world.journal.record_lookup(world.service, found=True, lag_s=1.0)
    world.client.on_create = [ReadTimeout("no answer"), REFUSED]
    asked = world.until(State.NEEDS_PERSON)
    assert len(world.client.created) == 2
    assert "may exist" in (asked.message or "")
    assert "external id already exists" in (asked.message or "")


def test_an_unclear_create_is_sent_again_by_itself_once(world: World) -> None:
    """The second unclear end asks a person, however often the look-up was proven."""
    world.journal.record_lookup(world.service, found=True, lag_s=1.0)
    world.client.on_create = [ReadTimeout("no answer"), ReadTimeout("no answer"), SUBMITTED]
    world.until(State.NEEDS_PERSON)
    assert len(world.client.created) == 2


def test_after_the_service_knows_the_id_a_not_found_proves_nothing(world: World) -> None:
    """It said that the task exists: a person is asked, and nothing is sent again."""
    world.journal.record_lookup(world.service, found=True, lag_s=1.0)
    world.client.on_create = [DuplicateExternalTaskId("exists", http_status=400)]
    world.until(State.NEEDS_PERSON)
    assert len(world.client.created) == 1


def test_an_empty_account_refuses_only_what_was_never_sent(world: World) -> None:
    """Another one in the queue was sent once without a clear end: it may be paid."""
    world.journal.record_lookup(world.service, found=True, lag_s=1.0)
    world.client.on_create = [ReadTimeout("no answer")]
    world.until(State.UNKNOWN)
    world.until(State.INTENT)
    never_sent, empty = world.submit("two"), world.submit("three")
    world.client.on_create = [OutOfCredit("no balance", http_status=429)]
    world.steps.run_next_step(empty.entry_id)
    assert world.journal.queries.entry(never_sent.entry_id).state is State.REJECTED
    assert world.entry.state is State.INTENT


def test_a_task_that_answers_under_another_id_is_the_one_that_was_asked_for(world: World) -> None:
    """Relays have ids of their own; the video is fetched, and the look-up is not disproved by it."""
    world.client.on_create = [SUBMITTED]
    world.client.on_get = [task(TaskStatus.SUCCEED, task_id="8661682160022364561")]
    assert world.until(State.KEPT).task_id == "t1"
    assert world.journal.queries.proof(world.service) is None


def test_a_task_with_somebody_else_s_external_id_is_not_taken_for_ours(world: World) -> None:
    """Its video is another person's."""
    world.client.on_create = [SUBMITTED]
    world.client.on_get = [task(TaskStatus.SUCCEED, external_task_id="somebody-else")]
    world.take(times=3)
    assert world.entry.state is State.ACCEPTED
    assert "another task" in (world.entry.message or "")
    assert world.downloads == []


def test_a_task_that_another_entry_has_is_not_taken_for_ours(world: World) -> None:
    """Two tasks of one account, mixed up by the service."""
    world.client.on_create = [task(TaskStatus.SUBMITTED, task_id="t2"), SUBMITTED]
    other = world.submit("two")
    world.steps.run_next_step(other.entry_id)
    world.take()
    world.client.on_get = [task(TaskStatus.SUCCEED, task_id="t2")]
    world.take(times=2)
    assert (world.entry.state, world.downloads) == (State.ACCEPTED, [])


def test_the_service_s_own_word_for_a_status_is_passed_on(world: World) -> None:
    """In no table: the card shows it, and its owner may decide."""
    world.client.on_create = [SUBMITTED]
    world.client.on_get = [replace(PROCESSING, status_word="aborted")]
    world.take(times=2)
    assert "“aborted”" in (world.entry.message or "")


def test_a_success_without_a_video_says_after_a_while_what_to_do(world: World) -> None:
    """The id to quote, and to whom."""
    world.client.on_create = [SUBMITTED]
    world.client.on_get = [replace(SUCCEED, videos=())]
    world.until(State.SUCCEEDED)
    world.take()
    assert "support" not in (world.entry.message or "")
    world.clock.advance(600)
    world.take()
    assert "quote the id t1" in (world.entry.message or "")


def test_a_watermarked_video_is_kept_and_said_to_be(world: World) -> None:
    """Better than none."""
    marked = replace(SUCCEED.videos[0], is_watermarked=True)
    world.client.on_create = [SUBMITTED]
    world.client.on_get = [replace(SUCCEED, videos=(marked,))]
    assert "watermark" in (world.until(State.KEPT).message or "")


@pytest.mark.parametrize("days", [-30, 1])
def test_an_end_before_the_begin_or_in_the_future_is_now(world: World, days: int) -> None:
    """Clocks and units of relays: "30 days are over" and "took 0:00" would be said of a fresh video."""
    world.client.on_create = [SUBMITTED]
    world.client.on_get = [replace(SUCCEED, updated_at=NOON + timedelta(days=days))]
    assert world.until(State.SUCCEEDED).ended_at == world.clock()


def test_without_a_slot_nothing_is_sent(world: World) -> None:
    """A task that a person sends again waits for its turn like any other."""
    world.client.on_create = [SUBMITTED]
    assert world.steps.run_next_step(world.entry_id, may_send=False).step is Step.SEND
    assert world.client.created == []


def test_an_unclear_task_gives_its_slot_back_while_it_is_looked_for(world: World) -> None:
    """Also where no answer says whether it is there: three of them would stop a deployment."""
    world.client.on_create, world.client.on_get = [ReadTimeout("no answer")], [PlatformError("502")]
    world.until(State.UNKNOWN)
    assert world.steps.run_next_step(world.entry_id).holds_slot
    world.clock.advance(600)
    after = world.steps.run_next_step(world.entry_id)
    assert (after.step, after.holds_slot) == (Step.RESOLVE, False)
