"""A real nginx with this repository's configuration, in front of two small servers that say who they are."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from tests.support.running_app import ROOT, end, free_port, wait_until_healthy

CONF = ROOT / "deploy" / "nginx.conf"


class _Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Answers with the server's own port and what reached it of the connection's headers."""
        told = (self.connection.getsockname()[1], self.headers["Upgrade"], self.headers["Connection"])
        body = repr(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        """As above."""
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@dataclass(frozen=True, kw_only=True)
class Nginx:
    """Where it listens, who is behind it, and what it writes down."""

    url: str
    servers: tuple[ThreadingHTTPServer, ...]
    access_log: Path


@contextmanager
def running_nginx(folder: Path) -> Iterator[Nginx]:
    """Starts both servers, and nginx on a free port in front of them."""
    servers = tuple(ThreadingHTTPServer(("127.0.0.1", 0), _Server) for _ in range(2))
    for server in servers:
        Thread(target=server.serve_forever, daemon=True).start()
    port, log = free_port(), folder / "access.log"
    conf = folder / "nginx.conf"
    conf.write_text(configured(port, log, [server.server_address[1] for server in servers]))
    process = subprocess.Popen(
        [_program(), "-c", str(conf), "-g", f"daemon off; pid {folder / 'nginx.pid'};"],
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_healthy(f"http://127.0.0.1:{port}/", process)
        yield Nginx(url=f"http://127.0.0.1:{port}", servers=servers, access_log=log)
    finally:
        end(process)
        for server in servers:
            server.shutdown()
            server.server_close()


def configured(port: int, log: Path, behind: list[int]) -> str:
    """The configuration as it is, but for its addresses and its log."""
    conf = CONF.read_text()
    for name, there in zip(("app1:8501", "app2:8501"), behind, strict=True):
        assert conf.count(name) == 1
        conf = conf.replace(name, f"127.0.0.1:{there}")
    assert conf.count("listen 80;") == 1
    conf = conf.replace("listen 80;", f"listen 127.0.0.1:{port};")
    return conf.replace("/dev/stdout", str(log)).replace("/dev/stderr", str(log.with_suffix(".errors")))


def _program() -> str:
    """Debian keeps it where only root looks."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    assert found, "nginx is not installed (scripts/ensure_nginx.sh)"
    return found
