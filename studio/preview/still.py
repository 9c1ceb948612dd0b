"""The picture with everything that a request directs, read back out of that very request."""

import io

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kling import ImageToVideoRequest
from studio.drawing.model import Layer
from studio.request import decode
from studio.request.decode import Mask, Pixels

Rgb = tuple[int, int, int]


def overlay_jpeg(
    request: ImageToVideoRequest, layers: tuple[Layer, ...], colours: dict[Layer, Rgb], max_side_px: int = 960
) -> bytes:
    """JPEG of the request's image, its masks tinted and its paths drawn, each in its layer's colour.

    Everything is decoded from the base64 and the points that will be sent, so that one sees what
    the service receives; an image given as a URL has no pixels here to show. `layers` names the layer of
    each dynamic mask. Never enlarged.
    """
    full = decode.size_px(request.image)
    scale = min(1.0, max_side_px / max(full))
    size = (max(1, round(full[0] * scale)), max(1, round(full[1] * scale)))
    pixels = decode.picture(request.image, size).copy()
    if request.static_mask:
        _tint(pixels, decode.mask(request.static_mask, size), colours[Layer.STATIC])
    for layer, dynamic in zip(layers, request.dynamic_masks, strict=True):
        if dynamic.mask:
            _tint(pixels, decode.mask(dynamic.mask, size), colours[layer])
    for layer, dynamic in zip(layers, request.dynamic_masks, strict=True):
        # OpenCV names a pixel by its index.
        path = np.round(decode.path_px(dynamic.trajectories, full, size)).astype(np.int32)
        _draw_path(pixels, path, colours[layer])
    return _jpeg(pixels)


def _tint(pixels: Pixels, painted: Mask, colour: Rgb) -> None:
    pixels[painted] = (pixels[painted] * 0.5 + np.array(colour) * 0.5).astype(np.uint8)
    outline, _ = cv2.findContours(painted.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(pixels, outline, -1, colour, 2, cv2.LINE_AA)


def _draw_path(pixels: Pixels, points_px: NDArray[np.int32], colour: Rgb) -> None:
    if len(points_px) == 0:
        return
    for width, ink in ((7, (255, 255, 255)), (3, colour)):
        cv2.polylines(pixels, [points_px], isClosed=False, color=ink, thickness=width, lineType=cv2.LINE_AA)
    cv2.circle(pixels, points_px[0].tolist(), 7, (255, 255, 255), -1, cv2.LINE_AA)
    cv2.circle(pixels, points_px[0].tolist(), 5, colour, -1, cv2.LINE_AA)
    _arrow_head(pixels, points_px, colour)


def _arrow_head(pixels: Pixels, points_px: NDArray[np.int32], colour: Rgb) -> None:
    """A triangle at the end, along the last stretch of the path."""
    tip = points_px[-1].astype(np.float64)
    way = tip - points_px[max(0, len(points_px) - 6)]
    length = float(np.hypot(*way))
    if length == 0:
        return
    ahead = way / length * 14
    aside = np.array([-ahead[1], ahead[0]]) * 0.6
    head = np.round([tip + ahead * 0.5, tip - ahead * 0.5 + aside, tip - ahead * 0.5 - aside]).astype(
        np.int32
    )
    cv2.fillConvexPoly(pixels, head, (255, 255, 255), cv2.LINE_AA)
    cv2.fillConvexPoly(pixels, np.round(tip + (head - tip) * 0.7).astype(np.int32), colour, cv2.LINE_AA)


def _jpeg(pixels: Pixels) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=88)
    return buffer.getvalue()
