"""Bring a picture into the proportions and the size that the service takes.

Frames are in `image_px` of the picture before: what a frame covers becomes the whole picture.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from PIL import Image

from kling.rules import MAX_ASPECT_RATIO, MIN_IMAGE_SIDE_PX
from studio.drawing.arrays import SizePx


class Fit(StrEnum):
    """The way in which a picture that is too long becomes shorter."""

    CROP = "crop"
    """As much of it is kept as the limit allows."""
    PAD = "pad"
    """All of it is kept, between bars in the colour of its edges."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The part that becomes the whole picture; with bars it reaches beyond the picture before."""

    left_px: int
    top_px: int
    width_px: int
    height_px: int

    @property
    def size_px(self) -> SizePx:
        """(width, height)."""
        return self.width_px, self.height_px

    @property
    def box_px(self) -> tuple[int, int, int, int]:
        """(left, top, right, bottom), the last two exclusive."""
        return self.left_px, self.top_px, self.left_px + self.width_px, self.top_px + self.height_px


def is_too_long(size_px: SizePx) -> bool:
    """Whether the service refuses these proportions."""
    return max(size_px) > min(size_px) * MAX_ASPECT_RATIO


def fitted_size_px(size_px: SizePx, fit: Fit) -> SizePx:
    """The size after fitting: as much of the picture, or as little beside it, as the limit allows."""
    least, most = sorted(size_px)
    if fit is Fit.CROP:
        most = min(most, int(least * MAX_ASPECT_RATIO))
    else:
        least = max(least, math.ceil(most / MAX_ASPECT_RATIO))
    return (most, least) if size_px[0] >= size_px[1] else (least, most)


def frame_of(size_px: SizePx, fit: Fit, middle_image_px: tuple[float, float]) -> Frame:
    """The frame of that size; cropped, its middle is as near as can be to the one given."""
    fitted = fitted_size_px(size_px, fit)
    left, top = (
        max(0, min(round(middle - after / 2), before - after)) if after <= before else (before - after) // 2
        for before, after, middle in zip(size_px, fitted, middle_image_px, strict=True)
    )
    return Frame(left_px=left, top_px=top, width_px=fitted[0], height_px=fitted[1])


def apply_frame(pixels: Image.Image, frame: Frame) -> Image.Image:
    """Cut a picture to its frame, or set it between bars where the frame reaches beyond."""
    if frame.width_px <= pixels.width and frame.height_px <= pixels.height:
        return pixels.crop(frame.box_px)
    padded = Image.new("RGB", frame.size_px, _edge_colour(pixels))
    padded.paste(pixels, (-frame.left_px, -frame.top_px))
    return padded


def enlarged_size_px(size_px: SizePx) -> SizePx:
    """The least size of these proportions that is large enough; itself when it is."""
    least = min(size_px)
    if least >= MIN_IMAGE_SIDE_PX:
        return size_px
    width, height = (side * MIN_IMAGE_SIDE_PX // least for side in size_px)
    return width, height


def _edge_colour(pixels: Image.Image) -> tuple[int, int, int]:
    """The mean colour along the two long edges, beside which the bars come."""
    edges = pixels if pixels.width > pixels.height else pixels.transpose(Image.Transpose.TRANSPOSE)
    rows = [edges.crop((0, y, edges.width, y + 1)) for y in (0, edges.height - 1)]
    red, green, blue = np.concatenate([np.asarray(row) for row in rows], axis=1).mean(axis=(0, 1))
    return round(float(red)), round(float(green)), round(float(blue))
