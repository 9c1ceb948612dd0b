"""Strokes painted with the mouse in Chromium, each timed by the page's own clock.

From the browser's mouse-up event to the frame in which the layer's card says something new: Playwright's own
way to the browser is not counted.
"""

from dataclasses import dataclass

from playwright.sync_api import Page, WebSocket

from tests.support.browser import Brush

LAYER, LAYER_NUMBER = "Motion 1", 1
ROW_LENGTH = 6  # strokes beside each other; each paints its own place, so that the share always changes
WATCH = """
number => {
  const line = () => document.querySelector('.st-key-layer-' + number)?.textContent ?? '';
  window.strokeShownMs = new Promise(resolve => {
    let before = line(), released = null;
    window.addEventListener('mouseup', event => { released = event.timeStamp; before = line(); },
                            { capture: true, once: true });
    const watcher = new MutationObserver(() => {
      if (released === null || line() === before) return;
      watcher.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - released)));
    });
    watcher.observe(document.body, { childList: true, subtree: true, characterData: true });
  });
}
"""
SHOWN = """
() => Promise.race([window.strokeShownMs, new Promise((_, no) => setTimeout(() => no('never shown'), 30000))])
"""
IDLE = "() => !document.querySelector('[data-testid=stStatusWidget]')"


@dataclass(frozen=True, kw_only=True)
class StrokeFigures:
    """What one stroke cost."""

    shown_ms: float  # mouse released → the frame with the new line
    up_bytes: int  # over the websocket, payloads only
    down_bytes: int


class Traffic:
    """Counts the payloads of every websocket that the page opens from now on."""

    def __init__(self, page: Page) -> None:
        self.up_bytes = 0
        self.down_bytes = 0
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framesent", self._sent)
        socket.on("framereceived", self._received)

    def _sent(self, payload: str | bytes) -> None:
        self.up_bytes += len(payload)

    def _received(self, payload: str | bytes) -> None:
        self.down_bytes += len(payload)


def paint(page: Page, traffic: Traffic, count: int) -> list[StrokeFigures]:
    """Paints this many short strokes on one layer, each when the page is at rest after the one before."""
    brush = Brush(page=page)
    brush.layer(LAYER)
    _paint_one(brush, traffic, count, count)  # the first also brings the line itself; not counted
    return [_paint_one(brush, traffic, index, count) for index in range(count)]


def _paint_one(brush: Brush, traffic: Traffic, index: int, count: int) -> StrokeFigures:
    up, down = traffic.up_bytes, traffic.down_bytes
    column, row = index % ROW_LENGTH, index // ROW_LENGTH
    rows = count // ROW_LENGTH + 1
    x, y = 0.06 + 0.15 * column, 0.06 + 0.88 * row / rows
    brush.page.evaluate(WATCH, LAYER_NUMBER)
    brush.drag([(x, y), (x + 0.05, y + 0.02), (x + 0.10, y)], steps=20)
    shown_ms: float = brush.page.evaluate(SHOWN)
    brush.page.wait_for_function(IDLE)
    return StrokeFigures(
        shown_ms=shown_ms, up_bytes=traffic.up_bytes - up, down_bytes=traffic.down_bytes - down
    )
