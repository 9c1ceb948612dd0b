"""Names of the array types, so that signatures say what an array holds."""

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Bytes: TypeAlias = NDArray[np.uint8]
"""Pixels 0..255: (H, W) for a plane, (H, W, 3) for an RGB picture."""

Mask: TypeAlias = NDArray[np.bool_]
"""(H, W), True where painted."""

Floats: TypeAlias = NDArray[np.float32]
"""A field on a picture or on a grid; the docstring gives shape and unit."""

Points: TypeAlias = NDArray[np.float64]
"""(n, 2) points or displacements as x, y in image_px (top-left origin)."""


def floats(values: object) -> Floats:
    """The values as float32, without a copy where they are that already (OpenCV's stubs do not say)."""
    return np.asarray(values, dtype=np.float32)


def pixels(values: object) -> Bytes:
    """The values as uint8, without a copy where they are that already (OpenCV's stubs do not say)."""
    return np.asarray(values, dtype=np.uint8)


def remapped(picture: Bytes | Floats, places: Floats, border: int) -> NDArray[np.generic]:
    """The picture read at places ((h, w, 2), x and y in its pixels), bilinear; of the picture's own type."""
    # No second map, since the first holds x and y: the stubs do not know None, and an empty array hangs.
    read = cv2.remap(picture, places, None, cv2.INTER_LINEAR, borderMode=border)  # type: ignore[call-overload]
    return np.asarray(read)
