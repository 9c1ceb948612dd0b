"""A mask as few outlines: each area with its holes, simplified until it has few enough corners."""

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.uint8]
Outline = NDArray[np.float64]

_FIRST_TOLERANCE_PX = 0.6
_COARSER = 1.4


def outlines(mask: Mask, max_points: int, least_area_px: float) -> list[tuple[Outline, list[Outline]]]:
    """Every area of a mask and the holes in it, through the centres of its outermost pixels.

    Args:
        mask: 0 outside.
        max_points: of all outlines together; they are simplified until they have no more.
        least_area_px: smaller areas and holes are left out; the largest area always stays.

    Returns:
        (outer outline, holes) of each area, the largest first; points of shape (n ≥ 1, 2), x and y.
    """
    contours, tree = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return []
    parents = tree[0][:, 3]
    sizes = [cv2.contourArea(contour) for contour in contours]
    outer = sorted((i for i in range(len(contours)) if parents[i] < 0), key=lambda i: -sizes[i])
    kept = [i for rank, i in enumerate(outer) if rank == 0 or sizes[i] >= least_area_px]
    holes = {
        i: [h for h in range(len(contours)) if parents[h] == i and sizes[h] >= least_area_px] for i in kept
    }
    chosen = [i for area in kept for i in (area, *holes[area])][: max_points // 4]
    simple = _simplified({i: np.asarray(contours[i], np.int32) for i in chosen}, max_points)
    return [(simple[i], [simple[h] for h in holes[i] if h in simple]) for i in kept if i in simple]


def keyhole(outer: Outline, holes: list[Outline]) -> Outline:
    """One closed outline of an area with holes: each hole is walked backwards, over a short bridge."""
    joined = outer
    for hole in sorted(holes, key=lambda hole: _gap(joined, hole)):
        at, there = _nearest(joined, hole)
        loop = np.roll(hole, -there, axis=0)
        if _turn(loop) * _turn(outer) > 0:
            loop = np.roll(loop[::-1], 1, axis=0)
        joined = np.concatenate((joined[: at + 1], loop, loop[:1], joined[at:]))
    return joined


def _simplified(contours: "dict[int, NDArray[np.int32]]", max_points: int) -> dict[int, Outline]:
    tolerance = _FIRST_TOLERANCE_PX
    while True:
        found = {i: cv2.approxPolyDP(line, tolerance, closed=True) for i, line in contours.items()}
        # A hole takes two points more: the way to it and back.
        if sum(len(line) + 2 for line in found.values()) <= max_points:
            return {i: line.reshape(-1, 2).astype(np.float64) for i, line in found.items()}
        tolerance *= _COARSER


def _nearest(a: Outline, b: Outline) -> tuple[int, int]:
    distance = np.linalg.norm(a[:, None] - b[None], axis=2)
    at, there = np.unravel_index(int(distance.argmin()), distance.shape)
    return int(at), int(there)


def _gap(a: Outline, b: Outline) -> float:
    return float(np.linalg.norm(a[:, None] - b[None], axis=2).min())


def _turn(outline: Outline) -> float:
    """Twice the signed area: its sign says which way round."""
    x, y = outline.T
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))
