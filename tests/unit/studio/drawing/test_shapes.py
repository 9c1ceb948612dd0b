"""Regions by numbers."""

import math

import numpy as np
import pytest

from studio.drawing.model import Layer
from studio.drawing.rasterise import mask_image_px
from studio.drawing.shapes import ellipse, rectangle


def test_a_rectangle_paints_exactly_its_pixels() -> None:
    """From its left top corner."""
    mask = mask_image_px((rectangle(Layer.STATIC, 10, 20, 30, 40),), (100, 100), (100, 100))
    assert mask[20:60, 10:40].all()
    assert np.count_nonzero(mask) == 30 * 40


def test_an_ellipse_touches_the_sides_of_its_rectangle() -> None:
    """And has an ellipse's area."""
    mask = mask_image_px((ellipse(Layer.STATIC, 10, 20, 60, 40),), (100, 100), (100, 100))
    ys, xs = np.nonzero(mask)
    assert (xs.min(), xs.max(), ys.min(), ys.max()) == (10, 69, 20, 59)
    assert np.count_nonzero(mask) == pytest.approx(math.pi * 30 * 20, rel=0.01)
