"""Colour as the video stores it: I420 planes, BT.709, limited range (ITU-R BT.709-6, 8 bit).

Chroma is the average of its four pixels (sited in their middle), so one map, halved, moves all three planes.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from motion.arrays import Bytes, Mask, floats, pixels

KR, KB = 0.2126, 0.0722
KG = 1.0 - KR - KB
LUMA_SCALE, CHROMA_SCALE = 219.0 / 255.0, 224.0 / 255.0
_Y_ROW = [KR * LUMA_SCALE, KG * LUMA_SCALE, KB * LUMA_SCALE, 16.0]
_U_ROW = [
    -KR / (2 * (1 - KB)) * CHROMA_SCALE,
    -KG / (2 * (1 - KB)) * CHROMA_SCALE,
    0.5 * CHROMA_SCALE,
    128.0,
]
_V_ROW = [
    0.5 * CHROMA_SCALE,
    -KG / (2 * (1 - KR)) * CHROMA_SCALE,
    -KB / (2 * (1 - KR)) * CHROMA_SCALE,
    128.0,
]


@dataclass(frozen=True, kw_only=True, eq=False)
class I420:
    """One frame as the encoder takes it.

    Attributes:
        packed: (H * 3 / 2, W) uint8: the Y plane, then U, then V, as FFmpeg's yuv420p lies in memory.
        width: even, in pixels.
        height: even, in pixels.
    """

    packed: Bytes
    width: int
    height: int

    @property
    def planes(self) -> tuple[Bytes, Bytes, Bytes]:
        """Views of Y (H, W), U and V (H/2, W/2); writing to them writes to the frame."""
        luma, quarter = self.width * self.height, self.width * self.height // 4
        flat = self.packed.reshape(-1)
        half = (self.height // 2, self.width // 2)
        return (
            self.packed[: self.height],
            flat[luma : luma + quarter].reshape(half),
            flat[luma + quarter :].reshape(half),
        )

    def copy(self) -> "I420":
        """A frame of its own memory."""
        return I420(packed=self.packed.copy(), width=self.width, height=self.height)

    @classmethod
    def from_rgb(cls, rgb: Bytes) -> "I420":
        """Convert an (H, W, 3) uint8 RGB picture of even sizes."""
        height, width = rgb.shape[:2]
        frame = cls(packed=np.empty((height * 3 // 2, width), np.uint8), width=width, height=height)
        y, u, v = frame.planes
        y[:] = cv2.transform(rgb, np.array([_Y_ROW], np.float32)).reshape(height, width)
        quarter = cv2.resize(rgb.astype(np.float32), (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        chroma = cv2.transform(quarter, np.array([_U_ROW, _V_ROW], np.float32))
        u[:], v[:] = cv2.split(pixels(np.rint(chroma).clip(0, 255).astype(np.uint8)))
        return frame

    def to_rgb(self) -> Bytes:
        """The frame as an (H, W, 3) uint8 RGB picture."""
        y, u, v = self.planes
        size = (self.width, self.height)
        blue, red = (
            (floats(cv2.resize(plane.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)) - 128)
            / CHROMA_SCALE
            for plane in (u, v)
        )
        luma = (y.astype(np.float32) - 16) / LUMA_SCALE
        r, b = luma + 2 * (1 - KR) * red, luma + 2 * (1 - KB) * blue
        g = (luma - KR * r - KB * b) / KG
        return pixels(np.rint(np.dstack([r, g, b])).clip(0, 255).astype(np.uint8))


def chroma_mask(mask: Mask) -> Mask:
    """The mask at half size, True wherever any of the four pixels is (sizes even)."""
    height, width = mask.shape
    return np.asarray(mask.reshape(height // 2, 2, width // 2, 2).any(axis=(1, 3)))
