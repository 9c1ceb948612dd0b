"""A gentle camera move for scenes without painted parts: zoom 1 → 1.08, a small drift, eased at both ends."""

import cv2
import numpy as np

from motion.arrays import Floats, Mask
from motion.grid import Grid, warp
from motion.weights import smoothstep
from motion.yuv import I420

ZOOM = 1.08
DRIFT_OF_WIDTH = 0.012
STILL_REACH_OF_WIDTH = 0.25


def eased(share: float) -> float:
    """0..1 → 0..1, slow at both ends."""
    return share * share * (3 - 2 * share)


class Camera:
    """The camera move over a picture; around a static mask the picture holds still."""

    def __init__(self, source: I420, static: Mask | None, frame_count: int) -> None:
        """Prepare the move over frame_count frames."""
        self._source = source
        self._last = frame_count - 1
        self._grid = Grid.over(source.width, source.height)
        self._free = None if static is None else freedom(self._grid, static)

    def frame(self, number: int) -> I420:
        """The picture as frame `number` sees it; frame 0 is the source."""
        target = self._source.copy()
        share = eased(number / self._last)
        if self._free is None:
            self._zoom(share, target)
        else:
            warp(self._grid, self._source, self._free[..., None] * self._zoom_map(share), target)
        return target

    def _reading(self, share: float) -> tuple[float, float, float]:
        """Backward map: source = shrink * pixel + (x, y)."""
        shrink = 1 / (1 + (ZOOM - 1) * share)
        drift = DRIFT_OF_WIDTH * self._source.width * share
        centre_x, centre_y = (self._source.width - 1) / 2, (self._source.height - 1) / 2
        return shrink, centre_x * (1 - shrink) + drift, centre_y * (1 - shrink) - drift / 2

    def _zoom(self, share: float, target: I420) -> None:
        shrink, x, y = self._reading(share)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        for number, (plane, out) in enumerate(zip(self._source.planes, target.planes, strict=True)):
            if number:  # chroma is sited in the middle of its four pixels
                x, y = self._half(shrink, *self._reading(share)[1:])
            matrix = np.array([[shrink, 0, x], [0, shrink, y]], np.float64)
            size = (plane.shape[1], plane.shape[0])
            out[:] = cv2.warpAffine(plane, matrix, size, flags=flags, borderMode=cv2.BORDER_REFLECT_101)

    @staticmethod
    def _half(shrink: float, x: float, y: float) -> tuple[float, float]:
        centre = 0.5 * shrink - 0.5
        return (x + centre) / 2, (y + centre) / 2

    def _zoom_map(self, share: float) -> Floats:
        shrink, x, y = self._reading(share)
        nodes = self._grid.nodes[1:-1, 1:-1]
        return nodes * np.float32(shrink - 1) + np.array([x, y], np.float32)


def freedom(grid: Grid, static: Mask) -> Floats:
    """(rows, cols) 0 on static and a cell around it, rising softly to 1 a quarter of the width away."""
    extent = STILL_REACH_OF_WIDTH * grid.width / grid.cell
    return smoothstep(np.clip((grid.distance_to(static) - 1) / np.float32(extent), 0, 1))
