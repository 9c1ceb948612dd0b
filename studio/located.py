"""Findings that know their layers and where on the picture they are."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kling import Finding
from studio.drawing import Layer, PointCanvasPx

Bits = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a finding is, at the canvas's own size: some pixels, some points, or both."""

    # shape (canvas height, canvas width)
    mask: Bits | None = None
    # a path, or the part of one that matters
    points_canvas_px: tuple[PointCanvasPx, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Located(Finding):
    """A finding on what is drawn; two are equal whatever their places."""

    # the layers it is about; the one that a repair changes first
    layers: tuple[Layer, ...]
    place: Place | None = field(default=None, compare=False, repr=False)
