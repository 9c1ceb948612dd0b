"""Sizes that are allowed, as near as possible to the ones that are not."""

import pytest

from kling.rules import MAX_ASPECT_RATIO, MIN_IMAGE_SIDE_PX
from studio.pictures.reframe import Fit, enlarged_size_px, fitted_size_px, frame_of, is_too_long

TOO_LONG = [(751, 300), (300, 751), (1001, 400), (1000, 399), (7919, 307), (313, 7907), (2000, 1)]


@pytest.mark.parametrize("size", TOO_LONG)
@pytest.mark.parametrize("fit", Fit)
def test_a_fitted_size_is_allowed_and_one_pixel_further_is_not(size: tuple[int, int], fit: Fit) -> None:
    """Nothing more is cut off or added than must be, and on one side only."""
    fitted = fitted_size_px(size, fit)
    assert is_too_long(size)
    assert not is_too_long(fitted)
    (side,) = [i for i in (0, 1) if fitted[i] != size[i]]
    nearer = list(fitted)
    nearer[side] += 1 if fit is Fit.CROP else -1
    assert is_too_long((nearer[0], nearer[1]))


@pytest.mark.parametrize("size", [(750, 300), (300, 750), (640, 640)])
@pytest.mark.parametrize("fit", Fit)
def test_what_is_allowed_stays_as_it_is(size: tuple[int, int], fit: Fit) -> None:
    """Fitting twice is fitting once."""
    assert fitted_size_px(size, fit) == size


@pytest.mark.parametrize(("middle", "left"), [(800, 425), (0, 0), (1600, 850), (400, 25)])
def test_a_crop_is_about_its_middle_as_near_as_the_edges_let_it(middle: float, left: int) -> None:
    """Never beyond the picture."""
    frame = frame_of((1600, 300), Fit.CROP, (middle, 150))
    assert frame.box_px == (left, 0, left + 750, 300)


def test_bars_are_equal_on_both_sides() -> None:
    """Wherever the drawing is."""
    assert frame_of((1600, 300), Fit.PAD, (0, 0)).box_px == (0, -170, 1600, 470)


@pytest.mark.parametrize("size", [(299, 400), (100, 250), (1, 1), (120, 48), (250, 101), (3, 7)])
def test_an_enlarged_size_is_the_least_that_is_allowed(size: tuple[int, int]) -> None:
    """The shorter side has 300 px, and proportions that were allowed stay so."""
    enlarged = enlarged_size_px(size)
    assert min(enlarged) == MIN_IMAGE_SIDE_PX
    assert max(enlarged) <= MAX_ASPECT_RATIO * MIN_IMAGE_SIDE_PX
    assert enlarged_size_px(enlarged) == enlarged
