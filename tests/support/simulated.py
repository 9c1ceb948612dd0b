"""The simulator's application driven without a socket, a thread or a wait: everything it needs is faked."""

import base64
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import anyio.from_thread
import httpx
import numpy as np
from starlette.applications import Starlette

from simulator.contract.pictures import PictureProblem
from simulator.engine.pipeline import Executors
from simulator.engine.scene import RenderedVideo, RenderRequest
from simulator.http.app import create_app
from simulator.settings import SimulatorSettings
from tests.support.pictures import encoded, gradient

TASKS = "/kling/v1/videos/image2video"
KEY = {"Authorization": "Bearer some-key"}
FILM_BYTES = bytes(range(100))


@dataclass
class FakeClock:
    """Seconds that pass only when the test says so."""

    now_s: float = 1_773_366_840.25

    def __call__(self) -> float:
        return self.now_s

    def advance(self, seconds: float) -> None:
        self.now_s += seconds


class HeldExecutor(Executor):
    """Keeps what is submitted until `run` is called; with `inline` it does it at once."""

    def __init__(self, *, inline: bool = False) -> None:
        self.inline = inline
        self.held: list[Callable[[], Any]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        self.held.append(lambda: fn(*args, **kwargs))
        if self.inline:
            self.run()
        return Future()

    def run(self) -> None:
        while self.held:
            self.held.pop(0)()


@dataclass
class FakeRenderer:
    """Records what it is asked to film; raises `problem` when there is one."""

    orders: list[RenderRequest] = field(default_factory=list)
    problem: Exception | None = None

    def __call__(self, order: RenderRequest) -> RenderedVideo:
        self.orders.append(order)
        if self.problem is not None:
            raise self.problem
        return RenderedVideo(mp4=FILM_BYTES, duration_s=5.0417)


@dataclass
class FakeWeb:
    """Pictures by URL; any other URL cannot be fetched."""

    files: dict[str, bytes] = field(default_factory=dict)

    def __call__(self, url: str) -> bytes:
        if url not in self.files:
            raise PictureProblem("Image URL cannot be downloaded")
        return self.files[url]


@dataclass
class FakeReceiver:
    """Where every callback ends; answers with `status` (None: not reached)."""

    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    status: int | None = 200

    def __call__(self, url: str, body: dict[str, Any]) -> int | None:
        self.calls.append((url, body))
        return self.status


@dataclass(kw_only=True)
class Simulated:
    """One simulator and its fakes."""

    clock: FakeClock = field(default_factory=FakeClock)
    renderer: FakeRenderer = field(default_factory=FakeRenderer)
    web: FakeWeb = field(default_factory=FakeWeb)
    fetching: HeldExecutor = field(default_factory=lambda: HeldExecutor(inline=True))
    rendering: HeldExecutor = field(default_factory=lambda: HeldExecutor(inline=True))
    called: FakeReceiver = field(default_factory=FakeReceiver)
    app: Starlette = field(init=False, repr=False)
    send: Callable[..., httpx.Response] = field(init=False, repr=False)

    def create(self, body: object = None, **fields: Any) -> httpx.Response:
        """POST a create: the whole `body`, or the plain one with some fields changed (None removes)."""
        return self.send("POST", TASKS, json=plain_body(**fields) if body is None else body, headers=KEY)

    def created_id(self, **fields: Any) -> str:
        """The id of a new task."""
        return str(self.create(**fields).json()["data"]["task_id"])

    def look(self, any_id: str) -> dict[str, Any]:
        """The `data` of a query."""
        data: dict[str, Any] = self.send("GET", f"{TASKS}/{any_id}", headers=KEY).json()["data"]
        return data

    def control(self, method: str, path: str = "", **options: Any) -> httpx.Response:
        """A call to the control prefix, as from this machine."""
        return self.send(method, f"http://localhost/_control{path}", **options)

    def fault(self, on: str, kind: str, **fields: Any) -> httpx.Response:
        """Let a fault wait; it must be accepted."""
        answer = self.control("POST", "/faults", json={"on": on, "kind": kind, **fields})
        assert answer.status_code == 201, answer.text
        return answer

    def send_callbacks(self) -> None:
        """Send due callbacks, as the simulator does by itself ten times a second."""
        self.app.state.service.callbacks.send_due()


@contextmanager
def simulated(settings: SimulatorSettings | None = None, **fakes: Any) -> Iterator[Simulated]:
    """A running simulator application; requests go straight into it."""
    service = Simulated(**fakes)
    app = service.app = create_app(
        settings,
        render=service.renderer,
        fetch=service.web,
        post=service.called,
        clock=service.clock,
        make_executors=lambda: Executors(
            fetching=service.fetching, rendering=service.rendering, calling=HeldExecutor(inline=True)
        ),
    )
    with (
        anyio.from_thread.start_blocking_portal() as portal,
        portal.wrap_async_context_manager(app.router.lifespan_context(app)),
    ):
        service.send = lambda *args, **options: portal.call(lambda: _send(app, *args, **options))
        yield service


async def _send(app: Starlette, method: str, path: str, **options: Any) -> httpx.Response:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://far.test") as client:
        return await client.request(method, path, **options)


def wire_picture(width_px: int = 400, height_px: int = 320, kind: str = "JPEG") -> str:
    """Base64 of a gradient."""
    return base64.b64encode(encoded(gradient(width_px, height_px), kind)).decode()


def wire_mask(box_px: Sequence[int] = (100, 100, 60, 40), width_px: int = 400, height_px: int = 320) -> str:
    """Base64 of a black L-mode PNG with a white box: left, top, width, height in image_px."""
    left, top, width, height = box_px
    mask = np.zeros((height_px, width_px), np.uint8)
    mask[top : top + height, left : left + width] = 255
    return base64.b64encode(encoded(mask)).decode()


def brush(*points: tuple[int, int], mask: str | None = None) -> dict[str, Any]:
    """A dynamic mask with a trajectory in wire_px."""
    way = points or ((130, 200), (230, 200))
    return {"mask": mask or wire_mask(), "trajectories": [{"x": x, "y": y} for x, y in way]}


def plain_body(**fields: Any) -> dict[str, Any]:
    """A create body that is in order, with some fields changed; None removes one."""
    body = {"image": wire_picture(), "model_name": "kling-v1", "mode": "std", "duration": "5", **fields}
    return {name: value for name, value in body.items() if value is not None}


INSTANT = replace(SimulatorSettings(), submitted_s=0, processing_s=0)
