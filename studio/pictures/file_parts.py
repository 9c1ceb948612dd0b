"""A picture file taken apart: the parts that a decoder needs, and the notes that change how it is seen. Pure.

Decoders meet only the parts with pixels. Metadata is read here, within bounds, or left out: whatever is wrong
with it, or however much there is of it, a picture is shown as browsers show it.
"""

import struct
from dataclasses import dataclass

MAX_PARTS = 20_000
"""Segments of a JPEG, chunks of a PNG or WEBP. Each costs a decoder time and memory, even an empty one."""
MAX_PROFILE_BYTES = 4_000_000
_ORIENTATION_TAG = 0x0112
_SHORT = 3


class UnreadableParts(Exception):
    """A file cannot be taken apart; its text says why, a sentence for a person."""


@dataclass(frozen=True, kw_only=True)
class Chromaticities:
    """CIE x and y of a picture's white and primaries."""

    white: tuple[float, float]
    red: tuple[float, float]
    green: tuple[float, float]
    blue: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class ImageParts:
    """A file's parts.

    Attributes:
        essence: the file with its pixels alone, and an end.
        is_plain: it had nothing else.
        orientation: 1 to 8, as EXIF counts.
        profile: ICC; None when there is none.
        has_damaged_profile: there is one that cannot be read.
        gamma: a PNG's own note on its colours, the exponent 1/2.2 for most; None when there is none.
        primaries: with gamma, where they are noted.
        bits: of a channel.
        is_animated: it has several frames.
    """

    essence: bytes
    is_plain: bool = False
    orientation: int = 1
    profile: bytes | None = None
    has_damaged_profile: bool = False
    gamma: float | None = None
    primaries: Chromaticities | None = None
    bits: int = 8
    is_animated: bool = False


def orientation_of(tiff: bytes) -> int:
    """Orientation in an EXIF block; 1 when none can be read."""
    tiff = tiff.removeprefix(b"Exif\0\0")
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    try:
        if order is None:
            return 1
        (at,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, at)
        for entry in range(at + 2, at + 2 + 12 * count, 12):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIHxx", tiff, entry)
            if (tag, kind) == (_ORIENTATION_TAG, _SHORT):
                return value if 1 <= value <= 8 else 1
    except struct.error:  # the block is cut off
        return 1
    return 1
