"""The picture a video starts from: read safely, upright, sRGB, with exactly the bytes that will be sent."""

import base64
import hashlib
import io
from dataclasses import dataclass, field
from functools import cached_property

from PIL import Image

from studio.pixels import upright_srgb
from studio.uploads import ImageProblem, open_checked

__all__ = ["MAX_WIRE_BYTES", "ImageProblem", "SourceImage", "as_sent", "read_image"]

MAX_WIRE_BYTES = 10_000_000
"""The largest picture that is sent: "10 MB" in its smaller reading."""
JPEG_QUALITY = 95
_LOWEST_JPEG_QUALITY = 30
_DISPLAY_QUALITY = 85
_KEPT_DISPLAYS = 4
_PNG_LEVEL = 3  # at 12 megapixels 0.9 s and 11 % larger than Pillow's default, which takes 2.7 s
_THOROUGH_PNG_LEVEL = 6
_MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png"}
_JFIF = {"jfif", "jfif_version", "jfif_unit", "jfif_density"}  # all that Pillow finds in a JPEG of its own


@dataclass(frozen=True, kw_only=True)
class SourceImage:
    """A picture ready to be drawn on and sent. Bytes only; two are equal when their fields but the bytes are.

    `width_px` and `height_px` are those of `wire_bytes`: every mask has this size.
    """

    name: str  # as the file was called; shown, never used as a path
    width_px: int
    height_px: int
    media_type: str  # "image/jpeg" or "image/png", of wire_bytes
    wire_bytes: bytes = field(compare=False, repr=False)  # rebuilt from pixels: no metadata, ≤ 10 MB
    sha256: str  # of wire_bytes, hexadecimal
    notes: tuple[str, ...] = ()  # what was changed, a plain sentence each
    _displays: dict[tuple[int, int], bytes] = field(
        default_factory=dict, compare=False, repr=False, hash=False, init=False
    )

    @property
    def size_px(self) -> tuple[int, int]:
        """(width, height) in image pixels."""
        return self.width_px, self.height_px

    @cached_property
    def base64(self) -> str:
        """The bytes as the API wants them: base64 without a `data:` prefix."""
        return base64.b64encode(self.wire_bytes).decode("ascii")

    def display_size_px(self, max_width_px: int, max_height_px: int) -> tuple[int, int]:
        """(width, height) of the picture fitted into a box: proportions kept, never enlarged, at least 1."""
        scale = min(1.0, max_width_px / self.width_px, max_height_px / self.height_px)
        return max(1, round(self.width_px * scale)), max(1, round(self.height_px * scale))

    def display_jpeg(self, max_width_px: int, max_height_px: int) -> bytes:
        """A JPEG of `display_size_px`, quality 85, to put on a page; the last few sizes are kept."""
        size = self.display_size_px(max_width_px, max_height_px)
        kept = self._displays.get(size)
        if kept is None:
            kept = _scaled_jpeg(self.wire_bytes, size)
            while len(self._displays) >= _KEPT_DISPLAYS:
                self._displays.pop(next(iter(self._displays)), None)
            self._displays[size] = kept
        return kept


def read_image(data: bytes, name: str) -> SourceImage:
    """Turn a file that somebody sent into a picture that can be used.

    A PNG stays a PNG; a JPEG is written again at quality 95 without colour subsampling; a WEBP becomes a PNG.
    What would exceed 10 MB becomes a JPEG of the highest quality that fits.

    Args:
        data: the whole file, JPG, PNG or WEBP.
        name: what to call it, on the page and in messages.

    Raises:
        ImageProblem: it cannot be used; the message says why and what to do.
    """
    opened = open_checked(data, name)
    source_format = "JPEG" if opened.format == "MPO" else str(opened.format)
    pixels, changes = upright_srgb(opened, data)
    media_type, wire_bytes, encoding_notes = _encoded(pixels, source_format, name)
    return SourceImage(
        name=name,
        width_px=pixels.width,
        height_px=pixels.height,
        media_type=media_type,
        wire_bytes=wire_bytes,
        sha256=hashlib.sha256(wire_bytes).hexdigest(),
        notes=(*changes, *encoding_notes),
    )


def as_sent(data: bytes, name: str, notes: tuple[str, ...] = ()) -> SourceImage:
    """A picture that this app made earlier, its bytes kept; checked in every way that an upload is.

    A file that is not as this app sends pictures (it has metadata, another colour mode, another type) is
    read as any upload, and so rebuilt.

    Args:
        data: the whole file.
        name: what to call it.
        notes: what had been changed when it was first read.

    Raises:
        ImageProblem: it cannot be used.
    """
    opened = open_checked(data, name)
    if opened.format not in _MEDIA_TYPES or opened.mode != "RGB" or set(opened.info) - _JFIF:
        return read_image(data, name)
    if len(data) > MAX_WIRE_BYTES or any(app != "APP0" for app, _ in getattr(opened, "applist", ())):
        return read_image(data, name)
    return SourceImage(
        name=name,
        width_px=opened.width,
        height_px=opened.height,
        media_type=_MEDIA_TYPES[opened.format],
        wire_bytes=data,
        sha256=hashlib.sha256(data).hexdigest(),
        notes=notes,
    )


def _encoded(pixels: Image.Image, source_format: str, name: str) -> tuple[str, bytes, tuple[str, ...]]:
    """(media type, bytes, notes) of the pixels in the format that suits where they came from."""
    if source_format != "JPEG":
        png = _small_enough_png(pixels)
        if png is not None:
            notes = (
                ("WEBP was converted to PNG, which the service takes.",) if source_format == "WEBP" else ()
            )
            return "image/png", png, notes
    jpeg, quality = _best_jpeg(pixels, name)
    if source_format != "JPEG":
        why = f"{source_format} was converted to JPG (quality {quality}): as PNG it would exceed 10 MB."
    elif quality < JPEG_QUALITY:
        why = f"It was saved again at JPG quality {quality}, to stay under 10 MB."
    else:
        return "image/jpeg", jpeg, ()
    return "image/jpeg", jpeg, (why,)


def _best_jpeg(pixels: Image.Image, name: str) -> tuple[bytes, int]:
    """The JPEG of the highest quality, 95 at most, that is not over 10 MB, found by halving."""
    best, quality = _jpeg(pixels, JPEG_QUALITY), JPEG_QUALITY
    if len(best) <= MAX_WIRE_BYTES:
        return best, quality
    low, high, fitting = _LOWEST_JPEG_QUALITY, JPEG_QUALITY - 1, None
    while low <= high:
        middle = (low + high) // 2
        attempt = _jpeg(pixels, middle)
        if len(attempt) <= MAX_WIRE_BYTES:
            fitting, low = (attempt, middle), middle + 1
        else:
            high = middle - 1
    if fitting is None:
        raise ImageProblem(
            f"“{name}” cannot be brought under 10 MB.",
            f"Even at a low quality its {pixels.width} × {pixels.height} pixels need more.",
            "Scale it down and choose it again.",
        )
    return fitting


def _jpeg(pixels: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    pixels.save(buffer, "JPEG", quality=quality, subsampling=0)
    return buffer.getvalue()


def _small_enough_png(pixels: Image.Image) -> bytes | None:
    """The picture as a PNG, packed harder only where that can help; None when it exceeds 10 MB."""
    png = _png(pixels, _PNG_LEVEL)
    if MAX_WIRE_BYTES < len(png) < MAX_WIRE_BYTES * 1.25:
        png = _png(pixels, _THOROUGH_PNG_LEVEL)
    return png if len(png) <= MAX_WIRE_BYTES else None


def _png(pixels: Image.Image, level: int) -> bytes:
    buffer = io.BytesIO()
    pixels.save(buffer, "PNG", compress_level=level)
    return buffer.getvalue()


def _scaled_jpeg(wire_bytes: bytes, size_px: tuple[int, int]) -> bytes:
    with Image.open(io.BytesIO(wire_bytes), formats=("JPEG", "PNG")) as image:
        image.draft("RGB", size_px)  # a JPEG is decoded straight to about the size needed
        scaled = image.convert("RGB").resize(size_px, Image.Resampling.LANCZOS, reducing_gap=2.0)
    buffer = io.BytesIO()
    scaled.save(buffer, "JPEG", quality=_DISPLAY_QUALITY)
    return buffer.getvalue()
