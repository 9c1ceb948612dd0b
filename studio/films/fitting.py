"""Steps by which a moving picture becomes small enough: fewer frames, then quality, then width. Pure."""

import math
from dataclasses import dataclass, replace

MAX_BYTES = 8_000_000
MAX_PIXELS = 40_000_000
"""Of all frames together, which are held in memory while they are written."""
MAX_FPS, MIN_FPS = 15, 5
BEST_QUALITY, MIN_QUALITY, QUALITY_STEP = 80, 35, 15
MIN_WIDTH_PX = 96
_MARGIN = 0.92
_SLOWEST = 0.7
"""At one try no more than this share of the frames is left: width and quality give up something too."""
_QUALITY_SAVES = 0.85


@dataclass(frozen=True, kw_only=True)
class Fitting:
    """How large and how good a moving picture is made."""

    width_px: int
    height_px: int
    fps: int
    # 1 to 100
    quality: int = BEST_QUALITY

    def frames(self, length_s: float) -> int:
        """How many frames that is, at least one."""
        return max(1, math.ceil(length_s * self.fps - 1e-6))


def first_fitting(size_px: tuple[int, int], fps: float, length_s: float, width_px: int) -> Fitting:
    """The first try: as wide as asked and no wider than the video, at most 15 frames a second.

    Args:
        size_px: of the video.
        fps: of the video.
        length_s: of the part that is taken.
        width_px: as it was asked for.
    """
    width = _even(min(width_px, size_px[0]))
    height = _even(size_px[1] * width / size_px[0])
    asked = Fitting(width_px=width, height_px=height, fps=max(1, min(MAX_FPS, math.floor(fps + 0.01) or 1)))
    pixels = asked.frames(length_s) * width * height
    return asked if pixels <= MAX_PIXELS else _narrower(asked, MAX_PIXELS / pixels * _MARGIN)


def smaller_fitting(tried: Fitting, size_bytes: int, max_bytes: int) -> Fitting | None:
    """The next try after one that was too large; None when there is nothing left to give up."""
    left = min(max_bytes / size_bytes * _MARGIN, 1.0)
    fps = max(min(MIN_FPS, tried.fps), math.floor(tried.fps * max(left, _SLOWEST)))
    quality = max(MIN_QUALITY, tried.quality - QUALITY_STEP)
    left *= tried.fps / fps / (_QUALITY_SAVES if quality < tried.quality else 1)
    found = replace(tried, fps=fps, quality=quality)
    found = found if left >= 1 else _narrower(found, left)
    return found if found != tried else None


def _narrower(fitting: Fitting, pixels_share: float) -> Fitting:
    """The same with so many of its pixels, proportions kept."""
    least = min(MIN_WIDTH_PX, fitting.width_px)
    width = _even(max(least, fitting.width_px * math.sqrt(pixels_share)))
    height = _even(fitting.height_px * width / fitting.width_px)
    return replace(fitting, width_px=width, height_px=height)


def _even(px: float) -> int:
    return max(2, math.floor(px / 2) * 2)
