"""Changes that fix a drawing: pure, of one layer only, and none where there is nothing to fix."""

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np

from kling.rules import MAX_TRAJECTORY_POINTS
from studio.checks.drawing_checks import MIN_EXTENT_SHARE, MIN_OVERLAP_SHARE, extent_share, overlap_share
from studio.drawing.arrays import Bits, Floats, SizePx
from studio.drawing.colour_fill import fill_strokes
from studio.drawing.coverage import layer_mask, specks_of
from studio.drawing.frames import points_canvas_px
from studio.drawing.model import Drawing, Layer, PointCanvasPx, Stroke, StrokeKind
from studio.drawing.rasterise import mask_image_px
from studio.drawing.trajectories import resample_path

STRETCHED_EXTENT_SHARE = 0.1
"""Extent of a lengthened path, of the picture's longer side: a motion that one sees."""
_INSIDE_CANVAS_PX = 3.0  # how deep in its mask a moved path starts, where the mask is that wide
_ERASER_CANVAS_PX = 3.0  # led through every pixel of a speck it takes the softer rim as well
_FINE = 2  # masks that become outlines are made at this multiple of the canvas
_ALMOST = 1 - 1e-9  # of a side: the last pixel still, whatever the scale to the picture
_THIN_AT = 16  # fractions of a canvas pixel that a thinned path keeps

PathShape = Callable[[Floats, Drawing], Floats]


def make_static(drawing: Drawing, layer: Layer) -> Drawing:
    """Move the paint of a layer to the static layer, and drop its paths."""
    regions = drawing.regions(layer)
    if any(stroke.kind is StrokeKind.ERASE for stroke in regions):  # it must not erase there
        regions = _areas(_fine_mask(drawing, layer), drawing, layer)
    freed = drawing.without_layer(layer)
    return freed.replaced_layer(Layer.STATIC, (*freed.of(Layer.STATIC), *regions)) if regions else drawing


def keep_newest_path(drawing: Drawing, layer: Layer) -> Drawing:
    """Drop the earlier paths of a layer."""
    newest = drawing.paths(layer)[-1:]
    kept = (stroke for stroke in drawing.of(layer) if not stroke.is_path or stroke is newest[0])
    return drawing.replaced_layer(layer, tuple(kept)) if newest else drawing


def reshape_path(drawing: Drawing, layer: Layer, shape: PathShape) -> Drawing:
    """Give the newest path of a layer other points."""
    if not drawing.paths(layer):
        return drawing
    path = drawing.paths(layer)[-1]
    points = tuple((float(x), float(y)) for x, y in shape(points_canvas_px(path), drawing))
    fixed = replace(path, points_canvas_px=points)
    return drawing.replaced_layer(layer, tuple(fixed if s is path else s for s in drawing.of(layer)))


def clip_path(points: Floats, drawing: Drawing) -> Floats:
    """Lead a path along the picture's edge instead of beyond."""
    return np.clip(points, 0.0, np.asarray(drawing.canvas_size_px) * _ALMOST)


def move_path_in(points: Floats, drawing: Drawing) -> Floats:
    """Shift a path as little as possible into the picture, keeping its shape where it fits."""
    most = np.asarray(drawing.canvas_size_px) * _ALMOST
    shift = np.maximum(0.0, -points.min(axis=0)) - np.maximum(0.0, points.max(axis=0) - most)
    return clip_path(points + shift, drawing)


def stretch_path(points: Floats, drawing: Drawing) -> Floats:
    """Enlarge a path about its start so that the motion shows, within the picture."""
    share = extent_share([(float(x), float(y)) for x, y in points], drawing)
    if not 0 < share < MIN_EXTENT_SHARE:
        return points
    return clip_path(points[0] + (points - points[0]) * (STRETCHED_EXTENT_SHARE / share), drawing)


def thin_path(points: Floats, _: Drawing) -> Floats:
    """Reduce a path to at most 77 points, ends and corners kept."""
    if len(points) <= MAX_TRAJECTORY_POINTS:
        return points
    return (resample_path(points * _THIN_AT) + 0.5) / _THIN_AT


def start_path_inside(layer: Layer) -> PathShape:
    """The shift that starts a path in the layer's paint, at the nearest place a little from the rim."""

    def shape(points: Floats, drawing: Drawing) -> Floats:
        painted = layer_mask(drawing, layer).painted
        column, row = np.clip(np.floor(points[0]).astype(int), 0, np.array(painted.shape[::-1]) - 1)
        if not painted.any() or painted[row, column]:
            return points
        return clip_path(points + _nearest_inside(painted, points[0]) - points[0], drawing)

    return shape


def _nearest_inside(painted: Bits, point: Floats) -> Floats:
    depth = cv2.distanceTransform(painted.astype(np.uint8), cv2.DIST_L2, 3)
    rows, columns = np.nonzero(depth >= min(_INSIDE_CANVAS_PX, float(depth.max())))
    centres = np.stack((columns, rows), axis=1) + 0.5
    nearest: Floats = centres[np.hypot(*(centres - point).T).argmin()]
    return nearest


def drop_specks(drawing: Drawing, layer: Layer) -> Drawing:
    """Drop strokes that make nothing but specks, and erase the specks that are left."""
    found = layer_mask(drawing, layer)
    if not found.speck_count or found.is_only_specks:
        return drawing
    kept = tuple(s for s in drawing.of(layer) if not _is_only_in(s, found.specks, drawing.canvas_size_px))
    fixed = drawing.replaced_layer(layer, kept)
    left = layer_mask(fixed, layer).specks
    return fixed.replaced_layer(layer, (*kept, *_erasers(left, layer))) if left.any() else fixed


def _is_only_in(stroke: Stroke, specks: Bits, size_px: SizePx) -> bool:
    """Whether a stroke paints something, and all of it within specks."""
    if stroke.is_path or stroke.kind is StrokeKind.ERASE:
        return False
    painted = mask_image_px((stroke,), size_px, size_px) > 0
    return bool(painted.any()) and not (painted & ~specks).any()


def _erasers(specks: Bits, layer: Layer) -> list[Stroke]:
    """A fine eraser led through the pixels of each speck, row by row."""
    count, labels = cv2.connectedComponents(specks.astype(np.uint8), connectivity=8)
    return [
        Stroke(
            layer=layer,
            kind=StrokeKind.ERASE,
            points_canvas_px=_centres(labels == speck),
            width_canvas_px=_ERASER_CANVAS_PX,
        )
        for speck in range(1, count)
    ]


def _centres(pixels: Bits) -> tuple[PointCanvasPx, ...]:
    return tuple((float(column) + 0.5, float(row) + 0.5) for row, column in np.argwhere(pixels))


def take_overlap_out(drawing: Drawing, loser: Layer, keeper: Layer) -> Drawing:
    """Leave the overlap of two layers to one; the other's region becomes outlines."""
    if overlap_share(layer_mask(drawing, loser), layer_mask(drawing, keeper)) <= MIN_OVERLAP_SHARE:
        return drawing
    kept = cv2.dilate(_fine_mask(drawing, keeper), np.ones((5, 5), np.uint8))
    rest = np.where(kept > 0, np.uint8(0), _fine_mask(drawing, loser))
    slivers, _ = specks_of(rest > 0)
    rest[slivers] = 0
    fixed = drawing.replaced_layer(loser, (*_areas(rest, drawing, loser), *drawing.paths(loser)))
    return drop_specks(fixed, loser)


def _fine_mask(drawing: Drawing, layer: Layer) -> cv2.typing.MatLike:
    width, height = drawing.canvas_size_px
    return mask_image_px(drawing.regions(layer), (width, height), (width * _FINE, height * _FINE))


def _areas(mask: cv2.typing.MatLike, drawing: Drawing, layer: Layer) -> tuple[Stroke, ...]:
    return fill_strokes(np.asarray(mask, np.uint8), layer, drawing.canvas_size_px)
