"""Small pictures of a finding's location, and of a repair's result: that outlined, all else dimmed."""

import io

import cv2
import numpy as np
from PIL import Image

from studio.checks.findings import Location
from studio.drawing import marking
from studio.drawing.arrays import Bits, Pixels, Rgb, SizePx
from studio.pictures.reframe import Frame, apply_frame
from studio.pictures.source_image import SourceImage

MAX_SHOWN_PX: SizePx = (480, 400)
_COLOUR: Rgb = (255, 64, 64)
_DIMMED = 0.55
_RING_PX = 14  # a part smaller than this gets a ring, or one would not find it


def location_jpeg(source: SourceImage, canvas_size_px: SizePx, location: Location) -> bytes:
    """The picture, at most `MAX_SHOWN_PX`, with a location outlined that is given in canvas pixels."""
    pixels = np.array(_shown(source))
    if location.mask is not None and location.mask.any():
        _draw_outline(pixels, location.mask)
    if location.points_canvas_px:
        scale = np.array(pixels.shape[1::-1]) / canvas_size_px
        points = marking.pixel_points(np.array(location.points_canvas_px) * scale)
        marking.draw_path(pixels, points, _COLOUR, width_px=2, dot_px=4)
    return marking.encode_jpeg(pixels)


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
    return marking.encode_jpeg(pixels)


def _scaled(frame: Frame, scale: float) -> Frame:
    left, top, right, bottom = (round(value * scale) for value in frame.box_px)
    return Frame(left_px=left, top_px=top, width_px=max(1, right - left), height_px=max(1, bottom - top))


def _shown(source: SourceImage) -> Image.Image:
    with Image.open(io.BytesIO(source.display_jpeg(*MAX_SHOWN_PX))) as image:
        return image.convert("RGB")


def _draw_outline(pixels: Pixels, mask: Bits) -> None:
    """Dim everything else, and ring each small part."""
    size = pixels.shape[1], pixels.shape[0]
    shown = cv2.resize(mask.astype(np.uint8) * 255, size, interpolation=cv2.INTER_AREA) > 0
    pixels[~shown] = (pixels[~shown] * _DIMMED).astype(np.uint8)
    marking.draw_outline(pixels, shown, _COLOUR, casing_px=4)
    for contour in marking.contours_of(shown):
        (x, y), radius = cv2.minEnclosingCircle(contour)
        if radius < _RING_PX / 2:
            for width, ink in ((4, marking.WHITE), (2, _COLOUR)):
                cv2.circle(pixels, (round(x), round(y)), _RING_PX, ink, width, cv2.LINE_AA)
