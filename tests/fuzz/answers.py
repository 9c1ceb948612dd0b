"""A mad service on loopback: whatever it answers, to whichever call, is a value or an error of ours."""

import gzip
import json
import random
import traceback
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from kling import KlingClient, KlingError, TaskStatus
from kling.transport import GET_RETRY, Answer
from studio.errors import StudioError
from studio.files.video_download import download_video
from studio.guarded_http import Limits
from studio.journal.entry import Entry
from studio.journal.journal import Journal
from studio.tasks.steps import Steps
from tests.faults.dialect import told, told_missing
from tests.faults.failures import NOT_MADE, NOT_MADE_IN_OTHER_SHAPES, UNCLEAR
from tests.fuzz.oddities import ODD_NUMBERS, ODD_TEXTS, mutated_bytes, mutated_json, words
from tests.fuzz.trial import KEY, Bench, Kind
from tests.support import lying_server as lying
from tests.support.lying_server import Behaviour, raw
from tests.support.make import new_task, request
from tests.support.services import Clock, FakeKeys
from tests.support.videos import small_mp4
from tests.support.worlds import keep_row

AT_ONCE: Final = GET_RETRY.new(backoff_factor=0, backoff_jitter=0, retry_after_max=0)
LIMITS: Final = Limits(max_bytes=2_000_000, total_timeout_s=1.0, silence_timeout_s=0.3)
CALLS: Final = ("create", "get", "list", "steps", "steps", "video")
STEPS: Final = 6
_REFUSALS: Final = tuple(
    one for one in (*NOT_MADE, *NOT_MADE_IN_OTHER_SHAPES, *UNCLEAR) if isinstance(one, Answer)
)
_PACKERS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    **dict.fromkeys(("br", "zstd", "identity", "made-up"), bytes),
}
_BOMBS: Final = (gzip.compress(bytes(60_000_000)), gzip.compress(b"[" * 3_900_000), b"[" * 1_000_000)
_WIRE: Final = (
    *(lying.hang, lying.drop, lying.reset, lying.continues, lying.endless_head, lying.dripping_head),
    *(lying.trickle, lying.trickle_after(b"HTTP/1.1")),
)
_HEADERS: Final = words("Retry-After Location X-Request-Id Content-Type Content-Encoding Set-Cookie Link")


@dataclass(frozen=True, kw_only=True)
class Talk:
    """One call, by one key, and what the service answers."""

    call: str
    answers: list[Behaviour]
    key: str = KEY
    task_id: str = "t1"


def talk(rng: random.Random) -> Talk:
    """A call and its answers."""
    return Talk(call=rng.choice(CALLS), answers=[behaviour(rng) for _ in range(STEPS)])


def behaviour(rng: random.Random) -> Behaviour:
    """Mostly an answer, in some way mad."""
    if rng.random() < 0.04:
        return rng.choice(_WIRE)
    if rng.random() < 0.1:
        video = mutated_bytes(small_mp4(), rng) if rng.random() < 0.5 else small_mp4()
        return raw(head(rng, video) + video)
    status, body = answer(rng)
    message = dressed(rng, status, body)
    return raw(mutated_bytes(message, rng) if rng.random() < 0.15 else message)


def answer(rng: random.Random, change: Callable[[Any], Any] | None = None) -> tuple[int, bytes]:
    """A status and a body: a known shape, whose JSON is changed by chance or as it is told."""
    found = told(task(rng.choice(tuple(TaskStatus))), "http://127.0.0.1:1", "o1", rng, odd=0.7)
    known = rng.choice((found, told_missing(rng, odd=0.8), rng.choice(_REFUSALS)))
    try:
        value = json.loads(known.body)
    except ValueError:
        return known.http_status, mutated_bytes(known.body, rng)
    chance = rng.choice((0, 0.05, 0.3))
    changed = change(value) if change else mutated_json(value, rng, chance=chance)
    if isinstance(changed, dict) and rng.random() < 0.1:
        changed = {"code": 0, "data": rng.choice(([changed], {"data": changed}, json.dumps(changed)))}
    return known.http_status, written(changed, rng)


def task(status: TaskStatus) -> dict[str, Any]:
    """As documented."""
    videos = [{"id": "v", "url": "/video/1.mp4?sign=1", "duration": "5.1"}]
    return {
        "task_id": "t1",
        "task_status": status,
        "task_status_msg": "words",
        "created_at": 1_773_366_840_306,
        "updated_at": 1_773_366_840_306,
        "task_info": {"external_task_id": "mine-1"},
        "task_result": {"videos": videos if status is TaskStatus.SUCCEED else []},
    }


def written(value: Any, rng: random.Random) -> bytes:
    """JSON, in one of the ways that it is written, some of them wrong."""
    text = json.dumps(value, ensure_ascii=rng.random() < 0.6)
    encoding = rng.choice(("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-32"))
    return text.encode(encoding, "surrogatepass")


def dressed(rng: random.Random, status: int, body: bytes, headers: tuple[str, ...] = ()) -> bytes:
    """A whole answer."""
    status = rng.choice((200, 200, 302, 400, 404, 429, 500, 503, 999)) if rng.random() < 0.3 else status
    packer = rng.choice(tuple(_PACKERS)) if rng.random() < 0.2 else ""
    if packer:
        body = rng.choice(_BOMBS) if rng.random() < 0.1 else _PACKERS[packer](body)
        headers = (*headers, f"Content-Encoding: {packer}")
    if rng.random() < 0.1:
        chunks = rng.choice((f"{len(body):x}", "-1", "ffffffffffffffffffff", "zz", f"{len(body):x};x=y"))
        body = chunks.encode() + b"\r\n" + body + b"\r\n0\r\n\r\n"
        headers = (*headers, "Transfer-Encoding: chunked")
    return head(rng, body, status, headers) + body


def head(rng: random.Random, body: bytes, status: int = 200, headers: tuple[str, ...] = ()) -> bytes:
    """The head of an answer, some of it odd."""
    length = len(body) if rng.random() < 0.9 else rng.choice((0, -1, len(body) + 9, len(body) // 2, 10**30))
    odd = str(rng.choice((*ODD_TEXTS, *ODD_NUMBERS)))[:5000].replace("\r", "").replace("\n", "")
    lines = (f"{rng.choice(_HEADERS)}: {odd}", *headers) if rng.random() < 0.3 else headers
    end = b"Connection: close\r\n\r\n"
    fields = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status} OK", f"Content-Length: {length}", *lines))
    return fields.encode("utf-8", "surrogatepass") + end


def hold(talk: Talk, bench: Bench) -> None:
    """Make the call, and look for the key in all that comes of it."""
    bench.answer_with(talk.answers)
    told: object = None
    with KlingClient(bench.service.url, talk.key, read_timeout_s=0.3, get_retry=AT_ONCE) as client:
        try:
            told = _called(talk, client, bench)
        except (KlingError, StudioError) as failure:
            told = "".join((*traceback.format_exception(failure), repr(failure), repr(vars(failure))))
            raise
        finally:
            bench.look_for_key(talk.key, told)


def _called(talk: Talk, client: KlingClient, bench: Bench) -> object:
    if talk.call == "create":
        try:
            return client.create(request())
        finally:
            assert len(bench.service.requests) <= 1, "a create was sent again"
    if talk.call == "get":
        return client.get(talk.task_id)
    if talk.call == "list":
        return client.list()
    if talk.call == "video":
        return _fetched(client, bench, f"{client.base_url}/video/1.mp4")
    return _stepped(client, bench)


def _fetched(client: KlingClient, bench: Bench, url: str) -> object:
    base, target = client.base_url, bench.folder / "video.mp4"
    return download_video(url, target, trusted_base_url=base, auth=client.auth, limits=LIMITS)


def _stepped(client: KlingClient, bench: Bench) -> Entry:
    """A task, some steps on; each time the service answers something else."""
    clock = Clock()

    def keep(entry: Entry, url: str, _: str) -> None:
        _fetched(client, bench, url)
        keep_row(bench.store, entry)

    journal = Journal(bench.store, clock)
    keys, rng = FakeKeys(client), random.Random(1)
    steps = Steps(journal=journal, keys=keys, keep_video=keep, now=clock, rng=rng, pause=clock.advance)
    entry_id = journal.create_entry(replace(new_task(), service=client.base_url)).entry_id
    for _ in range(STEPS):
        following = steps.run_next_step(entry_id)
        clock.advance(following.wait_s if following.goes_on else 0)
    return journal.queries.entry(entry_id)


KIND: Final = Kind(make=talk, read=hold, ours=(KlingError, StudioError))
