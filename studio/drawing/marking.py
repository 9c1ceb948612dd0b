"""Marks on a still picture: tints, outlines, paths and dots, and the JPEG of it.

Lines lie on a white casing, so that they are seen on any picture. Points are indices of pixels, as OpenCV
has them; pixels are written to in place.
"""

import io
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.drawing.arrays import Bits, Pixels, Rgb

WHITE: Rgb = (255, 255, 255)
JPEG_QUALITY = 85
PixelPoints = NDArray[np.int32]
"""Indices of pixels: shape (n, 2), x and y."""


def pixel_points(points: object) -> PixelPoints:
    """The nearest whole pixels of points (n, 2) that are counted from a pixel's middle."""
    return np.round(np.asarray(points, np.float64)).astype(np.int32)


def tint(pixels: Pixels, painted: Bits, colour: Rgb, opacity: float) -> None:
    """Mix a colour into the painted pixels; an opacity of 1 hides what is under it."""
    mixed = pixels[painted] * (1 - opacity) + np.array(colour) * opacity
    pixels[painted] = mixed.astype(np.uint8)


def contours_of(painted: Bits) -> Sequence[NDArray[np.int32]]:
    """The outlines of all painted parts and of their holes."""
    contours, _ = cv2.findContours(painted.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    return [np.asarray(contour, np.int32) for contour in contours]


def draw_outline(pixels: Pixels, painted: Bits, colour: Rgb, width_px: int = 2, casing_px: int = 0) -> None:
    """Draw around what is painted; a casing of 0 px is none."""
    contours = contours_of(painted)
    for width, ink in ((casing_px, WHITE), (width_px, colour)):
        if width:
            cv2.drawContours(pixels, contours, -1, ink, width, cv2.LINE_AA)


def draw_path(
    pixels: Pixels,
    points: PixelPoints,
    colour: Rgb,
    *,
    width_px: int = 3,
    casing_px: int = 5,
    dot_px: int = 5,
    dot_at: int = 0,
) -> None:
    """Draw an open line through the points, and a dot on one of them.

    Args:
        pixels: to draw on.
        points: at least one.
        colour: of the line and the dot.
        width_px: of the line.
        casing_px: width of the white line under it.
        dot_px: radius of the dot; its casing is 2 px wider.
        dot_at: which point it lies on: 0 the first, -1 the last.
    """
    for width, radius, ink in ((casing_px, dot_px + 2, WHITE), (width_px, dot_px, colour)):
        cv2.polylines(pixels, [points], isClosed=False, color=ink, thickness=width, lineType=cv2.LINE_AA)
        cv2.circle(pixels, points[dot_at].tolist(), radius, ink, -1, cv2.LINE_AA)


def encode_jpeg(pixels: Pixels) -> bytes:
    """The picture as a JPEG that is good enough to look at."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=JPEG_QUALITY)
    return buffer.getvalue()
