"""Open an upload: all checks before, and while, its pixels are decoded.

The order matters: a byte cap first, then the type by content, then the size from the header alone (a 0.5 MB
PNG can unfold into 600 MB of memory), and only then the pixels.
"""

import io
import struct
import zlib

from PIL import Image, UnidentifiedImageError

from studio.errors import StudioError

MAX_UPLOAD_BYTES = 25 * 1024 * 1024
"""The largest file that is read. The service's own limit is 10 MB, and a photo between the two is saved again
below it (studio/pictures/source_image.py)."""
MAX_PIXELS = 40_000_000
"""The largest picture that is decoded, in pixels; 40 megapixels need about 160 MB of memory."""
MAX_SIDE_PX = 65_500
"""The longest side that a JPEG can have."""

FORMATS = ("JPEG", "PNG", "WEBP")
_ANIMATED_FORMATS = ("PNG", "WEBP")  # a JPEG with several pictures (MPO, from phones) is not an animation
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, struct.error, zlib.error)
_SAVE_AS = "Save it as JPG, PNG or WEBP and choose it again."

_OTHER_TYPES = (
    (b"GIF8", 0, "a GIF"),
    (b"BM", 0, "a BMP picture"),
    (b"II*\0", 0, "a TIFF picture"),
    (b"MM\0*", 0, "a TIFF picture"),
    (b"%PDF", 0, "a PDF document"),
    (b"PK\x03\x04", 0, "a ZIP archive or an office document"),
    (b"ftypheic", 4, "a HEIC photo, as iPhones make them"),
    (b"ftypheix", 4, "a HEIC photo, as iPhones make them"),
    (b"ftypmif1", 4, "a HEIF photo"),
    (b"ftypavif", 4, "an AVIF picture"),
    (b"ftyp", 4, "a video"),
    (b"<svg", 0, "an SVG drawing"),
)


_TEXT_CONTROLS = b"\t\n\r\f"


class ImageProblem(StudioError):
    """An upload, a sample or a fetched file cannot be used as a picture."""


def open_checked(data: bytes, name: str) -> Image.Image:
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
    image = _open(data, name)
    _check_header(image, name)
    try:
        image.load()
    except (MemoryError, *_BROKEN) as error:
        raise _broken(name) from error
    return image


def _check_bytes(data: bytes, name: str) -> None:
    if not data:
        raise ImageProblem(f"“{name}” is empty.", "The file has no bytes.", "Choose another file.")
    if len(data) > MAX_UPLOAD_BYTES:
        raise ImageProblem(
            f"“{name}” is too large.",
            f"It has {len(data) / 1024**2:.1f} MB; at most {MAX_UPLOAD_BYTES // 1024**2} MB are taken.",
            "Make it smaller, or save it as a JPG of lower quality.",
        )


def _open(data: bytes, name: str) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(name, "far more pixels") from error
    except UnidentifiedImageError as error:
        raise _not_a_picture(data, name) from error
    except _BROKEN as error:
        raise _broken(name) from error


def _check_header(image: Image.Image, name: str) -> None:
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
    if image.format in _ANIMATED_FORMATS and getattr(image, "is_animated", False):
        raise ImageProblem(
            f"“{name}” is an animation.",
            "A video starts from one still picture.",
            "Save one of its frames as JPG or PNG and choose that.",
        )


def _too_many_pixels(name: str, count: str) -> ImageProblem:
    why = f"It has {count}; at most {MAX_PIXELS // 10**6} megapixels are decoded here."
    return ImageProblem(f"“{name}” has too many pixels.", why, "Scale it down and choose it again.")


def _broken(name: str) -> ImageProblem:
    why = "It begins like a picture but cannot be read to its end."
    return ImageProblem(f"“{name}” is broken.", why, "Save or download it again, or choose another file.")


def _not_a_picture(data: bytes, name: str) -> ImageProblem:
    """The message for a file that is no JPG, PNG or WEBP: by its content, whatever its name ends in."""
    found = _describe(data)
    if found is None and data.startswith((b"\xff\xd8\xff", b"\x89PNG", b"RIFF")):
        return _broken(name)
    why = f"Whatever its name says, it is {found}." if found else "Its content is no JPG, PNG or WEBP."
    return ImageProblem(f"“{name}” is not a picture that can be used.", why, _SAVE_AS)


def _describe(data: bytes) -> str | None:
    for magic, offset, description in _OTHER_TYPES:
        if data.startswith(magic, offset):
            return description
    head = data[:512]
    if any(byte < 32 and byte not in _TEXT_CONTROLS for byte in head):
        return None
    try:
        head.decode("utf-8", errors="strict" if len(data) <= len(head) else "ignore")
    except UnicodeDecodeError:
        return None
    return "text" if sum(byte < 128 for byte in head) > len(head) / 2 else None
