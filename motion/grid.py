"""The coarse grid on which motion is computed, and how it moves whole planes.

About 160 cells on the longer side whatever the size of the picture, so that one drawing is treated alike at
every resolution. A node sits in the middle of its cell; a map is a displacement in pixels per node, read
backwards: pixel y of the frame shows the source at y + map(y).
"""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from motion.arrays import Bytes, Floats, Mask, floats, remapped
from motion.yuv import I420

CELLS_ON_THE_LONGER_SIDE = 160
UNMOVED_PX = 1 / 64  # half of the finest step of cv2.remap: a smaller displacement shows nothing


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Nodes over a picture.

    Attributes:
        width: of the picture, even, pixels.
        height: of the picture, even, pixels.
        cell: side of a cell, even (so that chroma has whole cells too), pixels.
    """

    width: int
    height: int
    cell: int

    @classmethod
    def over(cls, width: int, height: int, cells: int = CELLS_ON_THE_LONGER_SIDE) -> "Grid":
        """A grid with about `cells` cells on the longer side."""
        return cls(width=width, height=height, cell=max(2, 2 * round(max(width, height) / (2 * cells))))

    @property
    def cols(self) -> int:
        """Nodes in a row."""
        return -(-self.width // self.cell)

    @property
    def rows(self) -> int:
        """Rows of nodes."""
        return -(-self.height // self.cell)

    @cached_property
    def nodes(self) -> Floats:
        """(rows + 2, cols + 2, 2) x and y of the nodes in pixels, with one ring outside the picture."""
        x = (np.arange(-1, self.cols + 1, dtype=np.float32) + 0.5) * self.cell - 0.5
        y = (np.arange(-1, self.rows + 1, dtype=np.float32) + 0.5) * self.cell - 0.5
        return np.dstack(np.meshgrid(x, y))

    def sample(self, field: Floats) -> Floats:
        """(rows, cols) values of an (H, W) field at the nodes."""
        return self._shrunk(field, cv2.INTER_LINEAR)

    def mean(self, field: Floats) -> Floats:
        """(rows, cols) averages of an (H, W) field over the cells."""
        return self._shrunk(field, cv2.INTER_AREA)

    def _shrunk(self, field: Floats, interpolation: int) -> Floats:
        bottom, right = self.rows * self.cell - self.height, self.cols * self.cell - self.width
        padded = cv2.copyMakeBorder(field, 0, bottom, 0, right, cv2.BORDER_REPLICATE)
        return floats(cv2.resize(padded, (self.cols, self.rows), interpolation=interpolation))

    def distance_to(self, mask: Mask) -> Floats:
        """(rows, cols) distance of each node to the mask, in cells; infinite when nothing is painted."""
        if not mask.any():
            return np.full((self.rows, self.cols), np.inf, np.float32)
        away = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
        return self.sample(floats(away)) / np.float32(self.cell)

    def shifted(self, field: Floats, by_px: tuple[float, float]) -> Floats:
        """The (rows, cols) field moved by (x, y) pixels; what comes in repeats the border."""
        matrix = np.array([[1, 0, by_px[0] / self.cell], [0, 1, by_px[1] / self.cell]], np.float32)
        size = (self.cols, self.rows)
        return floats(cv2.warpAffine(field, matrix, size, borderMode=cv2.BORDER_REPLICATE))


@dataclass(frozen=True, kw_only=True)
class Box:
    """A rectangle of nodes: rows top..bottom, columns left..right, ends excluded."""

    top: int
    bottom: int
    left: int
    right: int

    @classmethod
    def around(cls, changed: Mask) -> "Box | None":
        """The smallest box around what is True, one node wider on each side; None when nothing is."""
        rows, cols = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
        if not len(rows):
            return None
        return cls(
            top=max(0, int(rows[0]) - 1),
            bottom=min(changed.shape[0], int(rows[-1]) + 2),
            left=max(0, int(cols[0]) - 1),
            right=min(changed.shape[1], int(cols[-1]) + 2),
        )


def warp(grid: Grid, source: I420, moved: Floats, target: I420) -> None:
    """Write source, read through the map `moved` ((rows, cols, 2), pixels), over target where it moves."""
    x, y = cv2.split(np.abs(moved))
    box = Box.around(np.asarray(cv2.max(x, y)) > UNMOVED_PX)
    if box is None:
        return
    ring = floats(cv2.copyMakeBorder(moved, 1, 1, 1, 1, cv2.BORDER_REPLICATE))
    places = (ring + grid.nodes)[box.top : box.bottom + 2, box.left : box.right + 2]
    half = (places + np.float32(0.5)) * np.float32(0.5) - np.float32(0.5)
    luma, *chroma = zip(source.planes, target.planes, strict=True)
    _warp_planes([luma], box, places, grid.cell)
    _warp_planes(chroma, box, half, grid.cell // 2)


def _warp_planes(planes: list[tuple[Bytes, Bytes]], box: Box, places: Floats, cell: int) -> None:
    """Write the part of each target plane that the inner places cover, read from its source plane."""
    rows, cols = places.shape[:2]
    fine = floats(cv2.resize(places, (cols * cell, rows * cell), interpolation=cv2.INTER_LINEAR))
    for plane, out in planes:
        part = out[box.top * cell : box.bottom * cell, box.left * cell : box.right * cell]
        inner = fine[cell : cell + part.shape[0], cell : cell + part.shape[1]]
        part[:] = remapped(plane, inner, cv2.BORDER_REFLECT_101)
