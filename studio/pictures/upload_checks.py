"""Open an upload: all checks before, and while, its pixels are decoded.

The order matters: a byte cap first, then the type by content, then the file's parts (`file_parts`), then the
size from the header alone (a 0.5 MB PNG can unfold into 600 MB of memory), and only then the pixels.
"""

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import cv2
import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image

from studio.errors import StudioError
from studio.pictures.file_kinds import description_of, format_of
from studio.pictures.file_parts import ImageParts, UnreadableParts, orientation_of
from studio.pictures.heif_parts import read_heif_parts
from studio.pictures.jpeg_parts import JpegParts, read_jpeg_parts
from studio.pictures.png_parts import read_png_parts
from studio.pictures.webp_parts import read_webp_parts

MAX_UPLOAD_BYTES = 25 * 1024 * 1024
"""The largest file that is read. The service's own limit is 10 MB, and a photo between the two is saved again
below it (studio/pictures/source_image.py)."""
MAX_PIXELS = 40_000_000
"""The largest picture that is decoded, in pixels; 40 megapixels need about 160 MB of memory."""
MAX_SCANS = 100
MAX_SCANNED_PIXELS = 1_000_000_000
"""A progressive JPEG's pixels, counted in each of its scans: 25 scans of 40 megapixels, a few seconds."""
MAX_SIDE_PX = 65_500
"""The longest side that a JPEG can have."""

_BROKEN = (
    *(OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, KeyError, AssertionError),
    *(RuntimeError, OverflowError, struct.error, zlib.error),
)
"""Everything that decoders raise at a file that is not as it should be."""
_SAVE_AS = "Save it as JPG, PNG or WEBP and choose it again."
_SAVE_AGAIN = "Save or download it again, or choose another file."
_LEAST_WEBP_BYTES = 32  # OpenCV reads none with less; a WEBP of one pixel has less
_UNUSUAL = {"AVIF", "HEIC"}  # formats that another program may read where this one fails
_TAKE_APART: dict[str, Callable[[bytes], ImageParts]] = {
    "JPEG": read_jpeg_parts,
    "PNG": read_png_parts,
    "WEBP": read_webp_parts,
    "AVIF": read_heif_parts,
    "HEIC": read_heif_parts,
}


class ImageProblem(StudioError):
    """An upload, a sample or a fetched file cannot be used as a picture."""


@dataclass(frozen=True, kw_only=True)
class OpenedImage:
    """A decoded picture.

    Attributes:
        pixels: as they were stored: neither turned nor converted.
        file_format: one of `file_kinds.READABLE`.
        parts: of its file.
    """

    pixels: Image.Image
    file_format: str
    parts: ImageParts


def open_checked(data: bytes, name: str) -> OpenedImage:
    """Open a picture whose bytes and type are acceptable, and decode its pixels.

    Its size and proportions may be ones that the service refuses: preflight finds it, with its repairs.

    Args:
        data: the whole file.
        name: what to call it in a message.

    Raises:
        ImageProblem: it is empty, too large, of another type, broken, truncated, animated, or more than
            40 megapixels.
    """
    _check_bytes(data, name)
    file_format = format_of(data)
    if file_format is None:
        raise _not_a_picture(data, name)
    with _as_problems(data, file_format, name):
        parts = _TAKE_APART[file_format](data)
        _check_is_still(parts, name)
        image = _open(parts.essence, file_format)
        parts = _with_decoders_notes(parts, image)
        _check_is_still(parts, name)
        _check_size(image, name)
        if isinstance(parts, JpegParts):
            _check_scans(image, parts, name)
        pixels = _decode(image, parts, file_format)
        if isinstance(parts, JpegParts):
            _check_pixels_are_there(pixels, parts, name)
    return OpenedImage(pixels=pixels, file_format=file_format, parts=parts)


@contextmanager
def _as_problems(data: bytes, file_format: str, name: str) -> Iterator[None]:
    """Translate the errors of a file's parts and of decoders, here alone."""
    try:
        yield
    except UnreadableParts as problem:
        raise _broken(name, str(problem)) from problem
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(name, "far more pixels") from error
    except (MemoryError, *_BROKEN) as error:
        why = f"It begins like {description_of(data)} but cannot be read to its end."
        raise _broken(name, why, _SAVE_AS if file_format in _UNUSUAL else _SAVE_AGAIN) from error


def _check_bytes(data: bytes, name: str) -> None:
    if not data:
        raise ImageProblem(f"“{name}” is empty.", "The file has no bytes.", "Choose another file.")
    if len(data) > MAX_UPLOAD_BYTES:
        raise ImageProblem(
            f"“{name}” is too large.",
            f"It has {len(data) / 1024**2:.1f} MB; at most {MAX_UPLOAD_BYTES // 1024**2} MB are taken.",
            "Make it smaller, or save it as a JPG of lower quality.",
        )


def _open(data: bytes, file_format: str) -> Image.Image:
    if file_format == "HEIC":
        return pillow_heif.HeifImageFile(io.BytesIO(data))  # type: ignore[no-untyped-call]
    return Image.open(io.BytesIO(data), formats=(file_format,))


def _decode(image: Image.Image, parts: ImageParts, file_format: str) -> Image.Image:
    """Decode the pixels of an opened file."""
    if file_format != "WEBP":
        image.load()
        return image
    image.close()
    # Pillow decodes a still WEBP as a film of one frame, in 3 times the memory
    padded = parts.essence.ljust(_LEAST_WEBP_BYTES, b"\0")
    found = cv2.imdecode(np.frombuffer(padded, np.uint8), cv2.IMREAD_UNCHANGED)
    if found is None:
        raise ValueError("The WEBP cannot be decoded.")
    to_rgb = cv2.COLOR_BGRA2RGBA if found.shape[-1] == 4 else cv2.COLOR_BGR2RGB
    return Image.fromarray(cv2.cvtColor(found, to_rgb, dst=found))


def _with_decoders_notes(parts: ImageParts, image: Image.Image) -> ImageParts:
    """The parts with what an AVIF's or a HEIC's decoder found out; a HEIC's has turned the pixels already."""
    if image.format == "HEIF":
        return replace(parts, profile=image.info.get("icc_profile"))
    if image.format != "AVIF":
        return parts
    return replace(
        parts,
        orientation=orientation_of(image.info.get("exif", b"")),
        profile=image.info.get("icc_profile"),
        is_animated=getattr(image, "is_animated", False),
    )


def _check_is_still(parts: ImageParts, name: str) -> None:
    if parts.is_animated:
        raise ImageProblem(
            f"“{name}” is an animation.",
            "A video starts from one still picture.",
            "Save one of its frames as JPG or PNG and choose that.",
        )


def _check_size(image: Image.Image, name: str) -> None:
    """Check the header alone, so that nothing unacceptable is ever decoded."""
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise _too_many_pixels(name, f"{width} × {height} = {width * height / 1e6:.0f} megapixels")
    if max(width, height) > MAX_SIDE_PX:
        raise ImageProblem(
            f"“{name}” is too long.",
            f"It is {width} × {height} pixels; no JPG can have a side of more than {MAX_SIDE_PX}.",
            "Cut a part out of it and choose that.",
        )


def _check_scans(image: Image.Image, parts: JpegParts, name: str) -> None:
    """See that it is decoded in seconds: each scan goes over all pixels, even without a byte for them."""
    most = min(MAX_SCANS, MAX_SCANNED_PIXELS // max(image.width * image.height, 1))
    if parts.scans > most:
        raise _broken(
            name, f"It is made of {parts.scans} passes over its pixels; at most {most} are decoded."
        )


def _check_pixels_are_there(image: Image.Image, parts: JpegParts, name: str) -> None:
    """See that no grey stands for pixels that never came: a decoder fills them in without a word.

    Chromium shows that grey; here a video would start from it, and be paid for.

    Where it may have done so, other pixels are coded behind the file's own, and both are decoded at an eighth
    of the size: they differ from where on the file's own are missing.
    """
    if parts.has_end and not _has_filled_blocks(image):
        return
    own, refilled = (_eighth(data) for data in (parts.essence, parts.refilled))
    differing = np.flatnonzero((own != refilled).reshape(len(own), -1).any(axis=1))
    if differing.size:
        row = round(int(differing[0]) * image.height / len(own))
        why = f"Of its {image.height} rows of pixels, those from about row {row} on are not in the file."
        raise _broken(name, why)


def _has_filled_blocks(image: Image.Image) -> bool:
    """Whether any block of 8 pixels is of the grey that decoders fill in."""
    width = max(image.width // 8, 1) * 8
    for top in range(0, image.height, 8):
        y = min(top + 4, image.height - 1)
        row = np.asarray(image.crop((0, y, width, y + 1))).reshape(width, -1)
        is_grey = (np.abs(row.astype(np.int16) - 128) <= 1).all(axis=1)
        if is_grey.reshape(-1, 8).all(axis=1).any():
            return True
    return False


def _eighth(data: bytes) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
        image.draft(None, (max(image.width // 8, 1), max(image.height // 8, 1)))
        return np.asarray(image)


def _too_many_pixels(name: str, count: str) -> ImageProblem:
    why = f"It has {count}; at most {MAX_PIXELS // 10**6} megapixels are decoded here."
    return ImageProblem(f"“{name}” has too many pixels.", why, "Scale it down and choose it again.")


def _broken(name: str, why: str, next_step: str = _SAVE_AGAIN) -> ImageProblem:
    return ImageProblem(f"“{name}” is broken.", why, next_step)


def _not_a_picture(data: bytes, name: str) -> ImageProblem:
    """Describe a file that is no picture to be read: by its content, whatever its name ends in."""
    found = description_of(data)
    if found is None and data.startswith((b"\xff\xd8", b"\x89PNG", b"RIFF")):
        return _broken(name, "It begins like a picture but cannot be read to its end.")
    if found is None:
        why = "Its content is no JPG, PNG, WEBP, HEIC or AVIF."
    else:
        why = f"Whatever its name says, it is {found}."
    return ImageProblem(f"“{name}” is not a picture that can be used.", why, _SAVE_AS)
