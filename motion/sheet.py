"""The rubber sheet: painted parts pull the picture along, what is near follows, what is far or static stays.

The map from frame to source is carried along step by step (semi-Lagrangian): a memoryless warp would show the
part twice. After each frame the parts are pinned, so that small errors of the flow never add up on them.
"""

from math import ceil

import cv2
import numpy as np

from motion.arrays import Floats, Mask, Points, floats, remapped
from motion.plan import Method, Plan
from motion.weights import Pull, follow_weight, side_distance, still_weight

SUBSTEP_CELLS = 2.0
PIN_REACH_CELLS = (
    2.5  # fully pinned up to one cell less, so that every pixel on the mask lies between pinned nodes
)


class Sheet:
    """The moving map of a plan's sheet parts. Advance in order of the frames."""

    def __init__(self, plan: Plan, static: Mask | None, *, pin: bool = True) -> None:
        """Start at frame 0, where nothing has moved.

        Args:
            plan: whose SHEET parts pull.
            static: (H, W) what must not move, or None.
            pin: False only to show in a test what the pin is for.
        """
        self._grid = plan.grid
        self._still = still_weight(plan.grid, static)
        self._pulls = pulls(plan, static)
        self._pin = pin
        self._frame = 0
        self.map: Floats = np.zeros((plan.grid.rows, plan.grid.cols, 2), np.float32)
        """(rows, cols, 2) backward displacement of the current frame, in pixels."""

    def advance(self, frame: int) -> None:
        """Move the map on to a frame from the one before, or straight from an earlier one."""
        steps = [(pull.moves[self._frame], pull.moves[frame]) for pull in self._pulls]
        longest = max((float(np.hypot(*(after - before))) for before, after in steps), default=0.0)
        substeps = ceil(longest / (SUBSTEP_CELLS * self._grid.cell))
        for number in range(substeps):
            self._flow(steps, (number + 0.5) / substeps, 1 / substeps)
        if self._pin and substeps:
            self._pin_parts(frame)
        self._frame = frame

    def _flow(self, steps: list[tuple[Points, Points]], middle: float, share: float) -> None:
        """m(y) ← m(y - v(y)) - v(y), v(y) = Σ w_k(y - d_mid)·δ_k / max(1, Σw)."""
        total = np.zeros(self._still.shape, np.float32)
        velocity = np.zeros_like(self.map)
        for pull, (before, after) in zip(self._pulls, steps, strict=True):
            at = before + (after - before) * middle
            weight = self._grid.shifted(pull.weight, (at[0], at[1]))
            total += weight
            velocity += weight[..., None] * ((after - before) * share).astype(np.float32)
        velocity *= (self._still / np.maximum(1, total))[..., None]
        places = (self._grid.nodes[1:-1, 1:-1] - velocity + 0.5) / np.float32(self._grid.cell) - np.float32(
            0.5
        )
        self.map = floats(remapped(self.map, places, cv2.BORDER_REPLICATE)) - velocity

    def _pin_parts(self, frame: int) -> None:
        """Pin the map: m(y) = -d_k where part k, moved by d_k, covers y."""
        for pull in self._pulls:
            move = pull.moves[frame]
            away = self._grid.shifted(pull.away, (move[0], move[1]))
            grip = np.clip(np.float32(PIN_REACH_CELLS) - away, 0, 1)[..., None]
            self.map += grip * (-move.astype(np.float32) - self.map)


def pulls(plan: Plan, static: Mask | None) -> list[Pull]:
    """Pulls of all SHEET parts, each held by static, by all other parts and by frame sides."""
    grid = plan.grid
    static_away = (
        grid.distance_to(static)
        if static is not None
        else np.full((grid.rows, grid.cols), np.inf, np.float32)
    )
    found = []
    for k, part in enumerate(plan.regions):
        if part.method is not Method.SHEET:
            continue
        others = [other.away for j, other in enumerate(plan.regions) if j != k]
        held = np.minimum.reduce([static_away, side_distance(grid, part.mask), *others])
        weight = follow_weight(grid, part.away, held, part.moves)
        for other in others:
            weight[other <= 0] = 0
        weight[static_away <= 1] = 0
        found.append(Pull(weight=weight, away=part.away, moves=part.moves))
    return found
