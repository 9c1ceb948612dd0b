"""A still picture of a request's directions, decoded from that very request."""

import cv2
import numpy as np

from kling import ImageToVideoRequest
from studio.drawing import marking
from studio.drawing.arrays import Bits, Pixels, Rgb
from studio.drawing.marking import PixelPoints
from studio.drawing.model import Layer
from studio.request import decode


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
        _paint(pixels, decode.mask(request.static_mask, size), colours[Layer.STATIC])
    for layer, dynamic in zip(layers, request.dynamic_masks, strict=True):
        if dynamic.mask:
            _paint(pixels, decode.mask(dynamic.mask, size), colours[layer])
    for layer, dynamic in zip(layers, request.dynamic_masks, strict=True):
        path = marking.pixel_points(decode.path_px(dynamic.trajectories, full, size))
        _draw_path(pixels, path, colours[layer])
    return marking.encode_jpeg(pixels)


def _paint(pixels: Pixels, painted: Bits, colour: Rgb) -> None:
    marking.tint(pixels, painted, colour, 0.5)
    marking.draw_outline(pixels, painted, colour)


def _draw_path(pixels: Pixels, points_px: PixelPoints, colour: Rgb) -> None:
    if len(points_px) == 0:
        return
    marking.draw_path(pixels, points_px, colour, casing_px=7)
    _arrow_head(pixels, points_px, colour)


def _arrow_head(pixels: Pixels, points_px: PixelPoints, colour: Rgb) -> None:
    """A triangle at the end, along the last stretch of the path."""
    tip = points_px[-1].astype(np.float64)
    stretch = tip - points_px[max(0, len(points_px) - 6)]
    length = float(np.hypot(*stretch))
    if length == 0:
        return
    ahead = stretch / length * 14
    aside = np.array([-ahead[1], ahead[0]]) * 0.6
    head = marking.pixel_points([tip + ahead * 0.5, tip - ahead * 0.5 + aside, tip - ahead * 0.5 - aside])
    cv2.fillConvexPoly(pixels, head, marking.WHITE, cv2.LINE_AA)
    cv2.fillConvexPoly(pixels, marking.pixel_points(tip + (head - tip) * 0.7), colour, cv2.LINE_AA)
