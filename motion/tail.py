"""From a picture to its tail frame: optical flow where the two agree, a dissolve where they do not."""

import cv2
import numpy as np

from motion.arrays import Bytes, Floats, floats, pixels, remapped
from motion.camera import eased
from motion.grid import Grid, warp
from motion.scene import resized
from motion.yuv import I420

FLOW_AT_PX = 640
SMALLER_BY = 0.5
"""Flow is searched at half of the picture's size, and at no more than 640 px."""
AGREES_WITHIN_PX = 1.5  # at the size of the flow: there and back ends this near to where it began
SAME_WITHIN = 4  # of 255 levels of grey: what encoding does to a pixel that is the same in both
AROUND_CHANGED_PX = 8  # at the size of the flow: so that what moves takes its edge along
NODES_ON_THE_LONGER_SIDE = 640


class TailFade:
    """A motion-compensated cross-fade; the last frame is the tail exactly."""

    def __init__(self, image: Bytes, tail: Bytes, frame_count: int) -> None:
        """Find the motion between two RGB pictures of the same even size."""
        height, width = image.shape[:2]
        self._ends = I420.from_rgb(image), I420.from_rgb(tail)
        self._last = frame_count - 1
        self._grid = Grid.over(width, height, NODES_ON_THE_LONGER_SIDE)
        self._there, self._back = map(self._on_grid, trusted_flows(image, tail))

    def frame(self, number: int) -> I420:
        """Frame `number`: 0 is the image, the last is the tail."""
        if number in {0, self._last}:
            return self._ends[number // self._last].copy()
        t = eased(number / self._last)
        first, last = (end.copy() for end in self._ends)
        warp(self._grid, self._ends[0], t * t * self._back - (1 - t) * t * self._there, first)
        warp(self._grid, self._ends[1], (1 - t) ** 2 * self._there - t * (1 - t) * self._back, last)
        cv2.addWeighted(first.packed, 1 - t, last.packed, t, 0, dst=first.packed)
        return first

    def _on_grid(self, flow: Floats) -> Floats:
        """The flow at the nodes, in pixels of the frame."""
        scale = self._grid.width / flow.shape[1]
        full = floats(cv2.resize(flow, (self._grid.width, self._grid.height), interpolation=cv2.INTER_LINEAR))
        return self._grid.mean(full) * np.float32(scale)


def trusted_flows(image: Bytes, tail: Bytes) -> tuple[Floats, Floats]:
    """The flows image → tail and tail → image, 0 where they disagree and far from all that differs."""
    there, back = flows(image, tail)
    near = near_changed(image, tail)
    return (
        floats(there * (near * agreement(there, back))[..., None]),
        floats(back * (near * agreement(back, there))[..., None]),
    )


def flows(image: Bytes, tail: Bytes) -> tuple[Floats, Floats]:
    """Dense optical flow (DIS) image → tail and tail → image, (h, w, 2) in pixels of the small pictures."""
    first, last = _small_grey(image), _small_grey(tail)
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    nothing = np.zeros((*first.shape, 2), np.float32)
    return floats(search.calc(first, last, nothing.copy())), floats(search.calc(last, first, nothing.copy()))


def near_changed(image: Bytes, tail: Bytes) -> Floats:
    """(h, w) 0 or 1 at the size of the flow: 0 far from all that differs, where a flow would be noise."""
    differs = cv2.absdiff(_small_grey(image), _small_grey(tail)) > SAME_WITHIN
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * AROUND_CHANGED_PX + 1,) * 2)
    return floats(cv2.dilate(differs.astype(np.float32), disc))


def agreement(flow: Floats, opposite: Floats) -> Floats:
    """(h, w) 0..1: 1 where following the flow and then the opposite one leads back, smoothed."""
    height, width = flow.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    places = floats(np.dstack([x, y]) + flow)
    returned = flow + floats(remapped(opposite, places, cv2.BORDER_REPLICATE))
    agrees = (np.hypot(returned[..., 0], returned[..., 1]) < AGREES_WITHIN_PX).astype(np.float32)
    return floats(cv2.GaussianBlur(agrees, (0, 0), 4))


def _small_grey(picture: Bytes) -> Bytes:
    height, width = picture.shape[:2]
    factor = min(SMALLER_BY, FLOW_AT_PX / max(height, width))
    size = (round(width * factor), round(height * factor))
    return pixels(cv2.cvtColor(resized(picture, size), cv2.COLOR_RGB2GRAY))
