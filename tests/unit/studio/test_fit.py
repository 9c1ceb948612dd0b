"""Sizes that are allowed, as near as possible to the ones that are not."""

import pytest

from studio.fit import Fit, fitted_size_px, is_too_long

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
