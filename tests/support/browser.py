"""The system's Chromium under Playwright, and how one paints in it."""

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.support.waiting import wait_until

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A loaded machine may take long; what is right appears at once and waits for nothing.
expect.set_options(timeout=30_000)
LAPTOP = (1280, 800)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)

PIXEL = """(canvas, at) => [...canvas.getContext("2d").getImageData(
  at[0] * canvas.width, at[1] * canvas.height, 1, 1).data]"""
"""Red, green, blue and alpha at a place given in fractions of the canvas."""

HINTS = {
    "Brush": "Paint over",
    "Eraser": "Rub out",
    "Ellipse": "Drag from the middle",
    "Fill": "Click a colour",
    "Rectangle": "Drag a box",
    "Polygon": "Click the corners",
    "Path": "drag to where it goes",
}


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser; closed at the end."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    assert path is not None, "No Chromium found: `make test` installs it on Debian."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def open_app(browser: Browser, url: str, *, dark: bool = False, size: tuple[int, int] = LAPTOP) -> Page:
    """The app in a fresh browser profile, as a new user's."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        accept_downloads=True,
    )
    page = context.new_page()
    page.goto(url)
    return page


def expect_sent(page: Page) -> None:
    """A task on the page is at the service; on a slow machine it may be done before it is seen."""
    expect(page.get_by_text(re.compile("submitted|processing|saving|succeed")).first).to_be_visible()


def open_newest_task(page: Page) -> None:
    """From the gallery to the page of the newest task."""
    page.locator("[class*=st-key-open-] button").first.click()
    expect(page.get_by_text("Step by step")).to_be_visible()


@dataclass(frozen=True, kw_only=True)
class Brush:
    """The person's hand on the canvas; fractions are of the picture's width and height."""

    page: Page

    @property
    def surface(self) -> Locator:
        """What the mouse is pressed on."""
        return self.page.locator("canvas.upper-canvas")

    def layer(self, name: str) -> None:
        """Chooses a layer in the list, adding moving parts until it is there."""
        expect(self._card(name if name == "Static" else "Motion 1")).to_be_visible()
        while not self._card(name).count():
            before = self.page.locator(".st-key-layers").inner_text()
            self.page.get_by_role("button", name="Add a moving part").click()
            expect(self.page.locator(".st-key-layers")).not_to_have_text(before, use_inner_text=True)
            self._settled()
        self._card(name).click()
        chosen = f"radio_button_checked icon {name}"
        expect(self.page.get_by_role("button", name=chosen, exact=True)).to_be_visible()
        self._settled()

    def change(self, layer: str, action: str) -> None:
        """Does something with a whole layer, as its menu calls it."""
        self.layer(layer)
        self.page.get_by_role("button", name=f"Change {layer}").click()
        self.page.get_by_role("menuitem", name=action, exact=True).click()
        self._settled()

    def _card(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=re.compile(f"icon {name}$"))

    def tool(self, name: str) -> None:
        """Chooses a tool."""
        self._choose("Tool", name, HINTS[name])

    def drag(self, points: Sequence[tuple[float, float]], steps: int = 12) -> None:
        """Presses at the first point, moves through the others, releases at the last."""
        first, *others = self.on_screen(points)
        self.page.mouse.move(*first)
        self.page.mouse.down()
        for x, y in others:
            self.page.mouse.move(x, y, steps=steps)
        self.page.mouse.up()

    def click(self, points: Sequence[tuple[float, float]]) -> None:
        """Clicks at each point: the corners of a polygon."""
        for x, y in self.on_screen(points):
            self.page.mouse.click(x, y)

    def on_screen(self, points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        """Where the points are in the window, once the canvas is at rest (a remount takes it away)."""
        self.at_rest()
        box = self.surface.bounding_box()
        assert box is not None
        return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]

    def at_rest(self) -> None:
        """Waits for the canvas: the message of one that comes would take back a click on another page."""
        self._settled()
        self.surface.hover()

    def expect_paint(self, at: tuple[float, float], *, shown: bool = True) -> None:
        """Waits for paint there, or for none: a canvas made anew is filled a little later."""
        wait_until(lambda: self._is_painted(at) is shown, f"paint at {at}: {shown}")

    def _is_painted(self, at: tuple[float, float]) -> bool:
        # Read from the canvas, which holds strokes alone: a screenshot fails when the canvas goes meanwhile.
        shown = self.page.locator("canvas.lower-canvas.dc-canvas").first.evaluate(PIXEL, at)
        # A point that was just clicked is pink: the paint that it becomes is on the next canvas.
        return bool(shown[3] > 40 and shown[2] < 150)

    def expect_on_layer(self, layer: str, words: str | re.Pattern[str]) -> None:
        """The list says this of the layer."""
        number = "0" if layer == "Static" else layer.removeprefix("Motion ")
        expect(self.page.locator(f".st-key-layer-{number}").filter(has_text=words)).to_be_visible()

    def _choose(self, group: str, name: str, hint: str) -> None:
        """Clicks, and waits until the canvas has it: the hint comes with the same run."""
        self.page.get_by_role("radiogroup", name=group).get_by_role("radio", name=name).click()
        expect(self.page.get_by_text(hint)).to_be_visible()
        self._settled()

    def _settled(self) -> None:
        expect(self.page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
