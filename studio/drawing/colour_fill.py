"""Fill by colour: from one point of the picture to the area that looks like it, as vectors.

Colours are compared in CIELAB, where equal distances look about equally different. The mask is found on a
working picture of at most 1280 pixels a side and handed on as outlines in `canvas_px`, few enough for it.
"""

import io
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.drawing import marking
from studio.drawing.arrays import Floats, Grey, Rgb, SizePx
from studio.drawing.model import Layer, PointCanvasPx, Stroke, StrokeKind
from studio.kept_results import MB, kept, text_key

WORKING_SIDE_PX = 1280
"""The longest side of the picture that is searched."""
MAX_OUTLINE_POINTS = 500
"""The most corners of one filling: as the canvas's JSON about 14 kB."""
_LEAST_AREA_PX = 24  # of the working picture: smaller islands and holes are dropped


@dataclass(frozen=True, kw_only=True)
class ColourFill:
    """Extent of the filling. Lengths are in pixels of the working picture."""

    # of colour, as a distance in CIELAB: 2 is just noticeable, 100 is black to white
    tolerance: float = 18.0
    # wider when positive, narrower when negative
    grow_px: int = 0
    # how round the edge becomes
    smooth_px: int = 3


def fill_mask(picture_jpeg: bytes, seed: tuple[float, float], wand: ColourFill) -> Grey:
    """The area around a point that looks like it: 255 inside, 0 elsewhere, of the picture's shape.

    Args:
        picture_jpeg: the working picture.
        seed: where to start, as fractions (0..1) of width and height; outside it is moved to the edge.
        wand: tolerance, grow or shrink, smooth.
    """
    lab = _lab(picture_jpeg)
    height, width = lab.shape[:2]
    x, y = (int(np.clip(at * side, 0, side - 1)) for at, side in zip(seed, (width, height), strict=True))
    around = lab[max(0, y - 1) : y + 2, max(0, x - 1) : x + 2].reshape(-1, 3)
    distance = np.linalg.norm(lab - around.mean(axis=0), axis=2).astype(np.float32)
    distance[y, x] = 0
    filled = np.zeros((height + 2, width + 2), np.uint8)
    flags = 4 | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE | (255 << 8)
    cv2.floodFill(distance, filled, (x, y), 0, 0, wand.tolerance, flags)
    return _shaped(filled[1:-1, 1:-1], wand)


def fill_strokes(mask: Grey, layer: Layer, canvas_size_px: SizePx) -> tuple[Stroke, ...]:
    """The mask as areas on a layer, holes kept as holes; at most `MAX_OUTLINE_POINTS` corners in all."""
    scale = np.array(canvas_size_px) / (mask.shape[1], mask.shape[0])
    # The outline runs through the centres of the outermost pixels, so its line adds their outer half.
    line = float(np.sqrt(scale.prod()))
    return tuple(
        Stroke(
            layer=layer,
            kind=StrokeKind.AREA,
            points_canvas_px=_plain((keyhole(outer, holes) + 0.5) * scale),
            width_canvas_px=line,
        )
        for outer, holes in outlines(mask, MAX_OUTLINE_POINTS, _LEAST_AREA_PX)
    )


def fill_preview_jpeg(picture_jpeg: bytes, mask: Grey, colour: Rgb) -> bytes:
    """The picture with the area tinted and outlined, to look at before it is taken."""
    pixels = _pixels(picture_jpeg).copy()
    shown = cv2.resize(mask, (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_AREA) > 127
    marking.tint(pixels, shown, colour, 0.4)
    marking.draw_outline(pixels, shown, colour, width_px=1, casing_px=3)
    return marking.encode_jpeg(pixels)


def _shaped(mask: Grey, wand: ColourFill) -> Grey:
    """Smoothed, then grown or shrunk."""
    if wand.smooth_px:
        side = 2 * wand.smooth_px + 1
        closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, _disc(wand.smooth_px))
        mask = np.where(cv2.GaussianBlur(closed, (side, side), 0) > 127, 255, 0).astype(np.uint8)
    if wand.grow_px:
        change = cv2.dilate if wand.grow_px > 0 else cv2.erode
        # Beyond the picture everything goes on as at its edge: what touches it is not eaten from there.
        mask = np.asarray(change(mask, _disc(abs(wand.grow_px))), np.uint8)
    return np.ascontiguousarray(mask)


def _disc(radius_px: int) -> Grey:
    side = 2 * radius_px + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)


@kept(8 * MB, lambda pixels: pixels.nbytes, text_key)
def _pixels(picture_jpeg: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(picture_jpeg)).convert("RGB"))


@kept(28 * MB, lambda lab: lab.nbytes, text_key)
def _lab(picture_jpeg: bytes) -> NDArray[np.float32]:
    """CIELAB of the picture, its grain taken out first."""
    calm = cv2.bilateralFilter(_pixels(picture_jpeg), 5, 20, 5)
    return np.asarray(cv2.cvtColor(calm.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32)


def _plain(points: Floats) -> tuple[PointCanvasPx, ...]:
    return tuple((round(float(x), 1), round(float(y), 1)) for x, y in points)


_FIRST_TOLERANCE_PX = 0.6
_COARSER = 1.4


def outlines(mask: Grey, max_points: int, least_area_px: float) -> list[tuple[Floats, list[Floats]]]:
    """Every area of a mask and the holes in it, through the centres of its outermost pixels.

    Args:
        mask: 0 outside.
        max_points: of all outlines together; they are simplified until they have no more.
        least_area_px: smaller areas and holes are left out; the largest area always stays.

    Returns:
        (outer outline, holes) of each area, the largest first; points of shape (n ≥ 1, 2), x and y.
    """
    contours, tree = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return []
    parents = tree[0][:, 3]
    sizes = [cv2.contourArea(contour) for contour in contours]
    outer = sorted((i for i in range(len(contours)) if parents[i] < 0), key=lambda i: -sizes[i])
    kept = [i for rank, i in enumerate(outer) if rank == 0 or sizes[i] >= least_area_px]
    holes = {
        i: [h for h in range(len(contours)) if parents[h] == i and sizes[h] >= least_area_px] for i in kept
    }
    chosen = [i for area in kept for i in (area, *holes[area])][: max_points // 4]
    simple = _simplified({i: np.asarray(contours[i], np.int32) for i in chosen}, max_points)
    return [(simple[i], [simple[h] for h in holes[i] if h in simple]) for i in kept if i in simple]


def keyhole(outer: Floats, holes: list[Floats]) -> Floats:
    """One closed outline of an area with holes: each hole is walked backwards, over a short bridge."""
    joined = outer
    for hole in sorted(holes, key=lambda hole: _gap(joined, hole)):
        at, there = _nearest(joined, hole)
        loop = np.roll(hole, -there, axis=0)
        if _turn(loop) * _turn(outer) > 0:
            loop = np.roll(loop[::-1], 1, axis=0)
        joined = np.concatenate((joined[: at + 1], loop, loop[:1], joined[at:]))
    return joined


def _simplified(contours: "dict[int, NDArray[np.int32]]", max_points: int) -> dict[int, Floats]:
    tolerance = _FIRST_TOLERANCE_PX
    while True:
        found = {i: cv2.approxPolyDP(line, tolerance, closed=True) for i, line in contours.items()}
        # A hole takes two points more: the way to it and back.
        if sum(len(line) + 2 for line in found.values()) <= max_points:
            return {i: line.reshape(-1, 2).astype(np.float64) for i, line in found.items()}
        tolerance *= _COARSER


def _nearest(a: Floats, b: Floats) -> tuple[int, int]:
    distance = np.linalg.norm(a[:, None] - b[None], axis=2)
    at, there = np.unravel_index(int(distance.argmin()), distance.shape)
    return int(at), int(there)


def _gap(a: Floats, b: Floats) -> float:
    return float(np.linalg.norm(a[:, None] - b[None], axis=2).min())


def _turn(outline: Floats) -> float:
    """Twice the signed area: its sign says which way round."""
    x, y = outline.T
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))
