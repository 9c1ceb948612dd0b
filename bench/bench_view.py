"""Parts of the Create page in sight unscrolled: sizes × shapes × every tool, and layout shift (CLS)."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from bench.rows import Row, row
from tests.support.browser import chromium, open_app
from tests.support.running_app import running_app
from tests.support.view import MOST_CANVAS_TOP_PX, SHAPES, SIZES_PX, View, upload, with_each_tool

MOST_SHIFT = 0.02
_SHIFTS = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: 'layout-shift' });
"""


def run() -> list[Row]:
    """A row for each size of the window, the worst of all shapes and tools; the whole table is printed."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser, running_app(Path(folder)) as url:
        rows = []
        for size_px in SIZES_PX:
            by_shape = {shape: _views(browser, url, size_px, shape) for shape in SHAPES}
            rows += _about_size(size_px, by_shape)
        return rows


def _views(browser: Browser, url: str, size_px: tuple[int, int], shape: str) -> tuple[list[View], float]:
    """The view with each tool in hand, and the layout's shift from the picture on."""
    page = open_app(browser, url, size=size_px)
    hand = upload(page, shape)
    page.evaluate(_SHIFTS)
    views = []
    for tool, view in with_each_tool(hand):
        shares = "  ".join(f"{part} {view.share(part):.0%}" for part in view.rectangles)
        top, width = view.canvas_top_px, view.canvas_width_px
        print(f"{size_px[0]}×{size_px[1]} {shape:5} {tool:9} canvas at {top:.0f}, {width:.0f} wide  {shares}")
        views.append(view)
    shift = float(page.evaluate("window.shift"))
    page.context.close()
    return views, shift


def _about_size(size_px: tuple[int, int], by_shape: dict[str, tuple[list[View], float]]) -> list[Row]:
    views = [view for found, _ in by_shape.values() for view in found]
    name = f"{size_px[0]}×{size_px[1]}, {len(views)} views"
    hidden = 1 - min(view.least_share for view in views)
    top_px = max(view.canvas_top_px for view in views)
    shift = max(shift for _, shift in by_shape.values())
    widest_px = max(view.canvas_width_px for view in views)
    return [
        row(f"hidden share of the least visible part, {name}", hidden, "", limit=0),
        row(f"canvas begins at, {name}", top_px, "px", limit=MOST_CANVAS_TOP_PX),
        row(f"layout shift over all tools, worst shape, {name}", shift, "CLS", limit=MOST_SHIFT),
        row(f"canvas width, 16:9, {name}", widest_px, "px"),
    ]
