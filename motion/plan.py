"""Decide how each part moves, and why, before anything is drawn, so that it can be shown."""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from motion.arrays import Floats, Mask, Points
from motion.grid import Grid
from motion.paths import displacements, extent, longest_step
from motion.scene import Scene

SMALL_PART_CELLS = 1.5
LONG_WAY_OF_WIDTH = 0.3


class Method(StrEnum):
    """Method of moving a painted part."""

    SHEET = "sheet"
    """The picture is a rubber sheet that the part pulls along; forgives rough painting."""

    LAYER = "layer"
    """The part is cut out, its hole filled, and it slides over the rest."""

    STILL = "still"
    """Nothing of the part is left to move: static or later parts cover it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class RegionPlan:
    """Decision on one region.

    Attributes:
        method: how it is moved.
        reason: why, one plain sentence.
        mask: (H, W) what is really moved: the painted part without static and without later parts.
        moves: (frames, 2) displacement at each frame in pixels.
        away: (rows, cols) distance of each grid node to the mask, in cells.
    """

    method: Method
    reason: str
    mask: Mask
    moves: Points
    away: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """Decision on a scene.

    Attributes:
        grid: the nodes on which motion is computed.
        regions: one entry for each region of the scene, in its order.
        swept: (rows, cols) True where any part passes at any time.
    """

    grid: Grid
    regions: tuple[RegionPlan, ...]
    swept: Mask


def plan(scene: Scene, frame_count: int | None = None) -> Plan:
    """Choose sheet or layer for every region.

    Args:
        scene: of even sizes (see Scene.scaled_to).
        frame_count: frames of the video; by default 24 a second.
    """
    count = frame_count or max(2, round(scene.duration_s * 24))
    grid = Grid.over(scene.width_px, scene.height_px)
    masks = visible_masks(scene)
    moves = [displacements(region.path_px, count) for region in scene.regions]
    away = [grid.distance_to(mask) for mask in masks]
    swept = [swept_area(grid, *each) for each in zip(away, moves, strict=True)]
    static = np.zeros((grid.rows, grid.cols), np.bool_)
    if scene.static_mask is not None:
        static = grid.distance_to(scene.static_mask) <= 0.5
    parts = []
    for k, mask in enumerate(masks):
        others = np.logical_or.reduce([s for j, s in enumerate(swept) if j != k] or [np.zeros_like(static)])
        method, reason = _choose(grid, mask, moves[k], static & swept[k], others & swept[k])
        parts.append(RegionPlan(method=method, reason=reason, mask=mask, moves=moves[k], away=away[k]))
    return Plan(grid=grid, regions=tuple(parts), swept=np.logical_or.reduce([np.zeros_like(static), *swept]))


def visible_masks(scene: Scene) -> list[Mask]:
    """Each region's mask without what static or a later region covers."""
    covered = np.zeros(scene.image.shape[:2], np.bool_)
    if scene.static_mask is not None:
        covered = scene.static_mask.copy()
    masks = []
    for region in reversed(scene.regions):
        masks.append(region.mask & ~covered)
        covered = covered | region.mask
    return masks[::-1]


def swept_area(grid: Grid, away: Floats, moves: Points) -> Mask:
    """(rows, cols) True where the part is at any frame."""
    area = away <= 0.5
    last = moves[0]
    for move in moves[1:]:
        if np.hypot(*(move - last)) >= grid.cell / 2:
            area |= grid.shifted(away, (move[0], move[1])) <= 0.5
            last = move
    return area | (grid.shifted(away, (moves[-1][0], moves[-1][1])) <= 0.5)


def inner_radius(mask: Mask) -> float:
    """Radius in pixels of the largest disc inside the mask (it may hang over the frame)."""
    return float(cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5).max())


def _choose(grid: Grid, mask: Mask, moves: Points, on_static: Mask, on_others: Mask) -> tuple[Method, str]:
    if not mask.any():
        return Method.STILL, "The static mask or another painted part covers all of it."
    inner = inner_radius(mask) / grid.cell
    too_fast = longest_step(moves) / grid.cell > max(SMALL_PART_CELLS, inner)
    reasons_to_cut = (
        (on_static.any(), "Its way crosses the static area, so it slides behind what stays."),
        (on_others.any(), "Its way crosses another moving part, so it is cut out and slides past."),
        (inner < SMALL_PART_CELLS, "It is too thin to pull the picture along, so it is cut out."),
        (too_fast, "It moves too fast to pull the picture along, so it is cut out."),
        (extent(moves) > LONG_WAY_OF_WIDTH * grid.width, "It goes too far for the picture to stretch."),
    )
    for cut, reason in reasons_to_cut:
        if cut:
            return Method.LAYER, reason
    return Method.SHEET, "It pulls its surroundings along like a rubber sheet."
