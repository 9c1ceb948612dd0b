"""The area that each layer covers, at the canvas's own size: enough to judge by, cheap at every rerun."""

from dataclasses import dataclass

import cv2
import numpy as np

from studio.drawing.arrays import Bits, SizePx
from studio.drawing.model import Drawing, Layer, Stroke
from studio.drawing.rasterise import mask_image_px
from studio.kept_results import MB, kept

SPECK_SHARE = 0.0002
"""A part smaller than this share of the picture is a speck: at 1280×720 some 14 × 14 pixels, fewer than
two on a side of the 8-pixel cells in which video models see. Nobody paints so small a thing to move it."""
_KEPT_BYTES = 12 * MB  # a mask at 720×480 has 0.35 MB: seven layers of a few people


@dataclass(frozen=True, kw_only=True, eq=False)
class LayerMask:
    """The pixels that one layer paints, shape (canvas height, canvas width); not to be written to."""

    painted: Bits
    # 0..1 of the picture
    share: float
    # parts below SPECK_SHARE
    specks: Bits
    speck_count: int

    @property
    def is_only_specks(self) -> bool:
        """Whether nothing larger is painted."""
        return self.speck_count > 0 and np.array_equal(self.specks, self.painted)


def layer_mask(drawing: Drawing, layer: Layer) -> LayerMask:
    """The area that a layer covers; cached by its strokes, so that only a changed layer costs."""
    return _mask(drawing.regions(layer), drawing.canvas_size_px)


@kept(_KEPT_BYTES, lambda mask: mask.painted.nbytes * (2 if mask.speck_count else 1))
def _mask(regions: tuple[Stroke, ...], size_px: SizePx) -> LayerMask:
    painted = mask_image_px(regions, size_px, size_px) > 0
    specks, count = specks_of(painted)
    return LayerMask(painted=painted, share=float(painted.mean()), specks=specks, speck_count=count)


def specks_of(painted: Bits) -> tuple[Bits, int]:
    """The connected parts (corners connect) that are too small, and how many they are."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(painted.astype(np.uint8), connectivity=8)
    small = stats[:, cv2.CC_STAT_AREA] < SPECK_SHARE * painted.size
    small[0] = False  # the part that is not painted
    if not small.any():
        return np.broadcast_to(np.False_, painted.shape), 0  # in no memory
    specks: Bits = small[labels]
    return specks, int(small.sum())
