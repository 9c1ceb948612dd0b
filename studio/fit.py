"""Bringing a picture into the proportions that the service takes: cut off at the ends, or bars added."""

from enum import StrEnum

import numpy as np
from PIL import Image

from studio.uploads import MAX_RATIO

SizePx = tuple[int, int]


class Fit(StrEnum):
    """How a picture that is too long becomes shorter."""

    CROP = "crop"
    """Its middle is kept."""
    PAD = "pad"
    """All of it is kept, between bars in the colour of its edges."""


def is_too_long(size_px: SizePx) -> bool:
    """Whether the service refuses these proportions."""
    long, short = MAX_RATIO
    return max(size_px) * short > min(size_px) * long


def fitted_size_px(size_px: SizePx, fit: Fit) -> SizePx:
    """The size after fitting: as much of the picture, or as little beside it, as the limit allows."""
    long, short = MAX_RATIO
    least, most = sorted(size_px)
    if fit is Fit.CROP:
        most = min(most, least * long // short)
    else:
        least = max(least, -(-most * short // long))
    return (most, least) if size_px[0] >= size_px[1] else (least, most)


def fitted(pixels: Image.Image, fit: Fit) -> Image.Image:
    """The picture in a size that is allowed; a new image where anything changes."""
    size = fitted_size_px(pixels.size, fit)
    left, top = ((now - then) // 2 for now, then in zip(pixels.size, size, strict=True))
    if fit is Fit.CROP:
        return pixels.crop((left, top, left + size[0], top + size[1]))
    padded = Image.new("RGB", size, _edge_colour(pixels))
    padded.paste(pixels, (-left, -top))
    return padded


def _edge_colour(pixels: Image.Image) -> tuple[int, int, int]:
    """The mean colour along the two long edges, beside which the bars come."""
    edges = pixels if pixels.width > pixels.height else pixels.transpose(Image.Transpose.TRANSPOSE)
    rows = [edges.crop((0, y, edges.width, y + 1)) for y in (0, edges.height - 1)]
    red, green, blue = np.concatenate([np.asarray(row) for row in rows], axis=1).mean(axis=(0, 1))
    return round(float(red)), round(float(green)), round(float(blue))
