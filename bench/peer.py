"""The way of the nearest peer, written anew to compare with: bitmaps scanned pixel by pixel in plain Python.

It takes one mask and one path, as bitmaps of the canvas, scales the mask's up to the picture, and reads the
path off its pixels, sorted by x and thinned by a fixed step: the order in which it was drawn is lost.
"""

import base64
import io
import json

import cv2
import numpy as np
from PIL import Image

from kling.rules import MAX_TRAJECTORY_POINTS
from studio.drawing.arrays import SizePx
from studio.drawing.model import Drawing, Layer, Stroke

_INK = 255


def bitmaps(drawing: Drawing, layer: Layer) -> tuple[Image.Image, Image.Image]:
    """A layer's region and path as the canvas would show them, each alone."""
    (region,), (path,) = drawing.regions(layer), drawing.paths(layer)
    return _drawn(region, drawing, round(region.width_canvas_px)), _drawn(path, drawing, 4)


def body(region: Image.Image, path: Image.Image, image_size_px: SizePx) -> bytes:
    """One mask and one path as JSON."""
    mask = base64.b64encode(_mask_png(region, image_size_px)).decode("ascii")
    return json.dumps({"mask": mask, "trajectories": _trajectory(path, image_size_px)}).encode()


def _drawn(stroke: Stroke, drawing: Drawing, width_px: int) -> Image.Image:
    canvas = np.zeros(drawing.canvas_size_px[::-1], np.uint8)
    points = np.array(stroke.points_canvas_px).round().astype(np.int32)
    cv2.polylines(canvas, [points], isClosed=False, color=_INK, thickness=width_px)
    return Image.fromarray(canvas)


def _mask_png(region: Image.Image, image_size_px: SizePx) -> bytes:
    scaled = region.resize(image_size_px).tobytes()
    scanned = bytes(_INK if value > _INK // 2 else 0 for value in scaled)
    png = io.BytesIO()
    Image.frombytes("L", image_size_px, scanned).save(png, "PNG")
    return png.getvalue()


def _trajectory(path: Image.Image, image_size_px: SizePx) -> list[dict[str, int]]:
    width, height = path.size
    ink = [(at % width, at // width) for at, value in enumerate(path.tobytes()) if value]
    kept = sorted(ink)[:: max(1, len(ink) // MAX_TRAJECTORY_POINTS + 1)]
    scale_x, scale_y = image_size_px[0] / width, image_size_px[1] / height
    return [{"x": round(x * scale_x), "y": round((height - y) * scale_y)} for x, y in kept]
