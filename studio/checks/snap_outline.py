"""Snap a rough outline to the object: the part's mask, moved to the picture's own edges nearby (GrabCut)."""

import cv2
import numpy as np

from studio.drawing.arrays import Bits, Pixels, SizePx
from studio.drawing.colour_fill import fill_strokes
from studio.drawing.model import Drawing, Layer, Stroke
from studio.drawing.rasterise import mask_image_px
from studio.kept_results import MB, kept
from studio.pictures.source_image import SourceImage
from studio.request.last_frame import decode_at_most

_WORKING_SIDE_PX = 400
_BAND_OF_SIDE = 0.05  # of the longer side: how far the outline may move
_ROUNDS = 3
_POINT_BYTES = 120  # of two numbers in a tuple


def snap_to_object(drawing: Drawing, layer: Layer, source: SourceImage) -> Drawing:
    """Replace a layer's paint by the object that it was painted over; as it is where none is found."""
    regions = drawing.regions(layer)
    snapped = _snapped(regions, drawing.canvas_size_px, source, layer)
    return drawing.replaced_layer(layer, (*snapped, *drawing.paths(layer))) if snapped else drawing


def _snapped_key(
    regions: tuple[Stroke, ...], canvas_size_px: SizePx, source: SourceImage, layer: Layer
) -> object:
    return regions, canvas_size_px, source.identity, layer


@kept(1 * MB, lambda made: _POINT_BYTES * sum(len(stroke.points_canvas_px) for stroke in made), _snapped_key)
def _snapped(
    regions: tuple[Stroke, ...], canvas_size_px: SizePx, source: SourceImage, layer: Layer
) -> tuple[Stroke, ...]:
    pixels = decode_at_most(source, _WORKING_SIDE_PX)
    size = (pixels.shape[1], pixels.shape[0])
    painted = mask_image_px(regions, canvas_size_px, size) > 0
    found = _object_in(pixels, painted)
    return fill_strokes(found.astype(np.uint8) * 255, layer, canvas_size_px) if found.any() else ()


def _object_in(pixels: Pixels, painted: Bits) -> Bits:
    """The object that a mask roughly covers; nothing where it is too thin to tell from its surroundings."""
    band_px = max(2, round(_BAND_OF_SIDE * max(pixels.shape)))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * band_px + 1, 2 * band_px + 1))
    rough = painted.astype(np.uint8)
    around, core = cv2.dilate(rough, disc), cv2.erode(rough, disc)
    labels = np.where(rough > 0, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    labels[around == 0] = cv2.GC_BGD
    labels[core > 0] = cv2.GC_FGD
    if not (labels == cv2.GC_BGD).any() or not painted.any():
        return np.zeros_like(painted)
    cv2.setRNGSeed(0)  # the same drawing snaps to the same outline
    models = np.zeros((1, 65), np.float64), np.zeros((1, 65), np.float64)
    bgr = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    cv2.grabCut(bgr, labels, None, *models, _ROUNDS, cv2.GC_INIT_WITH_MASK)  # type: ignore[call-overload]
    return np.isin(labels, (cv2.GC_FGD, cv2.GC_PR_FGD))
