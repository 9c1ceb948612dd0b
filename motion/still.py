"""The last frame of a scene at the picture's own size: every part has arrived, everything else is untouched.

Planned and pulled at no more than 1280 px, as a video is, so that a still and a video agree on the method;
drawn in RGB at full size, so that what did not move is the picture's own pixels.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from motion.arrays import Bytes, Floats, Mask, Points, floats, pixels
from motion.fill import fill
from motion.grid import UNMOVED_PX, Box
from motion.layer import feather_px
from motion.plan import Method, Plan, plan, visible_masks
from motion.scene import Scene, resized
from motion.sheet import Sheet

PLANNED_SIDE_PX = 1280
FRAMES_A_STEP = 4
"""A still needs the end of the way and not each frame of it: thirty steps follow any bend."""
FILLED_PIXELS = 250_000
"""Pixels of a hole that are filled at full sharpness; a larger one is filled smaller and enlarged."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Still:
    """A last frame and how it came about.

    Attributes:
        image: (H, W, 3) uint8 RGB, of the scene's size.
        methods: how each region was moved, in their order.
        uncovered: (H, W) True where a part was cut out and nothing lies there now but the filling.
    """

    image: Bytes
    methods: tuple[Method, ...]
    uncovered: Mask


def last_frame(scene: Scene, frame_count: int = 120) -> Still:
    """Draw the last frame of a scene with regions.

    Args:
        scene: of any size of at least 16 px a side; its tail is not looked at.
        frame_count: of the video that it would be the end of; a part that is too fast for it is cut out.
    """
    small = scene.scaled_to(PLANNED_SIDE_PX, PLANNED_SIDE_PX)
    motion = plan(small, frame_count)
    masks = visible_masks(scene)
    cut_out = [k for k, part in enumerate(motion.regions) if part.method is Method.LAYER and masks[k].any()]
    picture, uncovered = _plate(scene, [masks[k] for k in cut_out])
    picture = _pulled(picture, motion, small, frame_count)
    for k in cut_out:
        _lay(scene.image, masks[k], _move_px(scene, k), picture)
        uncovered &= ~_moved(masks[k], _move_px(scene, k))
    if scene.static_mask is not None:
        cv2.copyTo(scene.image, scene.static_mask.astype(np.uint8), picture)
        uncovered &= ~scene.static_mask
    return Still(image=picture, methods=tuple(part.method for part in motion.regions), uncovered=uncovered)


def _move_px(scene: Scene, region: int) -> Points:
    path = scene.regions[region].path_px
    return np.asarray(path[-1] - path[0])


def _pulled(picture: Bytes, motion: Plan, small: Scene, frame_count: int) -> Bytes:
    """The picture as the rubber sheet shows it at the end."""
    sheet = Sheet(motion, small.static_mask)
    for frame in range(frame_count - 1, 0, -FRAMES_A_STEP)[::-1]:
        sheet.advance(frame)
    x, y = cv2.split(np.abs(sheet.map))
    box = Box.around(np.asarray(cv2.max(x, y)) > UNMOVED_PX)
    if box is None:
        return picture
    return _warped(picture, sheet.map, box, motion.grid.cell, (small.width_px, small.height_px))


def _warped(picture: Bytes, moved: Floats, box: Box, cell: int, planned_size_px: tuple[int, int]) -> Bytes:
    """The picture read through a map of displacements, (rows, cols, 2), in pixels of the planned size."""
    height, width = picture.shape[:2]
    scale = np.array([width / planned_size_px[0], height / planned_size_px[1]], np.float32)
    left, right = (min(width, round(at * cell * float(scale[0]))) for at in (box.left, box.right))
    top, bottom = (min(height, round(at * cell * float(scale[1]))) for at in (box.top, box.bottom))
    part = moved[box.top : box.bottom, box.left : box.right] * scale
    places = floats(cv2.resize(part, (right - left, bottom - top), interpolation=cv2.INTER_LINEAR))
    still = (np.abs(places) <= UNMOVED_PX).all(axis=2)
    places[..., 0] += np.arange(left, right, dtype=np.float32)
    places[..., 1] += np.arange(top, bottom, dtype=np.float32)[:, None]
    read = cv2.remap(picture, places, None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)  # type: ignore[call-overload]
    result = picture.copy()
    under = result[top:bottom, left:right]
    under[~still] = read[~still]
    return result


def _plate(scene: Scene, cut_out: list[Mask]) -> tuple[Bytes, Mask]:
    """The picture with the holes of the cut-outs filled, and where the holes are."""
    result = scene.image.copy()
    if not cut_out:
        return result, np.zeros(scene.image.shape[:2], np.bool_)
    parts = np.logical_or.reduce(cut_out)
    rim_px = 4 * feather_px(scene.width_px, scene.height_px)
    around = _bounds(parts, round(2 * rim_px))
    away = cv2.distanceTransform((~parts[around]).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
    hole = np.zeros_like(parts)
    hole[around] = away <= rim_px
    share = floats(cv2.GaussianBlur(hole[around].astype(np.float32), (0, 0), rim_px / 4))[..., None]
    mixed = result[around].astype(np.float32)
    mixed += (_filled(scene.image, hole, around) - mixed) * share
    result[around] = np.rint(mixed).astype(np.uint8)
    return result, parts


def _filled(image: Bytes, hole: Mask, around: tuple[slice, slice]) -> Bytes:
    """The part of the picture around a filled hole, of which no more than FILLED_PIXELS are searched for."""
    height, width = (each.stop - each.start for each in around)
    context = _bounds(hole, max(height, width))
    factor = min(1.0, (FILLED_PIXELS / max(1, int(hole.sum()))) ** 0.5)
    picture, holes = image[context], hole[context]
    if factor < 1:
        size = (round(holes.shape[1] * factor), round(holes.shape[0] * factor))
        share = cv2.resize(holes.astype(np.float32), size, interpolation=cv2.INTER_AREA)
        picture, holes = resized(picture, size), np.asarray(share > 0)
    filled = fill(np.ascontiguousarray(picture), np.ascontiguousarray(holes))
    top, left = ((part.start - outer.start) * factor for part, outer in zip(around, context, strict=True))
    rows = slice(round(top), round(top + height * factor))
    columns = slice(round(left), round(left + width * factor))
    return resized(filled[rows, columns], (width, height))


def _lay(image: Bytes, mask: Mask, move_px: Points, target: Bytes) -> None:
    """Lay a part with a soft edge over the target where it has arrived."""
    soft = feather_px(image.shape[1], image.shape[0])
    around = _bounds(mask, round(4 * soft))
    alpha = floats(cv2.GaussianBlur(mask[around].astype(np.float32), (0, 0), soft))
    colour = image[around] * alpha[..., None]
    x, y = np.floor(move_px).astype(int)
    shift = np.array([[1, 0, move_px[0] - x], [0, 1, move_px[1] - y]], np.float64)
    size = (alpha.shape[1] + 1, alpha.shape[0] + 1)
    alpha, colour = (floats(cv2.warpAffine(each, shift, size)) for each in (alpha, colour))
    inside, there = _overlap(target.shape[:2], around[0].start + y, around[1].start + x, size)
    under = target[there]
    mixed = under * (1 - alpha[inside][..., None]) + colour[inside]
    under[:] = pixels(np.rint(mixed).astype(np.uint8))


def _overlap(
    shape: tuple[int, ...], top: int, left: int, size: tuple[int, int]
) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """The rows and columns of a patch that lie in a picture of that shape, in the patch's and in its own."""
    rows = slice(max(0, top), max(0, min(shape[0], top + size[1])))
    columns = slice(max(0, left), max(0, min(shape[1], left + size[0])))
    inside = (slice(rows.start - top, rows.stop - top), slice(columns.start - left, columns.stop - left))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return (slice(0, 0), slice(0, 0)), (slice(0, 0), slice(0, 0))
    return inside, (rows, columns)


def _moved(mask: Mask, move_px: Points) -> Mask:
    """The mask where it has arrived, to the nearest pixel."""
    x, y = np.rint(move_px).astype(int)
    result = np.zeros_like(mask)
    inside, there = _overlap(mask.shape, int(y), int(x), (mask.shape[1], mask.shape[0]))
    result[there] = mask[inside]
    return result


def _bounds(mask: Mask, rim_px: int) -> tuple[slice, slice]:
    """The rows and columns of a mask with a rim around it, within the picture."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return (
        slice(max(0, int(rows[0]) - rim_px), min(mask.shape[0], int(rows[-1]) + rim_px + 1)),
        slice(max(0, int(columns[0]) - rim_px), min(mask.shape[1], int(columns[-1]) + rim_px + 1)),
    )
