"""Displacements of a painted part along its path."""

import numpy as np

from motion.arrays import Points


def displacements(path_px: Points, frame_count: int) -> Points:
    """The path at constant speed: how far from its first point each frame is.

    Args:
        path_px: (n ≥ 2, 2) points, x and y.
        frame_count: frames of the video, ≥ 2.

    Returns:
        (frame_count, 2) displacements in pixels; the first is 0, 0 and the last is exactly the path's end.
    """
    steps = np.hypot(*np.diff(path_px, axis=0).T)
    points = path_px[np.concatenate([[True], steps > 0])]
    along = np.concatenate([[0.0], np.cumsum(steps[steps > 0])])
    at = np.linspace(0.0, along[-1], frame_count)
    places = np.column_stack([np.interp(at, along, points[:, axis]) for axis in (0, 1)])
    return np.asarray(places - path_px[0])


def longest_step(moves: Points) -> float:
    """The largest distance between two neighbouring frames, in pixels."""
    return float(np.hypot(*np.diff(moves, axis=0).T).max())


def extent(moves: Points) -> float:
    """The largest distance from the start, in pixels."""
    return float(np.hypot(*moves.T).max())
