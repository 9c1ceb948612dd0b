"""Memory is given back by itself, for as long as the app runs."""

import asyncio
import gc
import weakref
from collections.abc import Iterator

import pytest

from studio.process.memory import PERIOD_S, free_memory, free_memory_forever


class Knot:
    """Refers to itself, so that only a collection frees it."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture(autouse=True)
def no_collection_of_its_own() -> Iterator[None]:
    """Python would collect in its own time."""
    gc.disable()
    yield
    gc.enable()


def test_one_round_frees_what_only_a_collection_frees() -> None:
    """Streamlit's own collection after each run is off (docs/decisions/)."""
    knot = weakref.ref(Knot())
    assert knot() is not None
    free_memory()
    assert knot() is None


def test_it_goes_on_until_it_is_cancelled() -> None:
    """Round after round, and then it ends at once."""

    async def two_rounds() -> None:
        asked: list[bool] = []
        janitor = asyncio.create_task(free_memory_forever(lambda: asked.append(True), 0))
        loop = asyncio.get_running_loop()
        for _ in range(2):
            freed = asyncio.Event()
            knot = Knot()
            weakref.finalize(knot, loop.call_soon_threadsafe, freed.set)
            del knot
            await freed.wait()
        assert len(asked) > 1  # ended sessions are let go of first: they are what there is to free
        janitor.cancel()
        with pytest.raises(asyncio.CancelledError):
            await janitor

    asyncio.run(two_rounds())


def test_it_waits_its_period_before_each_round() -> None:
    """A collection a moment after the start would only slow the start down."""

    async def first_moments() -> bool:
        knot = weakref.ref(Knot())
        janitor = asyncio.create_task(free_memory_forever(lambda: None, PERIOD_S))
        done, _ = await asyncio.wait({janitor}, timeout=0.05)
        janitor.cancel()
        return knot() is not None and not done

    assert asyncio.run(first_moments())
