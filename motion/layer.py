"""Cut-outs: a part with a soft edge slides over a picture whose hole has been filled."""

from dataclasses import dataclass

import cv2
import numpy as np

from motion.arrays import Bytes, Floats, floats, pixels
from motion.fill import fill
from motion.plan import Method, Plan, RegionPlan
from motion.yuv import I420


def feather_px(width: int, height: int) -> float:
    """Softness of a cut-out's edge, in pixels: about a five-hundredth of the picture."""
    return max(1.0, max(width, height) / 640)


class Cutout:
    """One part, cut out softly, ready to be laid over a frame at any displacement."""

    def __init__(self, source: I420, part: RegionPlan) -> None:
        """Cut the part out of the source."""
        soft = feather_px(source.width, source.height)
        self._moves = part.moves
        alpha = floats(cv2.GaussianBlur(part.mask.astype(np.float32), (0, 0), soft))
        half = floats(
            cv2.resize(alpha, (source.width // 2, source.height // 2), interpolation=cv2.INTER_AREA)
        )
        self._patches = [
            _Patch.cut(plane, share) for plane, share in zip(source.planes, (alpha, half, half), strict=True)
        ]

    def draw(self, frame: int, target: I420) -> None:
        """Lay the part over the target where it is at this frame."""
        x, y = self._moves[frame]
        for number, (patch, plane) in enumerate(zip(self._patches, target.planes, strict=True)):
            scale = 1.0 if number == 0 else 0.5
            patch.draw_on(plane, x * scale, y * scale)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Patch:
    alpha: Floats
    colour: Floats  # already multiplied by alpha
    left: int
    top: int

    @classmethod
    def cut(cls, plane: Bytes, alpha: Floats) -> "_Patch":
        rows, cols = np.flatnonzero((alpha > 0).any(axis=1)), np.flatnonzero((alpha > 0).any(axis=0))
        top, left = int(rows[0]), int(cols[0])
        part = alpha[top : rows[-1] + 1, left : cols[-1] + 1]
        colour = part * plane[top : rows[-1] + 1, left : cols[-1] + 1]
        return cls(alpha=part.copy(), colour=colour, left=left, top=top)

    def draw_on(self, plane: Bytes, x: float, y: float) -> None:
        height, width = plane.shape
        left, top = max(0, int(np.floor(self.left + x))), max(0, int(np.floor(self.top + y)))
        right = min(width, int(np.ceil(self.left + x)) + self.alpha.shape[1] + 1)
        bottom = min(height, int(np.ceil(self.top + y)) + self.alpha.shape[0] + 1)
        if left >= right or top >= bottom:
            return
        matrix = np.array([[1, 0, self.left + x - left], [0, 1, self.top + y - top]], np.float32)
        alpha, colour = (
            cv2.warpAffine(a, matrix, (right - left, bottom - top)) for a in (self.alpha, self.colour)
        )
        under = plane[top:bottom, left:right]
        under[:] = pixels(np.rint(under * (1 - floats(alpha)) + floats(colour)).astype(np.uint8))


class Stage:
    """The picture with the holes of all cut-outs filled, and the cut-outs that play on it."""

    def __init__(self, source: I420, image: Bytes, plan: Plan) -> None:
        """Prepare; cheap when no part is a LAYER.

        Args:
            source: the picture as planes.
            image: the same picture, RGB.
            plan: whose LAYER parts are cut out.
        """
        self._parts = [part for part in plan.regions if part.method is Method.LAYER]
        self._source = source
        self._cutouts = [Cutout(source, part) for part in self._parts]
        self._hole_px = 4 * feather_px(source.width, source.height)
        self._plate = self._filled(image) if self._parts else source

    def plate(self, frame: int) -> I420:
        """The picture behind the cut-outs; its holes open softly while they leave, without a jump."""
        gone = max((float(np.hypot(*part.moves[frame])) for part in self._parts), default=0.0)
        opened = min(1.0, gone / (2 * self._hole_px))
        if not self._parts or opened == 1.0:
            return self._plate
        mixed = self._source.copy()
        cv2.addWeighted(self._source.packed, 1 - opened, self._plate.packed, opened, 0, dst=mixed.packed)
        return mixed

    def draw(self, frame: int, target: I420) -> None:
        """Lay all cut-outs over the target, in the order of their regions."""
        for cutout in self._cutouts:
            cutout.draw(frame, target)

    def _filled(self, image: Bytes) -> I420:
        mask = np.logical_or.reduce([part.mask for part in self._parts])
        hole = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5) <= self._hole_px
        filled = fill(image, np.asarray(hole))
        share = floats(cv2.GaussianBlur(hole.astype(np.float32), (0, 0), self._hole_px / 4))[..., None]
        return I420.from_rgb(
            pixels(np.rint(image + (filled - image.astype(np.float32)) * share).astype(np.uint8))
        )
