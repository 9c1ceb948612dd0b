import pytest

from studio.drawing.model import Layer
from studio.drawing.part_names import part_name
from tests.support.directions import CANVAS_PX, blob, drawing

PLACES = {
    "the part at the top left": (1, 1),
    "the part at the top": (3, 1),
    "the part at the top right": (5, 1),
    "the part on the left": (1, 3),
    "the part in the middle": (3, 3),
    "the part on the right": (5, 3),
    "the part at the bottom left": (1, 5),
    "the part at the bottom": (3, 5),
    "the part at the bottom right": (5, 5),
}


@pytest.mark.parametrize("name", PLACES)
def test_a_part_without_a_name_is_called_by_its_place(name: str) -> None:
    """In a grid of three by three; a name of its own wins."""
    x, y = (sixths * side / 6 for sixths, side in zip(PLACES[name], CANVAS_PX, strict=True))
    made = drawing(blob(Layer.MOTION_1, x, y, half=40))
    assert part_name(made, Layer.MOTION_1) == name
    assert part_name(made.with_name(Layer.MOTION_1, "Anna"), Layer.MOTION_1) == "Anna"


def test_a_part_that_paint_does_not_place_is_in_the_middle() -> None:
    """Nothing is painted, or it lies outside the picture."""
    assert part_name(drawing(), Layer.MOTION_2) == "the part in the middle"
    assert part_name(drawing(blob(Layer.MOTION_2, -500, 0)), Layer.MOTION_2) == "the part in the middle"
