"""From a drawn trajectory to at most 77 whole pixels, its ends, its order and its corners kept.

Points are in continuous `image_px` (see `frames.py`). A point on the wire names a pixel: the one that the
drawn point lies in (floor), so a path drawn on a painted pixel starts on that pixel, whose centre is within
0.71 px of what was drawn.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kling.rules import MAX_TRAJECTORY_POINTS
from studio.drawing.arrays import Floats, Ints
from studio.drawing.model import Speed

Plane = NDArray[np.complex128]  # x + iy: one interpolation for both, and angles by division

_LEAST_STEP_PX = 2.0  # closer points would say more about rounding than about the path
_LEAST_EASED_STEP_PX = 0.5  # the slowest step; one that rounds to nothing is left out


class _Ease(NamedTuple):
    """A speed on a path of length 1 in a time of 1."""

    slowest: float  # of n steps, in n² parts of the length
    share: Callable[[Floats], Floats]  # of the length, at a time
    time: Callable[[Floats], Floats]  # at a share of the length: undoes `share`


_EASES = {
    Speed.EASE_IN: _Ease(1.0, np.square, np.sqrt),
    Speed.EASE_OUT: _Ease(1.0, lambda t: 1 - (1 - t) ** 2, lambda s: 1 - np.sqrt(1 - s)),
    Speed.EASE_IN_OUT: _Ease(
        3.0, lambda t: t**2 * (3 - 2 * t), lambda s: 0.5 - np.sin(np.arcsin(1 - 2 * s) / 3)
    ),
}
_LEAST_TURN = np.deg2rad(10)  # even spacing misses a softer bend by less than 4.4 % of a step
_TIP_WEIGHT = 0.1  # of the turn at the very point: near the tip of an out-and-back all other turns are π
_SHARPNESS = 0.7  # a corner turns as much on half the scale; a round bend turns half as much


def resample_path(
    points_image_px: Floats, max_points: int = MAX_TRAJECTORY_POINTS, speed: Speed = Speed.EVEN
) -> Ints:
    """Thin a path to whole pixels, its ends and its order kept, whatever its shape.

    The points lie at equal steps of time: even, at equal arc length; at any other speed close where it is
    slow, and a shorter path has fewer of them, since a step below a pixel cannot be said. Corners are kept.
    Between two corners the steps of time are equal; from piece to piece they differ as little as whole
    numbers of steps allow. Of corners nearer to each other than a step the sharpest is kept.

    Args:
        points_image_px: shape (n ≥ 1, 2), continuous.
        max_points: at least 2.
        speed: what the spacing of the points says.

    Returns:
        Shape (m, 2) with 1 ≤ m ≤ max_points and no two equal neighbours; m is 1 only where the whole path
        lies in one pixel.
    """
    points, at = _measured(points_image_px[:, 0] + 1j * points_image_px[:, 1])
    if at[-1] == 0:
        return _pixels(points[:1])
    places = _even(points, at, max_points) if speed is Speed.EVEN else _eased(points, at, max_points, speed)
    sampled = np.interp(places, at, points)
    sampled[0], sampled[-1] = points[0], points[-1]
    pixels = _pixels(sampled)
    return pixels[np.concatenate(([True], (pixels[1:] != pixels[:-1]).any(axis=1)))]


def _pixels(points: Plane) -> Ints:
    return np.floor(np.stack((points.real, points.imag), axis=1)).astype(np.int64)


def _measured(points: Plane) -> tuple[Plane, Floats]:
    """The points without repetitions, and how far along the path each lies."""
    points = points[np.concatenate(([True], points[1:] != points[:-1]))]
    return points, np.concatenate(([0.0], np.cumsum(np.abs(np.diff(points)))))


def _even(points: Plane, at: Floats, max_points: int) -> Floats:
    """Places along the path at equal steps, and at its corners."""
    intervals = int(np.clip(at[-1] // _LEAST_STEP_PX, 1, max_points - 1))
    return _spread(_knots(points, at, at, intervals), intervals)


def _eased(points: Plane, at: Floats, max_points: int, speed: Speed) -> Floats:
    """Places along the path at equal steps of time, and at its corners."""
    ease, length = _EASES[speed], at[-1]
    most = math.sqrt(ease.slowest * length / _LEAST_EASED_STEP_PX)
    intervals = int(np.clip(most, 1, max_points - 1))
    when = ease.time(at / length) * length  # time measured so that the mean speed is 1
    knots = _knots(points, at, when, intervals)
    times = _spread(knots, intervals)
    places: Floats = ease.share(times / length) * length
    exact = np.isin(times, knots)
    places[exact] = np.interp(times[exact], when, at)
    return places


def _knots(points: Plane, at: Floats, when: Floats, intervals: int) -> Floats:
    """Moments at which the path begins, turns sharply, and ends.

    The sharpest corners first, no two nearer in time than a step.
    """
    step = at[-1] / intervals
    turn, nearer_turn = _turn(points, at, step), _turn(points, at, step / 2)
    sharp = np.flatnonzero((turn >= _LEAST_TURN) & (nearer_turn >= _SHARPNESS * turn))
    score = (turn + nearer_turn + _TIP_WEIGHT * _angle(points[:-2], points[1:-1], points[2:]))[sharp]
    kept: list[float] = [0.0, float(when[-1])]
    for moment in when[1:-1][sharp[np.argsort(-score, kind="stable")]].tolist():
        if min(abs(moment - other) for other in kept) >= step * 0.999:
            kept.append(moment)
    return np.array(sorted(kept))


def _turn(points: Plane, at: Floats, distance: float) -> Floats:
    """The turn at each inner point, seen over `distance` along the path before and after it."""
    before, after = (np.interp(at[1:-1] + shift, at, points) for shift in (-distance, distance))
    return _angle(before, points[1:-1], after)


def _angle(before: Plane, here: Plane, after: Plane) -> Floats:
    """The turn at `here` between `before` and `after`, in 0..π."""
    return np.abs(np.angle((after - here) * np.conj(here - before)))


def _spread(knots: Floats, intervals: int) -> Floats:
    """Every knot, and equal steps between, the longest steps made shorter first."""
    intervals = max(intervals, len(knots) - 1)
    lengths = np.diff(knots)
    counts = np.maximum(1, np.floor(lengths / knots[-1] * intervals).astype(np.int64))
    while counts.sum() < intervals:
        counts[np.argmax(lengths / counts)] += 1
    while counts.sum() > intervals:
        counts[np.argmin(np.where(counts > 1, lengths / counts, np.inf))] -= 1
    pieces = [
        start + length * np.arange(count) / count
        for start, length, count in zip(knots[:-1], lengths, counts, strict=True)
    ]
    return np.concatenate((*pieces, knots[-1:]))
