"""Pictures opened safely: from the bytes of a JPEG or PNG to pixels.

Every problem is a `PictureProblem`, whose sentence becomes the `task_status_msg` of a failed task.
"""

import io
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from simulator.contract.documented import MAX_IMAGE_BYTES, MAX_RATIO, MIN_SIDE_PX

MAX_PIXELS: Final = 40_000_000  # a picture is refused before it is decoded if it has more
MAX_SCANS: Final = 100  # passes over a JPEG's pixels: each takes its time, whatever it holds
_JPEG, _SCAN = b"\xff\xd8", b"\xff\xda"
THRESHOLD: Final = 128  # of 0..255: a mask is painted from here on
PIXELS_INVALID: Final = "Image pixel is invalid"  # R: the real words for a side under 300 px

UNREADABLE: Final = "Image cannot be decoded"


class PictureProblem(Exception):
    """A picture that cannot be used; the text says why."""


def open_image(data: bytes) -> NDArray[np.uint8]:
    """Decode an image or tail frame.

    Returns:
        (height, width, 3) RGB, upright.

    Raises:
        PictureProblem: not a readable JPEG/PNG, over 40 MP, a side under 300 px, a ratio beyond 2.5:1.
    """
    image = _upright(_decode(data))
    short, long = sorted(image.size)
    if short < MIN_SIDE_PX or long > MAX_RATIO * short:
        raise PictureProblem(PIXELS_INVALID)
    return np.asarray(_over(image, "white", "RGB"), dtype=np.uint8)


def open_mask(data: bytes) -> NDArray[np.bool_]:
    """Decode a mask: (height, width), True where it is white (at least 128 of 255).

    Transparent parts count as black.
    """
    grey = np.asarray(_over(_decode(data), "black", "L"))
    return np.asarray(grey >= THRESHOLD, dtype=np.bool_)


def _decode(data: bytes) -> Image.Image:
    if len(data) > MAX_IMAGE_BYTES:
        raise PictureProblem("Image file size exceeds 10MB")
    if data.startswith(_JPEG) and data.count(_SCAN) > MAX_SCANS:
        raise PictureProblem(UNREADABLE)
    try:
        image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
        if image.width * image.height > MAX_PIXELS:
            raise PictureProblem(PIXELS_INVALID)
        image.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureProblem(UNREADABLE) from error
    return image if not image.mode.startswith("I") else _eight_bit(image)


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # noqa: BLE001 — cut-off or odd metadata ends in any error of Pillow and Python
        return image


def _eight_bit(image: Image.Image) -> Image.Image:
    deep = np.asarray(image, dtype=np.float64)
    return Image.fromarray((deep / 257).round().clip(0, 255).astype(np.uint8))


def _over(image: Image.Image, colour: str, mode: str) -> Image.Image:
    """The picture over a colour where it is transparent, in that mode."""
    try:
        if not image.has_transparency_data:
            return image.convert(mode)
        top = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", top.size, colour), top).convert(mode)
    except Exception as error:  # a palette that is missing or short ends in an assertion or a ValueError
        raise PictureProblem(UNREADABLE) from error
