"""Decode the pictures and points of a request from the very text that will be sent."""

import base64
import io

import cv2
import numpy as np
from PIL import Image

from kling import TrajectoryPoint
from kling.checks.base64_picture import read_header
from kling.models import is_web_url
from kling.rules import IMAGE_FORMATS
from studio.drawing.arrays import Bits, Floats, Pixels, SizePx
from studio.drawing.frames import from_wire_px
from studio.kept_results import MB, kept, text_key

LONGER_SIDE_PX, SHORTER_SIDE_PX = 854, 480
"""The most of a picture that is only looked at while one draws."""
PAINTED_FROM = 128
"""Of 0..255: from here on a mask is painted."""


def _scaled_key(picture_base64: str, size: SizePx) -> object:
    return text_key(picture_base64), size


def is_readable(picture_base64: str) -> bool:
    """Whether a picture can be decoded here: an address has no pixels."""
    return not is_web_url(picture_base64)


def size_px(picture_base64: str) -> SizePx:
    """(width, height) of a picture, from its header.

    Raises:
        ValueError: it is no picture.
    """
    return read_header(picture_base64).size_px


def preview_size_px(image_size_px: SizePx) -> tuple[int, int]:
    """(width, height) of the preview: within 854×480, upright 480×854; even, never enlarged."""
    width, height = image_size_px
    longer, shorter = max(width, height), min(width, height)
    scale = min(1.0, LONGER_SIDE_PX / longer, SHORTER_SIDE_PX / shorter)
    return int(width * scale) // 2 * 2, int(height * scale) // 2 * 2


@kept(8 * MB, lambda pixels: pixels.nbytes, _scaled_key)
def picture(picture_base64: str, size: SizePx) -> Pixels:
    """The picture at (width, height): shape (height, width, 3), RGB, not to be written to.

    Raises:
        OSError, ValueError: it is no picture.
    """
    with _opened(picture_base64) as image:
        image.draft("RGB", size)  # a JPEG is decoded straight to about the size needed
        pixels = _scaled(np.asarray(image.convert("RGB")), size)
    pixels.flags.writeable = False
    return pixels


@kept(8 * MB, lambda painted: painted.nbytes, _scaled_key)
def mask(mask_base64: str, size: SizePx) -> Bits:
    """The mask at (width, height): shape (height, width), True where at least half of a pixel is painted.

    A speck too small for that leaves its most painted pixel; nothing painted leaves nothing. Not to be
    written to.

    Raises:
        OSError, ValueError: it is no picture.
    """
    with _opened(mask_base64) as image:
        share = _scaled(np.asarray(image.convert("L")), size)
    painted = share >= PAINTED_FROM
    if not painted.any():
        painted = (share == share.max()) & (share > 0)
    painted.flags.writeable = False
    return painted


def path_px(points: tuple[TrajectoryPoint, ...], image_size_px: SizePx, size: SizePx) -> Floats:
    """A trajectory on the picture at another size, counted from the top left: shape (n, 2) of x, y.

    Whole numbers are the centres of pixels.
    """
    points_wire_px = np.array([(point.x, point.y) for point in points], np.int64).reshape(-1, 2)
    points_image_px = from_wire_px(points_wire_px, image_size_px[1])
    scaled: Floats = (points_image_px + 0.5) * (np.array(size) / image_size_px) - 0.5
    return scaled


def _opened(picture_base64: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(picture_base64)), formats=IMAGE_FORMATS)


def _scaled(pixels: Pixels, size: SizePx) -> Pixels:
    """Pixels of their own memory at (width, height), averaged."""
    if (pixels.shape[1], pixels.shape[0]) == size:
        return pixels.copy()
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
