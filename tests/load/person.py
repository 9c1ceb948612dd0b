"""One person at work: upload, paint, direct, look at the preview, review, send, look at the tasks, again."""

import asyncio
import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from tests.load.page import Page
from tests.load.screen import Shown

BRUSH_STROKES: Final = 4
LOOKS_AT_TASKS: Final = 5
"""So many pauses long."""
_CANVAS: Final = re.compile(r"-canvas-\d+$")


@dataclass(kw_only=True)
class Person:
    """A person with a page of their own.

    Attributes:
        page: the open page.
        photo: the JPEG that they bring.
        chance: of their pauses and their hand.
        pause_s: between two things that they do, on average.
        rounds: how many tasks they have sent.
    """

    page: Page
    photo: bytes
    chance: random.Random
    pause_s: float
    rounds: int = 0
    _objects: list[Any] = field(default_factory=list)
    _canvas: str = ""

    async def work(self, most_rounds: float) -> None:
        """Make one task after another; what goes wrong is kept with the page's errors."""
        try:
            await self.page.open()
            while self.rounds < most_rounds:
                await self._make_a_task()
        except Exception as failure:  # noqa: BLE001 -- whatever it is, this person could not go on
            self.page.errors.append(f"{type(failure).__name__}: {failure}")

    async def _make_a_task(self) -> None:
        page = self.page
        if page.screen.find("button", _is_called("Change picture")):
            await self._press("Change picture", "other presses")
        await self._pause()
        await page.upload(f"photo-{self.rounds}.jpg", self.photo, "upload")
        await self._mount_canvas()
        await self._press("Motion 1", "other presses")
        for number in range(BRUSH_STROKES):
            await self._stroke(0.4 + 0.05 * number)
        await page.choose("Tool", "Path", "other presses")
        await self._stroke(0.5)
        await page.until(self._has_preview, "the preview")
        page.errors += page.screen.alerts()  # only an unfinished drawing has some
        await page.choose("Tool", "Brush", "other presses")
        await self._press("Review and send", "review")
        await self._press("Send to Simulator", "send")
        self.rounds += 1
        await page.until(lambda: page.screen.timers, "list of tasks")
        for _ in range(LOOKS_AT_TASKS):
            await self._pause()
        page.errors += page.screen.alerts()
        await page.go_to("", "page change")

    async def _press(self, label: str, name: str) -> None:
        await self._pause()
        await self.page.press(self.page.shown("button", label, _is_called(label)), name)

    async def _pause(self) -> None:
        await asyncio.sleep(self.chance.uniform(0.5, 1.5) * self.pause_s)

    async def _mount_canvas(self) -> None:
        """Say so as the canvas does, with what it was seeded with."""
        found = self._canvas_shown()
        data = json.loads(found.content.json)
        self._canvas, self._objects = found.widget_id, json.loads(data["initialDrawing"])["objects"]
        await self.page.put_state(found, {"backgroundFit": None}, "other presses")

    async def _stroke(self, top: float) -> None:
        """Draw one stroke with the tool in hand."""
        await self._pause()
        found = self._canvas_shown()
        if found.widget_id != self._canvas:
            await self._mount_canvas()
            found = self._canvas_shown()
        data = json.loads(found.content.json)
        self._objects.append(self._drawn(data, top))
        drawing = {"raw": {"version": "7.4.0", "objects": self._objects}, "data": None}
        await self.page.put_state(found, {"drawing": drawing, "backgroundFit": None}, "stroke")

    def _drawn(self, data: dict[str, Any], top: float) -> dict[str, Any]:
        """A freehand line from left to right, as Fabric tells it."""
        width, height = data["canvasWidth"], data["canvasHeight"]
        left, right = 0.35 + self.chance.uniform(0, 0.1), 0.6
        points = [
            (width * (left + (right - left) * step / 20), height * (top + self.chance.uniform(0, 0.02)))
            for step in range(21)
        ]
        path = [
            ["M", *points[0]],
            *(["Q", *here, *there] for here, there in pairwise(points)),
        ]
        xs, ys = [x for x, _ in points], [y for _, y in points]
        return {
            "type": "Path",
            "originX": "center",
            "originY": "center",
            "left": (min(xs) + max(xs)) / 2,
            "top": (min(ys) + max(ys)) / 2,
            "width": max(xs) - min(xs),
            "height": max(ys) - min(ys),
            "fill": None,
            "stroke": data["strokeColor"],
            "strokeWidth": data["strokeWidth"],
            "path": path,
        }

    def _canvas_shown(self) -> Shown:
        return self.page.shown("bidi_component", "canvas", lambda one: bool(_CANVAS.search(one.id)))

    def _has_preview(self) -> bool:
        found = self.page.screen.find("bidi_component", lambda one: one.id.endswith("-video-preview"))
        return found is not None and json.loads(found.content.json).get("video") is not None


def _is_called(label: str) -> Callable[[Any], bool]:
    return lambda button: label in button.label and not button.disabled
