"""From submit to a video on our storage, or to words and the link on the card: where the video is told to be.

A service on loopback answers the real client; the steps, the journal and the download are the product's own.
"""

import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from urllib3.util.connection import create_connection

from studio.files.artifact_store import ArtifactStore
from studio.files.video_download import download_video
from studio.ip_addresses import allowed_addresses
from studio.journal.database import Database
from studio.journal.entry import Entry, State
from studio.journal.journal import Journal
from studio.journal.schema import upgrade
from studio.service.endpoint import ServiceEndpoint
from studio.service.keyring import Keyring
from studio.services import _keep_video
from studio.tasks.steps import Steps
from tests.support.lying_server import Behaviour, LyingServer, reply
from tests.support.services import Clock
from tests.support.sessions import LeadingTo
from tests.support.tls_proxy import behind_tls, certificate, lets_through
from tests.support.videos import small_mp4
from tests.support.worlds import new_task

MP4 = small_mp4()
KEY = "sk-of-this-test"
OWN = "/v1/videos/task-1/content"


@dataclass
class Relay:
    """A service whose task is finished at once; `told` is where it says the video is."""

    told: str
    # by path, without its query: status, headers, body
    files: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    wants_key: bool = False
    # path and Authorization of each file that was asked for
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    def task(self, base_url: str) -> dict[str, Any]:
        """Its one task."""
        videos = [{"id": "1", "url": self.told.format(BASE=base_url), "duration": "5.1"}]
        return {"task_id": "task-1", "task_status": "succeed", "task_result": {"videos": videos}}


class Handler(BaseHTTPRequestHandler):
    """Answers for a relay."""

    relay: Relay
    base_url: str

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._json({"code": 0, "data": {"task_id": "task-1", "task_status": "submitted"}})

    def do_GET(self) -> None:
        if "image2video" in self.path:
            self._json({"code": 0, "data": self.relay.task(self.base_url)})
            return
        key = self.headers["Authorization"]
        self.relay.asked.append((self.path, key))
        if self.relay.wants_key and key != f"Bearer {KEY}":
            self._answer(401, {}, b'{"error": {"message": "no token"}}')
        else:
            self._answer(*self.relay.files.get(self.path.partition("?")[0], (404, {}, b"")))

    def _json(self, body: object) -> None:
        self._answer(200, {"Content-Type": "application/json"}, json.dumps(body).encode())

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None: ...


@dataclass
class Studio:
    """The product without its pages, and the one task that it sent."""

    steps: Steps
    artifacts: ArtifactStore
    entry_id: str

    def settled(self) -> Entry:
        """The entry after it was sent, looked at, and its video was fetched or not."""
        for _ in range(3):
            self.steps.run_next_step(self.entry_id)
        return self.steps.journal.queries.entry(self.entry_id)

    def kept(self) -> bytes:
        """The video on our storage."""
        video = self.artifacts.video(self.entry_id)
        assert video is not None
        return self.artifacts.read(video)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """What ends with the test."""
    with ExitStack() as opened:
        yield opened


def studio(
    stack: ExitStack, folder: Path, relay: Relay, download: Callable[..., object] = download_video
) -> Studio:
    """A task of Ann's at that relay, in line."""

    class OfThisRelay(Handler):
        pass

    OfThisRelay.relay = relay
    server = stack.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), OfThisRelay))
    OfThisRelay.base_url = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, daemon=True).start()
    stack.callback(server.shutdown)
    store = Database(f"sqlite:///{folder}/studio.db")
    stack.callback(store.close)
    upgrade(store)
    keyring, clock = Keyring(b"secret"), Clock()
    stack.callback(keyring.close)
    endpoint = ServiceEndpoint(base_url=OfThisRelay.base_url, api_key=KEY, simulated=False)
    keyring.remember(endpoint, for_good=True)
    journal = Journal(store, clock)
    artifacts = ArtifactStore(store, str(folder / "files"), download=download)
    steps = Steps(
        journal=journal, keys=keyring, keep_video=partial(_keep_video, artifacts, keyring), now=clock
    )
    entry = journal.create_entry(
        new_task(service=endpoint.journal_name, key_fingerprint=keyring.fingerprint(KEY))
    )
    return Studio(steps=steps, artifacts=artifacts, entry_id=entry.entry_id)


WHOLE: tuple[int, dict[str, str], bytes] = (200, {}, MP4)
PARTIAL = (206, {"Content-Range": f"bytes 0-{len(MP4) - 1}/{len(MP4)}"}, MP4)


@pytest.mark.parametrize(
    ("told", "files"),
    [
        (f"{{BASE}}{OWN}", {OWN: WHOLE}),
        (OWN, {OWN: WHOLE}),
        (f"{OWN}?sig=1", {OWN: PARTIAL}),
        ("{BASE}/r/1", {"/r/1": (302, {"Location": OWN}, b""), OWN: WHOLE}),
    ],
)
def test_a_video_of_the_services_own_that_wants_the_key_is_kept(
    stack: ExitStack, tmp_path: Path, told: str, files: dict[str, Any]
) -> None:
    """Its whole address or a path alone, through its own redirect, and as a part that is all of it."""
    relay = Relay(told=told, files=files, wants_key=True)
    work = studio(stack, tmp_path, relay)
    assert (work.settled().state, work.kept()) == (State.KEPT, MP4)
    assert {key for _, key in relay.asked} == {f"Bearer {KEY}"}


@pytest.mark.parametrize(
    ("told", "files", "words", "link"),
    [
        (
            "http://plain.example.test/v.mp4?sig=1",
            {},
            "its address is not https",
            "http://plain.example.test/v.mp4?sig=1",
        ),
        (
            "http://localhost:3000/v1/videos/task-1/content",
            {},
            "the service's own address is set wrongly there",
            "http://localhost:3000/v1/videos/task-1/content",
        ),
        (
            "//198.18.0.1/v.mp4",
            {},
            "inside a private network",
            "https://198.18.0.1/v.mp4",
        ),
        (
            "{BASE}/v.mp4",
            {"/v.mp4": (302, {"Location": "http://plain.example.test/v.mp4"}, b"")},
            "its address is not https",
            "{BASE}/v.mp4",
        ),
        (
            "{BASE}/v.mp4",
            {"/v.mp4": (200, {}, b'{"error": {"message": "missing header"}}')},
            "the server answered “missing header” instead of a video",
            "{BASE}/v.mp4",
        ),
        (
            "{BASE}/v.mp4",
            {"/v.mp4": (403, {}, b"")},
            "refuses it to this app, although the link may open in your browser (HTTP 403)",
            "{BASE}/v.mp4",
        ),
    ],
)
def test_a_video_that_is_not_fetched_says_why_and_keeps_its_link(
    stack: ExitStack, tmp_path: Path, *, told: str, files: dict[str, Any], words: str, link: str
) -> None:
    """The task goes on trying; its owner has the link meanwhile, as it was told."""
    relay = Relay(told=told, files=files)
    work = studio(stack, tmp_path, relay)
    entry = work.settled()
    assert entry.state is State.SUCCEEDED
    assert words in (entry.message or "")
    assert "expired" not in (entry.message or "")
    assert entry.result_url == link.format(BASE=entry.service)


# ---- the cases of tests/cases/answers whose videos lie elsewhere: one loopback server plays all https sites

CASES = Path(__file__).parents[1] / "cases" / "answers"
ID = "task-1"


def answers_of(case: str) -> list[dict[str, Any]]:
    """The answers of a case, with its task's id."""
    return list(json.loads((CASES / f"{case}.json").read_text().replace("{ID}", ID))["answers"])


def told_in(case: str) -> str:
    """Where its service says that the video is."""
    (query,) = (answer for answer in answers_of(case) if answer["on"] == "query by task id")
    return str(query["body"]["data"]["task_result"]["videos"][0]["url"])


def site_of(case: str) -> list[Behaviour]:
    """What the other sites answer, one after the other; a whole video last."""
    played = []
    for answer in (one for one in answers_of(case) if one["on"].startswith("GET https:")):
        headers = dict(answer.get("headers", {}))
        if "Content-Range" in headers:
            headers["Content-Range"] = f"bytes 0-{len(MP4) - 1}/{len(MP4)}"
        body = answer.get("body", b"")
        is_video = isinstance(body, str)
        played.append(reply(MP4 if is_video else body, answer["status"], headers))
    return [*played, reply(MP4)]


def files_of(case: str) -> dict[str, tuple[int, dict[str, str], bytes]]:
    """What the service answers at addresses of its own."""
    own = [answer for answer in answers_of(case) if re.match(r"GET (\{BASE\}|/)", answer["on"])]
    return {
        answer["on"].split()[1].removeprefix("{BASE}"): (
            (200, {}, MP4) if "with the key" in answer else (answer["status"], answer.get("headers", {}), b"")
        )
        for answer in own
    }


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("06_own_content_needs_the_key", None),
        ("06_own_content_then_cdn", None),
        ("06_own_redirect_without_key", None),
        ("06_redirect_to_another_host", None),
        ("06_partial_206", None),
        ("06_without_scheme", None),
        ("06_base_under_another_name", "the service's own address is set wrongly there"),
        ("06_http_of_another_host", "its address is not https"),
        ("06_json_instead_of_video", "the server answered “missing header” instead of a video"),
    ],
)
def test_each_case_of_where_a_video_lies_ends_as_it_should(
    stack: ExitStack, tmp_path: Path, case: str, words: str | None
) -> None:
    """Kept, or said in words with the link; no other host than the service's ever hears the key."""
    elsewhere = stack.enter_context(LyingServer(*site_of(case)))
    relay = Relay(told=told_in(case), files=files_of(case), wants_key="key" in case)
    download = partial(download_video, open_session=LeadingTo(elsewhere.url))
    work = studio(stack, tmp_path, relay, download)
    entry = work.settled()
    assert all("authorization" not in request.headers for request in elsewhere.requests)
    if words is None:
        assert (entry.state, work.kept(), entry.message) == (State.KEPT, MP4, None)
    else:
        assert words in (entry.message or "")
        assert entry.result_url == relay.told


@pytest.mark.parametrize(
    ("case", "address", "allowed", "words"),
    [
        ("01_stand_in_address", "198.18.1.206", "", "this network answers with stand-in addresses"),
        ("01_stand_in_address", "198.18.1.206", "198.18.0.0/15", None),
        ("01_stand_in_address", "198.18.1.206", "cdn.example.test", None),
        ("01_nat64", "100.64.0.5", "", "this network answers with stand-in addresses"),
        ("01_nat64", "64:ff9b::808:808", "", None),
        ("01_nat64", "64:ff9b:1::808:808", "", None),
        ("01_nat64", "64:ff9b::a00:1", "", "inside a private network"),
    ],
)
def test_each_case_of_a_networks_dns_ends_as_it_should(
    stack: ExitStack,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    case: str,
    address: str,
    allowed: str,
    words: str | None,
) -> None:
    """Judged by the address; what may be asked is asked, here at a site of our own behind it."""
    pem = certificate("cdn.example.test", tmp_path)
    site = stack.enter_context(LyingServer(behind_tls(reply(MP4), pem), reads=False))
    real_connect, real_look_up = create_connection, socket.getaddrinfo
    lead = {address: urlsplit(site.url).port or 0}

    def connect(place: tuple[str, int], *rest: Any) -> socket.socket:
        return real_connect(("127.0.0.1", lead[place[0]]) if place[0] in lead else place, *rest)

    def look_up(host: str, *rest: Any) -> Any:
        return real_look_up(address if host == "cdn.example.test" else host, *rest)

    monkeypatch.setattr("studio.guarded_http.create_connection", connect)
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(pem))
    relay = Relay(told=told_in(case))
    download = partial(download_video, allowed=allowed_addresses(allowed))
    work = studio(stack, tmp_path, relay, download)
    entry = work.settled()
    if words is None:
        assert (entry.state, work.kept()) == (State.KEPT, MP4)
    else:
        assert words in (entry.message or "")
        assert entry.result_url == relay.told
        assert site.connections == 0


@pytest.mark.parametrize(
    ("case", "leads_to"),
    [("02_only_the_proxy_resolves", None), ("02_inner_dns_answers_inner_address", "10.1.2.3")],
)
def test_each_case_of_a_proxy_ends_with_the_video(
    stack: ExitStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str, leads_to: str | None
) -> None:
    """The proxy is asked for the name, whether this network does not know it or knows another of it."""
    real = socket.getaddrinfo

    def look_up(host: str, *rest: Any) -> Any:
        if host == "127.0.0.1":
            return real(host, *rest)
        if leads_to is None:
            raise socket.gaierror(socket.EAI_NONAME, "not known")
        return real(leads_to, *rest)

    pem = certificate("cdn.example.test", tmp_path)
    proxy = stack.enter_context(LyingServer(lets_through(reply(MP4), pem)))
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(pem))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("https_proxy", proxy.url)
    work = studio(stack, tmp_path, Relay(told=told_in(case)))
    assert (work.settled().state, work.kept()) == (State.KEPT, MP4)
    assert [request.path for request in proxy.requests] == ["cdn.example.test:443"]
