"""Services that cannot be started with the app are started later, without a visitor."""

import asyncio
import threading
from collections.abc import Callable

import pytest

import app
from studio.journal.database import StoreProblem
from studio.process import startup
from studio.process.startup import LONGEST_PAUSE_S, retry_until_started


def fails(times: int, then: Callable[[], None] = lambda: None) -> Callable[[], None]:
    """A start that fails so often, and then does that."""
    left = iter(range(times))

    def begin() -> None:
        if next(left, None) is not None:
            raise StoreProblem("The database cannot be used.", "It is away.", "Wait.")
        then()

    return begin


def pauses_until_started(failures: int) -> list[float]:
    """The pauses before each try."""
    pauses: list[float] = []

    def ended(pause_s: float) -> bool:
        pauses.append(pause_s)
        return False

    retry_until_started(fails(failures), ended)
    return pauses


def test_it_is_tried_until_it_works_with_growing_pauses() -> None:
    """A database that is away is not hammered."""
    assert pauses_until_started(3) == [0.0, 2.0, 4.0, 8.0]


def test_the_pauses_have_an_end() -> None:
    """A database that comes back is found within a minute."""
    assert max(pauses_until_started(12)) == LONGEST_PAUSE_S


def test_it_is_not_tried_once_the_app_stops() -> None:
    """Not even a first time."""
    starts: list[str] = []
    retry_until_started(lambda: starts.append("started"), lambda _: True)
    assert starts == []


def test_only_the_first_failure_is_told(caplog: pytest.LogCaptureFixture) -> None:
    """One traceback says it all; a day without a database must not fill the log."""
    pauses_until_started(5)
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]


def test_the_app_starts_its_services_when_their_database_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lifespan tries again by itself, though no page was looked at."""
    started = threading.Event()
    monkeypatch.setattr(app, "services", fails(2, started.set))
    monkeypatch.setattr(startup, "FIRST_PAUSE_S", 0.01)

    async def live() -> bool:
        async with app.lifespan(app.app):
            return await asyncio.to_thread(started.wait, 60)

    assert asyncio.run(live())


def test_the_server_answers_while_its_services_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """They take a second, in which a browser can load the page."""
    answers, begun = threading.Event(), threading.Event()

    def begin() -> None:
        assert answers.wait(60)
        begun.set()

    monkeypatch.setattr(app, "services", begin)

    async def live() -> bool:
        async with app.lifespan(app.app):
            answers.set()
            return await asyncio.to_thread(begun.wait, 60)

    assert asyncio.run(asyncio.wait_for(live(), 50))


def test_the_app_stops_at_once_while_its_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next try is a pause away, and is not waited for."""
    monkeypatch.setattr(app, "services", fails(1))
    monkeypatch.setattr(startup, "FIRST_PAUSE_S", 3600.0)

    async def live() -> None:
        async with app.lifespan(app.app):
            pass

    asyncio.run(asyncio.wait_for(live(), 60))
