"""Sprites: small drawings that are prepared once and drawn on many frames."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from motion import I420
from studio.drawing.arrays import Grey, Rgb

_Values = NDArray[np.float32]


class Sprite:
    """Flat colours over each other, ready for a frame's planes."""

    def __init__(self, *paints: tuple[Grey, Rgb, float]) -> None:
        """Mix the colours, the later over the earlier: coverage, colour and opacity 0..1 of each.

        All are of one even size; (0, 0) is the sprite's top left.
        """
        levels = [(_levels(colour), opacity) for _, colour, opacity in paints]
        fine = [coverage for coverage, *_ in paints]
        half = [_halved(coverage) for coverage in fine]
        self._planes = [
            _PlaneSprite.mixed(coverages, [(float(level[number]), opacity) for level, opacity in levels])
            for number, coverages in enumerate((fine, half, half))
        ]

    def draw_on(self, frame: I420, x: float = 0.0, y: float = 0.0) -> None:
        """Draw it with its top left at x, y, to the nearest whole pixel; an overhang is cut off."""
        for number, (sprite, plane) in enumerate(zip(self._planes, frame.planes, strict=True)):
            scale = 1 if number == 0 else 2
            sprite.draw_on(plane, round(x / scale), round(y / scale))


@dataclass(frozen=True, kw_only=True, eq=False)
class _PlaneSprite:
    """The covered pixels of one plane: plane ← plane · keep + add."""

    rows: NDArray[np.intp]
    cols: NDArray[np.intp]
    keep: _Values
    add: _Values

    @classmethod
    def mixed(cls, coverages: Sequence[Grey], paints: Sequence[tuple[float, float]]) -> "_PlaneSprite":
        """One plane of it, from each colour's coverage and (level, opacity)."""
        rows, cols = np.nonzero(np.maximum.reduce(coverages))
        keep, add = np.ones(len(rows), np.float32), np.zeros(len(rows), np.float32)
        for coverage, (level, opacity) in zip(coverages, paints, strict=True):
            alpha = coverage[rows, cols] * np.float32(opacity / 255)
            keep *= 1 - alpha
            add += alpha * (np.float32(level) - add)
        return cls(rows=rows, cols=cols, keep=keep, add=add + np.float32(0.5))  # to round

    def draw_on(self, plane: Grey, x: int, y: int) -> None:
        rows, cols, keep, add = self.rows + y, self.cols + x, self.keep, self.add
        inside = (rows >= 0) & (cols >= 0) & (rows < plane.shape[0]) & (cols < plane.shape[1])
        if not inside.all():
            rows, cols, keep, add = rows[inside], cols[inside], keep[inside], add[inside]
        plane[rows, cols] = (plane[rows, cols] * keep + add).astype(np.uint8)


def _levels(rgb: Rgb) -> tuple[int, int, int]:
    """A colour's Y, U and V as the video stores them."""
    y, u, v = (plane[0, 0] for plane in I420.from_rgb(np.full((2, 2, 3), rgb, np.uint8)).planes)
    return int(y), int(u), int(v)


def _halved(coverage: Grey) -> Grey:
    size = (coverage.shape[1] // 2, coverage.shape[0] // 2)
    return np.asarray(cv2.resize(coverage, size, interpolation=cv2.INTER_AREA), np.uint8)
