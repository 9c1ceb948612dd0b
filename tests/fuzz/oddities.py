"""Values, texts and bytes that are not as they should be, by a generator's chance."""

import random
from collections.abc import Callable
from typing import Any, Final

words = str.split
"""Short tables stay short."""
ODD_TEXTS: Final = (
    *("", " ", "0", "null", "None", "\0", "a\r\nX-Made-Up: 1", "\ud800", "\udfff\ud800", "\u202egnp.exe"),
    *("../../../../etc/passwd", "/dev/zero", "file:///etc/passwd", "C:\\x.png", "data:image/png;base64,AAAA"),
    *("http://127.0.0.1/x.png", "http://[::1", "//x", "https://u:p@x.test/", "javascript:alert(1)", "%00%ff"),
    *("![](https://canary.test/a.png)", "<img src=//canary.test>", "{0.__class__}", "%s%n", "é" * 50),
    *("x" * 3000, "審核" * 700, "🎬" * 90, "1e999", "９", "-" * 200, "a" + "\u0301" * 500),
)
ODD_NUMBERS: Final = (
    *(0, -1, 1, 2**31, 2**53 + 1, 2**63, -(2**64), 10**30, 10**400, 0.1, -0.0, 1e-320, 1e308),
    *(float("nan"), float("inf"), float("-inf")),
)


def odd_value(rng: random.Random) -> Any:
    """Anything that JSON, or Python's reading of it, can hold."""
    return rng.choice(
        (
            lambda: rng.choice(ODD_TEXTS),
            lambda: rng.choice(ODD_NUMBERS),
            lambda: rng.choice((None, True, False, [], {}, [None], {"": ""})),
            lambda: rng.uniform(-1e4, 1e4),
            lambda: [rng.choice(ODD_TEXTS) for _ in range(rng.randrange(1, 40))],
            lambda: {rng.choice(ODD_TEXTS): rng.choice(ODD_NUMBERS) for _ in range(5)},
            lambda: nested(rng.choice((5, 50, 400)), rng),
        )
    )()


def nested(depth: int, rng: random.Random) -> Any:
    """Lists and objects in one another."""
    value: Any = 1
    for _ in range(depth):
        value = [value] if rng.random() < 0.5 else {"data": value}
    return value


def mutated_json(value: Any, rng: random.Random, *, chance: float = 0.04) -> Any:
    """A copy, each part of it replaced, left out, doubled, renamed or exchanged by that chance."""
    if rng.random() < chance:
        return odd_value(rng)
    if isinstance(value, list):
        some = [mutated_json(one, rng, chance=chance) for one in value if rng.random() >= chance / 2]
        return multiplied(some, rng.choice((2, 300))) if rng.random() < chance else some
    return _mutated_object(value, rng, chance) if isinstance(value, dict) else value


def multiplied(values: list[Any], times: int) -> list[Any]:
    """Its entries so often, if they are short: lists in lists would grow without end."""
    return values * times if len(str(values)) < 5000 else values


def _mutated_object(value: dict[str, Any], rng: random.Random, chance: float) -> dict[str, Any]:
    found = {}
    for name, one in value.items():
        if rng.random() >= chance / 2:
            other = rng.choice((*value, "url", rng.choice(ODD_TEXTS)))
            found[other if rng.random() < chance else name] = mutated_json(one, rng, chance=chance)
    return found | {rng.choice((*value, "extra")): odd_value(rng)} if rng.random() < chance else found


def mutated_bytes(data: bytes, rng: random.Random, other: bytes = b"") -> bytes:
    """One to eight changes; `other` is spliced in by some of them."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 3, 8))):
        at = _place(changed, rng)
        rng.choice(_CHANGES)(changed, at, rng, other or data)
    return bytes(changed)


def _place(data: bytearray, rng: random.Random) -> int:
    """Heads are met more often than pixels."""
    end = len(data) if rng.random() < 0.5 else min(len(data), 400)
    return rng.randrange(end + 1)


def _number(data: bytearray, at: int, rng: random.Random, _: bytes) -> None:
    size = rng.choice((1, 2, 4, 8))
    value = rng.choice((0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 2**31 - 1, 2**31, 2**32 - 1, 2**64 - 1))
    data[at : at + size] = (value % 256**size).to_bytes(size, rng.choice(("big", "little")))


def _flip(data: bytearray, at: int, rng: random.Random, _: bytes) -> None:
    if at < len(data):
        data[at] ^= 1 << rng.randrange(8)


def _cut(data: bytearray, at: int, _: random.Random, __: bytes) -> None:
    del data[at:]


def _leave_out(data: bytearray, at: int, rng: random.Random, _: bytes) -> None:
    del data[at : at + rng.choice((1, 2, 16, 500))]


def _repeat(data: bytearray, at: int, rng: random.Random, _: bytes) -> None:
    piece = data[at : at + rng.choice((1, 12, 100, 2000))]
    data[at:at] = piece * min(rng.choice((1, 2, 50, 5000)), 4_000_000 // (len(piece) + 1))


def _fill(data: bytearray, at: int, rng: random.Random, _: bytes) -> None:
    size = rng.choice((4, 64, 1000))
    data[at : at + size] = rng.choice((b"\0", b"\xff")) * size if rng.random() < 0.6 else rng.randbytes(size)


def _splice(data: bytearray, at: int, rng: random.Random, other: bytes) -> None:
    begin = rng.randrange(len(other) + 1)
    data[at : at + rng.choice((0, 100, 10_000))] = other[begin : begin + rng.choice((20, 500, 20_000))]


_CHANGES: Final[tuple[Callable[[bytearray, int, random.Random, bytes], None], ...]] = (
    *(_number, _number, _flip, _flip),
    *(_cut, _leave_out, _repeat, _fill, _splice),
)
