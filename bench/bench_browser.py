"""What a person waits for in Chromium: a stroke to be shown, and a cold start against an empty app."""

import io
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from bench.cold_start import OURS, App, StartFigures, make_empty_app, visit
from bench.rows import Row, row
from bench.strokes import StrokeFigures, Traffic, paint
from studio.pictures.samples import SAMPLES, load_sample
from tests.support.browser import chromium, open_app
from tests.support.running_app import running_app

STROKES = 24
STARTS = 7
TARGET_RATIO = 1.5
LARGE_PX = (4000, 3000)
SAMPLE = "Raccoon in the leaves"


def run(*, strokes: int = STROKES, starts: int = STARTS) -> list[Row]:
    """Strokes on the sample and on a large upload, then cold starts of ours and of an empty app in turns."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        return _stroke_rows(browser, Path(folder), strokes) + _start_rows(browser, Path(folder), starts)


def _stroke_rows(browser: Browser, folder: Path, count: int) -> list[Row]:
    rows = []
    with running_app(folder) as url:
        for name, choose in (("raccoon sample", _choose_sample), ("4000×3000 upload", _upload_large)):
            page = open_app(browser, "about:blank")
            traffic = Traffic(page)
            page.goto(url)
            choose(page)
            rows += _about_strokes(name, paint(page, traffic, count))
            page.context.close()
    return rows


def _choose_sample(page: Page) -> None:
    page.get_by_role("button", name=SAMPLE, exact=True).click()


def _upload_large(page: Page) -> None:
    file = {"name": "large.jpg", "mimeType": "image/jpeg", "buffer": large_jpeg()}
    page.locator("input[type=file]").first.set_input_files(file)  # type: ignore[arg-type]


def large_jpeg() -> bytes:
    """The raccoon photograph enlarged: a file of a few megabytes."""
    sample = next(sample for sample in SAMPLES if sample.title == SAMPLE)
    with Image.open(io.BytesIO(load_sample(sample).wire_bytes)) as photo:
        buffer = io.BytesIO()
        photo.resize(LARGE_PX).save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


def _about_strokes(name: str, figures: Sequence[StrokeFigures]) -> list[Row]:
    shown = sorted(figure.shown_ms for figure in figures)
    return [
        row(f"stroke finished → shown, median, {name}", round(statistics.median(shown)), "ms"),
        row(f"stroke finished → shown, p95, {name}", round(_p95(shown)), "ms"),
        row(f"websocket up a stroke, median, {name}", round(_median(figures, "up_bytes")), "bytes"),
        row(f"websocket up, the {len(figures)}th stroke, {name}", figures[-1].up_bytes, "bytes"),
        row(f"websocket down a stroke, median, {name}", round(_median(figures, "down_bytes")), "bytes"),
    ]


def _start_rows(browser: Browser, folder: Path, count: int) -> list[Row]:
    apps = (OURS, make_empty_app(folder / "empty"))
    # The first visit of each compiles the modules and is not timed: it counts what the visit brings.
    first = [visit(app, browser, folder, count_bytes=True) for app in apps]
    timed: dict[App, list[StartFigures]] = {app: [] for app in apps}
    for _ in range(count):
        for app in apps:
            timed[app].append(visit(app, browser, folder))
    ours, empty = (timed[app] for app in apps)
    return [
        *_compared("first paint (FCP)", "first_paint_s", ours, empty),
        *_compared("the app's first text", "first_text_s", ours, empty),
        *_compared("server healthy", "healthy_s", ours, empty, target=None),
        *_compared("the whole first page", "whole_s", ours, empty, target=None),
        *_about_traffic("ours", first[0]),
        *_about_traffic("empty app", first[1]),
    ]


def _compared(
    what: str,
    field: str,
    ours: Sequence[StartFigures],
    empty: Sequence[StartFigures],
    target: float | None = TARGET_RATIO,
) -> list[Row]:
    mine, floor = _median(ours, field), _median(empty, field)
    best = min(getattr(each, field) for each in ours) / min(getattr(each, field) for each in empty)
    return [
        row(f"cold start → {what}, median", mine, "s", target=target, ratio=mine / floor),
        row(
            f"cold start → {what}, best",
            min(getattr(each, field) for each in ours),
            "s",
            ratio=best,
        ),
        row(f"floor: empty app → {what}, median", floor, "s"),
    ]


def _about_traffic(whose: str, figures: StartFigures) -> list[Row]:
    return [
        row(f"first visit, {whose}: requests", figures.requests, "requests"),
        row(f"first visit, {whose}: HTTP", round(figures.http_bytes / 1e6, 2), "MB"),
        row(f"first visit, {whose}: websocket", round(figures.websocket_bytes / 1e3, 1), "kB"),
    ]


def _median(figures: Sequence[object], field: str) -> float:
    return round(statistics.median(float(getattr(figure, field)) for figure in figures), 3)


def _p95(ordered: Sequence[float]) -> float:
    return statistics.quantiles(ordered, n=20, method="inclusive")[-1]


if __name__ == "__main__":
    for result in run():
        print(result)
