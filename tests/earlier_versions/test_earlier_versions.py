"""Files of an earlier version open in this one: recipes, drafts, databases, and tasks on their way.

The files beside this test were made by the version before the modules moved into rooms (826b546) and stay as
they are; `expected.json` and `broken_recipes.json` have its own words, names and hashes of them.
"""

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

# The product: everything that may be called otherwise one day stands here and nowhere else.
from kling import ImageToVideoRequest
from studio.errors import StudioError
from studio.files.artifact_store import ArtifactStore
from studio.files.storage import Storage
from studio.journal.database import Database
from studio.journal.deployment import DeploymentValues, Heartbeats
from studio.journal.entry import State
from studio.journal.journal import Journal
from studio.journal.queries import JournalProblem
from studio.journal.schema import upgrade
from studio.journal.share_links import ShareLinks
from studio.journal.spending_cap import day_start
from studio.recipes.draft_store import DraftStore
from studio.recipes.recipe_file import dump_recipe, load_recipe
from studio.recipes.sent_drafts import SentDrafts
from studio.request.compose import compose
from studio.request.draft import Draft
from studio.service.endpoint import ServiceEndpoint
from studio.service.keyring import Keyring
from studio.services import build
from studio.settings import Settings
from studio.tasks.callback_urls import CallbackUrls
from tests.earlier_versions.reading import (
    ENTRY_FIELDS,
    FILE_FIELDS,
    SHARED_FIELDS,
    VIDEO_FIELDS,
    changed,
    plain,
    request_told,
    sha256,
    words_told,
)
from tests.support.listed import listed
from tests.support.waiting import wait_until

HERE = Path(__file__).parent
NAMES_NOW = {
    "far_end": "service",
    "not_before": "retry_at",
    "problem": "create_error",
}
"""Fields that were called otherwise then."""
SAID_SINCE = "It begins like a picture but", "It begins like a PNG picture but"
"""A message that names the kind of a broken picture now."""
EXPECTED: dict[str, Any] = json.loads((HERE / "expected.json").read_text())
BROKEN: dict[str, Any] = json.loads((HERE / "broken_recipes.json").read_text())
RECIPES, LEFT, ON_THE_WAY = EXPECTED["recipes"], EXPECTED["every_state"], EXPECTED["under_way"]
OWNERS: dict[str, str] = LEFT["owners"]
NOW = datetime.fromisoformat(LEFT["now"])
SERVICE = ServiceEndpoint(simulated=False, **LEFT["far_end"])
SIMULATOR = ServiceEndpoint(base_url="http://127.0.0.1:9", api_key="simulator", simulated=True)


def plain_fields(record: object, names: Iterable[str]) -> dict[str, Any]:
    """Fields of a record by the names of then, as JSON has them."""
    return {name: plain(getattr(record, NAMES_NOW.get(name, name))) for name in names}


def told(request: ImageToVideoRequest) -> dict[str, Any]:
    """The request as it would leave: the hash of its bytes, and that of what they say."""
    with SERVICE.connect() as client:
        return request_told(partial(client.create, request))


def draft_told(draft: Draft | None) -> dict[str, Any] | None:
    """The request of a draft, if there is one."""
    return told(compose(draft).request) if draft else None


def recipe_told(recipe: bytes) -> dict[str, Any]:
    """The request that a recipe gives, or the message of its refusal."""
    try:
        return {"request": told(compose(load_recipe(recipe).draft).request)["sha256"]}
    except StudioError as refused:
        return {"told": words_told(refused, BROKEN["usual"])}


def recipe(name: str) -> bytes:
    return (HERE / "recipes" / f"{name}.motion").read_bytes()


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_of_before_gives_the_same_request_byte_for_byte(name: str) -> None:
    """Its picture, masks, points, numbers and texts, in the order of before."""
    found = load_recipe(recipe(name))
    assert draft_told(found.draft) == RECIPES[name]["request"]
    fields = RECIPES[name]["task"]
    assert (found.task and plain_fields(found.task, fields)) == fields


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_of_before_says_the_same_whatever_packs_its_masks(name: str) -> None:
    """Of the masks the pixels are compared: when only this one passes, a library packs them otherwise."""
    made = draft_told(load_recipe(recipe(name)).draft)
    assert made is not None
    assert made["meaning"] == RECIPES[name]["request"]["meaning"]


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_of_before_that_is_saved_anew_gives_the_same_request(name: str) -> None:
    """A recipe that is opened and downloaded once more has lost nothing."""
    found = load_recipe(recipe(name))
    again = load_recipe(dump_recipe(found.draft, found.task))
    assert again == found
    assert draft_told(again.draft) == RECIPES[name]["request"]


@pytest.mark.parametrize("name", BROKEN["files"])
def test_a_broken_file_is_refused_in_the_words_of_before(name: str) -> None:
    """Cut, bent, no recipe at all, or with what no recipe holds."""
    expected = json.loads(json.dumps(BROKEN["files"][name]).replace(*SAID_SINCE))
    assert recipe_told((HERE / "broken" / f"{name}.motion").read_bytes()) == expected


@pytest.mark.parametrize("number", range(len(BROKEN["changes"])))
def test_an_unknown_missing_or_broken_field_is_read_or_refused_as_before(number: int) -> None:
    """Optional fields may be missing, unknown ones are passed over, and the rest is named in its place."""
    case = BROKEN["changes"][number]
    whole = (HERE / "broken" / "whole.motion").read_bytes()
    found = recipe_told(changed(whole, case))
    assert found == {name: case[name] for name in ("request", "told") if name in case}


@dataclass(frozen=True)
class Opened:
    """A data folder of before, opened by this version."""

    folder: Path
    store: Database

    @cached_property
    def journal(self) -> Journal:
        return Journal(self.store, now=lambda: NOW)

    @cached_property
    def artifacts(self) -> ArtifactStore:
        return ArtifactStore(self.store, str(self.folder / "files"), cache_dir=self.folder / "copies")

    @cached_property
    def sent(self) -> SentDrafts:
        return SentDrafts(self.artifacts, earlier=Storage(str(self.folder / "recipes")))

    @cached_property
    def secret(self) -> str:
        return DeploymentValues(self.store).get_or_make("secret", lambda: "made anew")


def unpacked(name: str, folder: Path) -> Path:
    """A copy of a data folder."""
    with ZipFile(HERE / f"{name}.zip") as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture
def left(tmp_path: Path) -> Iterator[Opened]:
    """The folder with a task in every state, its database brought up."""
    folder = unpacked("every_state", tmp_path)
    store = Database(f"sqlite:///{folder / 'studio.db'}")
    upgrade(store)
    yield Opened(folder, store)
    store.close()


def test_the_database_of_before_has_a_task_in_every_state() -> None:
    """So that no state is forgotten here; each with what it alone has."""
    assert {entry["state"] for entry in LEFT["entries"].values()} == {state.value for state in State}


@pytest.mark.parametrize("name", OWNERS)
def test_each_person_finds_all_their_tasks_as_they_were(left: Opened, name: str) -> None:
    """Every field of each, in the order of before."""
    found = left.journal.queries.entries(OWNERS[name])
    assert [entry.entry_id for entry in found] == LEFT["of_owner"][name]["entries"]
    assert [plain_fields(entry, ENTRY_FIELDS) for entry in found] == [
        LEFT["entries"][entry.entry_id] for entry in found
    ]


def test_what_is_not_over_is_still_to_be_seen_to(left: Opened) -> None:
    """The same tasks, at the same places in line."""
    assert [entry.entry_id for entry in left.journal.queries.unfinished()] == LEFT["unfinished"]
    queries = left.journal.queries
    positions = {k: v for owner in OWNERS.values() for k, v in queries.queue_positions(owner).items()}
    places = {one: positions.get(one) for one in LEFT["entries"]}
    assert places == LEFT["places"]


def test_what_is_not_over_has_its_request_byte_for_byte(left: Opened) -> None:
    """It may yet be sent, or sent again; of what is over none is kept."""
    found = {}
    for entry_id in LEFT["entries"]:
        try:
            found[entry_id] = told(left.journal.queries.request(entry_id))
        except JournalProblem:
            continue
    assert found == LEFT["requests"]


def test_a_task_starts_again_from_what_was_sent(left: Opened) -> None:
    """Its recipe is found by its owner and its id, and gives the same request; some have none."""
    entries = {one: left.journal.queries.entry(one) for one in LEFT["entries"]}
    assert {one: draft_told(left.sent.draft(entry)) for one, entry in entries.items()} == LEFT["sent"]
    for one, entry in entries.items():
        assert left.sent.has(entry) == bool(LEFT["sent"][one])
        if recipe := left.sent.recipe(entry):
            task = load_recipe(recipe).task
            assert task is not None
            assert (task.task_id, task.status) == (entry.task_id, entry.state)


def test_kept_files_are_the_same_bytes(left: Opened) -> None:
    """Videos, posters, pictures and masks; a removed video says so, and a vanished one is noticed."""
    files = {one: left.artifacts.files_of(one) for one in LEFT["entries"]}
    assert {one: [plain_fields(file, FILE_FIELDS) for file in of_it] for one, of_it in files.items()} == LEFT[
        "files"
    ]
    assert [one for one in LEFT["entries"] if left.artifacts.has_lost_video(one)] == LEFT["lost"]
    there = [file for one, of_it in files.items() for file in of_it if one not in LEFT["lost"]]
    for file in there:
        if file.removed_at is None:
            assert sha256(left.artifacts.read(file)) == file.sha256
    assert left.artifacts.used_bytes() == LEFT["used_bytes"]


@pytest.mark.parametrize("name", OWNERS)
def test_each_person_has_their_videos_and_has_spent_what_they_had(left: Opened, name: str) -> None:
    """Pinned ones are pinned; the day's spending with the key counts against its cap."""
    owner, expected = OWNERS[name], LEFT["of_owner"][name]
    videos = [plain_fields(video, VIDEO_FIELDS) for video in left.artifacts.videos(owner)]
    assert videos == expected["videos"]
    key = Keyring(bytes.fromhex(left.secret)).fingerprint(SERVICE.api_key)
    assert str(left.journal.queries.spent_usd(owner, NOW - timedelta(days=9))) == expected["spent_usd"]
    assert str(left.journal.queries.spent_usd(owner, day_start(NOW), key)) == expected["spent_today_usd"]


def test_a_link_of_before_shows_its_task(left: Opened) -> None:
    """For any visitor; its owner sees that it is shared."""
    shares = ShareLinks(left.store)
    for token, expected in LEFT["shared"].items():
        shown = shares.find_shared(token)
        assert shown is not None
        assert plain_fields(shown, SHARED_FIELDS) == expected
        assert shares.is_shared(LEFT["entries"][shown.entry_id]["owner"], shown.entry_id)


def test_the_keys_of_before_fit_their_tasks(left: Opened) -> None:
    """A session that brings the key again goes on with the tasks that were made with it, no others."""
    keyring = Keyring(bytes.fromhex(left.secret))
    clients = {SERVICE.journal_name: keyring.remember(SERVICE)}
    clients |= {SIMULATOR.journal_name: keyring.remember(SIMULATOR)}
    for entry_id in LEFT["entries"]:
        entry = left.journal.queries.entry(entry_id)
        assert keyring.connect(entry) is clients[entry.service]
    keyring.close()


def test_the_service_may_call_back_at_the_addresses_of_before(left: Opened) -> None:
    """It was told them with each task; the deployment's secret is the same."""
    assert left.secret == LEFT["secret"]
    callbacks = CallbackUrls(secret=bytes.fromhex(left.secret), public_url=LEFT["public_url"])
    assert {one: callbacks.address(one) for one in LEFT["entries"]} == LEFT["callbacks"]
    for entry_id, address in LEFT["callbacks"].items():
        assert callbacks.is_genuine(entry_id, address.rpartition("/")[2])


def test_what_was_learnt_of_the_far_end_and_of_other_processes_is_known(left: Opened) -> None:
    """Whether tasks are found by the caller's own id, and whose pulse was seen last."""
    proof = left.journal.queries.proof(SERVICE.base_url)
    assert proof is not None
    assert plain_fields(proof, LEFT["proof"]) == LEFT["proof"]
    assert Heartbeats(left.store).read() == LEFT["pulses"]


def test_a_draft_in_hand_of_before_gives_the_same_request(left: Opened) -> None:
    """Each person's; one that is damaged is none."""
    drafts = DraftStore(Storage(str(left.folder / "drafts")))
    assert {owner: draft_told(drafts.load(owner)) for owner in LEFT["drafts"]} == LEFT["drafts"]
    drafts.close()


def test_the_app_starts_on_a_folder_of_before(tmp_path: Path) -> None:
    """Each person sees the same list; what was being sent is looked for; recipes and drafts are there."""
    services = build(Settings(data_dir=unpacked("every_state", tmp_path)))
    try:
        tasks = replace(services.tasks, now=lambda: NOW)
        for name, owner in OWNERS.items():
            shown = listed(tasks, owner).entries
            assert [entry.entry_id for entry in shown] == LEFT["of_owner"][name]["listed"]
            for entry in shown:
                assert entry.state == settled(LEFT["entries"][entry.entry_id]["state"])
                assert draft_told(services.sent.draft(entry)) == LEFT["sent"][entry.entry_id]
            assert draft_told(services.drafts.load(owner)) == LEFT["drafts"][owner]
    finally:
        services.close()


def settled(state: str) -> str:
    """The state after a start: a create of a process that is gone was broken off."""
    return State.UNKNOWN if state == State.SENDING else state


def test_tasks_on_their_way_are_carried_on_to_their_videos(tmp_path: Path) -> None:
    """By the very workflows that the earlier version began or left in line, and by no second one."""
    folder = unpacked("under_way", tmp_path)
    left_a_minute_ago(folder / "simulator" / "tasks-1.sqlite3")
    before = workflows(folder)
    assert {one: list(found) for one, found in before.items()} == ON_THE_WAY["workflows"]
    services = build(Settings(data_dir=folder, simulator_task_s=0.5))
    try:
        tasks, owner = services.tasks, ON_THE_WAY["owner"]
        assert {entry.entry_id for entry in listed(tasks, owner).entries} == set(ON_THE_WAY["entries"])
        wait_until(
            lambda: all(entry.state is State.KEPT for entry in listed(tasks, owner).entries), "every video"
        )
        wait_until(lambda: all(status == "SUCCESS" for _, status in workflows(folder).values()), "the ends")
        assert all(services.artifacts.video(one) for one in ON_THE_WAY["entries"])
    finally:
        services.close()
    begun = workflows(folder).keys() - before.keys()
    assert begun <= {f"{workflow_id}.fetch" for workflow_id in before}


def left_a_minute_ago(simulator: Path) -> None:
    """The simulator's links end after 30 days; its tasks are made as young as they were then."""
    with closing(sqlite3.connect(simulator)) as database, database:
        (ended_at_s,) = database.execute("SELECT max(ends_at_s) FROM tasks").fetchone()
        shift_s = time.time() - 60 - ended_at_s
        for column in ("created_at_s", "outcome_at_s", "ends_at_s"):
            database.execute(f"UPDATE tasks SET {column} = {column} + ?", (shift_s,))


def test_tasks_on_their_way_have_their_requests_byte_for_byte(tmp_path: Path) -> None:
    """A queued task is sent as it was written down."""
    store = Database(f"sqlite:///{unpacked('under_way', tmp_path) / 'studio.db'}")
    upgrade(store)
    journal = Journal(store)
    states = {one: journal.queries.entry(one).state.value for one in ON_THE_WAY["entries"]}
    assert states == ON_THE_WAY["entries"]
    requests = ON_THE_WAY["requests"]
    assert {one: told(journal.queries.request(one)) for one in requests} == requests
    store.close()


def workflows(folder: Path) -> dict[str, tuple[str, str]]:
    """Id → name and status, of everything that DBOS knows there."""
    with closing(sqlite3.connect(folder / "studio-workflows.db")) as database:
        rows = database.execute("SELECT workflow_uuid, name, status FROM workflow_status").fetchall()
    return {workflow_id: (name, status) for workflow_id, name, status in rows}
