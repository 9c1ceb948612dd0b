"""Weights by which each node of the rubber sheet follows each painted part."""

from dataclasses import dataclass

import numpy as np

from motion.arrays import Floats, Mask, Points, floats
from motion.grid import Grid
from motion.paths import extent

ON_THE_MASK_CELLS = 0.5


@dataclass(frozen=True, kw_only=True, eq=False)
class Pull:
    """Pull of one painted part on the sheet.

    Attributes:
        weight: (rows, cols) 0..1, how much a node follows it at the start; it travels with the part.
        away: (rows, cols) distance to the part at the start, in cells.
        moves: (frames, 2) displacement at each frame, in pixels.
    """

    weight: Floats
    away: Floats
    moves: Points


def smoothstep(t: Floats) -> Floats:
    """φ(t) = t²(3−2t), for t already within 0..1."""
    return t * t * (3 - 2 * t)


def side_distance(grid: Grid, mask: Mask) -> Floats:
    """(rows, cols) distance to the nearest side of the frame that the mask does not touch, in cells."""
    x, y = grid.nodes[1:-1, 1:-1, 0] + 0.5, grid.nodes[1:-1, 1:-1, 1] + 0.5
    rim = grid.cell
    free = [np.full(x.shape, np.inf, np.float32)]
    free += [x] if not mask[:, :rim].any() else []
    free += [grid.width - x] if not mask[:, -rim:].any() else []
    free += [y] if not mask[:rim].any() else []
    free += [grid.height - y] if not mask[-rim:].any() else []
    return floats(np.maximum(np.minimum.reduce(free), 0) / np.float32(grid.cell))


def follow_weight(grid: Grid, away: Floats, held: Floats, moves: Points) -> Floats:
    """W = φ(1 − D/S) · φ(D0/(D0 + D)): near the part it is 1, far away or where something holds it is 0.

    Args:
        grid: the nodes.
        away: D, distance to the part in cells.
        held: D0, distance to the nearest thing that stays (static, another part, a frame side), in cells.
        moves: the part's displacements in pixels; a longer path spreads the sheet's stretch over more of it.
    """
    spread = max(grid.width / 8, 2 * extent(moves)) / grid.cell
    near = smoothstep(np.clip(1 - away / np.float32(spread), 0, 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(np.isinf(held), np.float32(1), held / (held + away))
    share = np.nan_to_num(share, nan=0.0)
    weight = near * smoothstep(share.astype(np.float32))
    return np.where(away <= ON_THE_MASK_CELLS, np.float32(1), weight)


def still_weight(grid: Grid, static: Mask | None) -> Floats:
    """(rows, cols) 0 on the static mask grown by a cell, 1 elsewhere."""
    if static is None:
        return np.ones((grid.rows, grid.cols), np.float32)
    return (grid.distance_to(static) > 1).astype(np.float32)
