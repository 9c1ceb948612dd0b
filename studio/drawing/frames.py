"""Frames of reference: where the canvas's points lie in the picture, and on the wire.

`canvas_px` is the display size and `image_px` the size that is sent; both are continuous and count from the
top left, and pixel i covers [i, i + 1). `wire_px` are whole pixels of the picture counted from its bottom
left. Nothing is cut off: what lies outside stays outside, so that it can be reported.
"""

import math
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

import numpy as np

from studio.drawing.arrays import Floats, Ints, SizePx
from studio.drawing.model import PointCanvasPx, Stroke

AnyPoints = TypeVar("AnyPoints", Floats, Ints)
PixelImagePx = tuple[int, int]
"""Column and row of one pixel of the picture."""


@dataclass(frozen=True, kw_only=True)
class CanvasFrame:
    """A canvas over a picture: points of the one as pixels of the other."""

    canvas_size_px: SizePx
    image_size_px: SizePx

    @property
    def canvas_px_per_image_px(self) -> tuple[float, float]:
        """Canvas pixels in one pixel of the picture, across and down."""
        (canvas_width, canvas_height), (width, height) = self.canvas_size_px, self.image_size_px
        return canvas_width / width, canvas_height / height

    def pixel(self, point_canvas_px: PointCanvasPx) -> PixelImagePx:
        """The pixel of the picture in which a point of the canvas lies."""
        point = np.array([point_canvas_px], np.float64)
        ((x, y),) = to_image_px(point, self.canvas_size_px, self.image_size_px)
        return math.floor(x), math.floor(y)

    def middle_canvas_px(self, pixel: PixelImagePx) -> PointCanvasPx:
        """The middle of a pixel of the picture, as a point of the canvas: `pixel` gives the pixel back."""
        across, down = self.canvas_px_per_image_px
        return (pixel[0] + 0.5) * across, (pixel[1] + 0.5) * down

    def retyped(self, point_canvas_px: PointCanvasPx, x: int | None, y: int | None) -> PointCanvasPx:
        """A point moved to the middle of a typed column or row; an axis with None keeps its fractions."""
        middle_x, middle_y = self.middle_canvas_px((x or 0, y or 0))
        kept_x, kept_y = point_canvas_px
        return (kept_x if x is None else middle_x), (kept_y if y is None else middle_y)


def points_canvas_px(stroke: Stroke) -> Floats:
    """The stroke's points as an array of shape (n, 2)."""
    values = chain.from_iterable(stroke.points_canvas_px)
    return np.fromiter(values, np.float64, 2 * len(stroke.points_canvas_px)).reshape(-1, 2)


def path_image_px(stroke: Stroke, canvas_size_px: SizePx, image_size_px: SizePx) -> Floats:
    """The stroke's points in continuous image pixels, shape (n, 2) of x, y from the top left."""
    return to_image_px(points_canvas_px(stroke), canvas_size_px, image_size_px)


def to_image_px(drawn_canvas_px: Floats, canvas_size_px: SizePx, image_size_px: SizePx) -> Floats:
    """Points of the canvas, shape (n, 2), in continuous image pixels.

    A point exactly on the canvas's right or bottom edge belongs to the picture's last pixel.
    """
    image_size = np.asarray(image_size_px, np.float64)
    points = drawn_canvas_px * (image_size / canvas_size_px)
    # Judged on the canvas: times the scale its edge may come to lie a rounding beyond the picture's.
    return np.where(
        drawn_canvas_px <= canvas_size_px, np.minimum(points, np.nextafter(image_size, 0)), points
    )


def to_wire_px(points_image_px: AnyPoints, image_height_px: int) -> AnyPoints:
    """Count pixels from the bottom instead of from the top: the one place where y is flipped."""
    flipped = points_image_px.copy()
    flipped[:, 1] = image_height_px - 1 - points_image_px[:, 1]
    return flipped


def from_wire_px(points_wire_px: AnyPoints, image_height_px: int) -> AnyPoints:
    """Count pixels from the top instead of from the bottom: the flip undoes itself."""
    return to_wire_px(points_wire_px, image_height_px)
