"""The picture a video starts from: read safely, upright, sRGB, with exactly the bytes that will be sent."""

import base64
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from weakref import WeakValueDictionary

from PIL import Image

from kling.rules import IMAGE_FORMATS
from studio.pictures.decoding_queue import QUEUE
from studio.pictures.encode import encode_under_limit, scale_under_limit
from studio.pictures.normalise import to_upright_srgb
from studio.pictures.upload_checks import ImageProblem, OpenedImage, open_checked

__all__ = [
    "ImageProblem",
    "SourceImage",
    "build_source",
    "decode_source",
    "read_image",
    "read_sent_image",
    "shared",
]

_DISPLAY_QUALITY = 85
_KEPT_DISPLAYS = 4
_MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png"}


@dataclass(frozen=True, kw_only=True)
class SourceImage:
    """A picture ready to be drawn on and sent. Bytes only; two are equal when their fields but the bytes are.

    `width_px` and `height_px` are those of `wire_bytes`: every mask has this size.
    """

    name: str  # as the file was called; shown, never used as a path
    width_px: int
    height_px: int
    media_type: str  # "image/jpeg" or "image/png", of wire_bytes
    wire_bytes: bytes = field(compare=False, repr=False)  # rebuilt from pixels: no metadata
    sha256: str  # of wire_bytes, hexadecimal
    notes: tuple[str, ...] = ()  # what was changed, a plain sentence each
    _displays: dict[tuple[int, int], bytes] = field(
        default_factory=dict, compare=False, repr=False, hash=False, init=False
    )

    @property
    def size_px(self) -> tuple[int, int]:
        """(width, height) in image pixels."""
        return self.width_px, self.height_px

    @property
    def identity(self) -> tuple[str, str, tuple[str, ...]]:
        """A key that is equal for equal pictures, and keeps none of their bytes."""
        return self.sha256, self.name, self.notes

    @property
    def size_bytes(self) -> int:
        """Bytes that it takes in memory, with its base64."""
        return len(self.wire_bytes) * 7 // 3

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
            kept = _encode_scaled_jpeg(self.wire_bytes, size)
            while len(self._displays) >= _KEPT_DISPLAYS:
                self._displays.pop(next(iter(self._displays)), None)
            self._displays[size] = kept
        return kept


_IN_MEMORY: "WeakValueDictionary[object, SourceImage]" = WeakValueDictionary()


def shared(source: SourceImage) -> SourceImage:
    """The equal picture that is in memory already, or else this one."""
    return _IN_MEMORY.setdefault(source.identity, source)


def read_image(data: bytes, name: str, tell_place: Callable[[int], None] | None = None) -> SourceImage:
    """Turn an upload into a picture of at most 10 MB, whatever its size and proportions.

    Args:
        data: the whole file, JPG, PNG, WEBP, HEIC or AVIF.
        name: what to call it, on the page and in messages.
        tell_place: called with its place in line while others are decoded.

    Raises:
        ImageProblem: it cannot be used; the message says why and what to do.
    """
    with QUEUE.turn(tell_place):
        return _rebuild(open_checked(data, name), name)


def _rebuild(opened: OpenedImage, name: str) -> SourceImage:
    return build_source(*to_upright_srgb(opened.pixels, opened.parts), opened.file_format, name)


def build_source(pixels: Image.Image, notes: tuple[str, ...], source_format: str, name: str) -> SourceImage:
    """Encode pixels as a picture to send.

    From a PNG, WEBP or AVIF comes a PNG; from a JPEG or HEIC a JPEG at quality 95 without colour subsampling.
    Over 10 MB, it becomes a JPEG of about the highest quality that fits; over 10 MB at any quality, it is
    scaled down.

    Args:
        pixels: mode RGB.
        notes: what has been changed on it so far, a plain sentence each.
        source_format: the format that the pixels came from.
        name: what to call it.
    """
    made = encode_under_limit(pixels, source_format)
    if made is None:
        scaled = scale_under_limit(pixels)
        told = f"It was scaled down to {scaled.width} × {scaled.height}: larger it would exceed 10 MB."
        return build_source(scaled, (*notes, told), "JPEG", name)
    media_type, wire_bytes, encoding_notes = made
    return SourceImage(
        name=name,
        width_px=pixels.width,
        height_px=pixels.height,
        media_type=media_type,
        wire_bytes=wire_bytes,
        sha256=hashlib.sha256(wire_bytes).hexdigest(),
        notes=(*notes, *encoding_notes),
    )


def decode_source(source: SourceImage) -> tuple[Image.Image, str]:
    """Decode a picture to send: its pixels, mode RGB, and the format that they were in."""
    with Image.open(io.BytesIO(source.wire_bytes), formats=IMAGE_FORMATS) as image:
        return image.convert("RGB"), str(image.format)


def read_sent_image(data: bytes, name: str, notes: tuple[str, ...] = ()) -> SourceImage:
    """Read a picture that this app made earlier; checked in every way that an upload is, its bytes kept.

    A file that is not as this app sends pictures (it has metadata, another colour mode, another type) is
    read as any upload, and so rebuilt. One that is over 10 MB, too small or too long is kept: preflight
    finds it, with its repairs.

    Args:
        data: the whole file.
        name: what to call it.
        notes: what had been changed when it was first read.

    Raises:
        ImageProblem: it cannot be used.
    """
    with QUEUE.turn():
        opened = open_checked(data, name)
        pixels = opened.pixels
        if opened.file_format not in _MEDIA_TYPES or pixels.mode != "RGB" or not opened.parts.is_plain:
            return _rebuild(opened, name)
    return SourceImage(
        name=name,
        width_px=pixels.width,
        height_px=pixels.height,
        media_type=_MEDIA_TYPES[opened.file_format],
        wire_bytes=data,
        sha256=hashlib.sha256(data).hexdigest(),
        notes=notes,
    )


def _encode_scaled_jpeg(wire_bytes: bytes, size_px: tuple[int, int]) -> bytes:
    with Image.open(io.BytesIO(wire_bytes), formats=IMAGE_FORMATS) as image:
        image.draft("RGB", size_px)  # a JPEG is decoded straight to about the size needed
        scaled = image.convert("RGB").resize(size_px, Image.Resampling.LANCZOS, reducing_gap=2.0)
    buffer = io.BytesIO()
    scaled.save(buffer, "JPEG", quality=_DISPLAY_QUALITY)
    return buffer.getvalue()
