"""Small pictures of a finding's location, and of a repair's result: that outlined, all else dimmed."""

import io

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.checks.findings import Location
from studio.drawing.arrays import Bits
from studio.pictures.reframe import Frame, apply_frame
from studio.pictures.source_image import SourceImage

MAX_SHOWN_PX = (480, 400)
_COLOUR = (255, 64, 64)
_WHITE = (255, 255, 255)
_DIMMED = 0.55
_RING_PX = 14  # a part smaller than this gets a ring, or one would not find it

Pixels = NDArray[np.uint8]
Points = NDArray[np.int32]


def location_jpeg(source: SourceImage, canvas_size_px: tuple[int, int], location: Location) -> bytes:
    """The picture, at most `MAX_SHOWN_PX`, with a location outlined that is given in canvas pixels."""
    pixels = np.array(_shown(source))
    if location.mask is not None and location.mask.any():
        _draw_outline(pixels, location.mask)
    if location.points_canvas_px:
        scale = np.array(pixels.shape[1::-1]) / canvas_size_px
        _draw_path(pixels, np.round(np.array(location.points_canvas_px) * scale).astype(np.int32))
    return _jpeg(pixels)


def frame_jpeg(source: SourceImage, frame: Frame) -> bytes:
    """The picture with its kept part outlined; where bars are added, with them around it.

    Args:
        source: the picture as it is.
        frame: the part that becomes the whole picture.
    """
    image = _shown(source)
    small = _scaled(frame, image.width / source.width_px)
    width, height = image.size
    left, top, right, bottom = small.box_px
    if small.width_px > width or small.height_px > height:
        image = apply_frame(image, small)
        left, top, right, bottom = -left, -top, width - left, height - top
    pixels = np.array(image)
    kept = np.zeros(pixels.shape[:2], np.bool_)
    kept[top:bottom, left:right] = True
    _draw_outline(pixels, kept)
    return _jpeg(pixels)


def _scaled(frame: Frame, scale: float) -> Frame:
    left, top, right, bottom = (round(value * scale) for value in frame.box_px)
    return Frame(left_px=left, top_px=top, width_px=max(1, right - left), height_px=max(1, bottom - top))


def _shown(source: SourceImage) -> Image.Image:
    with Image.open(io.BytesIO(source.display_jpeg(*MAX_SHOWN_PX))) as image:
        return image.convert("RGB")


def _jpeg(pixels: Pixels) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def _draw_outline(pixels: Pixels, mask: Bits) -> None:
    """Dim everything else, and ring each small part."""
    size = pixels.shape[1], pixels.shape[0]
    shown = cv2.resize(mask.astype(np.uint8) * 255, size, interpolation=cv2.INTER_AREA) > 0
    pixels[~shown] = (pixels[~shown] * _DIMMED).astype(np.uint8)
    contours, _ = cv2.findContours(shown.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    for width, ink in ((4, _WHITE), (2, _COLOUR)):
        cv2.drawContours(pixels, contours, -1, ink, width, cv2.LINE_AA)
        for contour in contours:
            (x, y), radius = cv2.minEnclosingCircle(contour)
            if radius < _RING_PX / 2:
                cv2.circle(pixels, (round(x), round(y)), _RING_PX, ink, width, cv2.LINE_AA)


def _draw_path(pixels: Pixels, points: Points) -> None:
    """Draw the line, and a dot where it starts."""
    for width, ink in ((5, _WHITE), (2, _COLOUR)):
        cv2.polylines(pixels, [points], isClosed=False, color=ink, thickness=width, lineType=cv2.LINE_AA)
        cv2.circle(pixels, points[0].tolist(), width + 2, ink, -1, cv2.LINE_AA)
