"""Give memory back to the system.

`runner.postScriptGC` is off, since a full collection after every run made 50 polling sessions 500 times
slower (docs/decisions/); this does it every half minute instead.
"""

import asyncio
import ctypes
import gc
import sys
from collections.abc import Callable

from studio.kept_results import forget_old_results

PERIOD_S = 30.0
_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8  # as glibc's malloc.h numbers them
_LARGE_BYTES = 256 * 1024


def keep_large_blocks_apart() -> None:
    """Have pictures and frames go back to the system as soon as they are freed; to be called at the start.

    glibc otherwise keeps blocks of up to 32 MB among small ones after the first of them was freed, and a heap
    for each of many threads: after an hour half of the process's memory was free, and nobody else's.
    """
    mallopt = _of_glibc("mallopt")
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
        mallopt(_M_ARENA_MAX, 2)


async def free_memory_forever(forget_sessions: Callable[[], None], period_s: float = PERIOD_S) -> None:
    """Free memory every so many seconds, until cancelled.

    Args:
        forget_sessions: lets go of the sessions that have ended; called on the event loop, which owns them.
        period_s: between two times.
    """
    while True:
        await asyncio.sleep(period_s)
        forget_sessions()
        await asyncio.to_thread(free_memory)


def free_memory() -> None:
    """Forget old results, collect garbage, and return freed pages, which needs glibc."""
    forget_old_results()
    gc.collect()
    trim = _of_glibc("malloc_trim")
    if trim is not None:
        trim(0)


def _of_glibc(name: str) -> "ctypes._NamedFuncPointer | None":
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
