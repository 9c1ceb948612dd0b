"""Take a JPEG apart (ITU-T T.81, annex B): its pixels for the decoder, its profile and orientation. Pure.

The orientation is EXIF's alone: no browser turns a picture by XMP.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from studio.pictures.file_parts import (
    MAX_PARTS,
    MAX_PROFILE_BYTES,
    ImageParts,
    UnreadableParts,
    orientation_of,
)

SIGNATURE = b"\xff\xd8"
_END = b"\xff\xd9"
_SCAN, _EXIF, _PROFILE = 0xDA, 0xE1, 0xE2
_WITHOUT_BODY = {0x01, 0xD8}
_KEPT_NOTES = {0xE0: b"JFIF\0", 0xEE: b"Adobe"}  # they say how colours are coded
_NOTES = {*range(0xE0, 0xF0), 0xFE}
# within coded pixels, FF 00 stands for FF, and FF D0 to D7 are restarts
_MARKER = re.compile(rb"\xff+([\x01-\xcf\xd8-\xfe])")
_RESTART = re.compile(rb"\xff+[\xd0-\xd7]")
_FILLER = bytes(range(1, 255, 4))


@dataclass(frozen=True, kw_only=True)
class JpegParts(ImageParts):
    """As of any file, and the coded pixels for another look.

    Attributes:
        scans: passes over its pixels; usual are 1, or 10 of a progressive one.
        has_end: the end was where it should be.
        refilled: the essence with other pixels coded behind each stretch of its own. A decoder comes to them
            only where pixels of its own are missing.
    """

    scans: int
    has_end: bool
    refilled: bytes


def read_jpeg_parts(data: bytes) -> JpegParts:
    """Take a JPEG apart; pictures behind its end, as phones put there, are left out.

    Raises:
        UnreadableParts: it has too many segments.
    """
    essence, refilled = [SIGNATURE], [SIGNATURE]
    exif, profile, scans, has_end = b"", list[bytes](), 0, False
    for marker, segment, coded in _segments(data):
        body = segment[4:]
        if marker == _END[1]:
            has_end = True
        elif marker in _NOTES and not _is_kept(marker, body):
            if marker == _EXIF and body.startswith(b"Exif\0\0"):
                exif = exif or body[6:]
            elif marker == _PROFILE and body.startswith(b"ICC_PROFILE\0"):
                profile.append(body[12:])
        else:
            scans += marker == _SCAN
            essence += [segment, coded]
            refilled += [segment, _RESTART.sub(_filled, coded), _FILLER if marker == _SCAN else b""]
    whole, only = _profile(profile), b"".join([*essence, _END])
    return JpegParts(
        essence=only,
        refilled=b"".join([*refilled, _END]),
        is_plain=only == data,
        scans=scans,
        has_end=has_end,
        orientation=orientation_of(exif),
        profile=whole or None,
        has_damaged_profile=whole == b"",
    )


def _segments(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Each segment's marker, the segment itself, and the coded pixels behind it; the end as the last."""
    at = len(SIGNATURE)
    for _ in range(MAX_PARTS):
        found = _MARKER.search(data, at)
        if found is None:
            return
        marker, start = found[1][0], found.end() - 2
        if marker == _END[1]:
            yield marker, b"", b""
            return
        at = found.end()
        if marker in _WITHOUT_BODY:
            continue
        size = int.from_bytes(data[at : at + 2], "big")
        at += max(size, 2)
        if at > len(data):
            return
        behind = _MARKER.search(data, at) if marker == _SCAN else None
        end = at if marker != _SCAN else behind.start() if behind else len(data)
        yield marker, data[start:at], data[at:end].rstrip(b"\xff")
        at = end
    raise UnreadableParts(f"It is made of more than {MAX_PARTS} segments.")


def _is_kept(marker: int, body: bytes) -> bool:
    return marker in _KEPT_NOTES and body.startswith(_KEPT_NOTES[marker])


def _filled(restart: re.Match[bytes]) -> bytes:
    return _FILLER + restart[0]


def _profile(parts: list[bytes]) -> bytes | None:
    """The profile of its numbered parts; None without any, b"" when one is missing or too short."""
    if not parts:
        return None
    numbered = {part[0]: part[2:] for part in parts if len(part) > 2}
    count = next((part[1] for part in parts if len(part) > 2), 0)
    if not count or any(number not in numbered for number in range(1, count + 1)):
        return b""
    profile = b"".join(numbered[number] for number in range(1, count + 1))
    return profile if len(profile) <= MAX_PROFILE_BYTES else b""
