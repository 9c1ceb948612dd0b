"""The small inputs of `tests/cases/files` and some whole files, changed by chance."""

import io
import random
import struct
import zlib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

import pillow_heif
from PIL import Image

from kling import KlingError
from kling.read_answer import read_body
from kling.task_json import read_task
from kling.transport import Answer
from studio.errors import StudioError
from studio.guarded_http import FetchProblem, Route, guarded_get
from tests.fuzz import addresses, files, recipes
from tests.fuzz.oddities import mutated_bytes
from tests.fuzz.trial import Bench, Kind
from tests.support.lying_server import raw
from tests.support.pictures import encoded, exif, gradient
from tests.support.sessions import LeadingTo
from tests.support.videos import small_mp4

CASES: Final = Path(__file__).parents[1] / "cases" / "files"
_VIDEOS: Final = {".mp4"}
_TEXTS: Final = {".json", ".http", ".motion"}


@cache
def bases() -> dict[str, tuple[bytes, ...]]:
    """By how they are read: "" are pictures."""
    cases = [(path.suffix, path.read_bytes()) for path in sorted(CASES.iterdir())]
    small, heic = Image.fromarray(gradient(80, 64)), io.BytesIO()
    pillow_heif.from_pillow(small).save(heic, quality=60)
    made = [encoded(small, kind, exif=exif(6)) for kind in ("JPEG", "PNG", "WEBP", "AVIF")]
    progressive = encoded(small, "JPEG", progressive=True)
    found = {
        ending: tuple(data for suffix, data in cases if suffix == ending) for ending in (*_TEXTS, *_VIDEOS)
    }
    pictures = [data for suffix, data in cases if suffix not in found]
    found[".mp4"] += (small_mp4(),)
    return found | {"": (*pictures, *made, progressive, heic.getvalue())}


def mutant(rng: random.Random) -> tuple[str, bytes]:
    """How it is read, and its bytes."""
    kind = rng.choice(("", "", "", "", *bases()))
    data, other = rng.choice(bases()[kind]), rng.choice(bases()[kind])
    changed = mutated_bytes(data, rng, other)
    if changed.startswith(b"\x89PNG") and rng.random() < 0.7:
        changed = with_checksums(changed)
    return kind, changed


def with_checksums(data: bytes) -> bytes:
    """A PNG whose chunks have the right checksums, so that it is read further."""
    made, at = bytearray(data), 8
    while at + 12 <= len(made):
        (size,) = struct.unpack_from(">I", made, at)
        end = at + 8 + size
        if end + 4 > len(made):
            break
        made[end : end + 4] = struct.pack(">I", zlib.crc32(made[at + 4 : end]))
        at = end + 4
    return bytes(made)


def read(mutant: tuple[str, bytes], bench: Bench) -> None:
    """By the door of its kind."""
    kind, data = mutant
    if kind == ".motion":
        recipes.open_it(data, bench)
    elif kind == ".mp4":
        files.read_video(data, bench)
    elif kind == ".json":
        read_task(read_body(Answer(http_status=200, headers={}, body=data), now=datetime.now(UTC)))
    elif kind == ".http":
        bench.answer_with([raw(data)])
        site = LeadingTo(bench.service.url)
        with guarded_get("https://a.test/", lambda _: Route(), addresses.LIMITS, None, site) as answer:
            b"".join(answer.pieces())
    else:
        files.read_picture(data, bench)


KIND: Final = Kind(make=mutant, read=read, ours=(StudioError, KlingError, FetchProblem))
