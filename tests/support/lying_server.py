"""A server on a real loopback socket that answers as it is told: badly, late, twice too much, or not at all.

It counts what reached it, which is the point: how often was a create really received?
"""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

Behaviour = Callable[[socket.socket, threading.Event], None]
"""What happens on a connection after the request was read; the event is set when the server stops."""


@dataclass(frozen=True, kw_only=True)
class Received:
    """One request that was read to its last byte; header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


def reply(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Behaviour:
    """Answer with bytes as they are, or with anything else as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    fields = {"Content-Type": "application/json", "Content-Length": str(len(content)), **(headers or {})}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    message = f"HTTP/1.1 {status} Whatever\r\n{lines}Connection: close\r\n\r\n".encode() + content
    return lambda connection, _: connection.sendall(message)


def html(status: int = 200) -> Behaviour:
    """Answer with a web page."""
    return reply(b"<!doctype html><title>Hello</title>", status, {"Content-Type": "text/html"})


def drop(connection: socket.socket, _: threading.Event) -> None:
    """Close without a word."""


def reset(connection: socket.socket, _: threading.Event) -> None:
    """Break the connection off with an RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def hang(connection: socket.socket, _: threading.Event) -> None:
    """Say nothing until the client has gone."""
    connection.settimeout(30)
    connection.recv(1)


def raw(message: bytes) -> Behaviour:
    """Send exactly these bytes and close."""
    return lambda connection, _: connection.sendall(message)


def continues(connection: socket.socket, stopped: threading.Event) -> None:
    """Announce an answer, again and again, for ever."""
    while not stopped.wait(0.02):
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


def endless_head(connection: socket.socket, _: threading.Event) -> None:
    """Announce an answer as fast as it is read, for ever."""
    while True:
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)


def dripping_head(connection: socket.socket, stopped: threading.Event) -> None:
    """Send a header one byte at a time, for ever."""
    trickle_after(b"HTTP/1.1 200 OK\r\nX-Long: a")(connection, stopped)


def trickle(connection: socket.socket, stopped: threading.Event) -> None:
    """Answer one byte at a time, for ever."""
    trickle_after(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")(connection, stopped)


def trickle_after(head: bytes) -> Behaviour:
    """Send these bytes, and then one at a time, for ever."""

    def send(connection: socket.socket, stopped: threading.Event) -> None:
        connection.sendall(head)
        while not stopped.wait(0.02):
            connection.sendall(b" ")

    return send


class LyingServer:
    """Each connection gets the next behaviour; the last one serves all that follow."""

    def __init__(self, *behaviours: Behaviour, reads: bool = True) -> None:
        """Start listening.

        Args:
            behaviours: one after the other.
            reads: False closes each connection without reading from it.
        """
        self.requests: list[Received] = []
        self.connections = 0
        self._behaviours = behaviours
        self._reads = reads
        self._stopped = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        with socket.socket() as knock:
            knock.connect_ex(self._socket.getsockname())
        self._thread.join(5)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            if self._stopped.is_set():
                connection.close()
                return
            behaviour = self._behaviours[min(self.connections, len(self._behaviours) - 1)]
            self.connections += 1
            threading.Thread(target=self._answer, args=(connection, behaviour), daemon=True).start()

    def _answer(self, connection: socket.socket, behaviour: Behaviour) -> None:
        with connection:
            try:
                if self._reads:
                    received = _read_request(connection)
                    if received is None:
                        return
                    self.requests.append(received)
                behaviour(connection, self._stopped)
            except OSError:
                return  # the client has gone, which is its right


def _read_request(connection: socket.socket) -> Received | None:
    """One whole request; None when the client left before its end."""
    with connection.makefile("rb") as stream:
        first = stream.readline().decode("latin-1").split()
        headers = {}
        while (line := stream.readline().decode("latin-1")).strip():
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        length = int(headers.get("content-length", 0))
        body = stream.read(length)
    if len(first) != 3 or len(body) < length:
        return None
    return Received(method=first[0], path=first[1], headers=headers, body=body)
