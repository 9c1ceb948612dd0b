"""Encode pixels as the bytes that will be sent, never over 10 MB."""

import io

from PIL import Image

from kling.rules import MAX_IMAGE_BYTES

JPEG_QUALITY = 95
_LOWEST_JPEG_QUALITY = 30
_GOOD_JPEG_QUALITY = 90  # what a picture that is scaled down must keep
_SMALLER = 0.8
_PNG_LEVEL = 3  # at 12 megapixels 0.9 s and 11 % larger than Pillow's default, which takes 2.7 s
_THOROUGH_PNG_LEVEL = 6

# (media type, bytes, a plain sentence for each thing that was changed)
Encoded = tuple[str, bytes, tuple[str, ...]]


def encode_under_limit(pixels: Image.Image, source_format: str) -> Encoded | None:
    """Encode pixels in the format that suits where they came from; None when no quality is under 10 MB."""
    if source_format != "JPEG":
        png = _small_enough_png(pixels)
        if png is not None:
            notes = (
                ("WEBP was converted to PNG, which the service takes.",) if source_format == "WEBP" else ()
            )
            return "image/png", png, notes
    best = _best_jpeg(pixels)
    if best is None:
        return None
    jpeg, quality = best
    if source_format != "JPEG":
        why = f"{source_format} was converted to JPG (quality {quality}): as PNG it would exceed 10 MB."
    elif quality < JPEG_QUALITY:
        why = f"It was saved again at JPG quality {quality}, to stay under 10 MB."
    else:
        return "image/jpeg", jpeg, ()
    return "image/jpeg", jpeg, (why,)


def _best_jpeg(pixels: Image.Image) -> tuple[bytes, int] | None:
    """The JPEG of the highest quality, 95 at most, that is not over 10 MB, found by halving."""
    best, quality = _encode_jpeg(pixels, JPEG_QUALITY), JPEG_QUALITY
    if len(best) <= MAX_IMAGE_BYTES:
        return best, quality
    low, high, fitting = _LOWEST_JPEG_QUALITY, JPEG_QUALITY - 1, None
    while low <= high:
        middle = (low + high) // 2
        attempt = _encode_jpeg(pixels, middle)
        if len(attempt) <= MAX_IMAGE_BYTES:
            fitting, low = (attempt, middle), middle + 1
        else:
            high = middle - 1
    return fitting


def _encode_jpeg(pixels: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    pixels.save(buffer, "JPEG", quality=quality, subsampling=0)
    return buffer.getvalue()


def _small_enough_png(pixels: Image.Image) -> bytes | None:
    """Encode as PNG, packed harder only where that can help; None when it exceeds 10 MB."""
    png = _encode_png(pixels, _PNG_LEVEL)
    if MAX_IMAGE_BYTES < len(png) < MAX_IMAGE_BYTES * 1.25:
        png = _encode_png(pixels, _THOROUGH_PNG_LEVEL)
    return png if len(png) <= MAX_IMAGE_BYTES else None


def _encode_png(pixels: Image.Image, level: int) -> bytes:
    buffer = io.BytesIO()
    pixels.save(buffer, "PNG", compress_level=level)
    return buffer.getvalue()


def scale_under_limit(pixels: Image.Image) -> Image.Image:
    """Scale a picture down until it is not over 10 MB at a good quality."""
    scaled = pixels
    while len(_encode_jpeg(scaled, _GOOD_JPEG_QUALITY)) > MAX_IMAGE_BYTES:
        size = round(scaled.width * _SMALLER), round(scaled.height * _SMALLER)
        scaled = pixels.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return scaled
