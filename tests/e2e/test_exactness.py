"""What the browser paints is what the mask has: every tool, every edit, on screens of either density."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page

from components.canvas.fabric_geometry import _matrix, _outer_size, placement_of
from components.canvas.fabric_json import colour_of, to_fabric, to_strokes
from studio.drawing.model import Drawing, Layer, Pen, Stroke, StrokeKind
from studio.drawing.rasterise import mask_image_px
from tests.support.running_app import running_app

pytestmark = pytest.mark.browser

SIZE_PX = (600, 400)  # as in tests/support/canvas_app.py
REGION = colour_of(Layer.MOTION_1, StrokeKind.BRUSH)
LEAST_IOU = 0.97
HALF_OF_A_REGIONS_ALPHA = 0x40
RIGHT, TOP, BOTTOM, TURN = (1, 0), (0, -1), (0, 1), (0, -2)
TURN_HANDLE_ABOVE_PX = 40
LOWER, UPPER = "canvas.lower-canvas.dc-canvas", "canvas.upper-canvas"
AFTER_TWO_FRAMES = """
canvas => new Promise(answer =>
  requestAnimationFrame(() => requestAnimationFrame(() => answer(canvas.toDataURL('image/png')))))
"""
NOTHING = (596, 396)

Point = tuple[float, float]


@pytest.fixture(scope="module")
def canvas_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page that has the canvas alone."""
    with running_app(tmp_path_factory.mktemp("canvas"), script="tests/support/canvas_app.py") as url:
        yield url


@pytest.fixture(scope="module")
def screen(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A screen with so many dots a pixel; each test loads its page anew."""
    context = browser.new_context(viewport={"width": 900, "height": 800}, device_scale_factor=request.param)
    yield context.new_page()
    context.close()


@dataclass(frozen=True, kw_only=True)
class Hand:
    """A hand on the canvas, and an eye for its pixels; points in canvas pixels."""

    page: Page

    def drag(self, *points: Point, quiet: bool = False) -> None:
        """Presses at the first point, moves through the others, releases at the last; quiet sends nothing."""
        before, (first, *rest) = self.said, self._on_page(points)
        self.page.mouse.move(*first)
        self.page.mouse.down()
        for x, y in rest:
            self.page.mouse.move(x, y, steps=8)
        self.page.mouse.up()
        if not quiet:
            self.wait_for_other_than(before)

    def click(self, *points: Point) -> None:
        """Clicks at each point."""
        for x, y in self._on_page(points):
            self.page.mouse.click(x, y)

    def edit(self) -> None:
        """Takes the canvas's edit tool."""
        self.page.locator(UPPER).hover(position={"x": 3, "y": 3})
        self.page.get_by_role("button", name="Edit").click()

    def move(self, by: Point) -> None:
        """Drags the first object by its middle."""
        x, y = placement_of(self.objects[0]).middle
        self._edit_by((x, y), by)

    def _edit_by(self, at: Point, by: Point) -> None:
        """Drags and has it sent: the canvas keeps the first edits of a lone polygon to itself."""
        before = self.said
        self.drag(at, (at[0] + by[0], at[1] + by[1]), quiet=True)
        self.page.get_by_role("button", name="Update the app").click()
        self.wait_for_other_than(before)

    def pull(self, handle: Point, by: Point, key: str | None = None) -> None:
        """Drags a handle of the first object with a key held down."""
        x, y = placement_of(self.objects[0]).middle
        self.click((x, y))
        at = self._handle(handle)
        if key is not None:
            self.page.keyboard.down(key)
        self._edit_by(at, by)
        if key is not None:
            self.page.keyboard.up(key)

    def mirror(self) -> None:
        """Drags the lower handle of the first object as far above the upper one."""
        (x, y), (to_x, to_y) = self._handle(BOTTOM), self._handle(TOP)
        self.pull(BOTTOM, (1.9 * (to_x - x), 1.9 * (to_y - y)))

    def _handle(self, handle: Point) -> Point:
        """Where Fabric puts a handle, given in half sides of the object's box."""
        item = self.objects[0]
        reach = _outer_size(item) / 2 * np.sign(handle)
        if handle == TURN:
            reach[1] -= TURN_HANDLE_ABOVE_PX
        x, y = placement_of(item).middle + _matrix({"angle": item["angle"]}) @ reach
        return float(x), float(y)

    @property
    def said(self) -> str:
        """The objects that the page has received, as text."""
        return self.page.get_by_test_id("stCode").inner_text()

    @property
    def objects(self) -> list[dict[str, Any]]:
        """The objects that the page has received."""
        found: list[dict[str, Any]] = json.loads(self.said)
        return found

    def wait_for_other_than(self, before: str) -> None:
        """Waits until the page has received something new."""
        said = "document.querySelector('[data-testid=stCode]')?.innerText"
        self.page.wait_for_function(f"before => {said} && {said} !== before", arg=before)

    def pixels(self) -> NDArray[np.uint8]:
        """What the canvas shows, the picture under it left out: (height, width, 4)."""
        if self.page.get_by_role("button", name="Edit").get_attribute("aria-pressed") == "true":
            self.click(NOTHING)  # or the selected object's frame would show, too
        url: str = self.page.locator(LOWER).evaluate(AFTER_TWO_FRAMES)
        png = np.frombuffer(base64.b64decode(url.split(",")[1]), np.uint8)
        return np.asarray(cv2.imdecode(png, cv2.IMREAD_UNCHANGED), np.uint8)

    def painted(self) -> NDArray[np.bool_]:
        """Where at least half of a pixel shows paint."""
        return np.asarray(self.pixels()[..., 3] >= HALF_OF_A_REGIONS_ALPHA)

    def pixels_with_paint(self) -> NDArray[np.uint8]:
        """The same, once anything shows: a seed is loaded a little after the page."""
        painted = "c => new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer)"
        lower = self.page.locator(LOWER).element_handle()
        self.page.wait_for_function(f"canvas => ({painted})(canvas).some(pixel => pixel)", arg=lower)
        return self.pixels()

    def _on_page(self, points: tuple[Point, ...]) -> list[Point]:
        box = self.page.locator(UPPER).bounding_box()
        assert box is not None
        return [(box["x"] + x, box["y"] + y) for x, y in points]


def opened(page: Page, url: str, **asked: str) -> Hand:
    """The canvas with a tool in hand."""
    page.goto(f"{url}/?{urlencode({'colour': REGION, **asked})}")
    page.locator(UPPER).wait_for()
    page.get_by_test_id("stCode").wait_for()
    hand = Hand(page=page)
    if "seed" in asked:
        hand.pixels_with_paint()
    return hand


def overlap(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    """Intersection over union."""
    return float((one & other).sum() / (one | other).sum())


def agreement(hand: Hand) -> float:
    """How far the mask of what the page received is what the browser shows."""
    mask = mask_image_px(to_strokes(hand.objects), SIZE_PX, SIZE_PX) > 0
    return overlap(mask, hand.painted())


def cornered(hand: Hand) -> None:
    """A polygon with a sharp corner, closed at its first point."""
    before = hand.said
    hand.click((100, 60), (280, 90), (150, 110), (190, 190), (100, 60))
    hand.wait_for_other_than(before)


@dataclass(frozen=True, kw_only=True)
class Tool:
    """A tool of the canvas, and how a hand uses it."""

    mode: str
    width: str
    draw: Callable[[Hand], None]


TOOLS = {
    "brush": Tool(
        mode="freedraw", width="28", draw=lambda hand: hand.drag((80, 100), (180, 60), (260, 160), (330, 90))
    ),
    "thin brush": Tool(
        mode="freedraw", width="8", draw=lambda hand: hand.drag((80, 100), (180, 60), (260, 160), (330, 90))
    ),
    "dot": Tool(mode="freedraw", width="60", draw=lambda hand: hand.drag((180, 120), (180, 120))),
    "rectangle": Tool(mode="rect", width="1", draw=lambda hand: hand.drag((80, 60), (300, 180))),
    "thick rectangle": Tool(mode="rect", width="30", draw=lambda hand: hand.drag((80, 60), (300, 180))),
    "circle": Tool(mode="circle", width="1", draw=lambda hand: hand.drag((80, 120), (230, 160))),
    "thick circle": Tool(mode="circle", width="20", draw=lambda hand: hand.drag((80, 120), (230, 160))),
    "line": Tool(mode="line", width="20", draw=lambda hand: hand.drag((80, 60), (300, 180))),
    "polygon": Tool(mode="polygon", width="1", draw=cornered),
    "thick polygon": Tool(mode="polygon", width="12", draw=cornered),
}


ON_TWO_DOTS = ("brush", "thick circle", "polygon")
"""What a density may spoil is where the mouse is and how large the canvas: one tool of each way to draw."""
with_one_dot, with_two_dots = (pytest.mark.parametrize("screen", [dots], indirect=True) for dots in (1, 2))


@pytest.mark.parametrize(
    ("screen", "name"),
    [(1, name) for name in TOOLS] + [(2, name) for name in ON_TWO_DOTS],
    indirect=["screen"],
)
def test_what_each_tool_paints_and_each_edit_makes_of_it_is_the_mask(
    screen: Page, canvas_url: str, name: str
) -> None:
    """As drawn, then moved, stretched one way, turned, skewed and mirrored by the canvas's own handles."""
    tool = TOOLS[name]
    hand = opened(screen, canvas_url, mode=tool.mode, width=tool.width)
    tool.draw(hand)
    assert agreement(hand) > LEAST_IOU, "drawn"
    hand.edit()
    for edit, pull in EDITS.items():
        pull(hand)
        assert agreement(hand) > LEAST_IOU, edit


EDITS: dict[str, Callable[[Hand], None]] = {
    "moved": lambda hand: hand.move((60, 70)),
    "stretched": lambda hand: hand.pull(RIGHT, (90, 0)),
    "turned": lambda hand: hand.pull(TURN, (80, 30)),
    "skewed": lambda hand: hand.pull(TOP, (35, 10), key="Shift"),
    "mirrored": lambda hand: hand.mirror(),
}


ERASED = Drawing(
    canvas_width_px=SIZE_PX[0],
    canvas_height_px=SIZE_PX[1],
    strokes=(
        Stroke(
            layer=Layer.MOTION_1,
            kind=StrokeKind.AREA,
            points_canvas_px=((80, 60), (330, 70), (300, 220), (90, 240)),
            width_canvas_px=8,
            mitred=True,
        ),
        Stroke(
            layer=Layer.MOTION_1,
            kind=StrokeKind.ERASE,
            points_canvas_px=((120, 100), (200, 180), (230, 250)),
            width_canvas_px=40,
        ),
        Stroke(
            layer=Layer.MOTION_1,
            kind=StrokeKind.BRUSH,
            points_canvas_px=((160, 140), (260, 150)),
            width_canvas_px=24,
            pen=Pen(stretch=1.6, slant=0.5),
        ),
    ),
)


@with_two_dots
def test_an_erasing_stroke_cuts_a_hole_that_moves_with_its_layer(screen: Page, canvas_url: str) -> None:
    """A fresh canvas shows the hole, and every edit of the layer is an edit of its hole."""
    hand = opened(screen, canvas_url, seed=json.dumps(to_fabric(ERASED)))
    hand.edit()
    for edit, pull in EDITS.items():
        pull(hand)
        assert agreement(hand) > LEAST_IOU, edit


@with_one_dot
def test_a_hole_lets_the_other_layers_through(screen: Page, canvas_url: str) -> None:
    """Erasing on one layer must not show as erasing on another."""
    under = replace(ERASED.strokes[0], layer=Layer.MOTION_2)
    both = replace(ERASED, strokes=(under, *ERASED.strokes))
    hand = opened(screen, canvas_url, seed=json.dumps(to_fabric(both)))
    hand.drag((500, 300), (560, 350))
    mask = mask_image_px((under, *to_strokes(hand.objects)[-1:]), SIZE_PX, SIZE_PX) > 0
    assert overlap(mask, hand.painted()) > LEAST_IOU


@with_one_dot
def test_several_objects_edited_together_are_still_the_mask(screen: Page, canvas_url: str) -> None:
    """Caught in one frame, stretched and turned: Fabric writes the common edit into each of them."""
    apart = replace(ERASED, strokes=(ERASED.strokes[0], ERASED.strokes[2]))
    hand = opened(screen, canvas_url, seed=json.dumps(to_fabric(apart)))
    hand.edit()
    hand.drag((40, 20), (480, 330), quiet=True)
    hand.drag((200, 200), (260, 230))
    assert agreement(hand) > LEAST_IOU


@with_two_dots
def test_what_was_edited_is_the_same_on_a_fresh_canvas(screen: Page, canvas_url: str) -> None:
    """Strokes → canvas → strokes: the drawing survives a remount, skewed ellipses included."""
    hand = opened(screen, canvas_url, mode="freedraw", width="28")
    TOOLS["brush"].draw(hand)
    hand.edit()
    for pull in EDITS.values():
        pull(hand)
    edited, before = replace(ERASED, strokes=to_strokes(hand.objects)), hand.painted()
    again = opened(screen, canvas_url, seed=json.dumps(to_fabric(edited)))
    assert overlap(again.painted(), before) > LEAST_IOU
