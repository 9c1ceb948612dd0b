"""Where tasks are worked on: pictures fetched, one video rendered at a time, off the event loop."""

import logging
import uuid
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from simulator.fetch import Fetch
from simulator.order import Brush, Order, Picture, PictureUrl
from simulator.pictures import PictureProblem
from simulator.scene import Render, film_order
from simulator.tasks import Broken, Outcome, Rendered

log = logging.getLogger(__name__)

INTERNAL = "Internal service error"
Report = Callable[[Outcome], None]


@dataclass(frozen=True, kw_only=True)
class Hands:
    """Who does the work: fetching waits for strangers' servers, so it never holds up the rendering."""

    fetching: Executor
    rendering: Executor

    def close(self) -> None:
        """Finish what is running, drop what waits."""
        self.fetching.shutdown(wait=True, cancel_futures=True)
        self.rendering.shutdown(wait=True, cancel_futures=True)


def thread_hands() -> Hands:
    """Two threads that fetch, one that renders."""
    return Hands(
        fetching=ThreadPoolExecutor(2, thread_name_prefix="simulator-fetch"),
        rendering=ThreadPoolExecutor(1, thread_name_prefix="simulator-render"),
    )


class Workshop:
    """Turns orders into videos in `folder` and reports each outcome exactly once."""

    def __init__(
        self, *, folder: Path, hands: Hands, render: Render, fetch: Fetch, clock: Callable[[], float]
    ) -> None:
        self._folder = folder
        self._hands = hands
        self._render = render
        self._fetch = fetch
        self._clock = clock

    def begin(self, order: Order, report: Report) -> None:
        """Start the work and return at once."""
        if any(isinstance(picture, PictureUrl) for picture in _pictures(order)):
            self._hands.fetching.submit(self._fetch_then_render, order, report)
        else:
            self._hands.rendering.submit(self._attempt, self._rendered, order, report)

    def _fetch_then_render(self, order: Order, report: Report) -> None:
        fetched = self._attempt(self._fetched, order, report)
        if fetched is not None:
            self._hands.rendering.submit(self._attempt, self._rendered, fetched, report)

    def _attempt(
        self, step: Callable[[Order, Report], Order | None], order: Order, report: Report
    ) -> Order | None:
        try:
            return step(order, report)
        except PictureProblem as problem:
            report(Broken(at_s=self._clock(), message=str(problem)))
        except Exception:  # a task whose making broke must end as failed, never hang
            log.exception("A simulated task failed.")
            report(Broken(at_s=self._clock(), message=INTERNAL))
        return None

    def _fetched(self, order: Order, _report: Report) -> Order:
        return replace(
            order,
            image=self._file(order.image),
            image_tail=order.image_tail and self._file(order.image_tail),
            static_mask=order.static_mask and self._file(order.static_mask),
            brushes=tuple(self._with_file(brush) for brush in order.brushes),
        )

    def _with_file(self, brush: Brush) -> Brush:
        return replace(brush, mask=self._file(brush.mask))

    def _file(self, picture: Picture) -> bytes:
        return self._fetch(picture.url) if isinstance(picture, PictureUrl) else picture

    def _rendered(self, order: Order, report: Report) -> None:
        film = self._render(film_order(order))
        video_id = str(uuid.uuid4())
        path = self._folder / f"{video_id}.mp4"
        path.write_bytes(film.mp4)
        report(Rendered(at_s=self._clock(), video_id=video_id, path=path, duration_s=film.duration_s))


def _pictures(order: Order) -> tuple[Picture | None, ...]:
    return (order.image, order.image_tail, order.static_mask, *(brush.mask for brush in order.brushes))
