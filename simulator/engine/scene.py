"""From a create to the renderer's request: pictures opened, masks compared, paths turned."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.contract.create_request import Brush, CreateRequest, Picture, PictureUrl, PointWirePx
from simulator.contract.pictures import PictureProblem, open_image, open_mask

MASKS_DIFFER = "The size of the mask is inconsistent with the size of the image"
OUTSIDE = "Trajectory point is out of the range of the image"
NOTHING_PAINTED = "Dynamic mask has no painted area"


@dataclass(frozen=True, kw_only=True)
class MovingPart:
    """A painted part and its way.

    Attributes:
        mask: (height, width), True where painted.
        path_image_px: (n, 2) of x, y in image pixels, origin at the top-left, in order.
    """

    mask: NDArray[np.bool_]
    path_image_px: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class RenderRequest:
    """Everything that a renderer needs.

    Attributes:
        image: (height, width, 3) RGB.
        tail: like `image` (its size may differ), the last frame, or None.
        frozen: (height, width), True where nothing may move, or None.
        moving: the painted parts, at most six.
        duration_s: seconds.
        fine: render in the better quality ("pro").
        comment: plain text for the file's metadata.
    """

    image: NDArray[np.uint8]
    tail: NDArray[np.uint8] | None
    frozen: NDArray[np.bool_] | None
    moving: tuple[MovingPart, ...]
    duration_s: float
    fine: bool
    comment: str


@dataclass(frozen=True, kw_only=True)
class RenderedVideo:
    """A finished video and its real length in seconds."""

    mp4: bytes
    duration_s: float


Render = Callable[[RenderRequest], RenderedVideo]


def prepare_render(request: CreateRequest) -> RenderRequest:
    """Open every picture of a create whose URLs have been fetched.

    Raises:
        PictureProblem: a picture is unusable, masks and image differ in size, a point lies outside.
    """
    image = open_image(_file(request.image))
    size = image.shape[:2]
    return RenderRequest(
        image=image,
        tail=None if request.image_tail is None else open_image(_file(request.image_tail)),
        frozen=None if request.static_mask is None else _mask(request.static_mask, size),
        moving=tuple(_moving_part(brush, size) for brush in request.brushes),
        duration_s=float(request.duration_s),
        fine=request.mode != "std",
        comment=_comment(request),
    )


def to_image_px(points_wire_px: tuple[PointWirePx, ...], height_px: int) -> NDArray[np.float64]:
    """Turn a path upside down: from the wire's bottom-left origin to the picture's top-left one.

    Args:
        points_wire_px: x, y with y counted upwards from the bottom row.
        height_px: of the image.

    Returns:
        (n, 2) of x, y with y counted downwards from the top row.
    """
    path = np.array(points_wire_px, dtype=np.float64)
    path[:, 1] = height_px - 1 - path[:, 1]
    return path


def _moving_part(brush: Brush, size: tuple[int, ...]) -> MovingPart:
    height, width = size
    mask = _mask(brush.mask, size)
    if not mask.any():
        raise PictureProblem(NOTHING_PAINTED)
    if not all(0 <= x < width and 0 <= y < height for x, y in brush.trajectory_wire_px):
        raise PictureProblem(OUTSIDE)
    return MovingPart(mask=mask, path_image_px=to_image_px(brush.trajectory_wire_px, height))


def _mask(picture: Picture, size: tuple[int, ...]) -> NDArray[np.bool_]:
    mask = open_mask(_file(picture))
    if mask.shape != size:
        raise PictureProblem(MASKS_DIFFER)
    return mask


def _file(picture: Picture) -> bytes:
    if isinstance(picture, PictureUrl):
        raise PictureProblem("Image URL cannot be downloaded")
    return picture


def _comment(request: CreateRequest) -> str:
    facts = {
        "model": request.model_name,
        "mode": request.mode,
        "cfg_scale": "" if request.cfg_scale is None else f"{request.cfg_scale:g}",
        "prompt": request.prompt,
        "negative_prompt": request.negative_prompt,
    }
    words = "; ".join(f"{name}={value}" for name, value in facts.items() if value)
    return "".join(letter if letter.isprintable() else " " for letter in f"simulation; {words}")
