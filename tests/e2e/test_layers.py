"""The list of layers chooses, hides, copies and swaps; and the canvas follows."""

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.support.browser import Brush
from tests.support.waiting import wait_until

pytestmark = pytest.mark.browser

PAINTED = (0.5, 0.3)
"""Where the drag below paints, in fractions of the picture."""


@pytest.fixture
def brush(page: Page) -> Brush:
    """A hand over the raccoon, with a bar painted on Motion 1."""
    page.get_by_role("button", name="Raccoon in the leaves", exact=True).click()
    hand = Brush(page=page)
    hand.layer("Motion 1")
    hand.drag([(0.3, PAINTED[1]), (0.7, PAINTED[1])])
    hand.expect_on_layer("Motion 1", "no path yet")
    return hand


def paint_at(brush: Brush, at: tuple[float, float]) -> bool:
    """Whether the canvas shows paint there, away from the mouse."""
    brush.page.mouse.move(5, 5)
    shown = brush.page.locator("canvas.lower-canvas").first.screenshot()
    pixels = np.asarray(Image.open(io.BytesIO(shown)).convert("RGB")).astype(int)
    red, green, _ = pixels[round(at[1] * pixels.shape[0]), round(at[0] * pixels.shape[1])]
    return bool(red - green > 40)


def expect_paint(brush: Brush, at: tuple[float, float], *, shown: bool = True) -> None:
    """The canvas comes to show paint there, or none: made anew, it loads its drawing a little later."""
    wait_until(lambda: paint_at(brush, at) is shown, f"paint at {at}: {shown}")


def test_a_hidden_layer_leaves_the_canvas_and_comes_back_when_chosen(page: Page, brush: Brush) -> None:
    """It is kept and sent; painting elsewhere meanwhile does not lose it."""
    expect_paint(brush, PAINTED)
    brush.change("Motion 1", "Hide")
    expect(page.get_by_text("sent all the same")).to_be_visible()
    expect_paint(brush, PAINTED, shown=False)
    brush.drag([(0.1, 0.8), (0.3, 0.8)])
    brush.expect_on_layer("Static", "stays still")
    brush.expect_on_layer("Motion 1", "hidden")
    brush.layer("Motion 1")
    expect(page.get_by_text("sent all the same")).to_be_hidden()
    brush.expect_on_layer("Motion 1", "no path yet")
    expect_paint(brush, PAINTED)


def test_one_layer_is_looked_at_alone_and_then_all_again(page: Page, brush: Brush) -> None:
    """Show only this: the others leave the canvas, are kept, and come back with Show all."""
    brush.layer("Motion 2")
    brush.drag([(0.3, 0.7), (0.7, 0.7)])
    brush.expect_on_layer("Motion 2", "no path yet")
    brush.change("Motion 2", "Show only this")
    brush.expect_on_layer("Motion 1", "hidden")
    brush.expect_on_layer("Static", "hidden")
    expect_paint(brush, PAINTED, shown=False)
    expect_paint(brush, (0.5, 0.7))
    brush.change("Motion 2", "Show all")
    expect(page.get_by_text("sent all the same")).to_be_hidden()
    brush.expect_on_layer("Motion 1", "no path yet")
    expect_paint(brush, PAINTED)
    expect_paint(brush, (0.5, 0.7))


def test_a_copy_has_its_own_place_and_can_be_swapped(brush: Brush) -> None:
    """The copy is in hand at once."""
    brush.change("Motion 1", "Duplicate")
    brush.expect_on_layer("Motion 2", "no path yet")
    brush.change("Motion 1", "Clear")
    brush.expect_on_layer("Motion 1", "empty")
    brush.change("Motion 2", "Move up")
    brush.expect_on_layer("Motion 1", "no path yet")


def test_a_seventh_moving_part_is_refused_with_the_reason(page: Page, brush: Brush) -> None:
    """The service takes six."""
    for number in range(1, 6):
        brush.change(f"Motion {number}", "Duplicate")
        brush.expect_on_layer(f"Motion {number + 1}", "no path yet")
    page.get_by_role("button", name="Add a moving part").click()
    expect(page.get_by_text("the service takes no more")).to_be_visible()
