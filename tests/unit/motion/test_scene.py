"""What a scene refuses, and how it shrinks."""

import numpy as np
import pytest
from numpy.typing import NDArray

from motion import Region, Scene, SceneError

PICTURE = np.zeros((40, 60, 3), np.uint8)
PAINTED = np.zeros((40, 60), np.bool_)
PAINTED[10:20, 20:40] = True
PATH = np.array([[0.0, 0.0], [9.0, 9.0]])


@pytest.mark.parametrize(
    ("mask", "path", "why"),
    [
        (np.zeros((40, 60), np.bool_), PATH, "empty"),
        (PAINTED, PATH[:1], "two or more points"),
        (PAINTED, np.array([[0.0, 0.0], [np.nan, 1.0]]), "not a number"),
        (PAINTED.astype(np.uint8), PATH, "booleans"),
    ],
)
def test_a_region_says_what_is_wrong_with_it(
    mask: NDArray[np.bool_], path: NDArray[np.float64], why: str
) -> None:
    """A mask is painted and a path is a way: otherwise one typed error."""
    with pytest.raises(SceneError, match=why):
        Region(mask=mask, path_px=path)


def test_every_mask_has_the_size_of_the_image() -> None:
    """A mask of another size is refused, static or moving."""
    with pytest.raises(SceneError, match="size of the image"):
        Scene(image=PICTURE, static_mask=PAINTED[:20])
    with pytest.raises(SceneError, match="size of the image"):
        Scene(image=PICTURE, regions=(Region(mask=PAINTED[:, :30], path_px=PATH),))


def test_a_tail_frame_and_masks_exclude_each_other() -> None:
    """As the API has it: either a last frame or the brush."""
    with pytest.raises(SceneError, match="exclude"):
        Scene(image=PICTURE, static_mask=PAINTED, tail=PICTURE)


@pytest.mark.parametrize("duration_s", [0.0, -1.0, 61.0, float("nan")])
def test_a_duration_out_of_range_is_refused(duration_s: float) -> None:
    """Above 0, at most 60 seconds."""
    with pytest.raises(SceneError, match="duration"):
        Scene(image=PICTURE, duration_s=duration_s)


@pytest.mark.parametrize("picture", [PICTURE[..., 0], PICTURE.astype(np.float32), PICTURE[:8]])
def test_a_picture_is_rgb_of_8_bits_and_not_tiny(picture: NDArray[np.uint8]) -> None:
    """(H, W, 3) uint8 with sides of at least 16 px."""
    with pytest.raises(SceneError):
        Scene(image=picture)


def test_scaling_takes_masks_and_paths_along() -> None:
    """Half the size: half the mask, half the way."""
    scene = Scene(image=PICTURE, static_mask=PAINTED, regions=(Region(mask=PAINTED, path_px=PATH),))
    small = scene.scaled_to(30, 30)
    assert small.image.shape == (20, 30, 3)
    assert small.static_mask is not None
    assert np.array_equal(small.static_mask, PAINTED[::2, ::2])
    assert np.array_equal(np.diff(small.regions[0].path_px, axis=0), [[4.5, 4.5]])


def test_a_small_picture_is_not_enlarged_and_sizes_become_even() -> None:
    """An odd row or column is cut off; no pixel is resampled."""
    picture = np.random.default_rng(3).integers(0, 255, (41, 33, 3), dtype=np.uint8)
    fitted = Scene(image=picture).scaled_to(1280, 1280)
    assert np.array_equal(fitted.image, picture[:40, :32])


def test_a_dot_of_paint_survives_scaling() -> None:
    """A region never becomes empty on the way to a small video."""
    dot = np.zeros((800, 600), np.bool_)
    dot[799, 599] = True
    picture, region = np.zeros((800, 600, 3), np.uint8), Region(mask=dot, path_px=PATH)
    small = Scene(image=picture, static_mask=dot[::-1], regions=(region,)).scaled_to(120, 120)
    assert small.regions[0].mask.any()
    assert small.static_mask is not None
    assert small.static_mask.any()


def test_a_tail_of_another_shape_is_fitted_to_cover_the_image() -> None:
    """Cover: the middle of the tail fills the picture, nothing is squeezed."""
    tail = np.zeros((100, 400, 3), np.uint8)
    tail[:, 150:250] = 200
    fitted = Scene(image=PICTURE, tail=tail).scaled_to(1280, 1280)
    assert fitted.tail is not None
    assert fitted.tail.shape == (40, 60, 3)
    assert fitted.tail[20, 30, 0] == 200
    assert fitted.tail[20, 2, 0] == 0
