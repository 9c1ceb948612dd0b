"""A service on a loopback socket with many tasks, whose first create a case answers."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from kling.client import PATH
from tests.support.videos import small_mp4

Answer = dict[str, Any]
DROP: Answer = {"then": "accepted, the connection is closed without an answer"}
NOT_FOUND: Answer = {"status": 404, "body": {"code": 1203, "message": "task not found"}}


@dataclass
class LineService:
    """A context manager; each later create makes a task, which is found by both of its ids."""

    # to the first create; None: it is accepted like any other
    first: Answer | None = None
    # to look-ups of what the first create asked for, when it was answered by the case
    lookup: Answer = field(default_factory=lambda: NOT_FOUND)
    # of all tasks
    status: str = "succeed"
    # external ids, in the order of the creates
    created: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.video = small_mp4()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def create(self, external_task_id: str) -> Answer:
        """The answer to a create."""
        self.created.append(external_task_id)
        if len(self.created) == 1 and self.first is not None:
            return self.first
        return self._told(external_task_id, "submitted")

    def query(self, task_id: str) -> Answer:
        """The answer to a query by either id."""
        self.asked.append(task_id)
        external_task_id = task_id.removeprefix("task-of-")
        made = self.created if self.first is None else self.created[1:]
        if external_task_id in made:
            return self._told(external_task_id, self.status)
        return self.lookup if external_task_id in self.created else NOT_FOUND

    def _told(self, external_task_id: str, status: str) -> Answer:
        videos = [{"id": "1", "url": f"{self.url}/v.mp4", "duration": "5.1"}] if status == "succeed" else []
        data = {"task_id": f"task-of-{external_task_id}", "task_status": status}
        return {"status": 200, "body": {"code": 0, "data": {**data, "task_result": {"videos": videos}}}}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self._send(service.create(body["external_task_id"]))

            def do_GET(self) -> None:
                name = self.path.removeprefix(PATH).strip("/")
                if name == "v.mp4":
                    self._reply(200, service.video, {"Content-Type": "video/mp4"})
                else:
                    self._send(service.query(name))

            def log_message(self, *_: object) -> None:
                """Nothing."""

            def _send(self, answer: Answer) -> None:
                if "then" in answer:
                    self.close_connection = True
                    return
                body = answer["body"]
                is_page = isinstance(body, str)
                kind = {"Content-Type": "text/html" if is_page else "application/json"}
                content = body if is_page else json.dumps(body)
                self._reply(answer["status"], content.encode(), {**kind, **answer.get("headers", {})})

            def _reply(self, status: int, body: bytes, headers: dict[str, str]) -> None:
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

        return Handler
