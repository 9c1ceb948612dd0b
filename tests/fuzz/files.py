"""Pictures and videos as other programs write them, odd and whole, and some made to be too much."""

import base64
import io
import random
import struct
import warnings
from contextlib import suppress
from typing import Any, Final

import av
import numpy as np
import pillow_heif
from PIL import Image, ImageCms

from motion import VideoError, poster_jpeg, probe
from studio.errors import StudioError
from studio.files.video_by_hand import save_uploaded_video
from studio.pictures.source_image import read_image, read_sent_image
from studio.pictures.url_import import fetch_image
from tests.fuzz.oddities import words
from tests.fuzz.trial import Bench, Kind
from tests.support.pictures import chunk, encoded, exif, png, png_bomb

_SIDES: Final = (1, 2, 3, 7, 8, 9, 31, 64, 299, 300, 301, 512, 700)
_MODES: Final = words("1 L LA P PA RGB RGB RGBA CMYK YCbCr LAB I;16 I F HSV")
_PICTURES: Final = words(
    "JPEG JPEG PNG PNG WEBP AVIF HEIF GIF TIFF BMP ICO JPEG2000 PPM TGA MPO SGI DDS PDF EPS XBM ICNS PCX IM"
)
_CODECS: Final = words(
    "mp4/libx264 mp4/mpeg4 mp4/mjpeg mp4/libvpx-vp9 mp4/png mov/png mov/qtrle matroska/ffv1 webm/libvpx"
    " avi/mjpeg gif/gif mpegts/mpeg2video mp4/libx265 mp4/libsvtav1 mov/prores_ks"
)
_SEGMENTS: Final = bytes.fromhex("e0 e1 e2 ed ee fe db c4 dd da c0 c2 d9 d0 01")
_CHUNKS: Final = b"iCCP tEXt zTXt iTXt eXIf gAMA cHRM sRGB tRNS PLTE acTL".split()


def file(rng: random.Random) -> bytes:
    """One of any kind."""
    with warnings.catch_warnings(action="ignore"):
        return rng.choice((saved, saved, saved, built_png, built_jpeg, video, huge))(rng)


def picture(rng: random.Random) -> Image.Image:
    """Small, mode RGB."""
    width, height = rng.choice(_SIDES), rng.choice(_SIDES)
    if rng.random() < 0.03:
        width, height = rng.choice(((20_000, 1), (1, 9_000), (3000, 2000), (400, 8000)))
    noise = np.random.default_rng(rng.getrandbits(32)).integers(0, 256, (height, width, 3), np.uint8)
    return Image.fromarray(noise // rng.choice((1, 64, 64)))


def in_mode(image: Image.Image, mode: str) -> Image.Image:
    """In any mode, with transparency or not."""
    if mode == "I;16":
        return Image.fromarray(np.asarray(image)[..., 0].astype(np.uint16) * 257)
    if mode == "LAB":
        to_lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        return ImageCms.profileToProfile(image, *to_lab, outputMode="LAB") or image
    return image.convert("L").convert(mode) if mode in {"LA", "PA"} else image.convert(mode)


def saved(rng: random.Random) -> bytes:
    """As Pillow or libheif writes it, with any of their options."""
    plain, kind, buffer = picture(rng), rng.choice(_PICTURES), io.BytesIO()
    if kind == "HEIF":
        pillow_heif.from_pillow(plain).save(buffer, quality=60)
        return buffer.getvalue()
    for image, options in ((in_mode(plain, rng.choice(_MODES)), _options(plain, rng)), (plain, {})):
        if kind == "AVIF":  # its encoder kills the process at frames of different kinds
            options.pop("append_images", None)
        with suppress(Exception):  # an encoder may refuse an option in any way
            image.save(buffer, kind, **options)
            break
    return buffer.getvalue()


def _options(image: Image.Image, rng: random.Random) -> dict[str, Any]:
    made = (ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), ImageCms.createProfile("XYZ"))
    profiles = (ImageCms.ImageCmsProfile(one).tobytes() for one in made)
    every = {
        "exif": exif(rng.randrange(0, 12), "maker") if rng.random() < 0.7 else rng.randbytes(40),
        "icc_profile": rng.choice((*profiles, rng.randbytes(200), b"", bytes(300_000))),
        "quality": rng.choice((1, 50, 95, 100)),
        "bits": rng.choice((1, 2, 4, 8)),
        "transparency": rng.choice((0, 255, b"\0\x80", (1, 2, 3))),
        "comment": b"x" * rng.choice((1, 60_000)),
        "xmp": b"<x:xmpmeta/>" * rng.choice((1, 3000)),
        "append_images": [image] * rng.choice((1, 3)),
        **dict.fromkeys(("progressive", "optimize", "lossless", "save_all", "interlace"), True),
    }
    return {name: value for name, value in every.items() if rng.random() < 0.2}


def built_png(rng: random.Random) -> bytes:
    """A PNG whose header, chunks and rows need not agree."""
    colour_type, bits = rng.choice((0, 2, 3, 4, 6, 1, 7)), rng.choice((1, 2, 4, 8, 16, 3))
    values = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}.get(colour_type, 1)
    width, height = rng.choice(_SIDES), rng.choice(_SIDES)
    wide = max(width * values * bits // 8 + rng.choice((0, 0, 0, 1, -1)), 1)
    rows = np.random.default_rng(rng.getrandbits(32)).integers(0, 256, (height, wide), np.uint8)
    some = rng.randbytes(rng.choice((0, 1, 3, 8, 768, 5000)))
    bodies = (some, bytes(2_000_000), exif(6)[6:], b"a\0\0x\x9c")
    notes = [(rng.choice(_CHUNKS), rng.choice(bodies)) for _ in range(rng.choice((0, 0, 1, 2, 3)))]
    if rng.random() < 0.03:
        notes *= 20_000 // (sum(len(body) for _, body in notes) + 1)
    if colour_type == 3 and rng.random() < 0.8:
        notes.append((b"PLTE", rng.randbytes(rng.choice((3, 48, 768, 771, 4)))))
    made = png(rows, colour_type=colour_type, bits=bits, width_px=width, before=notes)
    return made + rng.choice((b"", b"", chunk(b"IDAT", b""), rng.randbytes(50), bytes(3_000_000)))


def built_jpeg(rng: random.Random) -> bytes:
    """A JPEG with other segments between its own, another size, or many scans."""
    buffer = io.BytesIO()
    plain, is_progressive = picture(rng).convert(rng.choice(("RGB", "L", "CMYK"))), rng.random() < 0.5
    plain.save(buffer, "JPEG", progressive=is_progressive, quality=rng.choice((5, 90)))
    data = bytearray(buffer.getvalue())
    at = data.find(b"\xff\xc0" if b"\xff\xc0" in data else b"\xff\xc2")
    if rng.random() < 0.4:
        size = (rng.choice((0, 1, 16, 3000, 6000, 65_535)) for _ in "hw")
        data[at + 5 : at + 9] = struct.pack(">HH", *size)
    scan = data.find(b"\xff\xda")
    if rng.random() < 0.3:
        data[-2:-2] = data[scan:-2] * min(rng.choice((1, 20, 500, 6000)), 3_000_000 // (len(data) - scan))
    for _ in range(rng.choice((0, 1, 2, 20))):
        some = rng.randbytes(rng.randrange(200))
        body = rng.choice((some, exif(8), b"ICC_PROFILE\0\1\1" + some))
        data[2:2] = bytes((0xFF, rng.choice(_SEGMENTS))) + struct.pack(">H", len(body) + 2) + body
    if rng.random() < 0.03:
        data[2:2] = b"\xff\xfe\0\2" * rng.choice((1000, 3_000_000))
    return bytes(data)


def video(rng: random.Random) -> bytes:
    """A few frames by any codec in any container; some sizes are far too large."""
    container_format, codec = rng.choice(_CODECS).split("/")
    side = rng.choice((2, 16, 17, 64, 200, 200, 640, 640, 2500, 4000) if codec != "libx265" else (64, 200))
    width, height = side, rng.choice((side, 2, 64))
    buffer, frame = io.BytesIO(), av.VideoFrame.from_ndarray(np.zeros((height, width, 3), np.uint8))
    refused = suppress(av.FFmpegError, ValueError, OSError)
    with refused, av.open(buffer, "w", format=container_format) as container:
        stream: Any = container.add_stream(codec, rate=rng.choice((1, 24, 1000)))
        stream.width, stream.height = width, height
        stream.pix_fmt = str(stream.codec.video_formats[0].name) if stream.codec.video_formats else "yuv420p"
        container.metadata["comment"] = rng.choice(("", "x" * 100_000, "é"))
        for _ in range(rng.choice((0, 1, 3))):
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return buffer.getvalue()


def huge(rng: random.Random) -> bytes:
    """Small files that unfold into much: pixels, or passes over them."""
    side = rng.choice((3000, 6000, 7000, 20_000))
    if rng.random() < 0.5:
        return png_bomb(side, rng.choice((side, 1)))
    black = encoded(Image.new("L", (min(side, 6000), 3000)), "JPEG", progressive=True)
    scan = black.rindex(b"\xff\xda")
    return black[:-2] + black[scan:-2] * rng.choice((5, 50, 500)) + black[-2:]


def read(data: bytes, bench: Bench) -> None:
    """As a picture and as a video."""
    with suppress(StudioError):
        read_picture(data, bench)
    read_video(data, bench)


def read_picture(data: bytes, _: Bench) -> None:
    """Pasted, as this app's own, or as an upload; what it became can be shown, and is read again."""
    door = len(data) % 4
    if door == 0:
        image = fetch_image(f"data:;base64,{base64.b64encode(data).decode()}")
    else:
        image = (read_sent_image if door == 1 else read_image)(data, "odd")
    image.display_jpeg(600, 400)
    assert len(image.wire_bytes) <= 10_000_000, "more bytes than the service takes"
    assert read_sent_image(image.wire_bytes, "again").wire_bytes == image.wire_bytes


def read_video(data: bytes, bench: Bench) -> None:
    """As an upload for a task, and as one that has come."""
    target = bench.folder / "upload.mp4"
    with suppress(StudioError):
        save_uploaded_video(io.BytesIO(data), target)
    for reads in (probe, poster_jpeg):
        with suppress(VideoError):
            reads(data)


KIND: Final = Kind(make=file, read=read, ours=(StudioError,))
