"""A service on a loopback socket that answers as a case of `tests/cases/answers` says."""

import json
import threading
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from kling.client import PATH
from tests.support.videos import small_mp4

CASES = Path(__file__).parents[1] / "cases" / "answers"
DROP = {"status": 0, "body": None}


@dataclass
class CaseService:
    """A context manager; `{ID}` is t1, `{EXT}` the external id of the create.

    Args:
        case: the file's name; or the answers themselves.
        word: for `WORD`.
    """

    case: str | list[dict[str, Any]]
    word: str = "done"
    created: list[dict[str, Any]] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)

    def __enter__(self) -> Self:
        told = self.case
        self.answers = json.loads((CASES / told).read_text())["answers"] if isinstance(told, str) else told
        self.video = small_mp4()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, call: str, times: int) -> dict[str, Any]:
        """The case's answer to a call of which this is the how-manieth."""
        told = [one for one in self.answers if one.get("on", "").startswith(call)]
        if not told:
            return {"status": 404, "body": {"code": 1203, "message": "task not found"}}
        chosen = told[min(times, len(told)) - 1]
        if "from the 4th" in chosen["on"] and times < 4:
            return {"status": 200, "body": {"data": {"task_id": "{ID}", "task_status": "processing"}}}
        return DROP if "then" in chosen else chosen

    def filled(self, body: object) -> bytes:
        """With the placeholders' values."""
        text = body if isinstance(body, str) else json.dumps(body)
        external = self.created[-1]["external_task_id"] if self.created else ""
        seconds = "1777636800"  # NOON of the tests' clock
        values = {"{ID}": "t1", "{EXT}": external, "{URL}": f"{self.url}/v.mp4?sig=1", "WORD": self.word}
        for name, value in {**values, "{NOWS}": seconds, "{NOW}": f"{seconds}000"}.items():
            text = text.replace(name, value)
        return text.encode()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                service.created.append(body)
                self._send(service.answer("create", len(service.created)))

            def do_GET(self) -> None:
                name = self.path.removeprefix(PATH).strip("/")
                if name.startswith("v.mp4"):
                    self._reply(200, service.video, "video/mp4")
                    return
                service.asked[name] += 1
                by_external = bool(service.created) and name == service.created[-1]["external_task_id"]
                call = "query by external id" if by_external else "query by task id"
                if name == "A":
                    call = "query by A"
                self._send(service.answer(call, service.asked[name]))

            def log_message(self, *_: object) -> None:
                """Nothing."""

            def _send(self, answer: dict[str, Any]) -> None:
                if answer["status"] == 0:
                    self.close_connection = True
                    return
                kind = "text/html" if isinstance(answer["body"], str) else "application/json"
                self._reply(answer["status"], service.filled(answer["body"]), kind, answer.get("headers", {}))

            def _reply(
                self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None
            ) -> None:
                self.send_response(status)
                for name, value in {"Content-Type": kind, **(headers or {})}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        return Handler
