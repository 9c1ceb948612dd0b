from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kling.rules import MAX_TRAJECTORY_POINTS
from studio.drawing.arrays import Floats
from studio.drawing.frames import path_image_px
from studio.drawing.model import Layer, Speed, Stroke, StrokeKind
from studio.drawing.rasterise import mask_image_px
from studio.drawing.trajectories import resample_path


def path(points: tuple[tuple[float, float], ...], kind: StrokeKind = StrokeKind.PATH) -> Stroke:
    return Stroke(layer=Layer.MOTION_1, kind=kind, points_canvas_px=points, width_canvas_px=3)


def misses(corners: Floats, pixels: NDArray[np.int64]) -> Floats:
    """How far each corner is from the centre of the nearest pixel of the path."""
    x, y = (pixels[:, None] + 0.5 - corners[None]).transpose(2, 0, 1)
    return np.asarray(np.hypot(x, y).min(axis=0))


def steps(pixels: NDArray[np.int64]) -> Floats:
    return np.asarray(np.hypot(*np.diff(pixels, axis=0).T), np.float64)


def dense(corners: Floats, each: int = 50) -> Floats:
    """The polyline through the corners with many points in between, as a hand draws it."""
    parts = [np.linspace(a, b, each) for a, b in pairwise(corners)]
    return np.concatenate(parts)


ZIGZAG = np.array([(100 + 370.0 * k, 300 + 2000.0 * (k % 2)) for k in range(10)])
COORDINATES = st.tuples(st.floats(0, 960), st.floats(0, 720))


@settings(max_examples=80)
@given(st.lists(COORDINATES, min_size=1, max_size=60))
def test_both_ends_are_within_a_pixel_of_the_drawn_ones_at_4000_by_3000(
    points: list[tuple[float, float]],
) -> None:
    """From 1 to 77 whole pixels, no two equal neighbours, and the ends are the pixels drawn on."""
    drawn = path_image_px(path(tuple(points)), (960, 720), (4000, 3000))
    pixels = resample_path(drawn)
    assert 1 <= len(pixels) <= MAX_TRAJECTORY_POINTS
    assert (steps(pixels) > 0).all()
    assert np.array_equal(pixels[0], np.floor(drawn[0]))
    assert np.array_equal(pixels[-1], np.floor(drawn[-1]))
    assert (np.hypot(*(pixels[[0, -1]] + 0.5 - drawn[[0, -1]]).T) < 1).all()


@settings(max_examples=80)
@given(st.lists(COORDINATES, min_size=2, max_size=60), st.integers(2, 90))
def test_every_point_lies_on_the_drawn_path_in_its_order(
    points: list[tuple[float, float]], most: int
) -> None:
    """Resampling invents nothing: walking along the drawn path one meets the points in turn."""
    drawn = np.array(points)
    pixels = resample_path(drawn, most)
    assert len(pixels) <= most
    walk = dense(drawn, 400)
    tolerance = np.hypot(0.5, 0.5) + np.hypot(*np.diff(walk, axis=0).T).max()
    at = 0
    for pixel in pixels + 0.5:
        near = np.flatnonzero(np.hypot(*(walk[at:] - pixel).T) <= tolerance)
        assert len(near)
        at += int(near[0])


@pytest.mark.parametrize("corners", [ZIGZAG, ZIGZAG * 0.3, ZIGZAG / 7, ZIGZAG + 0.37])
@pytest.mark.parametrize("drawn_as", [dense, np.asarray])
@pytest.mark.parametrize("speed", Speed)
def test_a_zigzags_corners_are_kept(corners: Floats, drawn_as: object, speed: Speed) -> None:
    """Plain spacing would miss them by half a step; within 2 px at 77 points."""
    pixels = resample_path(dense(corners) if drawn_as is dense else corners, speed=speed)
    assert len(pixels) == MAX_TRAJECTORY_POINTS or (speed is not Speed.EVEN and len(pixels) > 70)
    assert misses(corners, pixels).max() < 2


@settings(max_examples=120)
@given(st.integers(2, 14), st.integers(0, 10_000), st.sampled_from([1.0, 2.5]), st.sampled_from(Speed))
def test_corners_of_any_angle_are_kept_within_two_pixels(
    pieces: int, seed: int, scale: float, speed: Speed
) -> None:
    """Legs of 80 to 160 px that turn by 15° to 179°, to either side, at every speed."""
    random = np.random.default_rng(seed)
    turns = np.deg2rad(random.uniform(15, 179, pieces)) * random.choice([-1, 1], pieces)
    headings = np.cumsum(turns)
    legs = random.uniform(80, 160, pieces)[:, None] * np.stack([np.cos(headings), np.sin(headings)], axis=1)
    corners = scale * (2000 + np.concatenate((np.zeros((1, 2)), np.cumsum(legs, axis=0))))
    assert misses(corners, resample_path(dense(corners), speed=speed)).max() < 2


@pytest.mark.parametrize("scale", [1, 4])
def test_speed_is_even_along_a_curve(scale: int) -> None:
    """Equal arc length: one step a point, whatever the hand's speed was."""
    t = np.linspace(0, 1, 500) ** 3 * 2 * np.pi  # drawn slowly first, then fast
    circle = scale * np.stack([500 + 300 * np.cos(t), 400 + 300 * np.sin(t)], axis=1)
    pixels = resample_path(circle)
    assert len(pixels) == MAX_TRAJECTORY_POINTS
    assert steps(pixels).max() - steps(pixels).min() < 3


def test_speed_is_nearly_even_between_corners() -> None:
    """Whole numbers of steps between corners leave a small difference only."""
    lengths = steps(resample_path(dense(ZIGZAG)))
    assert lengths.max() / lengths.min() < 1.25


def test_a_trembling_hand_does_not_make_the_speed_uneven() -> None:
    """What the mouse's grid does to a slanted line is no corner."""
    line = np.round(np.linspace((100, 100), (700, 237), 500)) * 4.17
    lengths = steps(resample_path(line))
    assert lengths.max() / lengths.min() < 1.2


def test_a_loop_stays_a_loop() -> None:
    """Its end is its beginning, and it runs around in the direction drawn."""
    t = np.linspace(0, 2 * np.pi, 200)
    loop = np.stack([500 + 300 * np.cos(t), 400 + 300 * np.sin(t)], axis=1)
    loop[-1] = loop[0]
    pixels = resample_path(loop)
    assert np.array_equal(pixels[0], pixels[-1])
    angles = np.unwrap(np.arctan2(pixels[:, 1] - 400, pixels[:, 0] - 500))
    assert (np.diff(angles) > 0).all()
    assert angles[-1] - angles[0] == pytest.approx(2 * np.pi, abs=0.01)


def test_an_out_and_back_reaches_its_far_end_and_comes_back() -> None:
    """Sorting by an axis would destroy it; even spacing would cut its tip."""
    tip = np.array([(1700.0, 900.0)])
    pixels = resample_path(dense(np.array([(100.0, 100.0), *tip, (100.0, 100.0)]), 200))
    assert misses(tip, pixels).max() < 1
    far = int(pixels[:, 0].argmax())
    assert (np.diff(pixels[: far + 1, 0]) > 0).all()
    assert (np.diff(pixels[far:, 0]) < 0).all()


@pytest.mark.parametrize("points", [[(5.2, 7.9)], [(5.2, 7.9)] * 4, [(5.2, 7.9), (5.8, 7.1)]])
def test_a_click_gives_one_point(points: list[tuple[float, float]]) -> None:
    """A path within one pixel is that pixel, and no crash."""
    assert resample_path(np.array(points)).tolist() == [[5, 7]]


def test_two_points_stay_two_when_only_two_are_allowed() -> None:
    """The ends win over everything else."""
    assert resample_path(dense(ZIGZAG), 2).tolist() == [[100, 300], [3430, 2300]]


def test_a_short_path_is_not_stuffed_with_points() -> None:
    """Points nearer than two pixels would tell about rounding, not about the path."""
    pixels = resample_path(np.array([(10.5, 10.5), (30.5, 10.5)]))
    assert pixels[:, 0].tolist() == list(range(10, 32, 2))


SHARE: dict[Speed, Callable[[Floats], Floats]] = {
    Speed.EVEN: lambda t: t,
    Speed.EASE_IN: lambda t: t * t,
    Speed.EASE_OUT: lambda t: t * (2 - t),
    Speed.EASE_IN_OUT: lambda t: 3 * t * t - 2 * t**3,
}
EASED = [Speed.EASE_IN, Speed.EASE_OUT, Speed.EASE_IN_OUT]


@settings(max_examples=80)
@given(st.lists(COORDINATES, min_size=1, max_size=60), st.sampled_from(Speed))
def test_every_speed_keeps_both_ends_and_the_limits_of_the_wire(
    points: list[tuple[float, float]], speed: Speed
) -> None:
    """From 1 to 77 whole pixels, no two equal neighbours, and the ends are the pixels drawn on."""
    drawn = path_image_px(path(tuple(points)), (960, 720), (4000, 3000))
    pixels = resample_path(drawn, speed=speed)
    assert 1 <= len(pixels) <= MAX_TRAJECTORY_POINTS
    assert (pixels[1:] != pixels[:-1]).any(axis=1).all()
    assert np.array_equal(pixels[[0, -1]], np.floor(drawn[[0, -1]]).astype(np.int64))


@pytest.mark.parametrize("speed", EASED)
@pytest.mark.parametrize("length", [40.0, 300.0, 3600.0])
def test_an_eased_path_is_where_its_speed_says_at_every_point(speed: Speed, length: float) -> None:
    """Half a pixel of rounding aside; the formulas are the textbook's."""
    columns = resample_path(np.array([(10.5, 20.5), (10.5 + length, 20.5)]), speed=speed)[:, 0]
    wanted = 10 + length * SHARE[speed](np.linspace(0, 1, len(columns)))
    assert np.abs(columns - wanted).max() < 1


@settings(max_examples=80)
@given(
    st.lists(st.tuples(st.floats(0, 4000), st.floats(0, 3000)), min_size=3, max_size=8),
    st.sampled_from(Speed),
)
def test_any_drawn_corners_are_kept_at_every_speed_on_a_picture_of_4000_by_3000(
    corners: list[tuple[float, float]], speed: Speed
) -> None:
    """Where they turn by 30° or more, and lie so far apart that 77 points can tell them from each other."""
    drawn = np.array(corners)
    legs = np.diff(drawn, axis=0)
    lengths = np.hypot(*legs.T)
    assume(lengths.min() > 4 * lengths.sum() / MAX_TRAJECTORY_POINTS > 20)
    turns = np.angle((legs @ (1, 1j))[1:] / (legs @ (1, 1j))[:-1])
    assume(np.abs(turns).min() > np.deg2rad(30))
    pixels = resample_path(dense(drawn), speed=speed)
    assert misses(drawn, pixels).max() < 2


@pytest.mark.parametrize("speed", EASED)
def test_keeping_corners_hardly_shifts_any_point_in_time(speed: Speed) -> None:
    """By less than a step and a half, a tenth of a second in five: the speed is still the one asked for."""
    pixels = resample_path(dense(ZIGZAG), speed=speed)
    along = np.concatenate(([0.0], np.cumsum(steps(pixels))))
    time = np.linspace(0, 1, 10_001)
    when = np.interp(along / along[-1], SHARE[speed](time), time)
    assert np.abs(when - np.linspace(0, 1, len(pixels))).max() < 1.5 / (MAX_TRAJECTORY_POINTS - 1)


def test_spacing_that_knows_no_corners_misses_them() -> None:
    """The control: the eased places alone, as they would be without the corners."""
    at = np.concatenate(([0.0], np.cumsum(steps(ZIGZAG.astype(np.int64)))))
    places = at[-1] * SHARE[Speed.EASE_IN](np.linspace(0, 1, MAX_TRAJECTORY_POINTS))
    plain = np.stack([np.interp(places, at, ZIGZAG[:, axis]) for axis in (0, 1)], axis=1)
    assert misses(ZIGZAG, np.floor(plain).astype(np.int64)).max() > 20


def test_a_path_that_leaves_the_picture_stays_outside() -> None:
    """It is to be reported, not bent."""
    drawn = path_image_px(path(((-10, 5), (30, 12))), (20, 10), (200, 100))
    assert resample_path(drawn)[[0, -1]].tolist() == [[-100, 50], [300, 120]]


def test_the_very_edge_of_the_canvas_is_the_last_pixel() -> None:
    """A path to the right and bottom edge ends inside the picture."""
    drawn = path_image_px(path(((0, 0), (20, 10))), (20, 10), (200, 100))
    assert resample_path(drawn)[[0, -1]].tolist() == [[0, 0], [199, 99]]


@settings(max_examples=60)
@given(
    x=st.floats(0, 1, exclude_max=True),
    y=st.floats(0, 1, exclude_max=True),
    image=st.tuples(st.integers(300, 900), st.integers(300, 900)),
    canvas=st.tuples(st.integers(300, 960), st.integers(300, 960)),
)
def test_a_point_drawn_on_a_painted_spot_is_a_painted_pixel(
    x: float, y: float, image: tuple[int, int], canvas: tuple[int, int]
) -> None:
    """Masks and paths share one convention, so that a path can begin in its mask."""
    spot = ((x * canvas[0], y * canvas[1]),)
    mask = mask_image_px((path(spot, StrokeKind.BRUSH),), canvas, image)
    ((column, row),) = resample_path(path_image_px(path(spot), canvas, image))
    assert mask[row, column] == 255
