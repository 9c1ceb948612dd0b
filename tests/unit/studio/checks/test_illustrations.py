"""The small picture of where a finding is."""

import io

import numpy as np
from PIL import Image

from studio.checks.findings import Location
from studio.checks.illustrations import MAX_SHOWN_PX, location_jpeg
from studio.pictures.source_image import read_image
from tests.support.pictures import encoded

CANVAS = (720, 480)


def shown(location: Location) -> np.ndarray[tuple[int, ...], np.dtype[np.int_]]:
    """The pixels shown for a grey picture of 1440 × 960."""
    source = read_image(encoded(np.full((960, 1440, 3), 120, np.uint8)), "grey.png")
    with Image.open(io.BytesIO(location_jpeg(source, CANVAS, location))) as image:
        return np.asarray(image.convert("RGB")).astype(np.int_)


def red(
    pixels: np.ndarray[tuple[int, ...], np.dtype[np.int_]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Where the outline's colour is."""
    return np.asarray(pixels[..., 0] - pixels[..., 2] > 80)


def test_a_region_is_outlined_where_it_is_and_the_rest_is_dimmed() -> None:
    """The left half of the canvas is the left half of what is shown."""
    mask = np.zeros((480, 720), np.bool_)
    mask[100:300, 100:360] = True
    pixels = shown(Location(mask=mask))
    assert pixels.shape[:2] == (320, MAX_SHOWN_PX[0])
    assert (pixels[133, 150] > 110).all()
    assert (pixels[300, 400] < 75).all()
    rows, columns = np.nonzero(red(pixels))
    assert np.abs(np.array((rows.min(), rows.max())) * 1.5 - (100, 300)).max() < 5
    assert np.abs(np.array((columns.min(), columns.max())) * 1.5 - (100, 360)).max() < 5


def test_a_speck_gets_a_ring_and_a_path_a_line() -> None:
    """One must find it, and see where it starts."""
    mask = np.zeros((480, 720), np.bool_)
    mask[240:243, 600:603] = True
    pixels = shown(Location(mask=mask, points_canvas_px=((30, 30), (300, 30))))
    around = red(pixels)[140:182, 380:422]
    assert around.any(axis=0).sum() > 20
    assert red(pixels)[20, 25:195].all()
    assert not red(pixels)[60:120].any()


def test_a_place_beyond_the_picture_is_no_error() -> None:
    """A path may leave it: that is what is to be shown."""
    pixels = shown(Location(mask=np.zeros((480, 720), np.bool_), points_canvas_px=((700, 30), (9000, 30))))
    assert red(pixels)[20, 470:].all()
    assert (pixels[300, 100] > 110).all()
