"""Times of renders, as multiples of encoding the same frames alone.

Ratios are taken within one run: render and bare encoding take turns, and the best of each counts, so that a
busy machine slows both alike. `python -m bench.bench_render` prints the rows.
"""

import dataclasses
from time import perf_counter

import cv2
import numpy as np

from bench.rows import Row, row
from motion import Region, RenderSettings, Scene, frames, render_mp4
from motion.encode import Encoder
from motion.scene import covering
from motion.yuv import I420
from tests.support.scenes import ellipse, photo

ROUNDS = 3
FINAL = RenderSettings(fps=24, mark="simulation")
PREVIEW = RenderSettings(fps=15, crf=23, preset="superfast", max_width=854, max_height=854, mark="preview")
MOST_TIMES_ENCODING = 2.0


def photo_scene(width: int, height: int, duration_s: float, way: float = 0.12) -> Scene:
    """A photograph of that size with a static part and one that goes `way` of the width and back a little."""
    image = covering(photo("raccoon"), (width, height))
    mask = ellipse(image.shape, 0.58 * width, 0.42 * height, 0.18 * width, 0.25 * height)
    path = np.array([[0.0, 0.0], [-way, 0.03], [-way, -0.02]]) * width
    static = ellipse(image.shape, 0.15 * width, 0.85 * height, 0.12 * width, 0.12 * height)
    region = Region(mask=mask, path_px=path)
    return Scene(image=image, static_mask=static, regions=(region,), duration_s=duration_s)


def encode_alone(ready: list[I420], settings: RenderSettings) -> None:
    """Encode frames that are already there."""
    encoder = Encoder(
        width=ready[0].width,
        height=ready[0].height,
        fps=settings.fps,
        frame_count=len(ready),
        crf=settings.crf,
        preset=settings.preset,
        metadata={},
    )
    with encoder:
        for frame in ready:
            encoder.put(frame)


def best_of_both(scene: Scene, settings: RenderSettings, rounds: int = ROUNDS) -> tuple[float, float]:
    """Seconds of a render and of encoding its frames alone, the best of interleaved rounds."""
    ready = list(frames(scene, settings))
    rendering, encoding = [], []
    for _ in range(rounds):
        start = perf_counter()
        render_mp4(scene, settings)
        middle = perf_counter()
        encode_alone(ready, settings)
        rendering.append(middle - start)
        encoding.append(perf_counter() - middle)
    return min(rendering), min(encoding)


def finals() -> dict[str, Scene]:
    """Five seconds at 1280×720, each way of moving once."""
    sheet, layer = photo_scene(1280, 720, 5.0), photo_scene(1280, 720, 5.0, way=0.4)
    still = Scene(image=sheet.image, duration_s=5.0)
    moved = cv2.warpAffine(sheet.image, np.array([[1.1, 0, -60], [0, 1.1, -30]]), (1280, 720))
    tail = dataclasses.replace(still, tail=np.asarray(moved, np.uint8))
    return {"sheet": sheet, "layer": layer, "camera move": still, "tail frame": tail}


def run() -> list[Row]:
    """Seconds to render, and their ratio to encoding the same frames alone."""
    rows = [
        _row(f"render 5 s at 1280×720, {name}", *best_of_both(scene, FINAL))
        for name, scene in finals().items()
    ]
    preview = best_of_both(photo_scene(854, 480, 2.0), PREVIEW, rounds=5)
    return [*rows, _row("preview, 2 s at 854×480, 15 fps", *preview)]


def _row(name: str, rendered_s: float, encoded_s: float) -> Row:
    return row(name, rendered_s, "s", ratio=rendered_s / encoded_s, target=MOST_TIMES_ENCODING)


if __name__ == "__main__":
    for measured in run():
        print(measured)
