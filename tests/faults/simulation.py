"""Submissions in virtual time, on the real journal and the real steps, until each has come to its end.

A world has one far side of its own manner, one key with a few slots, and one or two processes that are killed
again and again, or stand still with a create in hand. People click twice, press "look again", and check at
the service before they say "send again".
"""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import select

from studio.files.result_address import whole_url
from studio.files.video_download import DownloadProblem
from studio.journal.entry import Entry, State
from studio.journal.schema import artifacts, insert_or_ignore, upgrade
from studio.tasks.recovery import PERIOD_S, settle_interrupted
from studio.tasks.runner import WITH_A_SLOT, WITHOUT_A_SLOT
from studio.tasks.schedule import NEXT_STEP, holds_slot
from studio.tasks.steps import NextStep, Step, Steps
from tests.faults.far_side import FarClient, FarSide, Theme, draw_manner
from tests.faults.line import Line
from tests.faults.mortal import Fate, FreezingJournal, Killed, MortalClient, MortalKeys, MortalStore
from tests.faults.verdicts import Tally, judged, waits
from tests.support.make import new_task
from tests.support.services import NOON, Clock

SUBMISSIONS_A_WORLD = 10
THEMES = (
    Theme.ANY,
    Theme.REDIRECTS,
    Theme.ANY,
    Theme.STANDS_STILL,
    Theme.ANY,
    Theme.LATE,
    Theme.ANY,
    Theme.STUCK,
)
"""Of one world after the other."""
MOST_EVENTS = 20_000
HORIZON_S = 4 * 86400.0
"""What has not come to its end by then never will."""
PERSON_LOOKS_FOR_S = 3600.0
"""How long a task that waits for a person is followed here; the product goes on for ever."""


class World:
    """One far side, its submissions, and the processes that carry them."""

    def __init__(
        self, name: str, seed: int, theme: Theme, stores: tuple[MortalStore, ...], kind: type[Steps]
    ) -> None:
        self.rng = random.Random(seed)
        self.owner = name
        self.clock = Clock()
        manner = draw_manner(self.rng, theme)
        self.far_side = FarSide(f"https://{name}.test", manner, self.clock, self.rng, self.carry_request)
        self.line = Line(slots=manner.slots, now_s=self.now_s)
        self.apps = [App(self, store, kind) for store in stores[: self.rng.choice((1, 2))]]
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = count()
        self._at_work: list[App] = []
        self._requests_under_way = 0

    @property
    def is_sole(self) -> bool:
        """One process alone, as on SQLite."""
        return len(self.apps) == 1

    def run(self, submissions: int) -> Tally:
        """Until nothing is due any more."""
        for number in range(submissions):
            self.at(self.rng.uniform(0, 120), Click(self, number))
        while self._events and self._events[0][0] <= HORIZON_S:
            self._next_event()
        self.line.close()
        last = self.apps[0]
        last.fate.draw(0.0)
        with last.store.reading() as connection:
            videos = set(connection.execute(select(artifacts.c.entry_id)).scalars())
        entries = last.journal.queries.entries(self.owner)
        return judged(entries, self.far_side, videos, submissions) + waits(self.line, submissions - 1)

    def now_s(self) -> float:
        """Seconds since it began."""
        return (self.clock() - NOON).total_seconds()

    def at(self, wait_s: float, act: Callable[[], None]) -> None:
        """Has it happen so many seconds from now."""
        number = next(self._numbers)
        if number > MOST_EVENTS:
            raise AssertionError(f"{self.owner} does not come to an end")
        due_s = self.now_s() + wait_s
        heapq.heappush(self._events, (due_s, number, act))

    def let_pass(self, seconds: float) -> None:
        """Time goes by during a call; the caller may be dead at the end of it."""
        if not seconds:
            return
        until_s = self.now_s() + seconds
        caller = self._at_work[-1]
        life = caller.life
        while self._events and self._events[0][0] <= until_s:
            self._next_event()
            if caller.life != life:
                raise Killed
        self.clock.moment = max(self.clock.moment, NOON + timedelta(seconds=until_s))

    def carry_request(self, seconds: float) -> None:
        """Let time go by while a request, or its answer, is on its way."""
        self._requests_under_way += 1
        try:
            self.let_pass(seconds)
        finally:
            self._requests_under_way -= 1

    def freeze(self, entry_id: str) -> None:
        """Let the process at work stand still for up to an hour; another carries the task on meanwhile.

        Not while a request is on its way: what happens meanwhile happens inside its wait, and the hour of
        one process would hold up another's body of a minute.
        """
        if self.rng.random() < self.far_side.manner.freezes and not self._requests_under_way:
            another = self.rng.choice(self.apps)
            self.at(self.rng.uniform(30, 300), lambda: another.wake(entry_id))
            began_s = self.now_s()
            self.let_pass(self.rng.choice((60.0, 1200.0, 3600.0)))
            self.line.excuse(entry_id, self.now_s() - began_s)

    def do(self, app: "App", act: Callable[[], None]) -> None:
        """In a process, which may die of it."""
        if app not in self._at_work:
            app.fate.draw(self.far_side.manner.deadliness)
        self._at_work.append(app)
        try:
            act()
        except Killed:
            app.die()
        finally:
            self._at_work.pop()

    def _next_event(self) -> None:
        due_s, _, act = heapq.heappop(self._events)
        self.clock.moment = max(self.clock.moment, NOON + timedelta(seconds=due_s))
        act()


class App:
    """One process: what it holds in memory is gone with its life; the journal stays."""

    def __init__(self, world: World, store: MortalStore, kind: type[Steps]) -> None:
        self.world, self.store, self.kind = world, store, kind
        self.life = 0
        self.is_up = True
        self._decisions: dict[str, int] = {}
        self._live()

    def die(self) -> None:
        """At once, and up again some time later."""
        self.life += 1
        self.is_up = False
        self.world.line.drop(self)
        self.world.at(self.world.rng.uniform(1, 90), self._start)

    def carry(self, entry_id: str) -> None:
        """A task is run from where it stands, with a slot if it needs one, unless it is run here already."""
        if entry_id in self._carried:
            return
        self._carried.add(entry_id)
        entry = self.journal.queries.entry(entry_id)
        takes_slot = NEXT_STEP[entry.state] in WITH_A_SLOT and holds_slot(entry, self.world.clock())
        if takes_slot or entry.state is State.INTENT:
            priority = 2 if entry.state is State.INTENT else 1
            self.world.line.join(self, entry_id, priority, lambda: self._plan(entry_id, 0.0, has_slot=True))
        else:
            self._plan(entry_id, 0.0, has_slot=False)

    def look_after(self) -> None:
        """What the recovery does: nothing that is unfinished is left alone."""
        for entry in self.journal.queries.unfinished():
            if entry.owner == self.world.owner:
                self.carry(entry.entry_id)

    def wake(self, entry_id: str) -> None:
        """A callback, a person's choice, or a second carrier: a step more than planned."""
        if self.is_up:
            self.world.do(self, lambda: self._stray(entry_id))

    def _live(self) -> None:
        rng, self._carried = self.world.rng, set[str]()
        self.fate = Fate(rng)
        self.store.fate = self.fate
        self.keys = MortalKeys(MortalClient(FarClient(self.world.far_side), self.fate))
        self.journal = FreezingJournal(self.store, now=self.world.clock)
        self.journal.freeze = self.world.freeze
        self.steps = self.kind(
            journal=self.journal, keys=self.keys, keep_video=self._keep_video, now=self.world.clock, rng=rng
        )

    def _start(self) -> None:
        self.is_up = True
        self._live()
        if self.world.rng.random() < 0.3:
            self.keys.at_hand = False
            self.world.at(self.world.rng.uniform(0, 600), self._key_comes_back)
        self.world.do(self, self._reconcile)

    def _reconcile(self) -> None:
        if self.world.is_sole:
            settle_interrupted(self.journal)
        self.look_after()

    def _key_comes_back(self) -> None:
        if self.is_up and not self.keys.at_hand:
            self.keys.at_hand = True
            self.world.do(self, self.look_after)

    def _plan(self, entry_id: str, wait_s: float, *, has_slot: bool) -> None:
        self._at(wait_s, lambda: self._step(entry_id, has_slot=has_slot))

    def _at(self, wait_s: float, act: Callable[[], None]) -> None:
        """Have it happen in this life of the process, or not at all."""
        life = self.life

        def acted() -> None:
            if self.life == life:
                self.world.do(self, act)

        self.world.at(wait_s, acted)

    def _step(self, entry_id: str, *, has_slot: bool) -> None:
        next_step = self.steps.run_next_step(entry_id, may_send=has_slot)
        if self.world.rng.random() < 0.02:
            other = self.world.rng.choice(self.world.apps)
            self.world.at(self.world.rng.uniform(0, 200), lambda: other.wake(entry_id))
        if next_step.step is Step.WAIT_FOR_PERSON:
            self._ask(entry_id)
        elif self.world.rng.random() < 0.01:
            self.world.at(self.world.rng.uniform(0, 600), lambda: self._press(entry_id))
        if has_slot and not (next_step.step in WITH_A_SLOT and next_step.holds_slot):
            self.world.line.leave(self, entry_id)
            has_slot = False
        if not next_step.goes_on or self._is_over(entry_id, next_step):
            self._carried.discard(entry_id)
        elif not has_slot and next_step.step not in WITHOUT_A_SLOT:
            self._carried.discard(entry_id)
            self._at(PERIOD_S, lambda: self.carry(entry_id))
        else:
            self._plan(entry_id, next_step.wait_s, has_slot=has_slot)

    def _stray(self, entry_id: str) -> None:
        if self.steps.run_next_step(entry_id).goes_on:
            self.carry(entry_id)

    def _is_over(self, entry_id: str, next_step: NextStep) -> bool:
        if next_step.step is not Step.WAIT_FOR_PERSON:
            return False
        age_s = (self.world.clock() - self.journal.queries.entry(entry_id).created_at).total_seconds()
        return age_s > PERSON_LOOKS_FOR_S

    def _ask(self, entry_id: str) -> None:
        """Some people answer, some of them more than once."""
        asked = self._decisions.get(entry_id, 0)
        if asked < 2 and self.world.rng.random() < 0.3:
            self._decisions[entry_id] = asked + 1
            self.world.at(self.world.rng.uniform(30, 3600), lambda: self._decide(entry_id))

    def _decide(self, entry_id: str) -> None:
        if self.is_up:
            self.world.do(self, lambda: self._decided(entry_id))

    def _decided(self, entry_id: str) -> None:
        """A person who looks at the service before saying that nothing is there."""
        entry = self.journal.queries.entry(entry_id)
        if entry.state is not State.NEEDS_PERSON:
            return
        if self.world.far_side.made(entry.external_task_id or ""):
            self.journal.look_again(entry)
        else:
            self.world.rng.choice((self.journal.send_again, self.journal.forget))(entry)
        self.carry(entry_id)

    def _press(self, entry_id: str) -> None:
        """Its owner does not wait for it, or does again, or says that the account is in order."""
        if self.is_up:
            self.world.do(self, lambda: self._pressed(entry_id))

    def _pressed(self, entry_id: str) -> None:
        buttons = (self.journal.put_aside, self.journal.take_back, self.journal.try_now)
        self.world.rng.choice(buttons)(self.journal.queries.entry(entry_id))

    def _keep_video(self, entry: Entry, url: str, base_url: str) -> None:
        self.fate.boundary()
        if not self.world.far_side.serves(entry.external_task_id or "", whole_url(url, base_url)):
            raise DownloadProblem("Not yet.", "Cause: there is no video.", "By hand.", expired=False)
        if self.world.rng.random() < 0.2:
            raise DownloadProblem("Not yet.", "Cause: its link has expired.", "Again.", expired=True)
        row = {"entry_id": entry.entry_id, "kind": "video", "index": 0, "path": f"{entry.entry_id}/{url}"}
        row |= {"size_bytes": 1, "sha256": "0" * 64, "pinned": False, "created_at": self.world.clock()}
        with self.store.writing() as connection:
            insert_or_ignore(connection, artifacts, row)


@dataclass
class Click:
    """A person who submits, and clicks again until the page answers."""

    world: World
    number: int
    _answered: bool = field(default=False)

    def __call__(self) -> None:
        app = self.world.rng.choice(self.world.apps)
        if app.is_up:
            self.world.do(app, lambda: self._submit(app))
        if not self._answered or self.world.rng.random() < 0.1:
            self.world.at(self.world.rng.uniform(0.1, 30), self)

    def _submit(self, app: App) -> None:
        name = f"{self.world.owner}-{self.number}"
        address = self.world.far_side.base_url
        entry = app.journal.create_entry(
            new_task(
                owner=self.world.owner,
                click_token=name,
                external_task_id=name,
                service=address,
                thumbnail=None,
            )
        )
        self._answered = True
        app.carry(entry.entry_id)


def simulate(
    submissions: int,
    seed: int,
    folder: Path,
    kind: type[Steps] = Steps,
    *,
    theme: Theme | None = None,
    until_found_out: bool = False,
) -> Tally:
    """What came of that many submissions, in as many worlds as they need; the same seed does the same.

    Args:
        submissions: at most.
        seed: which worlds; the first has the theme of that number.
        folder: for the database.
        kind: the product, or a naive way.
        theme: of all worlds; None: of each its own.
        until_found_out: no more worlds than it takes to go wrong.
    """
    url = f"sqlite:///{folder / f'{kind.__name__}-{seed}.db'}"
    stores = (MortalStore(url), MortalStore(url))
    upgrade(stores[0])
    tally = Tally()
    for number, first in enumerate(range(0, submissions, SUBMISSIONS_A_WORLD)):
        name = f"{kind.__name__.lower()}-{seed}-{number}"
        world = World(
            name, seed * 1_000_003 + number, theme or THEMES[(seed + number) % len(THEMES)], stores, kind
        )
        tally += world.run(min(SUBMISSIONS_A_WORLD, submissions - first))
        if until_found_out and tally.faults:
            break
    for store in stores:
        store.close()
    return tally
