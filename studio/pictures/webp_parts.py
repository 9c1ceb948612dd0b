"""Take a WEBP apart (RFC 9649): its pixels for the decoder, its profile. Pure.

Its orientation is left out: Chromium shows a WEBP as it is stored, whatever its EXIF block says, and so does
this app, where a person compares with the browser.
"""

import struct
from collections.abc import Iterator

from studio.pictures.file_parts import MAX_PARTS, MAX_PROFILE_BYTES, ImageParts, UnreadableParts

_PIXELS = {b"ALPH", b"VP8 ", b"VP8L"}
_ALPHA_FLAG, _ANIMATION_FLAG = 0x10, 0x02


def read_webp_parts(data: bytes) -> ImageParts:
    """Take a WEBP apart.

    Raises:
        UnreadableParts: it has too many chunks.
    """
    chunks = dict[bytes, bytes]()
    for kind, body in _chunks(data):
        chunks.setdefault(kind, body)
    extended = chunks.get(b"VP8X", b"")
    profile = chunks.get(b"ICCP")
    is_animated = b"ANMF" in chunks or bool(extended and extended[0] & _ANIMATION_FLAG)
    kept = [(kind, body) for kind, body in chunks.items() if kind in _PIXELS]
    if len(extended) == 10:
        kept.insert(0, (b"VP8X", bytes([extended[0] & _ALPHA_FLAG]) + extended[1:]))
    body = b"WEBP" + b"".join(_chunk(kind, part) for kind, part in kept)
    return ImageParts(
        essence=b"RIFF" + struct.pack("<I", len(body)) + body,
        profile=profile if profile and len(profile) <= MAX_PROFILE_BYTES else None,
        is_animated=is_animated,
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    for _ in range(MAX_PARTS):
        if at + 8 > len(data):
            return
        kind, size = struct.unpack_from("<4sI", data, at)
        yield kind, data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    raise UnreadableParts(f"It is made of more than {MAX_PARTS} chunks.")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
