"""Take a PNG apart (PNG 3rd edition): its pixels for the decoder, and notes on how it is seen. Pure."""

import struct
import zlib
from collections.abc import Iterator

from studio.pictures.file_parts import (
    MAX_PARTS,
    MAX_PROFILE_BYTES,
    Chromaticities,
    ImageParts,
    UnreadableParts,
    orientation_of,
)

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PIXELS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
_PALETTE, _GREY, _COLOURS = 3, 0, 2  # colour types
_LEAST_GAMMA, _MOST_GAMMA = 0.01, 10.0


def read_png_parts(data: bytes) -> ImageParts:
    """Take a PNG apart.

    Whole rows need no end behind them, damaged notes are left out as browsers do, and the palette and its
    transparency are made to fit each other.

    Raises:
        UnreadableParts: its header or its palette is missing, or it has too many chunks.
    """
    pixels: list[memoryview] = []
    first: dict[bytes, bytes] = {}
    others = ends = 0
    for kind, body, is_sound in _chunks(data):
        ends += kind == b"IEND"
        others += kind not in _PIXELS or not is_sound
        if kind == b"IDAT":
            pixels.append(body)
        elif is_sound and not (kind == b"tRNS" and b"PLTE" not in first and _is_palette(first)):
            first.setdefault(kind, bytes(body))
    header = first.get(b"IHDR", b"")
    if len(header) != 13:
        raise UnreadableParts("Its header cannot be read.")
    profile = _profile(first.get(b"iCCP"))
    gamma, primaries = _gamma(first)
    return ImageParts(
        essence=_essence(header, first.get(b"PLTE"), first.get(b"tRNS"), b"".join(pixels)),
        is_plain=not others and ends == 1,
        orientation=orientation_of(first.get(b"eXIf", b"")),
        profile=profile or None,
        has_damaged_profile=profile == b"",
        gamma=gamma,
        primaries=primaries,
        bits=header[8],
        is_animated=_frames(first.get(b"acTL", b"")) > 1,
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, memoryview, bool]]:
    """Each chunk's kind and body, and whether its checksum is right; the last may be cut off."""
    view, at = memoryview(data), len(SIGNATURE)
    for _ in range(MAX_PARTS):
        if at + 8 > len(data):
            return
        size, kind = struct.unpack_from(">I4s", data, at)
        body, check = view[at + 8 : at + 8 + size], data[at + 8 + size : at + 12 + size]
        yield kind, body, check == struct.pack(">I", zlib.crc32(body, zlib.crc32(kind)))
        if kind == b"IEND":
            return
        at += 12 + size
    raise UnreadableParts(f"It is made of more than {MAX_PARTS} chunks.")


def _is_palette(first: dict[bytes, bytes]) -> bool:
    return first.get(b"IHDR", b"")[9:10] == bytes([_PALETTE])


def _essence(header: bytes, palette: bytes | None, transparency: bytes | None, pixels: bytes) -> bytes:
    bits, colour_type = header[8], header[9]
    chunks = [_chunk(b"IHDR", header)]
    if colour_type == _PALETTE:
        if not palette or len(palette) < 3:
            # Chromium shows white
            raise UnreadableParts("Its colours are missing: it counts them in a palette that is not there.")
        colours = len(palette) // 3
        # an index beyond the palette is its last colour, as Chromium shows it
        whole = palette[: colours * 3] + palette[colours * 3 - 3 : colours * 3] * ((1 << bits) - colours)
        chunks.append(_chunk(b"PLTE", whole))
        if transparency and len(transparency) <= 256:
            chunks.append(_chunk(b"tRNS", transparency[: 1 << bits]))
    elif transparency and colour_type in {_GREY, _COLOURS}:
        chunks.append(_chunk(b"tRNS", _as_decoded(transparency, bits, colour_type)))
    return b"".join([SIGNATURE, *chunks, _chunk(b"IDAT", pixels), _chunk(b"IEND", b"")])


def _as_decoded(transparency: bytes, bits: int, colour_type: int) -> bytes:
    """The transparent colour as Pillow compares it: in its own 8 bits a channel, but for 16-bit greys."""
    values = struct.unpack(f">{len(transparency) // 2}H", transparency[: len(transparency) // 2 * 2])
    if bits == 16 and colour_type == _COLOURS:
        values = tuple(value >> 8 for value in values)
    elif 1 < bits < 8:
        values = tuple(value * 255 // ((1 << bits) - 1) for value in values)
    return struct.pack(f">{len(values)}H", *values)


def _profile(body: bytes | None) -> bytes | None:
    """The unpacked profile of an iCCP chunk; b"" when it cannot be read."""
    if body is None:
        return None
    packed = body[body.find(b"\0") + 2 :]
    unpacking = zlib.decompressobj()
    try:
        profile = unpacking.decompress(packed, MAX_PROFILE_BYTES)
    except zlib.error:
        return b""
    return b"" if unpacking.unconsumed_tail else profile


def _gamma(first: dict[bytes, bytes]) -> tuple[float | None, Chromaticities | None]:
    """Gamma and primaries, which count only where neither a profile nor sRGB is named."""
    noted = first.get(b"gAMA", b"")
    if b"iCCP" in first or b"sRGB" in first or len(noted) != 4:
        return None, None
    gamma = struct.unpack(">I", noted)[0] / 100_000
    if not _LEAST_GAMMA <= gamma <= _MOST_GAMMA:
        return None, None
    points = first.get(b"cHRM", b"")
    if len(points) != 32:
        return gamma, None
    x_and_y = [value / 100_000 for value in struct.unpack(">8I", points)]
    white, red, green, blue = zip(x_and_y[::2], x_and_y[1::2], strict=True)
    return gamma, Chromaticities(white=white, red=red, green=green, blue=blue)


def _frames(animation: bytes) -> int:
    return int(struct.unpack(">I", animation[:4])[0]) if len(animation) == 8 else 1


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(body, zlib.crc32(kind)))
