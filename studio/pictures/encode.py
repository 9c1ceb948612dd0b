"""Encode pixels as the bytes that will be sent, never over 10 MB."""

import io
import math

from PIL import Image

from kling.rules import MAX_IMAGE_BYTES

JPEG_QUALITY = 95
_LOWEST_JPEG_QUALITY = 30
_GOOD_JPEG_QUALITY = 90  # what a picture that is scaled down must keep
_SMALLER = 0.98  # than what its bytes let expect
_FAR_OVER = 1.5  # times the limit: what a sample lets expect is not so wrong
_PNG_LEVEL = 3  # at 12 megapixels 0.9 s and 11 % larger than Pillow's default, which takes 2.7 s
_THOROUGH_PNG_LEVEL = 6

# (media type, bytes, a plain sentence for each thing that was changed)
Encoded = tuple[str, bytes, tuple[str, ...]]
_PHOTOS = {"JPEG", "HEIC"}  # pixels that no PNG would keep under 10 MB


def encode_under_limit(pixels: Image.Image, source_format: str) -> Encoded | None:
    """Encode pixels in the format that suits where they came from; None when no quality is under 10 MB."""
    if source_format not in _PHOTOS:
        png = _small_enough_png(pixels)
        if png is not None:
            was_png = source_format == "PNG"
            note = f"{source_format} was converted to PNG, which the service takes."
            return "image/png", png, () if was_png else (note,)
    best = _best_jpeg(pixels)
    if best is None:
        return None
    jpeg, quality = best
    return "image/jpeg", jpeg, _jpeg_notes(source_format, quality)


def _jpeg_notes(source_format: str, quality: int) -> tuple[str, ...]:
    if source_format not in _PHOTOS:
        why = "as PNG it would exceed 10 MB"
        return (f"{source_format} was converted to JPG (quality {quality}): {why}.",)
    converted = f"{source_format} was converted to JPG, which the service takes."
    lowered = f"It was saved again at JPG quality {quality}, to stay under 10 MB."
    return (
        *((converted,) if source_format != "JPEG" else ()),
        *((lowered,) if quality < JPEG_QUALITY else ()),
    )


def _best_jpeg(pixels: Image.Image) -> tuple[bytes, int] | None:
    """The JPEG of about the highest quality, 95 at most, that is not over 10 MB; None when none is.

    A quality is looked for on a sample, since at 40 megapixels each attempt takes a second.
    """
    if _is_far_over(_expected_bytes(pixels, _LOWEST_JPEG_QUALITY)):
        return None
    best, quality = _encode_jpeg(pixels, JPEG_QUALITY), JPEG_QUALITY
    sample = _sample(pixels)
    share = MAX_IMAGE_BYTES * len(_encode_jpeg(sample, JPEG_QUALITY)) / len(best)
    while len(best) > MAX_IMAGE_BYTES:
        quality = _fitting_quality(sample, share, quality - 1)
        if quality < _LOWEST_JPEG_QUALITY:
            return None
        best = _encode_jpeg(pixels, quality)
    return best, quality


def _is_far_over(expected_bytes: float) -> bool:
    return expected_bytes > MAX_IMAGE_BYTES * _FAR_OVER


def _expected_bytes(pixels: Image.Image, quality: int) -> float:
    """The size of its JPEG, by a sample: at 40 megapixels a whole one takes half a second."""
    sample = _sample(pixels)
    return len(_encode_jpeg(sample, quality)) * pixels.height / sample.height


def _fitting_quality(sample: Image.Image, max_bytes: float, highest: int) -> int:
    """The highest quality at which a sample is not over its bytes; a lower one than the lowest if none is."""
    low, high = _LOWEST_JPEG_QUALITY, highest
    while low <= high:
        middle = (low + high) // 2
        if len(_encode_jpeg(sample, middle)) <= max_bytes:
            low = middle + 1
        else:
            high = middle - 1
    return high


def _sample(pixels: Image.Image) -> Image.Image:
    """One in 16 of a picture's bands of 16 rows."""
    bands = [pixels.crop((0, y, pixels.width, y + 16)) for y in range(0, pixels.height, 256)]
    sample = Image.new("RGB", (pixels.width, 16 * len(bands)))
    for number, band in enumerate(bands):
        sample.paste(band, (0, 16 * number))
    return sample


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
    scaled, size = pixels, _expected_bytes(pixels, _GOOD_JPEG_QUALITY)
    if not _is_far_over(size):
        size = len(_encode_jpeg(pixels, _GOOD_JPEG_QUALITY))
    while size > MAX_IMAGE_BYTES:
        by = _SMALLER * math.sqrt(MAX_IMAGE_BYTES / size)
        size_px = int(scaled.width * by), int(scaled.height * by)
        scaled = pixels.resize(size_px, Image.Resampling.LANCZOS, reducing_gap=2.0)
        size = len(_encode_jpeg(scaled, _GOOD_JPEG_QUALITY))
    return scaled
