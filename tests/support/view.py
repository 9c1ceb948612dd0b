"""Parts of the Create page in sight without scrolling, measured in Chromium."""

from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.support.browser import HINTS, Brush
from tests.support.pictures import encoded, gradient

SHAPES = ("16:9", "3:2", "4:3", "5:4", "1:1", "4:5", "3:4", "2:3", "9:16")
SIZES_PX = ((1280, 720), (1366, 768), (1440, 900), (1920, 1080))
TOOLS = tuple(HINTS)
MOST_CANVAS_TOP_PX = 150

_RECTANGLES = """() => {
  const deep = (selector) => [document, ...[...document.querySelectorAll('*')].map((each) => each.shadowRoot)]
    .map((root) => root?.querySelector(selector)).find(Boolean);
  const parts = {
    canvas: deep('canvas.upper-canvas'), tools: deep('.st-key-tool'), layers: deep('.st-key-layers'),
    preview: deep('.stage'), prompt: deep('.st-key-prompt'), send: deep('.st-key-review'),
  };
  const places = Object.entries(parts).map(([name, part]) => {
    const { left, top, right, bottom } = part?.getBoundingClientRect() ?? {};
    return [name, [left, top, right, bottom]];
  });
  const are_there = places.every(([, [left, top, right, bottom]]) => right > left && bottom > top);
  return are_there && Object.fromEntries(places);
}"""
"""Where the parts are; false while one of them is being made."""


@dataclass(frozen=True, kw_only=True)
class View:
    """Places of the page's parts in the window: (left, top, right, bottom), CSS pixels."""

    rectangles: dict[str, tuple[float, float, float, float]]
    size_px: tuple[int, int]

    @property
    def canvas_top_px(self) -> float:
        """Where the canvas begins."""
        return self.rectangles["canvas"][1]

    @property
    def canvas_width_px(self) -> float:
        """How wide it is shown."""
        left, _, right, _ = self.rectangles["canvas"]
        return right - left

    def share(self, part: str) -> float:
        """The visible share of a part; the bar of Send covers what is behind it."""
        left, top, right, bottom = self.rectangles[part]
        width_px, height_px = self.size_px
        floor = height_px if part in ("send", "canvas", "tools", "layers") else self.rectangles["send"][1]
        across = min(right, width_px) - max(left, 0)
        down = min(bottom, floor) - max(top, 0)
        return max(across, 0) * max(down, 0) / ((right - left) * (bottom - top))

    @property
    def least_share(self) -> float:
        """Of the part that is the least visible."""
        return min(map(self.share, self.rectangles))

    @property
    def preview_is_the_smaller(self) -> bool:
        """Whether the preview is no larger than the canvas, in neither direction."""
        (left, top, right, bottom), canvas = self.rectangles["preview"], self.rectangles["canvas"]
        return right - left <= canvas[2] - canvas[0] and bottom - top <= canvas[3] - canvas[1]


def upload(page: Page, shape: str) -> Brush:
    """The hand on a new picture of this shape, with a moving part painted."""
    across, down = map(int, shape.split(":"))
    scale = 1000 // max(across, down)
    picture = encoded(gradient(across * scale, down * scale))
    field = page.get_by_label("Your photograph").locator("input[type=file]")
    field.set_input_files({"name": "picture.png", "mimeType": "image/png", "buffer": picture})
    hand = Brush(page=page)
    hand.layer("Motion 1")
    hand.drag([(0.4, 0.4), (0.5, 0.5)])
    hand.expect_on_layer("Motion 1", "no path yet")
    expect(page.locator(".stage")).to_be_visible()  # the preview's
    return hand


def measure(page: Page) -> View:
    """The view as soon as all parts are there."""
    size = page.viewport_size
    assert size is not None
    found = page.wait_for_function(_RECTANGLES).json_value()
    rectangles = {part: tuple(sides) for part, sides in found.items()}
    return View(rectangles=rectangles, size_px=(size["width"], size["height"]))


def with_each_tool(hand: Brush) -> Iterator[tuple[str, View]]:
    """Takes one tool after the other in hand: its name, and the view with it."""
    for tool in TOOLS:
        hand.tool(tool)
        yield tool, measure(hand.page)
