"""The layers of a drawing: their figures, their order in the list, hidden ones, thumbnails."""

import io
import math
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from PIL import Image

from studio.drawing import marking
from studio.drawing.arrays import Pixels, Rgb, SizePx
from studio.drawing.model import MOTION_LAYERS, Drawing, Layer, PointCanvasPx, Stroke, StrokeKind
from studio.drawing.rasterise import mask_image_px
from studio.kept_results import MB, kept, text_key

THUMBNAIL_SIDE_PX = 128
"""The longer side of a layer's small picture: 64 on the page, twice that on a fine screen."""
_PATH_WIDTH_CANVAS_PX = 4.0
_TINT = 0.65  # at the size of a stamp a layer must speak louder than the photograph


@dataclass(frozen=True, kw_only=True)
class LayerSummary:
    """Figures of one layer."""

    layer: Layer
    # 0..1 of the picture that is painted, at display resolution
    share: float
    # length of the newest path as a fraction of the picture's width; 0 without one
    path_share_of_width: float


def layer_summary(drawing: Drawing, layer: Layer) -> LayerSummary:
    """The figures of one layer, zero where there is nothing."""
    share = _share(drawing.regions(layer), drawing.canvas_size_px)
    points = newest_path(drawing, layer)
    length_canvas_px = sum(math.dist(a, b) for a, b in pairwise(points))
    return LayerSummary(
        layer=layer, share=share, path_share_of_width=length_canvas_px / drawing.canvas_width_px
    )


def listed_layers(drawing: Drawing, chosen: Layer) -> tuple[Layer, ...]:
    """The layers to show: static, and the motion layers up to the last one in use or chosen, at least one."""
    last = max((*drawing.layers_used, chosen, Layer.MOTION_1))
    return tuple(layer for layer in Layer if layer <= last)


def next_free_layer(drawing: Drawing, chosen: Layer) -> Layer | None:
    """The first empty motion layer after the chosen one, else before it; None when all six are in use."""
    after = [layer for layer in MOTION_LAYERS if layer > chosen]
    before = [layer for layer in MOTION_LAYERS if layer < chosen]
    return next((layer for layer in (*after, *before) if not drawing.of(layer)), None)


def without_hidden(drawing: Drawing, hidden: frozenset[Layer]) -> Drawing:
    """The drawing without its hidden layers."""
    return replace(drawing, strokes=tuple(stroke for stroke in drawing.strokes if stroke.layer not in hidden))


def with_visible(drawing: Drawing, hidden: frozenset[Layer], strokes: tuple[Stroke, ...]) -> Drawing:
    """The drawing with all visible strokes replaced by these; hidden ones are kept."""
    kept = tuple(stroke for stroke in drawing.strokes if stroke.layer in hidden)
    return replace(drawing, strokes=kept + strokes)


def with_strokes(drawing: Drawing, *strokes: Stroke) -> Drawing:
    """The drawing with these strokes as the newest."""
    return replace(drawing, strokes=drawing.strokes + strokes)


def newest_path(drawing: Drawing, layer: Layer) -> tuple[PointCanvasPx, ...]:
    """The points of the trajectory that is sent; none without one."""
    paths = drawing.paths(layer)
    return paths[-1].points_canvas_px if paths else ()


def with_path(drawing: Drawing, layer: Layer, points: tuple[PointCanvasPx, ...]) -> Drawing:
    """The drawing with these points as the layer's only trajectory; without points with none."""
    kept = drawing.regions(layer)
    if not points:
        return drawing.replaced_layer(layer, kept)
    path = Stroke(
        layer=layer, kind=StrokeKind.PATH, points_canvas_px=points, width_canvas_px=_PATH_WIDTH_CANVAS_PX
    )
    return drawing.replaced_layer(layer, (*kept, path))


def middle_canvas_px(drawing: Drawing, layer: Layer) -> PointCanvasPx:
    """The middle of what is painted on a layer; the picture's own where nothing is."""
    width, height = drawing.canvas_size_px
    ys, xs = np.nonzero(mask_image_px(drawing.regions(layer), drawing.canvas_size_px, (width, height)))
    return (float(xs.mean()) + 0.5, float(ys.mean()) + 0.5) if len(xs) else (width / 2, height / 2)


def _thumbnail_key(
    picture_jpeg: bytes, strokes: tuple[Stroke, ...], canvas_size_px: SizePx, colour: Rgb
) -> object:
    return text_key(picture_jpeg), strokes, canvas_size_px, colour


@kept(2 * MB, len, _thumbnail_key)
def thumbnail_jpeg(
    picture_jpeg: bytes, strokes: tuple[Stroke, ...], canvas_size_px: SizePx, colour: Rgb
) -> bytes:
    """A small picture of one layer, its paint and its path over the photograph; cached."""
    pixels = _small(picture_jpeg).copy()
    size_px = (pixels.shape[1], pixels.shape[0])
    painted = mask_image_px(strokes, canvas_size_px, size_px) > 0
    marking.tint(pixels, painted, colour, _TINT)
    scale = np.array(size_px) / canvas_size_px
    for path in [stroke for stroke in strokes if stroke.is_path][-1:]:
        points = marking.pixel_points(np.array(path.points_canvas_px) * scale)
        marking.draw_path(pixels, points, colour, dot_px=3, dot_at=-1)
    return marking.encode_jpeg(pixels)


def _share(regions: tuple[Stroke, ...], size_px: SizePx) -> float:
    if not regions:
        return 0.0
    return float(np.count_nonzero(mask_image_px(regions, size_px, size_px)) / (size_px[0] * size_px[1]))


@kept(2 * MB, lambda pixels: pixels.nbytes, text_key)
def _small(picture_jpeg: bytes) -> Pixels:
    """The photograph, paler, so that the layer's colour stands out."""
    image = Image.open(io.BytesIO(picture_jpeg)).convert("RGB")
    image.thumbnail((THUMBNAIL_SIDE_PX, THUMBNAIL_SIDE_PX))
    return (np.asarray(image) * 0.75 + 255 * 0.25).astype(np.uint8)
