"""Times of a last frame, from strokes to the file that is sent: by the sheet, cut out, and once kept.

The raccoon's head on the photograph scaled to the size. Nothing is kept between runs; the best one counts.
"""

import io
from dataclasses import replace

from PIL import Image

from bench.rows import Row, row, timed_s
from studio.drawing.model import Drawing, Layer, Stroke, StrokeKind
from studio.drawing.shapes import ellipse
from studio.pictures.samples import SAMPLES, load_sample
from studio.pictures.source_image import SourceImage, read_image
from studio.request import last_frame

LIMITS_S = {(1280, 720): 0.5, (4000, 3000): 2.5}
MOVES_OF_WIDTH = {"sheet": 0.09, "cut-out": -0.4}
RUNS = 5


def a_picture(size_px: tuple[int, int]) -> SourceImage:
    """The raccoon at that size."""
    sample = load_sample(next(sample for sample in SAMPLES if sample.name == "raccoon.jpg"))
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(sample.wire_bytes)) as photo:
        photo.resize(size_px, Image.Resampling.LANCZOS).save(buffer, "JPEG", quality=95)
    return read_image(buffer.getvalue(), "raccoon.jpg")


def a_drawing(size_px: tuple[int, int], move_of_width: float) -> Drawing:
    """The head in an ellipse, and a straight path."""
    width, height = 720, round(720 * size_px[1] / size_px[0])
    head = ellipse(Layer.MOTION_1, 0.42 * width, 0.05 * height, 0.5 * width, 0.55 * height)
    start = (0.67 * width, 0.32 * height)
    path = Stroke(
        layer=Layer.MOTION_1,
        kind=StrokeKind.PATH,
        points_canvas_px=(start, (start[0] + move_of_width * width, start[1])),
        width_canvas_px=4,
    )
    return Drawing(canvas_width_px=width, canvas_height_px=height, strokes=(head, path))


def run() -> list[Row]:
    """Each size by each method, and the time of one that is kept."""
    rows = []
    for size_px, limit_s in LIMITS_S.items():
        source = a_picture(size_px)
        for method, move in MOVES_OF_WIDTH.items():
            drawing = a_drawing(size_px, move)
            name = f"last frame, {method}, {size_px[0]}×{size_px[1]}"
            rows.append(
                row(name, min(_rendered_s(drawing, source, n) for n in range(RUNS)), "s", limit=limit_s)
            )
        rows.append(
            row(f"last frame, kept, {size_px[0]}×{size_px[1]}", _kept_s(drawing, source), "s", limit=0.01)
        )
    return rows


def _rendered_s(drawing: Drawing, source: SourceImage, number: int) -> float:
    path = drawing.strokes[-1]
    moved = replace(drawing, strokes=(*drawing.strokes[:-1], path.shifted(0, number + 1)))
    return timed_s(lambda: last_frame.render_last_frame(moved, source))


def _kept_s(drawing: Drawing, source: SourceImage) -> float:
    last_frame.render_last_frame(drawing, source)
    return timed_s(lambda: last_frame.render_last_frame(drawing, source))


if __name__ == "__main__":
    for each in run():
        print(each)
