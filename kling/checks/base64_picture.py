"""Read the header of a picture inside a base64 text, without decoding more of it.

The text's alphabet and padding are checked as a whole (about 6 ms for a file of 10 MB); of the bytes, only
those are decoded that Pillow reads to learn the size, a few hundred in most files.
"""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from kling.checks.sizes import base64_size

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_OPENERS = ((b"\x89PNG\r\n\x1a\n", PngImageFile), (b"\xff\xd8\xff", JpegImageFile))
_DAMAGED = (SyntaxError, OSError, ValueError, EOFError, OverflowError, AttributeError, UserWarning)
"""Raised by Pillow's two readers on broken headers (the warning only where warnings are errors)."""


@dataclass(frozen=True, kw_only=True)
class PictureHeader:
    """A picture file's header: format, colour mode, size.

    Attributes:
        file_format: "JPEG" or "PNG".
        colour_mode: Pillow's name: "RGB", "L", "RGBA" …
        width_px: columns.
        height_px: rows.
    """

    file_format: str
    colour_mode: str
    width_px: int
    height_px: int

    @property
    def size_px(self) -> tuple[int, int]:
        """(width, height)."""
        return self.width_px, self.height_px


class NotAPictureError(ValueError):
    """The bytes are neither JPEG nor PNG by their first bytes."""


class BrokenPictureError(ValueError):
    """The bytes begin like a JPEG or PNG, but the header cannot be read."""


def is_base64(text: str) -> bool:
    """True for standard base64: 64 characters, no line breaks, groups of four, at most two `=` at the end."""
    if not text or len(text) % 4 or not text.isascii():
        return False
    padding = len(text) - len(text[-2:].rstrip("=")) - len(text[:-2])
    return not text.encode("ascii")[: len(text) - padding].translate(None, _ALPHABET)


def read_header(text: str) -> PictureHeader:
    """The header of the picture in a valid base64 text.

    Raises:
        NotAPictureError: neither JPEG nor PNG.
        BrokenPictureError: JPEG or PNG, but damaged before the size is told.
    """
    start = base64.b64decode(text[:16])
    opener = next((opener for magic, opener in _OPENERS if start.startswith(magic)), None)
    if opener is None:
        raise NotAPictureError
    try:
        picture = opener(io.BufferedReader(_Base64File(text)))
    except _DAMAGED as problem:
        raise BrokenPictureError from problem
    return PictureHeader(
        file_format=str(picture.format),
        colour_mode=picture.mode,
        width_px=picture.width,
        height_px=picture.height,
    )


class _Base64File(io.RawIOBase):
    """A file over a base64 text that decodes only what is read."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._size = base64_size(text)
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        target = memoryview(buffer).cast("B")
        group = self._at // 3
        last = (self._at + len(target) + 2) // 3
        piece = base64.b64decode(self._text[group * 4 : last * 4])[self._at - group * 3 :][: len(target)]
        target[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)
