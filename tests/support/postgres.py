"""A real PostgreSQL server of the tests' own: in a temporary folder, on a socket, gone afterwards."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self
from uuid import uuid4

import psycopg
from psycopg import sql

WAIT_S = 60.0


def binary(name: str) -> str | None:
    """One of PostgreSQL's programs; Debian keeps them out of the PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(debian[-1]) if debian else None)


def missing() -> str | None:
    """Why no server can be started here, or None when one can."""
    if binary("initdb") is None or binary("postgres") is None:
        return "PostgreSQL is not installed (scripts/ensure_postgres.sh)"
    if os.geteuid() == 0 and _user() is None:
        return "PostgreSQL does not run as root, and there is no user postgres"
    return None


class PostgresServer:
    """A context manager. Nothing is synced to the disk: what is tested is never the machine's death."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)  # without waiting for its clients
            self._process.wait(WAIT_S)
        shutil.rmtree(self._folder, ignore_errors=True)

    def new_database(self) -> str:
        """The URL of an empty database of its own."""
        name = f"test_{uuid4().hex}"
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self._url(name)

    def _start(self) -> None:
        if (user := _user()) is not None:
            shutil.chown(self._folder, user)
        data = str(self._folder / "data")
        made = self._run("initdb", "-D", data, "-U", "studio", "--auth=trust", "--encoding=UTF8", "--no-sync")
        if made.wait():
            raise RuntimeError((self._folder / "log").read_text())
        self._process = self._run(
            *("postgres", "-D", data, "-k", str(self._folder), "-c", "listen_addresses="),
            *("-c", "fsync=off", "-c", "max_connections=200"),
        )
        self._wait_until_up()

    def _url(self, name: str) -> str:
        return f"postgresql://studio@/{name}?host={self._folder}"

    def _run(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(
                [binary(name) or name, *arguments],
                stdout=log,
                stderr=log,
                cwd=self._folder,
                user=_user(),
                env={**os.environ, "LC_ALL": "C.UTF-8"},
            )

    def _wait_until_up(self) -> None:
        give_up_at = time.monotonic() + WAIT_S
        while time.monotonic() < give_up_at:
            try:
                psycopg.connect(self._url("postgres")).close()
            except psycopg.OperationalError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError((self._folder / "log").read_text())


def _user() -> str | None:
    """Whom the server runs as: PostgreSQL refuses root. None: whoever we are."""
    if os.geteuid() != 0:
        return None
    try:
        subprocess.run(["id", "postgres"], check=True, capture_output=True)
    except subprocess.CalledProcessError:
        return None
    return "postgres"
