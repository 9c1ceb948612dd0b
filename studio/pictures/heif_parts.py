"""Take an AVIF or HEIC file apart as far as is needed (ISO/IEC 23008-12): nothing of its EXIF block counts.

Its decoder turns the pixels, or is told how by the file's own `irot` and `imir`, which stand for EXIF's word.
"""

from studio.pictures.file_parts import MAX_PARTS, ImageParts, UnreadableParts

_HEAD_BYTES = 8


def read_heif_parts(data: bytes) -> ImageParts:
    """Hide the EXIF block from the decoder, which would fail at a damaged one.

    Raises:
        UnreadableParts: it has too many boxes.
    """
    at = 0
    for _ in range(MAX_PARTS):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + _HEAD_BYTES]
        if kind == b"meta":
            # an item of a kind that is not known is passed over
            items = data[at : at + size].replace(b"Exif", b"none")
            return ImageParts(essence=data[:at] + items + data[at + size :])
        if size < _HEAD_BYTES or at + size > len(data):
            return ImageParts(essence=data)
        at += size
    raise UnreadableParts(f"It is made of more than {MAX_PARTS} boxes.")
