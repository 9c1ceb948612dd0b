"""Many people at once on the real app, and what it came to."""

import asyncio
import math
import random
import re
import statistics
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.load.page import Page
from tests.load.person import Person
from tests.support.pictures import photograph
from tests.support.process_memory import memory_mb
from tests.support.restartable_app import RestartableApp

P95_S: Final = 0.5
MOST_MB: Final = 1000.0
AWAY_RATIO: Final = 1.2
_TROUBLE: Final = re.compile(r"^(?:Traceback|.* (?:ERROR|CRITICAL) )", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How many people do what for how long.

    Attributes:
        people: each with a page.
        work_s: for which they work; ten come within one pause.
        away_s: after which memory is looked at, once they have left.
        pause_s: of a person between two things that they do, on average.
        most_rounds: after which a person is done.
        app_settings: environment variables of the app.
    """

    people: int = 50
    work_s: float = 300.0
    away_s: float = 600.0
    pause_s: float = 12.0
    most_rounds: float = math.inf
    app_settings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """All that was measured; memory is the app's own."""

    reruns_s: dict[str, list[float]]
    errors: list[str]
    tasks: int
    start_mb: float
    most_mb: float
    end_mb: float
    away_mb: float

    @property
    def p95_s(self) -> float:
        """Of all reruns."""
        return percentile([seconds for some in self.reruns_s.values() for seconds in some], 95)

    def missed(self) -> Iterator[str]:
        """The targets that are missed."""
        if self.p95_s >= P95_S:
            yield "p95"
        if self.errors or not self.tasks:
            yield "errors"
        if self.most_mb >= MOST_MB:
            yield "most memory"
        if self.away_mb > AWAY_RATIO * self.start_mb:
            yield "memory after they left"


def percentile(values: list[float], percent: int) -> float:
    """Of these values; 0 of none."""
    return statistics.quantiles(values, n=100)[percent - 1] if len(values) > 1 else sum(values)


def run(plan: Plan) -> Outcome:
    """Start the app, let everybody work, and look at its memory after they have left."""
    settings = {"SIMULATOR_TASK_S": "10", **plan.app_settings}
    with TemporaryDirectory() as folder, RestartableApp(Path(folder), **settings) as app:
        asyncio.run(_first_visit(app.url))
        start_mb = memory_mb(app.pid)
        people = asyncio.run(_work(app.url, plan))
        end_mb = memory_mb(app.pid)
        threading.Event().wait(plan.away_s)
        away_mb, most_mb = memory_mb(app.pid), memory_mb(app.pid, "VmHWM")
        log = (Path(folder) / "app.log").read_text("utf-8", "replace")
    return Outcome(
        reruns_s=_by_name(people),
        errors=[error for person in people for error in person.page.errors] + _TROUBLE.findall(log),
        tasks=sum(person.rounds for person in people),
        start_mb=start_mb,
        most_mb=most_mb,
        end_mb=end_mb,
        away_mb=away_mb,
    )


async def _first_visit(url: str) -> None:
    """Look at the first page: all that the app loads for it belongs to the start."""
    page = Page(url=url)
    await page.open()
    await page.close()


async def _work(url: str, plan: Plan) -> list[Person]:
    chance = random.Random(1)
    people = [
        Person(
            page=Page(url=url),
            photo=photograph(number),
            chance=random.Random(chance.random()),
            pause_s=plan.pause_s,
        )
        for number in range(plan.people)
    ]
    at_work = [
        asyncio.create_task(_come(person, number * plan.pause_s / 10, plan))
        for number, person in enumerate(people)
    ]
    _, late = await asyncio.wait(at_work, timeout=plan.work_s)
    for one in late:
        one.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    for person in people:
        await person.page.close()
    return people


async def _come(person: Person, after_s: float, plan: Plan) -> None:
    await asyncio.sleep(after_s)
    await person.work(plan.most_rounds)


def _by_name(people: list[Person]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = defaultdict(list)
    for person in people:
        for name, seconds in person.page.reruns_s:
            found[name].append(seconds)
    return dict(found)
