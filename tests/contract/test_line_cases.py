"""Cases in which one task stood in another's way, played from the submit to the card in virtual time."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from kling import ErrorKind, ImageToVideoRequest, KlingClient
from studio.files.artifact_store import ArtifactStore
from studio.journal.database import Database
from studio.journal.entry import Entry, State
from studio.journal.journal import Journal
from studio.journal.queue_stops import FIRST_PAUSE_S
from studio.journal.schema import upgrade
from studio.service.keyring import Keyring
from studio.tasks.schedule import HOUR_S, LONGEST_SLOT_S, MINUTE_S, longest_wait_s
from studio.tasks.steps import Steps
from studio.tasks.task_service import TaskService
from studio.tasks.task_view import Choice, TaskView
from tests.support.case_service import CASES, CaseService
from tests.support.line_service import DROP, LineService
from tests.support.listed import listed
from tests.support.make import new_task
from tests.support.queue_in_time import QueueInTime
from tests.support.services import Clock, FakeKeys

K = ErrorKind
REQUEST = ImageToVideoRequest(image="aW1n", model_name="kling-v1", mode="std")


class World:
    """The product without DBOS, with a service on loopback."""

    def __init__(self, url: str, folder: Path, closing_all: ExitStack, slots: int) -> None:
        store = closing_all.enter_context(closing(Database(f"sqlite:///{folder}/studio.db")))
        upgrade(store)
        self.url, self.slots = url, slots
        self.clock = Clock()
        self.journal = Journal(store, self.clock)
        self.artifacts = ArtifactStore(store, str(folder / "files"))
        keyring = Keyring(b"secret")
        closing_all.callback(keyring.close)
        self._keys = FakeKeys(closing_all.enter_context(KlingClient(url, "sk-for-tests")))
        idle: Any = None
        self.tasks = TaskService(
            journal=self.journal,
            keyring=keyring,
            artifacts=self.artifacts,
            runner=idle,
            recovery=idle,
            is_shared=lambda _: True,
            dump_recipe=lambda _: b"",
            slots=slots,
            now=self.clock,
        )
        self.restart()

    def restart(self) -> None:
        """Another process goes on: with what is at the service first."""
        keep = self.artifacts.keep_video
        steps = Steps(journal=self.journal, keys=self._keys, keep_video=keep, now=self.clock)
        self.line = QueueInTime(steps, self.clock, self.slots)
        for entry in sorted(self.journal.queries.unfinished(), key=lambda one: one.state is State.INTENT):
            self.line.submit(entry.entry_id)

    def submit(self, owner: str) -> Entry:
        """One task of this person's, with the deployment's key."""
        self.clock.advance(0.001)
        entry = self.journal.create_entry(new_task(owner=owner, service=self.url, request=REQUEST))
        self.line.submit(entry.entry_id)
        return entry

    def card(self, entry: Entry, owner: str) -> TaskView:
        """As its owner sees it."""
        views = listed(self.tasks, owner)
        return next(view for view in views.tasks + views.put_aside if view.entry.entry_id == entry.entry_id)


@pytest.fixture
def everything() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def answers(case: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((CASES / f"{case}.json").read_text())["answers"]
    return found


def three_persons(case: str, folder: Path, stack: ExitStack) -> tuple[World, LineService, list[Entry]]:
    """One slot; all three submit at once, and the first create is answered as the case says."""
    service = stack.enter_context(LineService(answers(case)[0]))
    world = World(service.url, folder, stack, slots=1)
    return world, service, [world.submit(owner) for owner in ("ann", "bob", "cara")]


def states(world: World, entries: list[Entry]) -> list[State]:
    return [world.journal.queries.entry(entry.entry_id).state for entry in entries]


@pytest.mark.parametrize(
    ("case", "error"),
    [
        ("07_prompt_word_balance", K.BAD_PARAMETER),
        ("07_prompt_word_credit", K.BAD_PARAMETER),
        ("07_white_balance", K.BAD_PARAMETER),
        ("07_wrong_key_balance", K.UNAUTHORIZED),
    ],
)
def test_a_refusal_touches_its_own_task_alone(
    case: str, error: ErrorKind, tmp_path: Path, everything: ExitStack
) -> None:
    """In any words; the second and third stay in line and are sent."""
    world, service, entries = three_persons(case, tmp_path, everything)
    world.line.run(5 * MINUTE_S)
    assert states(world, entries) == [State.REJECTED, State.KEPT, State.KEPT]
    assert world.card(entries[0], "ann").entry.create_error is error
    assert len(service.created) == 3


@pytest.mark.parametrize("case", ["07_quota_concurrent", "07_quota_of_the_group", "07_quota_per_minute"])
def test_a_limit_of_calls_is_waited_for_and_is_no_matter_of_credit(
    case: str, tmp_path: Path, everything: ExitStack
) -> None:
    """By Retry-After; all three stay in line, and are sent."""
    world, service, entries = three_persons(case, tmp_path, everything)
    world.line.run(15)
    assert states(world, entries) == [State.INTENT] * 3
    assert world.card(entries[0], "ann").entry.create_error is K.TOO_MANY_REQUESTS
    assert world.card(entries[1], "bob").stop is None
    world.line.run(5 * MINUTE_S)
    assert states(world, entries) == [State.KEPT] * 3
    assert len(service.created) == 4


def test_an_empty_account_refuses_all_three_after_one_create(tmp_path: Path, everything: ExitStack) -> None:
    """07_control_out_of_credit: nothing was paid; what comes a moment later waits, and says why."""
    world, service, entries = three_persons("07_control_out_of_credit", tmp_path, everything)
    world.line.run(30)
    assert states(world, entries) == [State.REJECTED] * 3
    errors = [
        world.card(entry, who).entry.create_error
        for entry, who in zip(entries, ("ann", "bob", "cara"), strict=True)
    ]
    assert errors == [K.OUT_OF_CREDIT] * 3
    assert len(service.created) == 1
    later = world.submit("dora")
    world.line.run(10)
    assert world.card(later, "dora").stop is not None
    world.line.run(5 * MINUTE_S)
    assert states(world, [later]) == [State.KEPT]


def test_402_stops_the_line_visibly_until_a_try_goes_through(tmp_path: Path, everything: ExitStack) -> None:
    """07_payment_required_402: the first is refused, the others read why and go on by themselves."""
    world, service, entries = three_persons("07_payment_required_402", tmp_path, everything)
    world.line.run(FIRST_PAUSE_S - 5)
    assert states(world, entries) == [State.REJECTED, State.INTENT, State.INTENT]
    card = world.card(entries[1], "bob")
    assert card.stop is not None
    assert card.stop.reason is world.card(entries[0], "ann").entry.create_error is K.OUT_OF_CREDIT
    assert (card.stop.next_try_at - card.stop.since).total_seconds() == FIRST_PAUSE_S
    assert Choice.TRY_NOW in card.choices
    assert len(service.created) == 1
    world.line.run(5 * MINUTE_S)
    assert states(world, entries) == [State.REJECTED, State.KEPT, State.KEPT]
    assert len(service.created) == 3


@pytest.mark.parametrize("status", ["processing", "submitted", "aborted"])
def test_what_never_ends_gives_its_place_back_and_comes_back_when_it_ends(
    status: str, tmp_path: Path, everything: ExitStack
) -> None:
    """04_processing_for_ever: Ann's three fill the line, Bob waits for an hour; she may put them aside."""
    service = everything.enter_context(LineService(status=status))
    world = World(service.url, tmp_path, everything, slots=3)
    anns, bobs = [world.submit("ann") for _ in range(3)], world.submit("bob")
    world.line.run(30 * MINUTE_S)
    world.restart()
    world.line.run(30 * MINUTE_S)
    assert states(world, [bobs]) == [State.INTENT]
    assert world.card(bobs, "bob").longest_wait_s == longest_wait_s(1, 3)
    world.line.run(10 * MINUTE_S)
    assert states(world, [bobs]) != [State.INTENT]
    assert all(Choice.PUT_ASIDE in world.card(entry, "ann").choices for entry in anns)
    aside = world.journal.put_aside(world.journal.queries.entry(anns[0].entry_id))
    assert aside is not None
    assert [view.entry.entry_id for view in listed(world.tasks, "ann").put_aside] == [aside.entry_id]
    service.status = "succeed"
    world.line.run(HOUR_S)
    assert states(world, [*anns, bobs]) == [State.KEPT] * 4
    assert len(listed(world.tasks, "ann").tasks) == 3
    assert len(service.created) == 4


def test_the_longest_wait_behind_stuck_tasks_is_bounded(tmp_path: Path, everything: ExitStack) -> None:
    """Five of Ann's that never end, and then Bob's: each is sent within its bound."""
    service = everything.enter_context(LineService(status="processing"))
    world = World(service.url, tmp_path, everything, slots=2)
    entries = [world.submit("ann") for _ in range(5)] + [world.submit("bob")]
    world.line.run(3 * LONGEST_SLOT_S)
    for position, entry in enumerate(entries[2:], 1):
        sent_at = world.journal.queries.entry(entry.entry_id).sent_at
        assert sent_at is not None
        assert (sent_at - entry.created_at).total_seconds() <= longest_wait_s(position, 2)
    assert len(service.created) == 6


@pytest.mark.parametrize(
    "lookup",
    [
        answers("04_unclear_create_keeps_its_place")[1],
        {"status": 200, "body": {"code": "success", "data": None}},
        {"status": 404, "body": "<!doctype html><title>Not found</title>"},
        {
            "status": 520,
            "body": "<!doctype html><title>Bad gateway</title>",
        },  # a GET of 502 is repeated in real time
    ],
    ids=["task_not_exist", "null", "404 page", "gateway page"],
)
def test_an_unclear_create_keeps_its_place_for_minutes(
    lookup: dict[str, Any], tmp_path: Path, everything: ExitStack
) -> None:
    """04_unclear_create_keeps_its_place: once the person is asked the second is sent, whatever the answer."""
    service = everything.enter_context(LineService(DROP, lookup))
    world = World(service.url, tmp_path, everything, slots=1)
    lost, second = world.submit("ann"), world.submit("bob")
    world.line.run(9 * MINUTE_S)
    assert states(world, [second]) == [State.INTENT]
    world.line.run(5 * MINUTE_S)
    assert states(world, [second]) == [State.KEPT]
    card = world.card(lost, "ann")
    assert card.entry.state in (State.UNKNOWN, State.NEEDS_PERSON)
    assert {Choice.SEND_AGAIN, Choice.PUT_ASIDE} <= card.choices
    assert len(service.created) == 2
    looks = len(service.asked)
    world.line.run(HOUR_S)
    assert len(service.asked) > looks


def test_a_look_up_that_names_another_id_with_our_name_proves_looking_up(
    tmp_path: Path, everything: ExitStack
) -> None:
    """08_lookup_disproved_by_another_id."""
    service = everything.enter_context(CaseService("08_lookup_disproved_by_another_id.json"))
    world = World(service.url, tmp_path, everything, slots=1)
    entry = world.submit("ann")
    world.line.run(5 * MINUTE_S)
    proof = world.journal.queries.proof(service.url)
    assert proof is not None
    assert proof.found
    assert states(world, [entry]) == [State.KEPT]


def repetition(
    case: str, folder: Path, stack: ExitStack, words: str | None = None
) -> tuple[World, CaseService, Entry]:
    """Looking up is proven; the first create is lost, and what is sent again is refused as a repetition."""
    service = stack.enter_context(CaseService(f"{case}.json"))
    if words is not None:
        refusal = next(one for one in service.answers if one.get("on") == "create, the second")
        refusal["body"]["message"] = words
    world = World(service.url, folder, stack, slots=1)
    world.journal.record_lookup(service.url, found=True, lag_s=1.0)
    return world, service, world.submit("ann")


WORDINGS = [None, *answers("09_repetition_in_other_words")[-1]["or, as message"]]


@pytest.mark.parametrize("words", WORDINGS)
def test_a_repetition_in_any_words_is_never_called_unpaid(
    words: str | None, tmp_path: Path, everything: ExitStack
) -> None:
    """09_repetition_in_other_words: the first one was paid; a person is asked, and nothing is sent again."""
    world, service, entry = repetition("09_repetition_in_other_words", tmp_path, everything, words)
    world.line.run(2 * HOUR_S)
    card = world.card(entry, "ann")
    assert card.entry.state is State.NEEDS_PERSON
    assert "may exist" in (card.entry.message or "")
    assert {Choice.LOOK_AGAIN, Choice.SEND_AGAIN} <= card.choices
    assert len(service.created) == 2


def test_after_a_repetition_a_not_found_sends_nothing_again(tmp_path: Path, everything: ExitStack) -> None:
    """09_repetition_then_not_found: the service has said that it exists."""
    world, service, entry = repetition("09_repetition_then_not_found", tmp_path, everything)
    later = world.submit("bob")
    world.line.run(6 * HOUR_S)
    card = world.card(entry, "ann")
    assert card.entry.state is State.NEEDS_PERSON
    assert "may exist" in (card.entry.message or "")
    assert service.created.count(service.created[0]) == 2
    assert states(world, [later]) != [State.INTENT]
