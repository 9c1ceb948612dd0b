"""The scene to animate: a picture, what stays, what moves and its path, or a last frame."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from motion.arrays import Bytes, Mask, Points, floats, pixels
from motion.errors import SceneError

MIN_SIDE_PX = 16
MAX_DURATION_S = 60.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Region:
    """One painted part and its path.

    Attributes:
        mask: (H, W) bool, True where painted; the size of the scene's image.
        path_px: (n ≥ 2, 2) float64, x and y in image_px, top-left origin. The motion is the path relative
            to its first point, so the path need not start inside the mask.
    """

    mask: Mask
    path_px: Points

    def __post_init__(self) -> None:
        if self.mask.ndim != 2 or self.mask.dtype != np.bool_:
            raise SceneError("A region's mask is a two-dimensional array of booleans.")
        if self.path_px.ndim != 2 or self.path_px.shape[1] != 2 or len(self.path_px) < 2:
            raise SceneError("A region's path has two or more points of x and y.")
        if not np.isfinite(self.path_px).all():
            raise SceneError("A region's path has a point that is not a number.")
        if not self.mask.any():
            raise SceneError("A region's mask is empty: nothing is painted.")


@dataclass(frozen=True, kw_only=True, eq=False)
class Scene:
    """A picture and everything that decides how it moves. Immutable; the arrays are never written to.

    Attributes:
        image: (H, W, 3) uint8 RGB, both sides ≥ 16 px; frame 0 of the video.
        static_mask: (H, W) bool, True where nothing may change, or None.
        regions: painted parts with their paths. Where masks overlap, the later region has the pixel;
            where a mask overlaps the static one, static wins.
        tail: (h, w, 3) uint8 RGB of any size, the last frame (fitted to cover the image), or None. A tail and
            masks exclude each other, as they do in the API.
        duration_s: length of the video in seconds, above 0, at most 60.

    Raises:
        SceneError: the parts contradict each other.
    """

    image: Bytes
    static_mask: Mask | None = None
    regions: tuple[Region, ...] = ()
    tail: Bytes | None = None
    duration_s: float = 5.0

    def __post_init__(self) -> None:
        _check_picture(self.image, "image")
        if self.tail is not None:
            _check_picture(self.tail, "tail frame")
        self._check_masks()
        if not 0 < self.duration_s <= MAX_DURATION_S:
            raise SceneError(f"The duration is above 0 and at most {MAX_DURATION_S:g} seconds.")

    def _check_masks(self) -> None:
        masks = [region.mask for region in self.regions]
        if self.static_mask is not None:
            if self.static_mask.ndim != 2 or self.static_mask.dtype != np.bool_:
                raise SceneError("The static mask is a two-dimensional array of booleans.")
            masks.append(self.static_mask)
        if any(mask.shape != self.image.shape[:2] for mask in masks):
            raise SceneError("Every mask has the size of the image.")
        if masks and self.tail is not None:
            raise SceneError("A tail frame and motion brush masks exclude each other.")

    @property
    def width_px(self) -> int:
        """Width of the image in pixels."""
        return int(self.image.shape[1])

    @property
    def height_px(self) -> int:
        """Height of the image in pixels."""
        return int(self.image.shape[0])

    def scaled_to(self, max_width: int, max_height: int) -> "Scene":
        """The scene at even sizes within the cap, masks and paths with it; never enlarged.

        An odd size that needs no scaling loses its last row or column, so that pixels stay what they are.
        """
        factor = min(1.0, max_width / self.width_px, max_height / self.height_px)
        size = (_even(self.width_px * factor), _even(self.height_px * factor))
        if factor == 1.0:
            return self._cropped(*size)
        return replace(
            self,
            image=resized(self.image, size),
            static_mask=None if self.static_mask is None else _resized_mask(self.static_mask, size),
            regions=tuple(self._resized_region(region, size) for region in self.regions),
            tail=None if self.tail is None else covering(self.tail, size),
        )

    def _cropped(self, width: int, height: int) -> "Scene":
        return replace(
            self,
            image=self.image[:height, :width],
            static_mask=None if self.static_mask is None else self.static_mask[:height, :width],
            regions=tuple(
                Region(mask=_never_empty(region.mask[:height, :width]), path_px=region.path_px)
                for region in self.regions
            ),
            tail=None if self.tail is None else covering(self.tail, (width, height)),
        )

    def _resized_region(self, region: Region, size: tuple[int, int]) -> Region:
        scale = np.array([size[0] / self.width_px, size[1] / self.height_px])
        path_px = (region.path_px + 0.5) * scale - 0.5  # pixel centres are at whole numbers
        return Region(mask=_never_empty(_resized_mask(region.mask, size)), path_px=path_px)


def resized(picture: Bytes, size: tuple[int, int]) -> Bytes:
    """The picture at (width, height): averaged when it shrinks, cubic when it grows."""
    shrinks = size[0] * size[1] < picture.shape[0] * picture.shape[1]
    return pixels(cv2.resize(picture, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC))


def covering(picture: Bytes, size: tuple[int, int]) -> Bytes:
    """The picture scaled to cover (width, height), the overhang cut off evenly."""
    height, width = picture.shape[:2]
    factor = max(size[0] / width, size[1] / height)
    big = resized(picture, (max(size[0], round(width * factor)), max(size[1], round(height * factor))))
    left, top = (big.shape[1] - size[0]) // 2, (big.shape[0] - size[1]) // 2
    return np.ascontiguousarray(big[top : top + size[1], left : left + size[0]])


def _even(length: float) -> int:
    return max(MIN_SIDE_PX, int(length + 1e-6) // 2 * 2)


def _resized_mask(mask: Mask, size: tuple[int, int]) -> Mask:
    share = floats(cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA))
    half = share >= 0.5
    return half if half.any() or not mask.any() else share >= share.max()


def _never_empty(mask: Mask) -> Mask:
    if mask.any():
        return mask
    corner = mask.copy()
    corner[-1, -1] = True  # all that was painted is the last row or column, which was cut off
    return corner


def _check_picture(picture: Bytes, name: str) -> None:
    if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8:
        raise SceneError(f"The {name} is an array of height, width and three colours of 8 bits.")
    if min(picture.shape[:2]) < MIN_SIDE_PX:
        raise SceneError(f"The {name} has sides of at least {MIN_SIDE_PX} pixels.")
