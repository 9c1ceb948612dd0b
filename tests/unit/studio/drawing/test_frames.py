import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.drawing.frames import CanvasFrame, from_wire_px, path_image_px, to_wire_px
from studio.drawing.model import Layer
from tests.support.make import path

sides_px = st.integers(1, 8000)
sizes_px = st.tuples(sides_px, sides_px)


@given(sizes_px, sizes_px, st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True))
def test_a_typed_pixel_comes_back_as_the_same_pixel(
    canvas_px: tuple[int, int], image_px: tuple[int, int], x: float, y: float
) -> None:
    """Of any picture on any canvas: 640 of 1,280 numbers came back as another one once."""
    frame = CanvasFrame(canvas_size_px=canvas_px, image_size_px=image_px)
    pixel = (int(x * image_px[0]), int(y * image_px[1]))
    assert frame.pixel(frame.middle_canvas_px(pixel)) == pixel


def test_an_axis_that_was_not_typed_keeps_its_fractions() -> None:
    """A pixel of the picture is half a pixel of this canvas."""
    frame = CanvasFrame(canvas_size_px=(640, 360), image_size_px=(1280, 720))
    assert frame.retyped((10.3, 20.7), None, None) == (10.3, 20.7)
    assert frame.retyped((10.3, 20.7), 0, None) == (0.25, 20.7)
    assert frame.retyped((10.3, 20.7), None, 100) == (10.3, 50.25)


def test_what_lies_outside_the_picture_is_said_so() -> None:
    """Nothing is cut off."""
    frame = CanvasFrame(canvas_size_px=(100, 100), image_size_px=(200, 200))
    assert frame.pixel((-0.1, 100.4)) == (-1, 200)


@pytest.mark.parametrize("size_px", [(440, 300), (678, 1080), (748, 300), (333, 301)])
@pytest.mark.parametrize("canvas_px", [(720, 491), (314, 500), (720, 289), (7, 11)])
def test_the_edge_of_the_canvas_is_the_last_pixel_whatever_the_rounding_of_the_scale(
    canvas_px: tuple[int, int], size_px: tuple[int, int]
) -> None:
    """720 · (440 / 720) is a little more than 440: released on the edge, a path has not left the picture."""
    edge = path_image_px(path(Layer.MOTION_1, (1, 1), canvas_px), canvas_px, size_px)[-1]
    assert np.array_equal(np.floor(edge), np.array(size_px) - 1)


@given(st.lists(st.tuples(st.integers(-50, 5000), st.integers(-50, 5000)), min_size=1), st.integers(1, 4000))
def test_the_flip_undoes_itself_and_keeps_x(points: list[tuple[int, int]], height: int) -> None:
    """The wire's origin is bottom-left: the top row is height - 1."""
    pixels = np.array(points)
    wire = to_wire_px(pixels, height)
    assert np.array_equal(wire[:, 0], pixels[:, 0])
    assert np.array_equal(wire[:, 1], height - 1 - pixels[:, 1])
    assert np.array_equal(from_wire_px(wire, height), pixels)
