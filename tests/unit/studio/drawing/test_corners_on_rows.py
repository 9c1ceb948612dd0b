"""A corner may lie exactly on the line through a row's pixel centres."""

import cv2
import numpy as np
import pytest

from studio.drawing.model import Layer, Stroke, StrokeKind
from studio.drawing.rasterise import mask_image_px


@pytest.mark.parametrize("scale", [1.0, 1.125, 1.2, 0.7])
def test_an_area_with_corners_on_the_centres_of_rows_keeps_its_inside(scale: float) -> None:
    """Rounding may put a corner a hair above or below a row's centre; every edge must then say the same."""
    corners = [(448, 228), (442, 229), (439, 226), (431, 231), (427, 229), (420, 240), (446, 236), (451, 231)]
    points = tuple(((x + 0.5) * scale, (y + 0.5) * scale) for x, y in corners)
    area = Stroke(layer=Layer.STATIC, kind=StrokeKind.AREA, points_canvas_px=points, width_canvas_px=0)
    canvas = (round(600 * scale), round(400 * scale))
    mask = mask_image_px((area,), canvas, (600, 400))
    assert abs(np.count_nonzero(mask) - cv2.contourArea(np.array(corners))) < 2 * len(corners)
