"""The arrays and sizes of studio/, each named once."""

import numpy as np
from numpy.typing import NDArray

SizePx = tuple[int, int]
"""(width, height) in pixels."""
Rgb = tuple[int, int, int]
"""A colour, 0..255 each."""

Pixels = NDArray[np.uint8]
"""A picture: shape (height, width, 3), RGB."""
Grey = NDArray[np.uint8]
"""A mask as it is sent, or how much of each pixel is covered: shape (height, width), 0..255."""
Bits = NDArray[np.bool_]
"""A mask to judge by: shape (height, width), True where painted."""
Floats = NDArray[np.float64]
"""Numbers; the docstring gives shape and unit. Points are of shape (n, 2): x, y."""
Ints = NDArray[np.int64]
"""Whole numbers, such as the points on the wire: shape (n, 2)."""
FlatIndices = NDArray[np.int32]
"""Pixels of a picture stored row by row: those of 40 megapixels fit, and sort twice as fast as 64 bits."""
Runs = tuple[FlatIndices, FlatIndices]
"""Starts and ends of runs: each run is what one row of pixels shares with a shape, as flat [start, end)."""
