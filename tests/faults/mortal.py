"""A process that may die at each boundary of its steps: around and within a transaction, around a call."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from kling import ImageToVideoRequest, Task
from studio.journal.database import Database
from studio.journal.entry import Entry
from studio.journal.journal import Journal
from tests.faults.far_side import FarClient

MOST_BOUNDARIES = 10


class Killed(BaseException):
    """The process is gone; like SIGKILL it is no Exception, so that nothing of the product catches it."""


@dataclass
class Fate:
    """When a process dies."""

    rng: random.Random
    _left: int | None = None

    def draw(self, chance: float) -> None:
        """Perhaps at one of the next boundaries."""
        self._left = self.rng.randint(1, MOST_BOUNDARIES) if self.rng.random() < chance else None

    def boundary(self) -> None:
        """A place to die at."""
        if self._left is None:
            return
        self._left -= 1
        if self._left == 0:
            self._left = None
            raise Killed


class MortalStore(Database):
    """The real store of a process with a fate."""

    fate: Fate | None = None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: not begun, rolled back, or committed when the process dies."""
        self._boundary()
        with super().writing() as connection:
            yield connection
            self._boundary()
        self._boundary()

    def _boundary(self) -> None:
        if self.fate is not None:
            self.fate.boundary()


class FreezingJournal(Journal):
    """The real journal of a process that may stand still right after a claim, while all others go on."""

    freeze: Callable[[str], None] = lambda _entry_id: None

    def claim(self, entry: Entry) -> Entry | None:
        """As ever, and then perhaps nothing for a while."""
        claimed = super().claim(entry)
        if claimed is not None:
            self.freeze(entry.entry_id)
        return claimed


@dataclass
class MortalClient:
    """The far side, called by a process with a fate."""

    client: FarClient
    fate: Fate

    @property
    def base_url(self) -> str:
        return self.client.base_url

    def create(self, request: ImageToVideoRequest) -> Task:
        self.fate.boundary()
        task = self.client.create(request)
        self.fate.boundary()
        return task

    def get(self, task_id_or_external_id: str) -> Task:
        self.fate.boundary()
        return self.client.get(task_id_or_external_id)

    def list(self, page: int = 1, size: int = 30) -> tuple[Task, ...]:
        return self.client.list(page, size)


@dataclass
class MortalKeys:
    """A keyring of memory: a process that starts again has no key until its person comes back."""

    client: MortalClient
    at_hand: bool = True

    def connect(self, _entry: Entry) -> MortalClient | None:
        return self.client if self.at_hand else None
