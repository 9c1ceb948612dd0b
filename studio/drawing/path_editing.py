"""Edit a trajectory: reverse it, smooth it, move it by its control points.

Points are in `canvas_px`, in the order of the motion. A path is changed through a few control points, and the
detail between them goes along, so that a drawn line stays a drawn line.
"""

import numpy as np

from studio.drawing.arrays import Floats
from studio.drawing.model import PointsCanvasPx

MAX_OWN_CONTROLS = 12
"""A path of no more points is changed by each of them."""
CONTROLS = 7
"""Any other path is changed by so many: few enough that a moved one bends the path rather than dents it."""
_SMOOTH_STEPS = 96
_SMOOTH_REACH = 6  # of the steps; each call smooths a little more


def reversed_path(points: PointsCanvasPx) -> PointsCanvasPx:
    """The path from its end to its start."""
    return points[::-1]


def smoothed_path(points: PointsCanvasPx) -> PointsCanvasPx:
    """The path without the hand's trembling; both ends stay where they are."""
    if len(points) < 3:
        return points
    path, at = _measured(points)
    even = _at(path, at, np.linspace(0, 1, _SMOOTH_STEPS + 1))
    # Reflected about its ends, so that they keep their place.
    padded = np.concatenate(
        (2 * even[0] - even[_SMOOTH_REACH:0:-1], even, 2 * even[-1] - even[-2 : -_SMOOTH_REACH - 2 : -1])
    )
    bell = np.exp(-0.5 * (np.arange(-_SMOOTH_REACH, _SMOOTH_REACH + 1) / (_SMOOTH_REACH / 2)) ** 2)
    kept = [np.convolve(padded[:, axis], bell / bell.sum(), mode="valid") for axis in (0, 1)]
    return _plain(np.stack(kept, axis=1))


def control_points(points: PointsCanvasPx) -> PointsCanvasPx:
    """The path's own points if there are few, or some at equal steps along it, both ends among them."""
    if len(points) <= MAX_OWN_CONTROLS:
        return points
    path, at = _measured(points)
    return _plain(_at(path, at, np.linspace(0, 1, CONTROLS)))


def with_controls(points: PointsCanvasPx, controls: PointsCanvasPx) -> PointsCanvasPx:
    """The path pulled to moved control points, each in the place of `control_points(points)`.

    What lies between two control points moves with both, the more with the nearer, and without a kink.

    Raises:
        ValueError: another number of control points than the path has.
    """
    before = control_points(points)
    if len(before) != len(controls):
        raise ValueError(f"The path has {len(before)} control points, not {len(controls)}.")
    if len(points) <= MAX_OWN_CONTROLS:
        return controls
    path, at = _measured(points)
    moves = np.array(controls) - np.array(before)
    whole, part = np.divmod(at * (CONTROLS - 1), 1.0)
    knots = np.arange(CONTROLS, dtype=np.float64)
    return _plain(path + _at(moves, knots, whole + part**2 * (3 - 2 * part)))


def nudged(points: PointsCanvasPx, which: int | None, right_px: float, down_px: float) -> PointsCanvasPx:
    """The path with one control point moved, or with `None` all of it."""
    if which is None:
        return tuple((x + right_px, y + down_px) for x, y in points)
    controls = list(control_points(points))
    x, y = controls[which]
    controls[which] = (x + right_px, y + down_px)
    return with_controls(points, tuple(controls))


def _measured(points: PointsCanvasPx) -> tuple[Floats, Floats]:
    """The points, and the share of the path's length at each, 0..1."""
    path = np.array(points, np.float64)
    at = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))))
    return path, at / at[-1] if at[-1] else np.linspace(0, 1, len(path))


def _at(path: Floats, at: Floats, where: Floats) -> Floats:
    return np.stack([np.interp(where, at, path[:, axis]) for axis in (0, 1)], axis=1)


def _plain(points: Floats) -> PointsCanvasPx:
    return tuple((float(x), float(y)) for x, y in points)
