"""Pictures are opened safely, and masks mean what the documentation says."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from simulator.contract.pictures import PIXELS_INVALID, PictureProblem, open_image, open_mask
from tests.support.pictures import encoded, exif, gradient, png_bomb

CASES = Path(__file__).parents[3] / "cases" / "files"


@pytest.mark.parametrize("size", [(299, 400), (400, 299), (300, 751), (751, 300)])
def test_small_and_lean_images_have_invalid_pixels(size: tuple[int, int]) -> None:
    """Each side at least 300 px, ratio at most 2.5, in the real words."""
    with pytest.raises(PictureProblem, match=PIXELS_INVALID):
        open_image(encoded(gradient(*size)))


@pytest.mark.parametrize("size", [(300, 300), (300, 750), (750, 300)])
def test_images_at_the_limits_are_opened(size: tuple[int, int]) -> None:
    """As (height, width, 3) RGB."""
    assert open_image(encoded(gradient(*size))).shape == (size[1], size[0], 3)


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    """Over 40 megapixels."""
    with pytest.raises(PictureProblem):
        open_image(png_bomb(8000, 6000))
    with pytest.raises(PictureProblem):
        open_mask(png_bomb(8000, 6000))


@pytest.mark.parametrize("cut", [30, 1000])
def test_a_truncated_file_is_refused(cut: int) -> None:
    """Its header alone is not enough."""
    for data in (encoded(gradient(), "JPEG", quality=95)[:cut], encoded(gradient())[:cut], b"", b"text"):
        with pytest.raises(PictureProblem, match="cannot be decoded"):
            open_image(data)


def test_a_file_over_10_mb_is_refused_when_it_was_fetched() -> None:
    """The same limit as for base64."""
    with pytest.raises(PictureProblem, match="10MB"):
        open_image(bytes(10_000_001))


def test_a_rotated_photograph_is_shown_upright() -> None:
    """EXIF orientation 6 turns width into height."""
    assert open_image(encoded(gradient(400, 320), "JPEG", exif=exif(6))).shape == (400, 320, 3)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"])
def test_every_common_kind_of_picture_becomes_rgb(mode: str) -> None:
    """Palette, grey, transparent and CMYK files too."""
    kind = "JPEG" if mode == "CMYK" else "PNG"
    image = open_image(encoded(Image.fromarray(gradient()).convert(mode), kind))
    assert image.shape == (320, 400, 3)
    assert image.dtype == np.uint8


def test_transparent_parts_of_an_image_are_white() -> None:
    """Over any colour."""
    image = np.zeros((300, 300, 4), np.uint8)
    assert open_image(encoded(image)).min() == 255


def test_a_mask_is_painted_from_128_on() -> None:
    """White is painted; grey is decided at the middle."""
    grey = np.tile(np.array([0, 127, 128, 255], np.uint8), (2, 1))
    assert open_mask(encoded(grey)).tolist() == [[False, False, True, True]] * 2


def test_deep_grey_is_scaled_not_clipped() -> None:
    """16-bit masks keep their threshold."""
    deep = np.array([[0, 32000, 33000, 65535]], np.uint16)
    assert open_mask(encoded(deep)).tolist() == [[False, False, True, True]]


def test_transparent_parts_of_a_mask_are_not_painted() -> None:
    """Over any colour."""
    mask = np.full((1, 2, 4), 255, np.uint8)
    mask[0, 0, 3] = 0
    assert open_mask(encoded(mask)).tolist() == [[False, True]]


@pytest.mark.parametrize("path", sorted(CASES.iterdir()), ids=lambda path: path.name)
@pytest.mark.parametrize("opened", [open_image, open_mask])
def test_an_odd_file_is_a_picture_or_a_problem(path: Path, opened: Callable[[bytes], object]) -> None:
    """Never an error of the program: a task would stand still."""
    try:
        assert opened(path.read_bytes()) is not None
    except PictureProblem:
        return


def test_a_jpeg_of_a_thousand_scans_is_refused() -> None:
    """A small file would keep a worker for seconds."""
    with pytest.raises(PictureProblem):
        open_image((CASES / "scans_1500.jpg").read_bytes())


def test_a_picture_whose_orientation_cannot_be_read_is_shown_as_it_is() -> None:
    """Its pixels are all there."""
    assert open_image((CASES / "exif_II_only.png").read_bytes()).ndim == 3
