"""Small pictures as they stand in a request: base64 texts."""

import base64
import io
from functools import cache

from PIL import Image


@cache
def picture_text(width_px: int = 640, height_px: int = 480, mode: str = "RGB", kind: str = "PNG") -> str:
    """A plain picture as base64."""
    buffer = io.BytesIO()
    Image.new(mode, (width_px, height_px)).save(buffer, kind)
    return base64.b64encode(buffer.getvalue()).decode()


def mask_text(width_px: int = 640, height_px: int = 480) -> str:
    """A mask as base64: a grey PNG."""
    return picture_text(width_px, height_px, "L")


def heavy_png_text(size_bytes: int, width_px: int = 640, height_px: int = 480) -> str:
    """A PNG with bytes after its end, so that the file has exactly that size."""
    data = base64.b64decode(picture_text(width_px, height_px))
    return base64.b64encode(data + bytes(size_bytes - len(data))).decode()
