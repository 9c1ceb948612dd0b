"""Give memory back to the system.

`runner.postScriptGC` is off, since a full collection after every run made 50 polling sessions 500 times
slower (docs/decisions/); this does it every half minute instead.
"""

import asyncio
import ctypes
import gc
import sys

PERIOD_S = 30.0


async def free_memory_forever(period_s: float = PERIOD_S) -> None:
    """Free memory every so many seconds, until cancelled."""
    while True:
        await asyncio.sleep(period_s)
        await asyncio.to_thread(free_memory)


def free_memory() -> None:
    """Collect garbage and return freed pages, which needs glibc and is left out elsewhere."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
