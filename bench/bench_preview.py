"""Waiting times until the directions move: the render itself, and from the last stroke in Chromium."""

import io
import re
import statistics
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from bench.rows import Row, row, timed_s
from bench.strokes import IDLE
from components import layer_colours
from motion.scene import covering
from studio.drawing.model import Drawing, Layer, Stroke, StrokeKind
from studio.kept_results import forget_results
from studio.pictures.source_image import read_image
from studio.preview.render import render_preview
from studio.request.carriers import preview_sentence
from studio.request.compose import Composed, compose
from studio.request.draft import Carrier, Draft, Parameters, Picture
from tests.support.browser import Brush, chromium, open_app
from tests.support.running_app import running_app
from tests.support.scenes import photo

STROKES = 9
RENDERS = 9
RENDER_LIMIT_MS = 300
PLAYING_LIMIT_MS = {(1280, 720): 1000, (4000, 3000): 1500}
BY_LAST_FRAME = "kling-v3"
"""A model whose preview ends on the last frame that is made of the drawing."""
CANVAS_PX = (960, 540)
# Timed by the page's own clock, from the mouse-up event to a frame of another video than before.
WATCH = """
() => {
  const root = [...document.querySelectorAll('*')].map(node => node.shadowRoot)
    .find(root => root?.querySelector('.stage'));
  const before = root.querySelector('video.on').src;
  window.previewPlaysMs = new Promise(resolve => {
    let released = null;
    const note = event => { released = event.timeStamp; };
    window.addEventListener('mouseup', note, { capture: true, once: true });
    const look = () => {
      const video = root.querySelector('video.on');
      const plays = released !== null && video && video.src !== before && !video.paused && video.currentTime;
      if (plays) resolve(performance.now() - released); else requestAnimationFrame(look);
    };
    look();
  });
}
"""
PLAYS = """
() => Promise.race([
  window.previewPlaysMs, new Promise((_, no) => setTimeout(() => no('never played'), 60000))
])
"""


def run(*, strokes: int = STROKES) -> list[Row]:
    """The render in this process, then strokes on a small and on a large photograph."""
    rows = [_render_row(), _unchanged_row()]
    with (
        tempfile.TemporaryDirectory() as folder,
        chromium() as browser,
        running_app(Path(folder)) as url,
    ):
        rows += [_playing_row(browser, url, size, strokes) for size in PLAYING_LIMIT_MS]
        return [*rows, _playing_row(browser, url, (1280, 720), strokes, model=BY_LAST_FRAME)]


def a_draft() -> Draft:
    """A photograph of 1280×720 with a static part and one that moves along a bend."""
    source = read_image(_jpeg((1280, 720)), "bench.jpg")
    strokes = (
        _stroke(Layer.STATIC, StrokeKind.AREA, (40, 300), (260, 300), (260, 500), (40, 500)),
        _stroke(Layer.MOTION_1, StrokeKind.BRUSH, (520, 250), (600, 270), (560, 300), width=80),
        _stroke(Layer.MOTION_1, StrokeKind.PATH, (560, 270), (640, 240), (700, 260)),
    )
    drawing = Drawing(canvas_width_px=CANVAS_PX[0], canvas_height_px=CANVAS_PX[1], strokes=strokes)
    parameters = Parameters(model_name="kling-v1", mode="std", duration="5")
    return Draft(picture=Picture(source=source), tail=None, drawing=drawing, parameters=parameters)


def _stroke(layer: Layer, kind: StrokeKind, *points: tuple[float, float], width: float = 4) -> Stroke:
    return Stroke(layer=layer, kind=kind, points_canvas_px=points, width_canvas_px=width)


def _render_row() -> Row:
    """As after a stroke: the picture was decoded before, the masks were not."""
    composed = compose(a_draft())
    taken = [_rendered_ms(composed, number) for number in range(RENDERS)]
    name = f"request → preview of 2 s at 854×480, best of {RENDERS}"
    return row(name, min(taken), "ms", limit=RENDER_LIMIT_MS)


def _rendered_ms(composed: Composed, number: int) -> float:
    forget_results()
    # Another colour is another preview, so that nothing is remembered.
    colours = {**layer_colours.RGB, Layer.STATIC: (number, 144, 255)}
    return 1000 * timed_s(lambda: render_preview(composed.request, composed.layers, colours))


def _unchanged_row() -> Row:
    composed = compose(a_draft())
    render_preview(composed.request, composed.layers, layer_colours.RGB)
    other = replace(composed.request, prompt="another prompt")
    return row(
        "request → preview, only the prompt changed",
        1000 * timed_s(lambda: render_preview(other, composed.layers, layer_colours.RGB)),
        "ms",
    )


def _playing_row(
    browser: Browser, url: str, size_px: tuple[int, int], strokes: int, model: str | None = None
) -> Row:
    page = open_app(browser, url)
    file = {"name": "bench.jpg", "mimeType": "image/jpeg", "buffer": _jpeg(size_px)}
    # Before it is there, the first field is the tail frame's.
    expect(page.get_by_text("Your photograph").first).to_be_visible()
    page.locator("input[type=file]").first.set_input_files(file)  # type: ignore[arg-type]
    brush = Brush(page=page)
    brush.layer("Motion 1")
    brush.drag([(0.56, 0.50), (0.64, 0.50), (0.60, 0.54)])
    brush.tool("Path")
    brush.drag([(0.60, 0.50), (0.66, 0.48)])
    brush.tool("Brush")
    if model:
        page.get_by_label("Model", exact=True).click()
        page.get_by_role("option", name=re.compile(f"^{model} ")).click()
        expect(page.get_by_text(preview_sentence(Carrier.FRAME))).to_be_visible()  # its own preview is there
    expect(page.locator("video.on")).to_be_visible()
    page.wait_for_function(IDLE)
    taken = [_playing_ms(page, brush, index) for index in range(strokes)]
    page.context.close()
    by = f", {model}" if model else ""
    name = f"last stroke → preview playing, median of {strokes}, {size_px[0]}×{size_px[1]}{by}"
    return row(name, round(statistics.median(taken)), "ms", limit=PLAYING_LIMIT_MS[size_px])


def _playing_ms(page: Page, brush: Brush, index: int) -> float:
    x, y = 0.57, 0.56 + 0.04 * index  # where nothing is painted yet: the same mask would be the same preview
    page.evaluate(WATCH)
    brush.drag([(x, y), (x + 0.05, y)], steps=10)
    taken: float = page.evaluate(PLAYS)
    page.wait_for_function(IDLE)
    return taken


def _jpeg(size_px: tuple[int, int]) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.asarray(covering(photo("raccoon"), size_px))).save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


if __name__ == "__main__":
    for result in run():
        print(result)
