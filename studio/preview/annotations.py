"""Annotations over the moving picture: outlines of the parts, their paths, and their present places."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from motion import I420
from studio.drawing.arrays import Bits, Floats, Grey, Rgb, SizePx
from studio.preview.sprites import Sprite

WHITE: Rgb = (255, 255, 255)
_SHIFT = 4  # OpenCV draws to a sixteenth of a pixel
_WIDTH_OF_LINES = 1 / 400  # of the longer side
_CASING = 0.6  # opacity of the white beside a line: it must be seen on any picture


@dataclass(frozen=True, kw_only=True, eq=False)
class DirectedPart:
    """One painted part and its path.

    Attributes:
        mask: (height, width), True where painted.
        path_px: (n ≥ 2, 2) of x, y.
        moves: (frames, 2) how far along x and y it has gone at each frame.
        colour: of its layer.
    """

    mask: Bits
    path_px: Floats
    moves: Floats
    colour: Rgb


class Annotations:
    """Outlines that go with their parts, paths, and a dot on each; a static area's outline stays."""

    def __init__(
        self, size_px: SizePx, parts: Sequence[DirectedPart], static: Bits | None, static_colour: Rgb
    ) -> None:
        """Draw everything once; `size_px` is the frame's (width, height), both even."""
        self._line_px = max(1.5, max(size_px) * _WIDTH_OF_LINES)
        self._parts = parts
        self._size_px = size_px
        self._fixed = [self._line([part.path_px], part.colour, closed=False) for part in parts]
        if static is not None:
            self._fixed.insert(0, self._outline(static, static_colour))
        self._outlines = [self._outline(part.mask, part.colour) for part in parts]
        self._dots = [self._dot(part.colour) for part in parts]

    def draw(self, number: int, frame: I420) -> None:
        """Draw everything as it is at frame `number`."""
        for sprite in self._fixed:
            sprite.draw_on(frame)
        for part, outline in zip(self._parts, self._outlines, strict=True):
            outline.draw_on(frame, *part.moves[number])
        for part, dot in zip(self._parts, self._dots, strict=True):
            dot.draw_on(frame, *(part.path_px[0] + part.moves[number] - self._dot_middle_px))

    @property
    def _dot_middle_px(self) -> int:
        return int(np.ceil(self._line_px * 5))

    def _outline(self, mask: Bits, colour: Rgb) -> Sprite:
        found, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        return self._line([contour[:, 0].astype(np.float64) for contour in found], colour, closed=True)

    def _line(self, lines: list[Floats], colour: Rgb, *, closed: bool) -> Sprite:
        casing, line = (_drawn(self._size_px, lines, self._line_px * w, closed=closed) for w in (2, 1))
        return Sprite((casing, WHITE, _CASING), (line, colour, 1.0))

    def _dot(self, colour: Rgb) -> Sprite:
        ring, inside = (_disc(self._dot_middle_px, self._line_px * radius) for radius in (4, 2.8))
        return Sprite((ring, WHITE, 1.0), (inside, colour, 1.0))


def _drawn(size_px: SizePx, lines: list[Floats], width_px: float, *, closed: bool) -> Grey:
    canvas = np.zeros((size_px[1], size_px[0]), np.uint8)
    fixed = [np.round(line * 2**_SHIFT).astype(np.int32) for line in lines]
    cv2.polylines(canvas, fixed, closed, 255, max(1, round(width_px)), cv2.LINE_AA, _SHIFT)
    return canvas


def _disc(middle_px: int, radius_px: float) -> Grey:
    canvas = np.zeros((2 * middle_px, 2 * middle_px), np.uint8)
    centre = (middle_px << _SHIFT, middle_px << _SHIFT)
    cv2.circle(canvas, centre, round(radius_px * 2**_SHIFT), 255, -1, cv2.LINE_AA, _SHIFT)
    return canvas
