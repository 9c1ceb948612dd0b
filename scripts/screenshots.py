"""Makes the README's pictures from the running app, so that they stay true: `make screenshots`."""

import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.support.browser import Brush, chromium, open_app
from tests.support.running_app import running_app

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
SIZE = (1280, 1000)
AT_FOUR_SECONDS = """video => new Promise(done => {
    const shown = () => requestAnimationFrame(() => requestAnimationFrame(done));
    video.addEventListener("seeked", shown, {once: true});
    video.currentTime = 4;
})"""
IS_LOADED = "() => document.querySelector('video').readyState === HTMLMediaElement.HAVE_ENOUGH_DATA"


def main() -> None:
    """Paints the raccoon, and takes a picture at each step."""
    kept = ROOT / "data"  # as `make run` has it: on the system's temporary disk the pages warn of that
    kept.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=kept) as folder,
        running_app(Path(folder), SIMULATOR_TASK_S="3") as url,
        chromium() as browser,
    ):
        page = open_app(browser, url, size=SIZE)
        direct(page)
        page.screenshot(path=DOCS / "create.png")
        review(page)
        page.screenshot(path=DOCS / "review.png")
        page.get_by_role("dialog").get_by_role("button", name="Send to Simulator").click()
        # not the preview's video, which the Create page still shows behind the review
        expect(page.get_by_role("button", name="Download MP4")).to_be_visible(timeout=60_000)
        page.set_viewport_size({"width": SIZE[0], "height": 720})
        page.wait_for_function(IS_LOADED)
        page.locator("video").evaluate(AT_FOUR_SECONDS)
        page.wait_for_function(IS_LOADED)
        page.screenshot(path=DOCS / "tasks.png")


def direct(page: Page) -> None:
    """The raccoon's back stays, its nose and a leaf move."""
    page.get_by_role("button", name="Raccoon in the leaves", exact=True).click()
    brush = Brush(page=page)
    brush.layer("Static")
    brush.drag([(0.05, 0.08), (0.3, 0.12), (0.08, 0.25), (0.3, 0.32)])
    brush.layer("Motion 1")
    brush.drag([(0.57, 0.57), (0.64, 0.57), (0.57, 0.61), (0.64, 0.61)])
    brush.tool("Path")
    brush.drag([(0.60, 0.58), (0.66, 0.52), (0.72, 0.53)])
    brush.layer("Motion 2")
    brush.tool("Polygon")
    brush.click([(0.78, 0.86), (0.95, 0.82), (0.97, 0.9), (0.82, 0.93), (0.78, 0.86)])
    brush.tool("Path")
    brush.drag([(0.88, 0.87), (0.9, 0.8)])
    brush.expect_on_layer("Motion 2", "path of")
    page.get_by_label("Prompt", exact=True).fill("The raccoon sniffs to the right, a leaf stirs")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("of 500 characters left")).to_be_visible()
    expect(page.locator("video.on")).to_be_visible()  # the preview's


def review(page: Page) -> None:
    """What will be sent."""
    page.get_by_role("button", name="Review and send").click()
    expect(page.get_by_role("dialog").get_by_alt_text("The picture with masks and paths")).to_be_visible()


if __name__ == "__main__":
    main()
