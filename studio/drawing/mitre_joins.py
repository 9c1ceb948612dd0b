"""The line around an area with pointed corners, as a canvas draws it, as pieces with four corners.

One piece a side and one a corner. A corner is pointed until its point is MITRE_LIMIT times as far out as the
line; beyond that it is cut off.
"""

import numpy as np

from studio.drawing.arrays import Floats
from studio.drawing.model import Pen

MITRE_LIMIT = 4.0
"""How far out a corner's point may be, in half line widths: Fabric's default."""
_NO_TURN = 1e-12


def mitred_edges_canvas_px(points: Floats, width: float, pen: Pen) -> tuple[Floats, Floats]:
    """Starts and ends of the edges around all pieces, shape (n, 2) each; all pieces turn the same way.

    Args:
        points: the closed outline in `canvas_px`, shape (n, 2), its first point not repeated.
        width: of the line, before the pen's shape.
        pen: the shape of the pen; corners are pointed where it is round.
    """
    pull = np.array([[pen.stretch, pen.slant], [0.0, 1 / pen.stretch]])
    corners = points @ np.linalg.inv(pull).T
    corners = corners[(corners != np.roll(corners, -1, axis=0)).any(axis=1)]
    if len(corners) < 2:
        return np.empty((0, 2)), np.empty((0, 2))
    pieces = _same_way_round(np.concatenate(_pieces(corners, width / 2))) @ pull.T
    return pieces.reshape(-1, 2), np.roll(pieces, -1, axis=1).reshape(-1, 2)


def _pieces(corners: Floats, half_width: float) -> tuple[Floats, Floats]:
    """The sides' and the corners' pieces, shape (n, 4, 2) each; the i-th side leaves the i-th corner."""
    following = np.roll(corners, -1, axis=0)
    along = following - corners
    along /= np.hypot(along[:, 0], along[:, 1])[:, None]
    out = half_width * np.stack((along[:, 1], -along[:, 0]), axis=1)
    sides = np.stack((corners + out, following + out, following - out, corners - out), axis=1)
    before, side = np.roll(out, 1, axis=0), np.sign(_cross(np.roll(along, 1, axis=0), along))[:, None]
    first, last = side * before, side * out
    joins = np.stack((corners, corners + first, corners + _tip(first, last), corners + last), axis=1)
    return sides, joins


def _tip(first: Floats, last: Floats) -> Floats:
    """From the corner to its point, or to the middle of the cut where the point would be too far out."""
    middle = (first + last) / 2
    square, half_width_square = (middle**2).sum(axis=1), (first**2).sum(axis=1)
    pointed = square * MITRE_LIMIT**2 >= half_width_square  # |point| / half_width = half_width / |middle|
    factor = np.where(pointed, half_width_square / np.maximum(square, _NO_TURN), 1.0)
    return middle * factor[:, None]


def _same_way_round(pieces: Floats) -> Floats:
    """Pieces turned until each has a positive area: then overlaps never cancel."""
    x, y = pieces[..., 0], pieces[..., 1]
    area = (x * np.roll(y, -1, axis=1) - y * np.roll(x, -1, axis=1)).sum(axis=1)
    return np.where((area < 0)[:, None, None], pieces[:, ::-1], pieces)


def _cross(first: Floats, second: Floats) -> Floats:
    return first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
