"""Measure how good a rendered last frame is: rough outlines, large holes, moves that would not be seen.

A frame is as good as the outline: what belongs to a part and was not painted is bent or left behind. So the
outline is compared with the picture's edges. A hole behind a part that was cut out is filled from its
surroundings, which deceives nobody far from them. The thresholds agree with what a person said of the
labelled drawings in tests/support/labelled_frames.py.
"""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.drawing.arrays import Bits, Pixels, SizePx
from studio.drawing.model import Drawing, Layer, Stroke
from studio.drawing.rasterise import mask_image_px
from studio.kept_results import MB, kept
from studio.pictures.source_image import SourceImage
from studio.request.carriers import is_seen_to_move, moving_layers
from studio.request.last_frame import LastFrame, decode_at_most, render_last_frame

Field = NDArray[np.float32]

LEAST_ON_EDGES = 0.65
"""The share of an outline that lies on edges of the picture, below which it is rough."""
MOST_DEEP_SHARE = 0.005
"""The share of the picture that may be filled deep within a hole."""
_MEASURED_SIDE_PX = 640
_SOFTNESS_PX = 2.5  # of the measured picture: finer texture is no outline
_NEAR = 0.014  # of the longer side: how far an edge may lie from the outline
_AROUND = 0.03  # of the longer side: where a stronger edge is looked for
_AS_STRONG = 0.6  # as the strongest edge around
_FLAT = 0.25  # of CIELAB a pixel: where nothing is stronger, no outline can be wrong
_DEEP_OF_SIDE = 0.05  # of the longer side, from the nearest pixel that is known


class FrameFlaw(StrEnum):
    """A flaw of one part of a last frame."""

    ROUGH_OUTLINE = "rough outline"
    """The outline does not follow the object: the rest of it is bent or left behind."""
    LARGE_HOLE = "large hole"
    """More is uncovered than the surroundings can fill."""
    TOO_SHORT = "too short"
    """The part ends so near to its start that a last frame does not show it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class FrameWarning:
    """One flaw of one part.

    Attributes:
        flaw: see FrameFlaw.
        layer: of the part.
        value: the share that was measured: of the outline on edges, of the picture deep in a hole; 0 else.
        where: (height, width) True at the place, of the picture's proportions and any size.
    """

    flaw: FrameFlaw
    layer: Layer
    value: float
    where: Bits


def frame_warnings(drawing: Drawing, source: SourceImage) -> tuple[FrameWarning, ...]:
    """Measure the last frame of a drawing; cached, since every rerun asks."""
    return _measured(drawing.strokes, drawing.canvas_size_px, source)


@dataclass(frozen=True, kw_only=True, eq=False)
class Edges:
    """The edges of a picture, in CIELAB a pixel; each field (H, W).

    Attributes:
        across: the strongest gradient's part to the right.
        down: its part downwards.
        around: the strongest gradient near each pixel.
    """

    across: Field
    down: Field
    around: Field

    @property
    def size_bytes(self) -> int:
        """Bytes that they take in memory."""
        return self.across.nbytes + self.down.nbytes + self.around.nbytes


def find_edges(pixels: Pixels) -> Edges:
    """The edges of a picture, (H, W, 3) RGB, about 640 px on the longer side."""
    lab = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    soft = cv2.GaussianBlur(lab, (0, 0), _SOFTNESS_PX)
    both = [cv2.Sobel(soft, cv2.CV_32F, *axes) / 8 for axes in ((1, 0), (0, 1))]
    strongest = (both[0] ** 2 + both[1] ** 2).argmax(axis=2)[..., None]
    across, down = (np.asarray(np.take_along_axis(each, strongest, 2)[..., 0], np.float32) for each in both)
    return Edges(across=across, down=down, around=_greatest(np.hypot(across, down), _AROUND))


def outline_on_edges(mask: Bits, edges: Edges) -> tuple[float, Bits]:
    """The share of a mask's outline that lies on edges of the picture, and where it does not.

    Args:
        mask: (H, W), at least one pixel.
        edges: of a picture of that size.
    """
    right, below = _outward(mask)
    along = np.abs(edges.across * right + edges.down * below)
    outline = _outline(mask)
    fits = (_greatest(along, _NEAR) >= _AS_STRONG * edges.around) | (edges.around < _FLAT)
    if not outline.any():
        return 1.0, outline
    return float(fits[outline].mean()), outline & ~fits


def deep_in_hole(uncovered: Bits) -> Bits:
    """The uncovered pixels that are far from every pixel that is known."""
    away = cv2.distanceTransform(uncovered.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
    return np.asarray(away > _DEEP_OF_SIDE * max(uncovered.shape))


def _measured_key(strokes: tuple[Stroke, ...], canvas_size_px: SizePx, source: SourceImage) -> object:
    return strokes, canvas_size_px, source.identity


@kept(8 * MB, lambda found: sum(warning.where.nbytes for warning in found), _measured_key)
def _measured(
    strokes: tuple[Stroke, ...], canvas_size_px: SizePx, source: SourceImage
) -> tuple[FrameWarning, ...]:
    drawing = Drawing(canvas_width_px=canvas_size_px[0], canvas_height_px=canvas_size_px[1], strokes=strokes)
    frame = render_last_frame(drawing, source, quick=True)
    if frame is None:
        return ()
    edges = _edges_of(source)
    rough = [_rough_outline(drawing, layer, edges) for layer in moving_layers(drawing)]
    found = (*rough, _large_hole(frame), *(_too_short(drawing, layer) for layer in moving_layers(drawing)))
    return tuple(warning for warning in found if warning)


@kept(16 * MB, lambda edges: edges.size_bytes, lambda source: source.identity)
def _edges_of(source: SourceImage) -> Edges:
    """The edges of a picture, kept: no stroke changes them, and they take most of the time."""
    return find_edges(decode_at_most(source, _MEASURED_SIDE_PX))


def _rough_outline(drawing: Drawing, layer: Layer, edges: Edges) -> FrameWarning | None:
    size = (edges.around.shape[1], edges.around.shape[0])
    mask = mask_image_px(drawing.regions(layer), drawing.canvas_size_px, size) > 0
    share, where = outline_on_edges(mask, edges)
    if share >= LEAST_ON_EDGES or not is_seen_to_move(drawing, layer):
        return None
    return FrameWarning(flaw=FrameFlaw.ROUGH_OUTLINE, layer=layer, value=share, where=where)


def _large_hole(frame: LastFrame) -> FrameWarning | None:
    deep = deep_in_hole(frame.uncovered)
    share = float(deep.mean())
    if share <= MOST_DEEP_SHARE:
        return None
    return FrameWarning(flaw=FrameFlaw.LARGE_HOLE, layer=frame.cut_out[0], value=share, where=deep)


def _too_short(drawing: Drawing, layer: Layer) -> FrameWarning | None:
    if is_seen_to_move(drawing, layer):
        return None
    painted = mask_image_px(drawing.regions(layer), drawing.canvas_size_px, drawing.canvas_size_px) > 0
    return FrameWarning(flaw=FrameFlaw.TOO_SHORT, layer=layer, value=0.0, where=painted)


def _outward(mask: Bits) -> tuple[Field, Field]:
    """The direction away from the mask at every pixel, of length 1."""
    outside, inside = (
        cv2.distanceTransform(each.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5) for each in (~mask, mask)
    )
    away = cv2.GaussianBlur(outside - inside, (0, 0), 2)
    right, below = (cv2.Sobel(away, cv2.CV_32F, *axes) for axes in ((1, 0), (0, 1)))
    length = np.maximum(np.hypot(right, below), 1e-6)
    return np.asarray(right / length, np.float32), np.asarray(below / length, np.float32)


def _outline(mask: Bits) -> Bits:
    """The mask's outermost pixels, but for those at the sides of the picture."""
    inner = cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    outline = mask & ~inner
    outline[:4] = outline[-4:] = False
    outline[:, :4] = outline[:, -4:] = False
    return np.asarray(outline)


def _greatest(field: Field, radius_of_side: float) -> Field:
    radius_px = round(radius_of_side * max(field.shape))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius_px + 1, 2 * radius_px + 1))
    return np.asarray(cv2.dilate(field, disc), np.float32)
