"""Rasterise strokes of the canvas as masks at the picture's own resolution.

Frames: `canvas_px` is the display size and `image_px` the size that is sent, both top-left and continuous:
x_image = x_canvas · image_width / canvas_width. Pixel i covers [i, i + 1), so its centre is i + 0.5, and a
pixel is painted exactly when its centre lies within the stroke. What lies outside the picture is cut off.
Trajectories follow the same convention (`frames.py`).
"""

import base64
import math
from collections.abc import Iterable, Iterator
from itertools import groupby

import cv2
import numpy as np

from kling.rules import MASK_PAINTED, MASK_REST
from studio.drawing.arrays import Floats, Grey, Runs, SizePx
from studio.drawing.frames import points_canvas_px
from studio.drawing.mitre_joins import mitred_edges_canvas_px
from studio.drawing.model import ROUND, Pen, Stroke, StrokeKind
from studio.drawing.scanlines import (
    ROWS_AT_ONCE,
    PixelGrid,
    edge_runs,
    fill_runs,
    merged_runs,
    pen_runs,
)
from studio.kept_results import MB, kept

_LEAST_RADIUS_IMAGE_PX = math.sqrt(0.5)
"""With this radius a pen always covers the centre of a pixel: no stroke is lost on a small picture."""
_FAR_PX = 1e7  # further out nothing changes in the picture, and squares stay finite


def mask_image_px(strokes: tuple[Stroke, ...], canvas_size_px: SizePx, image_size_px: SizePx) -> Grey:
    """Rasterise the regions among some strokes.

    Args:
        strokes: brush strokes (a polyline with round ends; one point is a dot) and areas (a closed outline,
            filled by the non-zero rule, plus its outline with round or pointed corners), and erasing strokes,
            which take away what is painted by those before them; paths are passed over.
        canvas_size_px: (width, height) of the canvas they were drawn on.
        image_size_px: (width, height) of the picture that is sent.

    Returns:
        Shape (height, width), 255 where painted and 0 elsewhere. Brush strokes narrower than 1.42 image
        pixels are widened to that.
    """
    (width, height), (canvas_width, canvas_height) = image_size_px, canvas_size_px
    grid = PixelGrid(
        width_px=width, height_px=height, scale_x=width / canvas_width, scale_y=height / canvas_height
    )
    mask = np.zeros((height, width), np.uint8)
    flat = mask.reshape(-1)
    for erasing, some in groupby(strokes, key=lambda stroke: stroke.kind is StrokeKind.ERASE):
        value = MASK_REST if erasing else MASK_PAINTED
        for start, end in _runs(some, grid):
            flat[start:end] = value
    return mask


def encode_mask_png(mask: Grey) -> bytes:
    """A mask as an 8-bit grey PNG, at OpenCV's defaults (any level of one's own is 3.5 times slower)."""
    _, png = cv2.imencode(".png", mask)
    return png.tobytes()


@kept(8 * MB, len)
def mask_png_base64(strokes: tuple[Stroke, ...], canvas_size_px: SizePx, image_size_px: SizePx) -> str:
    """The mask of some strokes as it is sent; cached, so that only a changed layer costs."""
    png = encode_mask_png(mask_image_px(strokes, canvas_size_px, image_size_px))
    return base64.b64encode(png).decode("ascii")


def _runs(strokes: Iterable[Stroke], grid: PixelGrid) -> list[tuple[int, int]]:
    pieces = [merged_runs(*runs) for stroke in strokes for runs in _stroke_runs(stroke, grid)]
    if not pieces:
        return []
    starts, ends = (
        pieces[0] if len(pieces) == 1 else merged_runs(*map(np.concatenate, zip(*pieces, strict=True)))
    )
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


def _stroke_runs(stroke: Stroke, grid: PixelGrid) -> Iterator[Runs]:
    """The runs of one stroke, piece by piece: its pen's, and for an area its inside's."""
    if stroke.is_path:
        return
    points = np.clip(points_canvas_px(stroke), -_FAR_PX, _FAR_PX)
    if stroke.kind is not StrokeKind.AREA:
        yield from _brush_runs(points, stroke, grid)
        return
    yield from fill_runs(points, grid)
    if stroke.width_canvas_px and stroke.mitred:
        yield from edge_runs(*mitred_edges_canvas_px(points, stroke.width_canvas_px, stroke.pen), grid)
    elif stroke.width_canvas_px:
        outline = np.concatenate((points, points[:1]))
        yield from _pen_pieces(outline, stroke.width_canvas_px / 2, grid, stroke.pen)


def _brush_runs(points: Floats, stroke: Stroke, grid: PixelGrid) -> Iterator[Runs]:
    """The pen's runs, and where the pen is thin, those of the thinnest pen that loses no stroke."""
    radius, pen = stroke.width_canvas_px / 2, stroke.pen
    least = _LEAST_RADIUS_IMAGE_PX / min(grid.scale_x, grid.scale_y)
    if pen == ROUND:
        yield from _pen_pieces(points, max(radius, least), grid, pen)
        return
    yield from _pen_pieces(points, radius, grid, pen)
    if radius * pen.thinnest < least:
        yield from _pen_pieces(points, least, grid, ROUND)


def _pen_pieces(points: Floats, radius_canvas_px: float, grid: PixelGrid, pen: Pen) -> Iterator[Runs]:
    step = max(1, ROWS_AT_ONCE // grid.height_px)
    for at in range(0, max(1, len(points) - 1), step):
        yield pen_runs(points[at : at + step + 1], radius_canvas_px, grid, pen)
