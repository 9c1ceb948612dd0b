"""The picture a video starts from: read safely, upright, sRGB, with exactly the bytes that will be sent."""

import base64
import hashlib
import io
from dataclasses import dataclass, field
from functools import cached_property

from PIL import Image

from studio.encoding import MAX_WIRE_BYTES, encoded, scaled_under_limit
from studio.fit import Fit, fitted, fitted_size_px, is_too_long
from studio.pixels import upright_srgb
from studio.uploads import MAX_PIXELS, MIN_SIDE_PX, ImageProblem, open_checked, too_long

__all__ = [
    "MAX_WIRE_BYTES",
    "ImageProblem",
    "MendableProblem",
    "PictureMend",
    "SourceImage",
    "as_sent",
    "read_image",
]

_DISPLAY_QUALITY = 85
_KEPT_DISPLAYS = 4
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


@dataclass(frozen=True, kw_only=True)
class PictureMend:
    """One click that makes a refused picture usable."""

    # what it does, with the numbers: "Crop to 1000 × 400"
    label: str
    explanation: str
    source: SourceImage


class MendableProblem(ImageProblem):
    """A picture that cannot be used as it is, and what could be used instead.

    Attributes:
        mends: at least one where there is any way; each is made already, so that it can be shown.
    """

    def __init__(self, what: str, why: str, next_step: str, mends: tuple[PictureMend, ...]) -> None:
        super().__init__(what, why, next_step)
        self.mends = mends


def read_image(data: bytes, name: str) -> SourceImage:
    """Turn a file that somebody sent into a picture that can be used.

    A PNG stays a PNG; a JPEG is written again at quality 95 without colour subsampling; a WEBP becomes a PNG.
    What would exceed 10 MB becomes a JPEG of the highest quality that fits.

    Args:
        data: the whole file, JPG, PNG or WEBP.
        name: what to call it, on the page and in messages.

    Raises:
        MendableProblem: it is too long, or needs more than 10 MB even as a poor JPEG; what helps is in it.
        ImageProblem: it cannot be used; the message says why and what to do.
    """
    opened = open_checked(data, name, any_ratio=True)
    source_format = "JPEG" if opened.format == "MPO" else str(opened.format)
    pixels, changes = upright_srgb(opened, data)
    if is_too_long(pixels.size):
        what, why, _ = too_long(pixels.size, name)
        mends = _fits(pixels, source_format, name, changes)
        raise MendableProblem(what, why, "Take one of these, or choose another picture.", mends)
    return _source(pixels, source_format, name, changes)


def _source(pixels: Image.Image, source_format: str, name: str, changes: tuple[str, ...]) -> SourceImage:
    made = encoded(pixels, source_format)
    if made is None:
        raise _too_heavy(pixels, name, changes)
    media_type, wire_bytes, encoding_notes = made
    return SourceImage(
        name=name,
        width_px=pixels.width,
        height_px=pixels.height,
        media_type=media_type,
        wire_bytes=wire_bytes,
        sha256=hashlib.sha256(wire_bytes).hexdigest(),
        notes=(*changes, *encoding_notes),
    )


def _fits(
    pixels: Image.Image, source_format: str, name: str, changes: tuple[str, ...]
) -> tuple[PictureMend, ...]:
    """The picture cropped and padded, whichever the service would take."""
    return tuple(
        _mend(fitted(pixels, fit), source_format, name, changes, fit)
        for fit in Fit
        if (size := fitted_size_px(pixels.size, fit)) and min(size) >= MIN_SIDE_PX
        if size[0] * size[1] <= MAX_PIXELS
    )


def _mend(
    pixels: Image.Image, source_format: str, name: str, changes: tuple[str, ...], fit: Fit
) -> PictureMend:
    verb, done, explanation = _SAID[fit]
    size = f"{pixels.width} × {pixels.height}"
    source = _source(pixels, source_format, name, (*changes, f"It was {done} to {size}."))
    return PictureMend(label=f"{verb} to {size}", explanation=explanation, source=source)


_SAID = {
    Fit.CROP: ("Crop", "cropped", "Its middle stays, its ends go."),
    Fit.PAD: ("Pad", "padded", "All of it stays, between bars in the colour of its edges."),
}


def _too_heavy(pixels: Image.Image, name: str, changes: tuple[str, ...]) -> MendableProblem:
    scaled = scaled_under_limit(pixels)
    size = f"{scaled.width} × {scaled.height}"
    source = _source(scaled, "JPEG", name, (*changes, f"It was scaled down to {size}."))
    return MendableProblem(
        f"“{name}” cannot be brought under 10 MB.",
        f"Even at a low quality its {pixels.width} × {pixels.height} pixels need more.",
        "Scale it down, or choose another picture.",
        (PictureMend(label=f"Scale down to {size}", explanation="All of it stays.", source=source),),
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


def _scaled_jpeg(wire_bytes: bytes, size_px: tuple[int, int]) -> bytes:
    with Image.open(io.BytesIO(wire_bytes), formats=("JPEG", "PNG")) as image:
        image.draft("RGB", size_px)  # a JPEG is decoded straight to about the size needed
        scaled = image.convert("RGB").resize(size_px, Image.Resampling.LANCZOS, reducing_gap=2.0)
    buffer = io.BytesIO()
    scaled.save(buffer, "JPEG", quality=_DISPLAY_QUALITY)
    return buffer.getvalue()
