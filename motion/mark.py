"""The burned-in word that says what a video is ("simulation", "preview")."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from motion.arrays import Bytes, Floats, Mask
from motion.yuv import I420

HEIGHT_OF_PICTURE = 0.028
MIN_TEXT_PX = 12
BACKING = 0.45  # opacity of the dark pill behind the word
WHITE, BLACK, GREY = 235.0, 16.0, 128.0  # limited range


@dataclass(frozen=True, kw_only=True)
class MarkBox:
    """Place of the mark in the picture, in pixels; all even."""

    left: int
    top: int
    width: int
    height: int


class Mark:
    """A word, drawn once and blended into frame after frame."""

    def __init__(self, word: str, width: int, height: int, busy: Mask) -> None:
        """Draw the word and choose the corner.

        Args:
            word: what to write.
            width: of the picture, pixels.
            height: of the picture, pixels.
            busy: (H, W) True where the picture matters; the corner with the least of it is taken.
        """
        text_px = max(MIN_TEXT_PX, round(height * HEIGHT_OF_PICTURE))
        letters, pill = drawn(word, text_px)
        pill, letters = pill[:height, :width], letters[:height, :width]
        self.box = quietest_corner(busy, pill.shape[1], pill.shape[0], text_px // 2 * 2)
        alpha = np.maximum(letters, pill * BACKING)
        light = letters / np.maximum(alpha, 1e-6)
        half = alpha.reshape(alpha.shape[0] // 2, 2, alpha.shape[1] // 2, 2).mean(axis=(1, 3))
        colour = alpha * (BLACK + (WHITE - BLACK) * light)
        self._layers = [(1 - alpha, colour), (1 - half, half * GREY), (1 - half, half * GREY)]

    def draw(self, frame: I420) -> None:
        """Blend the word into the frame."""
        box = self.box
        for number, (plane, (keep, add)) in enumerate(zip(frame.planes, self._layers, strict=True)):
            s = 1 if number == 0 else 2
            rows = slice(box.top // s, (box.top + box.height) // s)
            part = plane[rows, box.left // s : (box.left + box.width) // s]
            part[:] = np.rint(part * keep + add).astype(np.uint8)


def drawn(word: str, text_px: int) -> tuple[Floats, Floats]:
    """The letters and the rounded pill behind them, 0..1, of one even size."""
    font = ImageFont.load_default(text_px)
    left, top, right, bottom = font.getbbox(word)
    pad = text_px * 0.45
    size = tuple(int(n + 2 * pad + 1) // 2 * 2 for n in (right - left, bottom - top))
    letters, pill = (Image.new("L", (size[0], size[1])) for _ in range(2))
    ImageDraw.Draw(letters).text((pad - left, pad - top), word, fill=235, font=font)
    ImageDraw.Draw(pill).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), radius=pad, fill=255)
    return _share(letters), _share(pill)


def quietest_corner(busy: Mask, width: int, height: int, margin: int) -> MarkBox:
    """The corner with the fewest busy pixels; bottom right when they are alike."""
    right = max(0, (busy.shape[1] - width - margin) // 2 * 2)
    bottom = max(0, (busy.shape[0] - height - margin) // 2 * 2)
    left, top = min(margin, right), min(margin, bottom)
    corners = [(right, bottom), (left, bottom), (right, top), (left, top)]
    boxes = [MarkBox(left=x, top=y, width=width, height=height) for x, y in corners]
    return min(boxes, key=lambda b: int(busy[b.top : b.top + b.height, b.left : b.left + b.width].sum()))


def _share(picture: Image.Image) -> Floats:
    values: Bytes = np.asarray(picture, dtype=np.uint8)
    return values.astype(np.float32) / np.float32(255)
