"""`python -m simulator` as its own process: a far end that outlives the app."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.alone import simulator_alone


@contextmanager
def running_simulator(processing_s: float = 1.0) -> Iterator[str]:
    """Its address; a task takes half a second, and then this long."""
    with simulator_alone("--submitted-s", "0.5", "--processing-s", str(processing_s)) as alone:
        yield alone.base_url
