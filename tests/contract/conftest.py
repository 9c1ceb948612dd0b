"""The client of `kling` and the simulator, joined by a real socket on loopback."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace

import pytest

from kling import KlingClient
from simulator.embedded import API_KEY, RunningSimulator, serve
from simulator.engine.pipeline import Executors
from simulator.engine.scene import Render
from simulator.http.app import create_app
from simulator.settings import SimulatorSettings
from tests.support.simulated import INSTANT, FakeClock, FakeRenderer, FakeWeb, HeldExecutor


@dataclass(frozen=True, kw_only=True)
class Joined:
    """A client and the simulator that it talks to; work is done before a create is answered."""

    client: KlingClient
    clock: FakeClock
    web: FakeWeb
    base_url: str


Join = Callable[..., AbstractContextManager[Joined]]


@contextmanager
def joined(settings: SimulatorSettings = INSTANT, render: Render | None = None) -> Iterator[Joined]:
    """Serve a simulator whose time stands still and connect a client to it."""
    clock, web = FakeClock(), FakeWeb()
    app = create_app(
        replace(settings, api_key=API_KEY),
        render=render or FakeRenderer(),
        fetch=web,
        clock=clock,
        make_executors=lambda: Executors(
            fetching=HeldExecutor(inline=True), rendering=HeldExecutor(inline=True)
        ),
    )
    running: RunningSimulator = serve(app, api_key=API_KEY)
    try:
        with KlingClient(running.base_url, running.api_key) as client:
            yield Joined(client=client, clock=clock, web=web, base_url=running.base_url)
    finally:
        running.stop()


@pytest.fixture
def join() -> Join:
    """To be joined with other settings or another renderer."""
    return joined


@pytest.fixture(scope="module")
def service() -> Iterator[Joined]:
    """One simulator for a whole module, at which every task is over at once."""
    with joined(replace(INSTANT, max_kept_tasks=1000)) as both:
        yield both
