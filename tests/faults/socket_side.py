"""A lying service on a real loopback socket: it makes every task that it is asked for, the same twice too.

Nothing here forgives a create that is sent again. `GET /ledger` tells what was made, and what was called.
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
from tests.support.videos import small_mp4

HTML = b"<!doctype html><title>Oops</title>"
EVENTS = ("create received", "create made", "look", "half a video")


@dataclass(frozen=True, kw_only=True)
class Lies:
    """How often it fails, each from 0 to 1."""

    # 429, or a 503 page, and nothing was made
    before: float = 0.0
    # 524, or no answer at all, and a task was made
    after: float = 0.0
    # 502 to a look; a link that has expired, or breaks off in the middle
    later: float = 0.0


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

    def make(self, external_task_id: str) -> int:
        """A task, whatever was made before."""
        with self._lock:
            self.ledger.append((external_task_id, time.monotonic()))
            return len(self.ledger) - 1

    def find(self, name: str) -> int | None:
        """The task of that id or external id."""
        if name.isdigit():
            return int(name) if int(name) < len(self.ledger) else None
        return next((place for place, (known, _) in enumerate(self.ledger) if known == name), None)

    def told(self, place: int) -> dict[str, Any]:
        """A task as the service describes it."""
        external_task_id, made_s = self.ledger[place]
        over = time.monotonic() - made_s >= self.task_s
        videos = [{"id": "v", "url": f"{self.url}/video/{place}.mp4?sign=1", "duration": "5.1"}]
        return {
            "task_id": str(place),
            "task_status": "succeed" if over else "processing",
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
        if not service.lie(service.lies.after):
            self._tell(service.told(place))
        elif service.lie(0.5):
            self._answer(524, HTML, "text/html")
        else:
            self._break_off()

    def do_GET(self) -> None:
        service, (path, _, _) = self.server.service, self.path.partition("?")
        if path == "/ledger":
            told = {"made": [name for name, _ in service.ledger], "calls": service.calls}
            self._answer(200, json.dumps(told).encode(), "application/json")
        elif path.startswith("/video/"):
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
        elif place is None:
            self._answer(404, json.dumps({"code": 1203, "message": "task not found"}).encode())
        else:
            self._tell(service.told(place))

    def _send_video(self) -> None:
        service = self.server.service
        service.calls["video"] += 1
        if service.lie(service.lies.later):
            self._answer(403, HTML, "text/html")
            return
        half = len(service.video) // 2
        self._head(200, "video/mp4", len(service.video))
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

    def _tell(self, task: dict[str, Any]) -> None:
        self._answer(200, json.dumps({"code": 0, "message": "SUCCEED", "data": task}).encode())

    def _answer(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self._head(status, kind, len(body))
        self.wfile.write(body)

    def _head(self, status: int, kind: str, length: int) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def _break_off(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)
