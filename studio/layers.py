"""What a drawing holds, layer by layer, in figures for a person."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from studio.brush import mask_image_px
from studio.drawing import Drawing, Layer


@dataclass(frozen=True, kw_only=True)
class LayerSummary:
    """One layer that has strokes."""

    layer: Layer
    # 0..1 of the picture that is painted, at display resolution
    share: float
    # length of the newest path as a fraction of the picture's width; 0 without one
    path_share_of_width: float


def summaries(drawing: Drawing) -> tuple[LayerSummary, ...]:
    """The layers with strokes, static first."""
    return tuple(_summary(drawing, layer) for layer in Layer if drawing.of(layer))


def _summary(drawing: Drawing, layer: Layer) -> LayerSummary:
    size = drawing.canvas_size_px
    regions, paths = drawing.regions(layer), drawing.paths(layer)
    share = np.count_nonzero(mask_image_px(regions, size, size)) / (size[0] * size[1]) if regions else 0.0
    length_canvas_px = sum(math.dist(a, b) for a, b in pairwise(paths[-1].points_canvas_px)) if paths else 0.0
    return LayerSummary(
        layer=layer, share=float(share), path_share_of_width=length_canvas_px / drawing.canvas_width_px
    )
