"""A lying service on a real loopback socket: it makes every task that it is asked for, the same twice too.

It answers in the shapes of `dialect` as well. Nothing here forgives a create that is sent again.
`GET /ledger` tells what was made, and what was called.
"""

import json
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from kling.client import PATH
from kling.transport import Answer
from simulator.faults.shapes import VIDEO_SHAPES
from tests.faults.dialect import documented, told, told_missing
from tests.faults.failures import HTML, MAY_HAVE_MADE, answer, refused, shaped
from tests.support.videos import small_mp4

UNCLEAR_ANSWERS = (answer(524, HTML), *(refused(name) for name in MAY_HAVE_MADE))
FIRST_ID = 1000
"""Of the task at place 0; 0 itself is no id."""
OTHER_IDS = 10**18
"""A task is also called by this number more."""
EVENTS = ("create received", "create made", "look", "half a video")


@dataclass(frozen=True, kw_only=True)
class Lies:
    """How often it fails, each from 0 to 1."""

    # 429, or a 503 page, and nothing was made
    before: float = 0.0
    # 524, a refusal inside a refusal, or no answer at all, and a task was made
    after: float = 0.0
    # 307 to the same address, and a task was made
    redirected: float = 0.0
    # 502 to a look; a link that has expired, or breaks off in the middle
    later: float = 0.0
    # looks and videos are answered in shapes that stand in no documentation
    odd: float = 0.0


@dataclass(kw_only=True)
class Service:
    """A context manager; answers in threads of its own."""

    lies: Lies = field(default_factory=Lies)
    task_s: float = 0.5
    seed: int = 1
    # told of each of EVENTS before the answer goes out
    heard: Callable[[str], None] = lambda _event: None
    # (external id, when it was made, monotonic seconds); the task's id is its place
    ledger: list[tuple[str, float]] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._rng, self._lock = random.Random(self.seed), threading.Lock()
        self.video = small_mp4()
        self._began_ms = int(time.time() * 1000)
        self._server = _Server(("127.0.0.1", 0), _Answering)
        self._server.service = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def serve(self) -> None:
        """Until it is shut down."""
        self._server.serve_forever(poll_interval=0.05)

    def lie(self, chance: float) -> bool:
        """Whether this time."""
        with self._lock:
            return self._rng.random() < chance

    def answer_look(self, place: int | None) -> Answer:
        """A task, or that there is none, in any shape."""
        with self._lock:
            if place is None:
                return told_missing(self._rng, odd=self.lies.odd)
            return told(
                self.told(place), self.url, str(OTHER_IDS + FIRST_ID + place), self._rng, odd=self.lies.odd
            )

    def make(self, external_task_id: str) -> int:
        """A task, whatever was made before."""
        with self._lock:
            self.ledger.append((external_task_id, time.monotonic()))
            return len(self.ledger) - 1

    def find(self, name: str) -> int | None:
        """The task of that id or external id."""
        if name.isdigit():
            place = int(name) % OTHER_IDS - FIRST_ID
            return place if 0 <= place < len(self.ledger) else None
        return next((place for place, (known, _) in enumerate(self.ledger) if known == name), None)

    def told(self, place: int) -> dict[str, Any]:
        """A task as it is documented."""
        external_task_id, made_s = self.ledger[place]
        over = time.monotonic() - made_s >= self.task_s
        videos = [{"id": "v", "url": f"{self.url}/video/{place}.mp4?sign=1", "duration": "5.1"}]
        return {
            "task_id": str(FIRST_ID + place),
            "task_status": "succeed" if over else "processing",
            "created_at": self._began_ms,
            "updated_at": int(time.time() * 1000),
            "task_info": {"external_task_id": external_task_id},
            "task_result": {"videos": videos} if over else {},
        }


class _Server(ThreadingHTTPServer):
    service: Service
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients are killed here; that they break off is no news."""


class _Answering(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        service = self.server.service
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        service.calls["create"] += 1
        service.heard("create received")
        if service.lie(service.lies.before):
            self._refuse()
            return
        place = service.make(body["external_task_id"])
        service.heard("create made")
        if service.lie(service.lies.redirected):
            self._send(answer(307, HTML, Location=PATH))
        elif not service.lie(service.lies.after):
            self._send(documented(service.told(place)))
        elif service.lie(0.5):
            self._send(UNCLEAR_ANSWERS[place % len(UNCLEAR_ANSWERS)])
        else:
            self._break_off()

    def do_GET(self) -> None:
        service, (path, _, _) = self.server.service, self.path.partition("?")
        if path == "/ledger":
            told = {"made": [name for name, _ in service.ledger], "calls": service.calls}
            self._answer(200, json.dumps(told).encode(), "application/json")
        elif path.startswith(("/video/", "/v1/videos/", "/r/")):
            self._send_video()
        else:
            self._look(path.removeprefix(PATH).strip("/"))

    def log_message(self, *_: Any) -> None:
        """Nothing."""

    def _look(self, name: str) -> None:
        service = self.server.service
        service.calls["look" if name else "list"] += 1
        service.heard("look")
        place = service.find(name)
        if service.lie(service.lies.later):
            self._answer(502, HTML, "text/html")
        else:
            self._send(service.answer_look(place))

    def _send_video(self) -> None:
        service = self.server.service
        service.calls["video"] += 1
        if service.lie(service.lies.later):
            self._answer(403, HTML, "text/html")
            return
        if service.lie(service.lies.odd / 4):
            self._send(shaped(VIDEO_SHAPES["json"], {"REASON": "missing header"}))
            return
        half, is_partial = len(service.video) // 2, service.lie(service.lies.odd)
        self._head(206 if is_partial else 200, "video/mp4", len(service.video), is_partial=is_partial)
        self.wfile.write(service.video[:half])
        service.heard("half a video")
        if service.lie(service.lies.later):
            self._break_off()
        else:
            self.wfile.write(service.video[half:])

    def _refuse(self) -> None:
        if self.server.service.lie(0.5):
            told = json.dumps({"code": 1303, "message": "parallel task over resource pack limit"}).encode()
            self._answer(429, told)
        else:
            self._answer(503, HTML, "text/html")

    def _send(self, whole: Answer) -> None:
        self.send_response(whole.http_status)
        for name, value in {**whole.headers, "Content-Length": str(len(whole.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(whole.body)

    def _answer(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self._head(status, kind, len(body))
        self.wfile.write(body)

    def _head(self, status: int, kind: str, length: int, *, is_partial: bool = False) -> None:
        self.send_response(status)
        if is_partial:
            self.send_header("Content-Range", f"bytes 0-{length - 1}/{length}")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def _break_off(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)
