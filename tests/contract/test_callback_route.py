"""The callback's route in the real app on a real socket: forged calls change nothing, a genuine one looks."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy import select

from kling import TaskStatus
from studio.journal.database import Database
from studio.journal.deployment import DeploymentValues
from studio.journal.entry import State, utc_now
from studio.journal.journal import Journal
from studio.journal.schema import entries, upgrade
from studio.service.keyring import Keyring
from studio.tasks.callback_urls import MAX_BODY_BYTES, CallbackUrls
from tests.support.lying_server import LyingServer, reply
from tests.support.make import new_task
from tests.support.running_app import running_app
from tests.support.services import task
from tests.support.waiting import wait_until

KEY = "sk-callback-test"
FORGED = 200
WRITTEN = 2
"""The version of a row that was claimed and found."""


@dataclass(frozen=True, kw_only=True)
class Called:
    """The app, its far end, and one task that is not due to be looked at for a long time."""

    url: str
    store: Database
    endpoint: LyingServer
    callbacks: CallbackUrls
    entry_id: str

    def rows(self) -> object:
        """The whole journal."""
        with self.store.reading() as connection:
            return connection.execute(select(entries)).all()

    def post(self, path: str, body: bytes = b"{}") -> int:
        """The status that a caller gets."""
        return httpx.post(self.url + path, content=body, timeout=30).status_code

    @property
    def path(self) -> str:
        """The genuine one."""
        address = self.callbacks.address(self.entry_id)
        assert address is not None
        return address.removeprefix("https://studio.example.org")


@pytest.fixture(scope="module")
def called(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Called]:
    folder = tmp_path_factory.mktemp("callback")
    told = {"task_id": "t1", "task_status": "processing", "created_at": 1, "updated_at": 2}
    answer = reply({"code": 0, "message": "", "request_id": "r", "data": told})
    store = Database(f"sqlite:///{folder / 'studio.db'}")
    upgrade(store)
    secret = bytes.fromhex(DeploymentValues(store).get_or_make("secret", lambda: "ab" * 32))
    with LyingServer(answer) as endpoint:
        entry_id = running_task(store, endpoint.url, Keyring(secret).fingerprint(KEY))
        settings = {
            "COMETAPI_KEY": KEY,
            "COMETAPI_BASE_URL": endpoint.url,
            "PUBLIC_URL": "https://studio.example.org",
        }
        with running_app(folder, **settings) as url:
            journal = Journal(store)
            wait_until(
                lambda: journal.queries.entry(entry_id).version > WRITTEN, "the look that every start takes"
            )
            yield Called(
                url=url,
                store=store,
                endpoint=endpoint,
                callbacks=CallbackUrls(secret=secret, public_url="https://studio.example.org"),
                entry_id=entry_id,
            )
    store.close()


def running_task(store: Database, endpoint: str, fingerprint: str) -> str:
    """A task of two days ago, which is looked at once an hour."""
    journal = Journal(store, now=lambda: utc_now() - timedelta(days=2))
    claimed = journal.claim(journal.create_entry(new_task(service=endpoint, key_fingerprint=fingerprint)))
    assert claimed is not None
    found = journal.record_status(
        claimed,
        task(TaskStatus.PROCESSING, task_id="t1"),
        next_look_at=utc_now() + timedelta(hours=1),
    )
    assert found is not None
    assert (found.state, found.version) == (State.RUNNING, WRITTEN)
    return found.entry_id


def forged(called: Called) -> Iterator[str]:
    """The genuine path with a character changed, cut, added or moved; or another entry's, or none's."""
    chance = random.Random(4)
    _, _, _, entry_id, token = called.path.split("/")
    for _ in range(FORGED):
        at = chance.randrange(len(token))
        other = chance.choice([c for c in "0123456789abcdefABCDEF-_~é" if c != token[at]])
        false = chance.choice(
            [
                (entry_id, token[:at] + other + token[at + 1 :]),
                (entry_id, token[:at]),
                (entry_id, token + other),
                (entry_id, f"{chance.getrandbits(256):064x}"),
                (f"{chance.getrandbits(128):032x}", token),
                (entry_id[::-1], token),
                (entry_id.upper() + "0", token),
                (token, entry_id),
            ]
        )
        yield f"/api/callback/{quote(false[0])}/{quote(false[1])}"


def test_forged_calls_change_nothing(called: Called) -> None:
    """Two hundred of them: each not found (or no such route), no look, and no row changed."""
    before, looks = called.rows(), len(called.endpoint.requests)
    statuses = {called.post(path, b'{"task_id": "t1", "task_status": "failed"}') for path in forged(called)}
    assert statuses <= {404, 405}
    assert called.post(called.path, b"x" * (MAX_BODY_BYTES + 1)) == 413
    assert called.rows() == before
    assert len(called.endpoint.requests) == looks


def test_a_genuine_call_only_brings_a_look(called: Called) -> None:
    """It says "failed" and has a video's address; what is believed is the service's own answer."""
    looks = len(called.endpoint.requests)
    lie = b'{"task_id": "t1", "task_status": "failed", "task_result": {"videos": [{"url": "https://evil.test"}]}}'
    assert called.post(called.path, lie) == 204
    wait_until(lambda: len(called.endpoint.requests) > looks, "the task to be looked at")
    assert {request.method for request in called.endpoint.requests} == {"GET"}
    assert Journal(called.store).queries.entry(called.entry_id).state is State.RUNNING


def test_neither_key_nor_token_was_written_down(
    called: Called, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """After all this no file has the key, the databases included, and the log has no token."""
    log: Path = next(tmp_path_factory.getbasetemp().glob("callback*/app.log"))
    files = [file for file in log.parent.rglob("*") if file.is_file()]
    assert {"studio.db", "app.log"} <= {file.name for file in files}
    assert [file for file in files if KEY.encode() in file.read_bytes()] == []
    assert called.path.rsplit("/", 1)[1] not in log.read_text()
