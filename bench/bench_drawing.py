"""From a drawing to the complete request body, against two others measured in the same run.

The floor is encoding the same masks to PNG. The peer is a scan of pixels in plain Python, which makes one
mask and one path where ours makes seven and six, and a body around them.

Seven masks of 300 commands each and six trajectories, on a 960 px wide canvas, over a real photograph scaled
to the source's size. Nothing is remembered between runs; the best of interleaved runs counts.
"""

import io
import json

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench import peer
from bench.rows import Row, row, timed_s
from studio.drawing.model import MOTION_LAYERS, Drawing, Layer, Stroke, StrokeKind
from studio.drawing.rasterise import mask_image_px
from studio.kept_results import forget_results
from studio.pictures.samples import SAMPLES, load_sample
from studio.pictures.source_image import read_image
from studio.request.compose import compose
from studio.request.draft import Draft, Parameters, Picture

COMMANDS = 300
BRUSH_CANVAS_PX = 24.0
CANVAS_WIDTH_PX = 960
TARGET_RATIO = 2.0
SIZES_PX = ((1280, 720), (4000, 3000))
RUNS = 20
PEER_RUNS = 5
PEER_TARGET_RATIO = 0.5


def a_drawing(canvas_size_px: tuple[int, int]) -> Drawing:
    """A wavy brush stroke on each of seven layers, and a curved path on each of six."""
    width, height = canvas_size_px
    t = np.linspace(0, 1, COMMANDS)
    strokes = []
    for layer in Layer:
        x = width * (0.15 + 0.12 * (layer % 3) + 0.12 * np.cos(6 * np.pi * t) * (t + 0.3) + 0.03 * layer)
        y = height * (0.2 + 0.1 * layer + 0.12 * np.sin(8 * np.pi * t + layer))
        strokes.append(_stroke(layer, StrokeKind.BRUSH, x, y))
        if layer in MOTION_LAYERS:
            strokes.append(_stroke(layer, StrokeKind.PATH, x + width * 0.3 * t, y))
    return Drawing(canvas_width_px=width, canvas_height_px=height, strokes=tuple(strokes))


def canvas_of(image_size_px: tuple[int, int]) -> tuple[int, int]:
    """The size of the canvas for a picture of this size."""
    return CANVAS_WIDTH_PX, round(CANVAS_WIDTH_PX * image_size_px[1] / image_size_px[0])


def a_draft(image_size_px: tuple[int, int]) -> Draft:
    """A draft with that drawing over a photograph of this size."""
    with Image.open(io.BytesIO(load_sample(SAMPLES[0]).wire_bytes)) as photo:
        buffer = io.BytesIO()
        photo.resize(image_size_px).save(buffer, "JPEG", quality=90)
    return Draft(
        picture=Picture(source=read_image(buffer.getvalue(), "bench.jpg")),
        tail=None,
        drawing=a_drawing(canvas_of(image_size_px)),
        parameters=Parameters(model_name="kling-v1", mode="std", duration="5"),
    )


def run() -> list[Row]:
    """One row for each size, and one for one more stroke when the other layers are remembered."""
    return [row for size in SIZES_PX for row in (*_rows(size), _against_peer(size))]


def _rows(image_size_px: tuple[int, int]) -> list[Row]:
    draft = a_draft(image_size_px)
    masks = _masks(draft)
    ours, floor, warm = [], [], []
    for _ in range(RUNS):
        floor.append(timed_s(lambda: [cv2.imencode(".png", mask) for mask in masks]))
        forget_results()
        ours.append(timed_s(lambda: _body(draft)))
        warm.append(timed_s(lambda: _body(draft)))
    size = f"{image_size_px[0]}×{image_size_px[1]}"
    ratio = min(ours) / min(floor)
    return [
        row(f"drawing → request body, {size}", min(ours) * 1000, "ms", ratio=ratio, target=TARGET_RATIO),
        row(f"floor: the same 7 masks to PNG, {size}", min(floor) * 1000, "ms"),
        row(f"drawing → request body, nothing changed, {size}", min(warm) * 1000, "ms"),
    ]


def _against_peer(image_size_px: tuple[int, int]) -> Row:
    draft = a_draft(image_size_px)
    region, path = peer.bitmaps(a_drawing(canvas_of(image_size_px)), Layer.MOTION_1)
    ours, theirs = [], []
    for _ in range(PEER_RUNS):
        theirs.append(timed_s(lambda: peer.body(region, path, image_size_px)))
        forget_results()
        ours.append(timed_s(lambda: _body(draft)))
    name = f"7 masks and 6 paths, against the peer's 1 and 1, {image_size_px[0]}×{image_size_px[1]}"
    ratio = min(ours) / min(theirs)
    return row(name, min(theirs) * 1000, "ms (peer)", ratio=ratio, target=PEER_TARGET_RATIO)


def _body(draft: Draft) -> bytes:
    return json.dumps(compose(draft).request.to_wire()).encode()


def _masks(draft: Draft) -> list[NDArray[np.uint8]]:
    drawing, picture = draft.drawing, draft.picture
    if drawing is None or picture is None or picture.source is None:
        raise ValueError("The bench needs a picture and a drawing.")
    size = picture.source.size_px
    return [mask_image_px(drawing.regions(layer), drawing.canvas_size_px, size) for layer in Layer]


def _stroke(layer: Layer, kind: StrokeKind, x: NDArray[np.float64], y: NDArray[np.float64]) -> Stroke:
    points = tuple(zip(x.tolist(), y.tolist(), strict=True))
    return Stroke(layer=layer, kind=kind, points_canvas_px=points, width_canvas_px=BRUSH_CANVAS_PX)


if __name__ == "__main__":
    for result in run():
        print(result)
