"""Results that take long to make, kept for a while: so many bytes of a kind, and ten minutes at most.

Of what a person made, nothing stays in memory much longer than the person does. For that, a key must not hold
what it stands for either: `text_key` and `SourceImage.identity` name a picture without keeping it.
"""

import threading
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from cachetools import TTLCache, cached
from cachetools.keys import hashkey

KEPT_S = 600.0
"""Seconds that a result is kept; made anew after that, which costs a person one slower stroke."""
MB = 1_000_000

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")
_ALL: list[tuple[TTLCache[Any, Any], threading.Lock]] = []


def kept(
    max_bytes: int,
    size_bytes: Callable[[Any], int],
    key: Callable[..., Any] = hashkey,
    kept_s: float = KEPT_S,
) -> Callable[[Callable[_Given, _Made]], Callable[_Given, _Made]]:
    """Keep what a function returns, the last used ones, for many threads; for a decorator.

    Args:
        max_bytes: of all results together; a larger one is not kept.
        size_bytes: of one result.
        key: of the function's arguments; small, and equal only for equal results.
        kept_s: seconds for which a result is kept.
    """
    cache, lock = cache_for_a_while(max_bytes, size_bytes, kept_s)
    return cached(cache, key, lock)


def cache_for_a_while(
    max_bytes: int, size_bytes: Callable[[Any], int], kept_s: float = KEPT_S
) -> tuple[TTLCache[Any, Any], threading.Lock]:
    """A cache with a bound in bytes and in time, which is emptied with the others; with its lock."""
    cache: TTLCache[Any, Any] = TTLCache(max_bytes, kept_s, getsizeof=lambda made: size_bytes(made) + 1)
    lock = threading.Lock()
    _ALL.append((cache, lock))
    return cache, lock


def text_key(content: str | bytes) -> tuple[int, int]:
    """A key for a long text or for bytes: its length and Python's own hash, which is found once per object.

    That hash is seeded in each process, so that nobody can make two pictures that are taken for one.
    """
    return len(content), hash(content)


def forget_old_results() -> None:
    """Give back the results that were kept long enough."""
    for cache, lock in _ALL:
        with lock:
            cache.expire()


def forget_results() -> None:
    """Give back every result, old or not."""
    for cache, lock in _ALL:
        with lock:
            cache.clear()
