"""Picture files of every kind, made in memory for tests."""

import io
import struct
import zlib
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.pictures.samples import SAMPLES, load_sample


def gradient(width_px: int = 400, height_px: int = 320) -> NDArray[np.uint8]:
    """A smooth (H, W, 3) RGB picture: red grows to the right, green downwards, blue is 90."""
    picture = np.full((height_px, width_px, 3), 90, np.uint8)
    picture[..., 0] = np.linspace(0, 255, width_px)[None, :]
    picture[..., 1] = np.linspace(0, 255, height_px)[:, None]
    return picture


def noise(width_px: int, height_px: int) -> NDArray[np.uint8]:
    """An (H, W, 3) picture that no codec can make small."""
    return np.random.default_rng(7).integers(0, 256, (height_px, width_px, 3), np.uint8)


def photograph(number: int, size_px: tuple[int, int] = (4000, 3000)) -> bytes:
    """A photograph as a JPEG, of 12 megapixels unless told otherwise; each number's is another."""
    with Image.open(io.BytesIO(load_sample(SAMPLES[number % len(SAMPLES)]).wire_bytes)) as sample:
        photo = sample.convert("RGB").resize(size_px)
    photo.putpixel((0, 0), (number % 256, number % 256, number % 256))
    return encoded(photo, "JPEG", quality=90)


def encoded(picture: "NDArray[Any] | Image.Image", kind: str = "PNG", **options: Any) -> bytes:
    """The bytes of a picture file; options go to Pillow's `save`."""
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def exif(orientation: int = 1, maker: str = "") -> bytes:
    """An EXIF block with an orientation, and a camera maker to look for afterwards."""
    block = Image.Exif()
    block[0x0112] = orientation
    if maker:
        block[0x010F] = maker
        block.get_ifd(0x8825)[1] = "N"  # GPS
    return block.tobytes()


def decoded(data: bytes) -> NDArray[np.uint8]:
    """The (H, W, 3) RGB pixels of a picture file."""
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"))


def png_bomb(width_px: int, height_px: int) -> bytes:
    """A small valid 8-bit grey PNG of this many black pixels."""
    packer = zlib.compressobj(9)
    row = b"\0" * (width_px + 1)
    body = b"".join(packer.compress(row) for _ in range(height_px)) + packer.flush()
    header = struct.pack(">IIBBBBB", width_px, height_px, 8, 0, 0, 0, 0)
    return _png([(b"IHDR", header), (b"IDAT", body)])


def png(
    rows: NDArray[Any],
    *,
    colour_type: int = 2,
    bits: int = 8,
    width_px: int | None = None,
    before: Iterable[tuple[bytes, bytes]] = (),
) -> bytes:
    """A PNG of these rows as they are stored, with any chunks before its pixels."""
    header = struct.pack(">IIBBBBB", width_px or rows.shape[1], len(rows), bits, colour_type, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row.tobytes() for row in rows))
    return _png([(b"IHDR", header), *before, (b"IDAT", body)])


def chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk of a PNG, with its checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png(chunks: Iterable[tuple[bytes, bytes]]) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*one) for one in chunks) + chunk(b"IEND", b"")
