"""Measure on decoded frames whether a painted part followed its path, and whether the rest stayed.

Everything here works on plain arrays of pixels and knows nothing of how a video was made, so that it may
judge any of them: the renderer's frames, an MP4 of the simulator, a download in the browser.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Picture: TypeAlias = NDArray[np.uint8]
"""(H, W, 3) RGB."""
Mask: TypeAlias = NDArray[np.bool_]
Points: TypeAlias = NDArray[np.float64]

SHEET_RMS_PX, LAYER_RMS_PX, END_PX = 0.5, 1.0, 1.0
FROZEN_PSNR_DB, TAIL_SSIM = 40.0, 0.97


@dataclass(frozen=True, kw_only=True)
class PathError:
    """Distance of a track from its path, in pixels.

    Attributes:
        rms_px: over all frames.
        end_px: in the last frame.
        moved_px: how far the track itself went from its start to its end (to see that it moved at all).
    """

    rms_px: float
    end_px: float
    moved_px: float


def track_template(frames: Iterable[Picture], patch_mask: Mask, *, inset_px: int = 3) -> Points:
    """(n, 2) x, y of the patch's centroid in each frame, found by masked matching of the first frame's patch.

    The whole frame is searched, then the place is refined to a fraction of a pixel (Lucas and Kanade): a part
    that went somewhere else, or nowhere, is found there and not where one hoped.

    Args:
        frames: decoded RGB frames; the first one gives the template.
        patch_mask: (H, W) the painted part in the first frame; a part clearly inside is matched.
        inset_px: how much is taken off its edge, which blends with what is behind.
    """
    patch: _Patch | None = None
    places: list[Points] = []
    for frame in frames:
        grey = _grey(frame)
        patch = patch or _Patch.cut(grey, eroded(patch_mask, inset_px))
        places.append(patch.find(grey))
    return np.array(places)


def eroded(mask: Mask, by_px: int) -> Mask:
    """The mask without its edge; the mask itself when nothing would remain."""
    inside = cv2.distanceTransform(np.pad(mask, 1).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)[1:-1, 1:-1]
    smaller = np.asarray(inside > by_px)
    return smaller if smaller.any() else mask


def path_error(track: Points, path_px: Points) -> PathError:
    """Compare a track with a path walked at constant speed; both relative to their starts.

    Args:
        track: (n, 2) where the part was in each frame.
        path_px: (m ≥ 2, 2) the drawn path in pixels of the same frames, top-left origin.
    """
    off = np.linalg.norm((track - track[0]) - walked(path_px, len(track)), axis=1)
    return PathError(
        rms_px=float(np.sqrt((off**2).mean())),
        end_px=float(off[-1]),
        moved_px=float(np.linalg.norm(track[-1] - track[0])),
    )


def walked(path_px: Points, count: int) -> Points:
    """(count, 2) displacements from the path's start at constant speed, found by walking along it."""
    legs = list(pairwise(path_px))
    lengths = [float(np.linalg.norm(end - start)) for start, end in legs]
    return np.array(
        [_after(legs, lengths, sum(lengths) * i / (count - 1)) - path_px[0] for i in range(count)]
    )


def _after(legs: list[tuple[Points, Points]], lengths: list[float], distance: float) -> Points:
    for (start, end), length in zip(legs, lengths, strict=True):
        if distance <= length and length > 0:
            return np.asarray(start + (end - start) * (distance / length))
        distance -= length
    return legs[-1][1]


def probe_picture(mask: Mask, seed: int = 1) -> Picture:
    """A picture of dark noise in which only the painted part is bright."""
    noise = np.random.default_rng(seed).integers(16, 80, mask.shape, dtype=np.uint8)
    return np.repeat(np.where(mask, np.uint8(235), noise)[..., None], 3, axis=2)


def track_bright(frames: Iterable[Picture]) -> Points:
    """(n, 2) x, y of the intensity-weighted centroid of what is bright in frames of a probe picture."""
    return np.array([_bright_centroid(frame) for frame in frames])


def _bright_centroid(frame: Picture) -> Points:
    weight = np.clip(frame.mean(axis=2) - 120, 0, None)
    x, y = np.arange(frame.shape[1]), np.arange(frame.shape[0])
    sums = np.array([(weight.sum(axis=0) * x).sum(), (weight.sum(axis=1) * y).sum()])
    return np.asarray(sums / weight.sum())


def psnr_inside(first: Picture, second: Picture, mask: Mask) -> float:
    """Peak signal-to-noise ratio in dB of all colours under the mask; infinite when they are equal."""
    difference = first[mask].astype(np.float64) - second[mask].astype(np.float64)
    error = float((difference**2).mean())
    return float("inf") if error == 0 else 10 * float(np.log10(255**2 / error))


def ssim(first: Picture, second: Picture) -> float:
    """Structural similarity of two pictures in grey (Wang et al. 2004: Gaussian window of 11 px, σ = 1.5)."""
    a, b = _grey(first), _grey(second)
    mean_a, mean_b = _blur(a), _blur(b)
    var_a, var_b = _blur(a * a) - mean_a**2, _blur(b * b) - mean_b**2
    both = _blur(a * b) - mean_a * mean_b
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    alike = (2 * mean_a * mean_b + c1) * (2 * both + c2)
    return float((alike / ((mean_a**2 + mean_b**2 + c1) * (var_a + var_b + c2))).mean())


def _blur(plane: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(cv2.GaussianBlur(plane, (11, 11), 1.5), np.float64)


def _grey(picture: Picture) -> NDArray[np.float64]:
    return np.asarray(picture.astype(np.float64) @ np.array([0.2126, 0.7152, 0.0722]))


@dataclass(frozen=True, kw_only=True)
class _Patch:
    values: NDArray[np.float64]
    mask: Mask
    left: int
    top: int

    @classmethod
    def cut(cls, grey: NDArray[np.float64], mask: Mask) -> "_Patch":
        rows, cols = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        part = np.s_[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
        return cls(values=grey[part], mask=mask[part], left=int(cols[0]), top=int(rows[0]))

    def find(self, grey: NDArray[np.float64]) -> Points:
        """The centroid's x, y; the patch may hang over the frame's sides by half its size."""
        y_over, x_over = (n // 2 for n in self.mask.shape)
        wide = cv2.copyMakeBorder(grey, y_over, y_over, x_over, x_over, cv2.BORDER_REPLICATE)
        corner = self._refined(np.asarray(wide, np.float64), self._coarse(np.asarray(wide, np.float64)))
        rows, cols = np.nonzero(self.mask)
        middle = np.array([cols.mean(), rows.mean()])
        return np.asarray(corner - np.array([x_over, y_over]) + middle)

    def _coarse(self, grey: NDArray[np.float64]) -> Points:
        """Whole pixels: the smallest sum of squared differences under the mask."""
        scene, patch = (a.astype(np.float32) for a in (grey, self.values))
        score = cv2.matchTemplate(scene, patch, cv2.TM_SQDIFF, mask=self.mask.astype(np.float32))
        return np.array(cv2.minMaxLoc(score)[2], np.float64)

    def _refined(self, grey: NDArray[np.float64], corner: Points) -> Points:
        """Gauss and Newton on the same differences; the gradient is the template's, which does not move."""
        slope = np.stack(
            [np.gradient(self.values, axis=1)[self.mask], np.gradient(self.values, axis=0)[self.mask]]
        )
        rows, cols = np.nonzero(self.mask)
        start = corner.copy()
        for _ in range(12):
            seen = _read(grey, cols + corner[0], rows + corner[1])
            step = np.linalg.lstsq(slope @ slope.T, slope @ (self.values[self.mask] - seen), rcond=None)[0]
            corner = np.clip(corner + step, start - 1.5, start + 1.5)
        return corner


def _read(grey: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bilinear values at x, y, kept inside the picture."""
    x, y = np.clip(x, 0, grey.shape[1] - 1.001), np.clip(y, 0, grey.shape[0] - 1.001)
    left, top = x.astype(np.intp), y.astype(np.intp)
    fx, fy = x - left, y - top
    above = grey[top, left] * (1 - fx) + grey[top, left + 1] * fx
    below = grey[top + 1, left] * (1 - fx) + grey[top + 1, left + 1] * fx
    return np.asarray(above * (1 - fy) + below * fy)
