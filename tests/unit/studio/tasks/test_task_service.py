"""What the pages call: one create for each intent, everything by owner, and a person's choices."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Self

import pytest

from kling import ImageToVideoRequest, KlingClient, ModelNotServed, ReadTimeout, Task, TaskStatus
from studio.files.artifact_store import ArtifactKind, ArtifactStore
from studio.files.video_by_hand import UnusableVideo
from studio.files.video_download import DownloadProblem
from studio.journal.create_outcome import SETTLE_S
from studio.journal.database import Database
from studio.journal.entry import Entry, State
from studio.journal.journal import Journal
from studio.journal.open_tasks_cap import TooManyTasks
from studio.journal.queries import JournalProblem, JournalQueries
from studio.journal.schema import upgrade
from studio.journal.spending_cap import SpendingCapReached
from studio.recipes.recipe_file import dump_recipe, load_recipe
from studio.request.draft import Draft, Picture
from studio.service.endpoint import ServiceEndpoint
from studio.service.keyring import Keyring
from studio.tasks.error_messages import LookupProblem, SubmitProblem
from studio.tasks.steps import Steps
from studio.tasks.task_service import TaskService
from studio.tasks.task_view import Choice
from tests.support.kept_files import MP4, FakeDownload
from tests.support.listed import listed
from tests.support.make import draft, photo
from tests.support.services import Clock, FakeKeys, FakeService, task

DRAFT = draft(prompt="wind")
REQUEST = ImageToVideoRequest(image="aGk=", model_name="kling-v1", mode="std", external_task_id="mine-1")


@dataclass(frozen=True, kw_only=True)
class FakeEndpoint(ServiceEndpoint):
    """A far end whose client answers from memory."""

    service: FakeService = field(compare=False)

    def connect(self) -> KlingClient:
        return _Client(self.service)  # type: ignore[return-value]


class _Client:
    """As KlingClient, for a `with`; compared by identity."""

    def __init__(self, service: FakeService) -> None:
        self.service = service
        self.base_url = service.base_url

    def create(self, request: ImageToVideoRequest) -> Task:
        return self.service.create(request)

    def get(self, task_id: str) -> Task:
        return self.service.get(task_id)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...
    def close(self) -> None: ...


@dataclass
class Inline:
    """Takes an entry's first step at once, in place of DBOS; remembers who was woken."""

    steps: Steps
    carried: list[str] = field(default_factory=list)
    woken: list[str] = field(default_factory=list)

    def start_workflow(self, entry: Entry) -> None:
        self.carried.append(entry.entry_id)
        self.steps.run_next_step(entry.entry_id)

    def wake(self, entry_id: str) -> bool:
        self.woken.append(entry_id)
        return True


@dataclass
class Rounds:
    """Counts how often the recovery was asked to hurry."""

    hurries: int = 0

    def run_now(self) -> None:
        self.hurries += 1


@dataclass
class Office:
    """A desk and everything behind it, at one far end whose key people share."""

    tasks: TaskService
    journal: Journal
    service: FakeService
    endpoint: FakeEndpoint
    clock: Clock
    runner: Inline
    rounds: Rounds

    def submit(
        self,
        owner: str = "ann",
        click: str = "c1",
        request: ImageToVideoRequest = REQUEST,
        sent: Draft | None = None,
    ) -> Entry:
        return self.tasks.submit(owner, self.endpoint, request, click, sent)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Nothing submitted yet."""
    with ExitStack() as stack:
        store = Database(f"sqlite:///{tmp_path}/studio.db")
        stack.callback(store.close)
        upgrade(store)
        clock, service, rounds = Clock(), FakeService(), Rounds()
        journal = Journal(store, clock)
        endpoint = FakeEndpoint(base_url="https://far.test", api_key="sk-1", simulated=False, service=service)
        keep = FakeKeys(service)
        runner = Inline(Steps(journal=journal, keys=keep, keep_video=lambda *_: None, now=clock))
        tasks = TaskService(
            journal=journal,
            keyring=Keyring(b"secret"),
            artifacts=ArtifactStore(store, str(tmp_path / "files")),
            runner=runner,  # type: ignore[arg-type]
            recovery=rounds,  # type: ignore[arg-type]
            is_shared=lambda _: True,
            dump_recipe=dump_recipe,
            now=clock,
        )
        yield Office(tasks, journal, service, endpoint, clock, runner, rounds)


@pytest.fixture
def fetched(office: Office, tmp_path: Path) -> tuple[ArtifactStore, FakeDownload]:
    """The office's files, into which videos come without a network."""
    download = FakeDownload()
    return ArtifactStore(office.journal._store, str(tmp_path / "files"), download=download), download


def test_a_click_sends_once_and_a_second_one_finds_it(office: Office) -> None:
    """A double click or a rerun has the same token."""
    first, second = office.submit(), office.submit()
    assert first.entry_id == second.entry_id
    assert first.state is State.ACCEPTED
    assert office.service.created == ["mine-1"]


def test_the_same_external_id_is_sent_once_whatever_is_clicked(office: Office) -> None:
    """It is unique at the service."""
    assert office.submit(click="c1").entry_id == office.submit(click="c2").entry_id
    assert len(office.service.created) == 1


def test_a_request_without_an_external_id_gets_one(office: Office) -> None:
    """The only way to find it again when no answer comes."""
    entry = office.submit(request=replace(REQUEST, external_task_id=None))
    assert entry.external_task_id
    assert office.service.created == [entry.external_task_id]


def test_a_task_knows_its_own_owners_task_that_it_continues(office: Office) -> None:
    """An id of another's, which a recipe from elsewhere may bring, is ignored."""
    hers, his = office.submit(), office.submit("bob", "c2", replace(REQUEST, external_task_id="his-1"))
    for click, before, kept in (
        ("c3", hers.entry_id, hers.entry_id),
        ("c4", his.entry_id, None),
        ("c5", "x" * 64, None),
    ):
        going_on = draft(picture=Picture(source=photo(), continues_entry_id=before))
        entry = office.submit(click=click, request=replace(REQUEST, external_task_id=click), sent=going_on)
        assert entry.continues_entry_id == kept


def test_what_was_sent_is_kept_as_files(office: Office) -> None:
    """Input, masks and request, without the key."""
    entry = office.submit(sent=DRAFT)
    assert {kept.kind for kept in office.tasks.artifacts.files_of(entry.entry_id)} == {
        ArtifactKind.INPUT,
        ArtifactKind.RECIPE,
        ArtifactKind.REQUEST,
    }
    assert entry.thumbnail


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize(
    ("owner", "name"), [(Journal, "create_entries"), (Inline, "start_workflow"), (FakeService, "create")]
)
def test_a_crash_on_the_way_out_leaves_the_task_with_its_recipe_or_no_task(
    office: Office, monkeypatch: pytest.MonkeyPatch, owner: type, name: str
) -> None:
    """Before the entry is written, nothing is sent and the draft is still in hand; then both are there."""

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(owner, name, killed)
        with pytest.raises(Killed):
            office.submit(sent=DRAFT)
    for entry in office.journal.queries.unfinished():
        recipe = office.tasks.artifacts.recipe(entry)
        assert recipe is not None
        assert load_recipe(office.tasks.artifacts.read(recipe)).draft == DRAFT
    assert len(office.journal.queries.unfinished()) == (name != "create_entries")
    assert office.service.created == []


def test_a_double_click_keeps_one_set_of_files(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second finds the first one's task, also when both come at once."""
    first = office.submit(sent=DRAFT)
    files = office.tasks.artifacts._storage.files()
    with monkeypatch.context() as at_once:
        at_once.setattr(JournalQueries, "is_clicked", lambda *_: False)
        office.submit(sent=DRAFT)
    assert office.tasks.artifacts._storage.files() == files
    assert len(office.tasks.artifacts.files_of(first.entry_id)) == len(files)


def test_a_refusal_is_said_and_the_corrected_request_is_another_intent(office: Office) -> None:
    """Nothing was paid; the refused one's id is spent."""
    office.service.refusals = [ModelNotServed("model_not_found", http_status=503)]
    with pytest.raises(SubmitProblem, match="nothing was paid"):
        office.submit()
    again = office.submit(click="c2")
    assert again.state is State.ACCEPTED
    assert again.external_task_id != "mine-1"


def test_a_double_click_after_a_refusal_sends_once(office: Office) -> None:
    """The page still holds the refused request's external id, and each click comes with the same token."""
    office.service.refusals = [ModelNotServed("model_not_found", http_status=503)]
    with pytest.raises(SubmitProblem):
        office.submit()
    assert office.submit(click="c2").entry_id == office.submit(click="c2").entry_id
    assert len(office.service.created) == 1


def test_an_unclear_create_is_answered_as_it_is(office: Office) -> None:
    """It may have been charged: the card says so, and no error invites to send it again."""
    office.service.refusals = [ReadTimeout("no answer")]
    assert office.submit().state is State.UNKNOWN


def test_the_spending_cap_holds_before_anything_is_sent(office: Office) -> None:
    """For the deployment's key, per person and day."""
    tasks = replace(office.tasks, cap_usd=lambda _: Decimal("0.20"))
    tasks.submit("ann", office.endpoint, REQUEST, "c1")
    with pytest.raises(SpendingCapReached):
        tasks.submit("ann", office.endpoint, replace(REQUEST, external_task_id="mine-2"), "c2")
    tasks.submit("bob", office.endpoint, replace(REQUEST, external_task_id="mine-3"), "c3")
    assert office.service.created == ["mine-1", "mine-3"]


def test_the_cap_on_unfinished_tasks_holds_before_anything_is_sent(office: Office) -> None:
    """For each person."""
    tasks = replace(office.tasks, most_open=1)
    tasks.submit("ann", office.endpoint, REQUEST, "c1")
    with pytest.raises(TooManyTasks):
        tasks.submit("ann", office.endpoint, replace(REQUEST, external_task_id="mine-2"), "c2")
    tasks.submit("bob", office.endpoint, replace(REQUEST, external_task_id="mine-3"), "c3")
    assert office.service.created == ["mine-1", "mine-3"]


def test_nobody_sees_the_tasks_of_another(office: Office) -> None:
    """Every read is by owner."""
    office.submit()
    assert listed(office.tasks, "bob").entries == ()


ACTIONS = ["look_again", "send_again", "forget", "get_again", "put_aside", "take_back", "try_now"]


@pytest.mark.parametrize("action", ACTIONS)
def test_nobody_decides_for_another(office: Office, action: str) -> None:
    """A guessed or copied id is as unknown as any other."""
    office.service.refusals = [ReadTimeout("no answer")]
    entry = office.submit()
    with pytest.raises(JournalProblem):
        getattr(office.tasks, action)("bob", entry.entry_id)
    assert office.journal.queries.entry(entry.entry_id) == entry


def test_a_task_made_elsewhere_is_followed_once(office: Office) -> None:
    """Typing an id twice shows one task."""
    office.service.created.append("elsewhere")
    first = office.tasks.follow("ann", office.endpoint, "task-of-elsewhere")
    assert first.made_elsewhere
    assert office.tasks.follow("ann", office.endpoint, "elsewhere").entry_id == first.entry_id
    assert len(listed(office.tasks, "ann").entries) == 1


def test_the_cap_on_unfinished_tasks_holds_for_one_that_is_followed(office: Office) -> None:
    """It is looked at as often as one that was sent."""
    office.service.created.append("elsewhere")
    office.submit()
    with pytest.raises(TooManyTasks):
        replace(office.tasks, most_open=1).follow("ann", office.endpoint, "task-of-elsewhere")
    assert len(listed(office.tasks, "ann").entries) == 1


def test_an_unknown_id_is_answered_in_words(office: Office) -> None:
    """The field says what to check; no task appears."""
    with pytest.raises(LookupProblem, match="does not know this task"):
        office.tasks.follow("ann", office.endpoint, "nobody-knows")
    assert listed(office.tasks, "ann").entries == ()


@pytest.mark.parametrize("copied", ["mine-1", "task-of-mine-1"])
def test_with_a_shared_key_what_another_made_here_is_unknown(office: Office, copied: str) -> None:
    """A copied id is no way into somebody's tasks; with a key of one's own the account is one's own."""
    office.submit("ann")
    with pytest.raises(LookupProblem, match="does not know this task"):
        office.tasks.follow("bob", office.endpoint, copied)
    own_key = replace(office.tasks, is_shared=lambda _: False)
    assert own_key.follow("bob", office.endpoint, "task-of-mine-1").owner == "bob"


def test_a_task_is_put_aside_and_taken_back_by_its_owner(office: Office) -> None:
    """Its workflow is woken each time, so that its slot is free at once, and it is looked at at once."""
    entry = office.submit()
    office.tasks.put_aside("ann", entry.entry_id)
    views = listed(office.tasks, "ann")
    assert [len(views.tasks), len(views.put_aside)] == [0, 1]
    assert office.tasks.take_back("ann", entry.entry_id).next_look_at == office.clock.moment
    assert office.runner.woken == [entry.entry_id] * 2
    assert len(listed(office.tasks, "ann").tasks) == 1


def test_a_late_click_on_put_aside_hides_no_task_that_has_ended(office: Office) -> None:
    """Its owner saw it running."""
    entry = office.submit()
    failed = office.journal.record_status(entry, task(TaskStatus.FAILED, task_id=entry.task_id or ""))
    assert office.tasks.put_aside("ann", entry.entry_id) == failed


def test_a_person_is_asked_when_time_has_shown_nothing(office: Office) -> None:
    """Also where the service cannot be asked at all: nobody waits for ever."""
    office.service.refusals = [ReadTimeout("no answer")]
    office.submit()
    assert listed(office.tasks, "ann").tasks[0].choices == {Choice.LOOK_AGAIN, Choice.PUT_ASIDE}
    office.clock.advance(SETTLE_S)
    assert Choice.SEND_AGAIN in listed(office.tasks, "ann").tasks[0].choices


def test_i_checked_send_again_is_back_in_line_under_the_same_id(office: Office) -> None:
    """The person has looked at the service."""
    office.service.refusals = [ReadTimeout("no answer")]
    entry = office.submit()
    office.clock.advance(SETTLE_S)
    again = office.tasks.send_again("ann", entry.entry_id)
    assert (again.state, again.external_task_id) == (State.INTENT, "mine-1")
    assert office.runner.woken == [entry.entry_id]


def test_what_is_forgotten_is_not_shown(office: Office) -> None:
    """And frees its place in line."""
    office.service.refusals = [ReadTimeout("no answer")]
    entry = office.submit()
    office.clock.advance(SETTLE_S)
    office.tasks.forget("ann", entry.entry_id)
    assert listed(office.tasks, "ann").entries == ()
    assert office.runner.woken == [entry.entry_id]


def test_a_late_second_click_on_send_again_sends_nothing(office: Office) -> None:
    """The first one has sent it, and that create is unclear too: nobody has looked for its task yet."""
    office.service.refusals = [ReadTimeout("no answer"), ReadTimeout("no answer")]
    entry = office.submit()
    office.clock.advance(SETTLE_S)
    office.tasks.send_again("ann", entry.entry_id)
    office.runner.start_workflow(entry)
    assert office.tasks.send_again("ann", entry.entry_id).state is State.UNKNOWN
    assert len(office.runner.woken) == 1


def test_who_leaves_the_line_too_late_keeps_the_task(office: Office) -> None:
    """It was sent while the page still showed it in line: its video is paid."""
    entry = office.submit()
    assert office.tasks.forget("ann", entry.entry_id).state is State.ACCEPTED
    assert listed(office.tasks, "ann").entries != ()


def test_a_task_that_is_held_up_may_be_forgotten(office: Office) -> None:
    """It may wait for a key that nobody has any more."""
    entry = office.submit()
    office.journal.note(entry, message="Its key is not at hand.")
    assert office.tasks.forget("ann", entry.entry_id).state is State.FORGOTTEN


def kept(office: Office, artifacts: ArtifactStore) -> Entry:
    """A task of Ann's with its video."""
    entry = office.submit()
    office.service.status = TaskStatus.SUCCEED
    steps = replace(office.runner.steps, keep_video=artifacts.keep_video)
    steps.run_next_step(entry.entry_id)
    steps.run_next_step(entry.entry_id)
    entry = office.journal.queries.entry(entry.entry_id)
    assert entry.state is State.KEPT
    return entry


def file_of(artifacts: ArtifactStore, entry: Entry) -> Path:
    """The kept video's file."""
    video = artifacts.video(entry.entry_id)
    assert video is not None
    return artifacts.fetch_local_path(video)


def test_a_video_that_has_vanished_is_got_again(
    office: Office, fetched: tuple[ArtifactStore, FakeDownload]
) -> None:
    """By its owner's wish, with a link that the service gives anew."""
    artifacts, download = fetched
    entry = kept(office, artifacts)
    file_of(artifacts, entry).unlink()
    again = office.tasks.get_again("ann", entry.entry_id)
    assert again.state is State.SUCCEEDED
    assert office.runner.woken == [entry.entry_id]
    replace(office.runner.steps, keep_video=artifacts.keep_video).run_next_step(entry.entry_id)
    assert office.journal.queries.entry(entry.entry_id).state is State.KEPT
    assert file_of(artifacts, entry).read_bytes() == MP4
    assert len(download.urls) == 2


def waiting_for_its_video(office: Office, artifacts: ArtifactStore, download: FakeDownload) -> Entry:
    """A task of Ann's whose video cannot be fetched."""
    entry = office.submit()
    office.service.status = TaskStatus.SUCCEED
    download.problems = [DownloadProblem("Not yet.", "It broke.", "Wait.")]
    steps = replace(office.runner.steps, keep_video=artifacts.keep_video)
    steps.run_next_step(entry.entry_id)
    steps.run_next_step(entry.entry_id)
    return office.journal.queries.entry(entry.entry_id)


def test_a_video_that_cannot_be_fetched_is_brought_by_its_owner(
    office: Office, fetched: tuple[ArtifactStore, FakeDownload]
) -> None:
    """Kept with its checksum and its poster, and marked; the link goes."""
    artifacts, download = fetched
    entry = waiting_for_its_video(office, artifacts, download)
    assert (entry.state, entry.result_url) == (State.SUCCEEDED, "http://far.test/videos/t1.mp4")
    brought = office.tasks.bring_video("ann", entry.entry_id, BytesIO(MP4))
    assert (brought.state, brought.result_url) == (State.KEPT, None)
    video = artifacts.video(entry.entry_id)
    assert video is not None
    assert (video.by_hand, video.sha256) == (True, hashlib.sha256(MP4).hexdigest())
    assert file_of(artifacts, entry).read_bytes() == MP4
    assert ArtifactKind.POSTER in {file.kind for file in artifacts.files_of(entry.entry_id)}


@pytest.mark.parametrize("body", [b"", b"<html>", MP4[:-1]])
def test_what_is_no_video_is_not_taken_from_a_hand_either(
    office: Office, fetched: tuple[ArtifactStore, FakeDownload], body: bytes
) -> None:
    """The task goes on waiting."""
    artifacts, download = fetched
    entry = waiting_for_its_video(office, artifacts, download)
    with pytest.raises(UnusableVideo, match="not a whole MP4"):
        office.tasks.bring_video("ann", entry.entry_id, BytesIO(body))
    assert office.journal.queries.entry(entry.entry_id).state is State.SUCCEEDED
    assert artifacts.video(entry.entry_id) is None


def test_a_task_that_waits_for_no_video_takes_none(
    office: Office, fetched: tuple[ArtifactStore, FakeDownload]
) -> None:
    """What was kept is not replaced; and what is not finished has no video."""
    artifacts, _ = fetched
    running = office.submit()
    for entry in (running, kept(office, artifacts)):
        with pytest.raises(UnusableVideo, match="does not wait"):
            office.tasks.bring_video("ann", entry.entry_id, BytesIO(MP4))


def test_a_pin_outlives_its_video(office: Office, fetched: tuple[ArtifactStore, FakeDownload]) -> None:
    """Got again, it is as little offered for removal as before; meanwhile nothing calls it kept."""
    artifacts, _ = fetched
    entry = kept(office, artifacts)
    artifacts.pin("ann", entry.entry_id, pinned=True)
    file_of(artifacts, entry).unlink()
    office.tasks.get_again("ann", entry.entry_id)
    assert artifacts.videos("ann") == ()
    replace(office.runner.steps, keep_video=artifacts.keep_video).run_next_step(entry.entry_id)
    assert [video.pinned for video in artifacts.videos("ann")] == [True]


def test_a_video_that_is_there_stays_as_it_is(
    office: Office, fetched: tuple[ArtifactStore, FakeDownload]
) -> None:
    """A copied click, or a disk that has come back."""
    artifacts, _ = fetched
    entry = kept(office, artifacts)
    assert office.tasks.get_again("ann", entry.entry_id) == entry
    assert office.runner.woken == []
    assert file_of(artifacts, entry).exists()


def test_a_video_that_its_owner_removed_stays_removed(
    office: Office, fetched: tuple[ArtifactStore, FakeDownload]
) -> None:
    """Missing is not lost."""
    artifacts, _ = fetched
    entry = kept(office, artifacts)
    artifacts.remove("ann", entry.entry_id)
    assert office.tasks.get_again("ann", entry.entry_id) == entry
    assert office.runner.woken == []


def test_refusals_are_shown_for_a_day(office: Office) -> None:
    """Long enough to start again from them."""
    office.service.refusals = [ModelNotServed("model_not_found", http_status=503)]
    with pytest.raises(SubmitProblem):
        office.submit()
    assert len(listed(office.tasks, "ann").entries) == 1
    office.clock.advance(timedelta(days=2).total_seconds())
    assert listed(office.tasks, "ann").entries == ()


def test_a_key_that_comes_back_sets_its_tasks_going(office: Office) -> None:
    """Once; the pages bring it with every run."""
    held = [office.tasks.register_key(office.endpoint) for _ in range(3)]
    assert len({id(client) for client in held}) == 1
    assert office.rounds.hurries == 1


def variants(*prompts: str) -> list[tuple[ImageToVideoRequest, Draft]]:
    """A request and a draft for each prompt, all with the draft's own id."""
    return [
        (replace(REQUEST, prompt=prompt), draft(prompt=prompt, external_task_id="mine-1"))
        for prompt in prompts
    ]


def test_a_batch_sends_each_variant_once_under_an_id_of_its_own(office: Office) -> None:
    """A second click answers the same tasks; each has its own recipe."""
    sent = variants("wind", "rain", "snow")
    entries = office.tasks.submit_batch("ann", office.endpoint, sent, "c1")
    again = office.tasks.submit_batch("ann", office.endpoint, sent, "c1")
    assert [entry.entry_id for entry in entries] == [entry.entry_id for entry in again]
    assert office.service.created == ["mine-1", "mine-1-2", "mine-1-3"]
    for entry, (_, of) in zip(entries, sent, strict=True):
        recipe = office.tasks.artifacts.recipe(entry)
        assert recipe is not None
        kept = load_recipe(office.tasks.artifacts.read(recipe)).draft
        assert kept.parameters.prompt == of.parameters.prompt
        assert kept.parameters.external_task_id == entry.external_task_id


def test_a_batch_goes_on_when_one_of_it_is_refused_and_another_unclear(office: Office) -> None:
    """Each create is its own: nothing is sent again, and nothing is held back."""
    office.service.refusals = [ModelNotServed("model_not_found", http_status=503), ReadTimeout("silence")]
    entries = office.tasks.submit_batch("ann", office.endpoint, variants("wind", "rain", "snow"), "c1")
    states = [office.journal.queries.entry(entry.entry_id).state for entry in entries]
    assert states == [State.REJECTED, State.UNKNOWN, State.ACCEPTED]
    assert office.service.created == ["mine-1-3"]


def test_a_batch_that_dies_on_its_way_is_whole_or_not_there(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before its first create, all of it is written down, and the same click sends each once."""

    def killed(*_: object) -> None:
        raise Killed

    sent = variants("wind", "rain")
    with monkeypatch.context() as dying:
        dying.setattr(Inline, "start_workflow", killed)
        with pytest.raises(Killed):
            office.tasks.submit_batch("ann", office.endpoint, sent, "c1")
    assert (len(office.journal.queries.unfinished()), office.service.created) == (2, [])
    office.tasks.submit_batch("ann", office.endpoint, sent, "c1")
    assert office.service.created == ["mine-1", "mine-1-2"]


def test_a_batch_over_the_cap_leaves_no_task_and_no_file(office: Office) -> None:
    """Two at list price 0.14 are over 0.20 together."""
    capped = replace(office.tasks, cap_usd=lambda _: Decimal("0.20"))
    with pytest.raises(SpendingCapReached):
        capped.submit_batch("ann", office.endpoint, variants("wind", "rain"), "c1")
    assert office.journal.queries.entries("ann") == ()
    assert office.tasks.artifacts._storage.files() == ()
