"""Colours by their profile to sRGB, or by a PNG's gamma and primaries, as browsers show them."""

import io
import struct

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from studio.pictures.file_parts import Chromaticities

_SRGB = ImageCms.createProfile("sRGB")
_SRGB_PRIMARIES = Chromaticities(white=(0.3127, 0.329), red=(0.64, 0.33), green=(0.3, 0.6), blue=(0.15, 0.06))
_SRGB_GAMMA = 1 / 2.2
_SAME_GAMMA = 0.05  # a gamma that is nearer to sRGB's is shown as sRGB by Chromium too
_D50 = (0.9642, 1.0, 0.8249)
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
_NOTICEABLE = 2  # levels of 255
_RAMP = np.linspace(0, 255, 17).astype(np.uint8)

Floats = NDArray[np.float64]


def convert_to_srgb(image: Image.Image, profile: bytes) -> Image.Image | None:
    """Convert by an ICC profile, whatever it is called; None when that changes nothing that one could see.

    Args:
        image: of mode RGB, CMYK or L.
        profile: ICC; one for colours is also for greys, as in browsers.

    Raises:
        ValueError: the profile cannot be used, or is not for such pixels.
    """
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if image.mode == "L" and source.profile.xcolor_space.strip() == "RGB":
            image = image.convert("RGB")
        change = ImageCms.buildTransform(source, _SRGB, image.mode, "RGB")
        if image.mode == "RGB" and _changes_nothing(change):
            return None
        return ImageCms.applyTransform(image, change)
    except (ImageCms.PyCMSError, OSError, TypeError) as error:
        raise ValueError("The profile cannot be used.") from error


def profile_by_gamma(gamma: float, primaries: Chromaticities | None) -> bytes | None:
    """A PNG's gamma and primaries as an ICC profile; None when they are sRGB's, or nonsense."""
    if primaries is None and abs(gamma / _SRGB_GAMMA - 1) < _SAME_GAMMA:
        return None
    try:
        columns = _primaries_xyz_d50(primaries or _SRGB_PRIMARIES)
    except (ZeroDivisionError, np.linalg.LinAlgError):
        return None
    curve = b"para\0\0\0\0" + bytes(4) + _fixed(1 / gamma)
    tags = {
        b"wtpt": _xyz(_D50),
        **{name: _xyz(column) for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns.T, strict=True)},
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve),
    }
    return _icc(tags)


def _changes_nothing(change: ImageCms.ImageCmsTransform) -> bool:
    """Whether a transform leaves greys and colours of all kinds as they are."""
    red, green, blue = (part.ravel() for part in np.meshgrid(_RAMP, _RAMP, _RAMP))
    probe = np.stack([red, green, blue], axis=-1)[None]
    after = np.asarray(ImageCms.applyTransform(Image.fromarray(probe), change))
    return int(np.abs(after.astype(int) - probe).max()) <= _NOTICEABLE


def _primaries_xyz_d50(primaries: Chromaticities) -> Floats:
    """Red, green and blue as columns of XYZ, adapted to the white of ICC profiles."""
    matrix = np.stack([_from_xy(xy) for xy in (primaries.red, primaries.green, primaries.blue)], axis=1)
    white = _from_xy(primaries.white)
    columns = matrix * np.linalg.solve(matrix, white)
    scale = (_BRADFORD @ np.array(_D50)) / (_BRADFORD @ white)
    return np.asarray(np.linalg.inv(_BRADFORD) @ (scale[:, None] * (_BRADFORD @ columns)))


def _from_xy(xy: tuple[float, float]) -> Floats:
    x, y = xy
    return np.array([x / y, 1.0, (1 - x - y) / y])


def _fixed(*values: float) -> bytes:
    return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))


def _xyz(values: "tuple[float, ...] | Floats") -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(*values)


def _icc(tags: dict[bytes, bytes]) -> bytes:
    """A display profile (ICC.1:2010, 7): header, table of tags, tags."""
    table, bodies, at = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for name, body in tags.items():
        table += name + struct.pack(">II", at + len(bodies), len(body))
        bodies += body
    head = struct.pack(">I4sI4s4s4s", at + len(bodies), b"", 0x04200000, b"mntr", b"RGB ", b"XYZ ")
    head = (head + bytes(12) + b"acsp").ljust(68, b"\0") + _fixed(*_D50)
    return head.ljust(128, b"\0") + table + bodies
