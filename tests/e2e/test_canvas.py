"""The drawing is never lost, and each of its tools does what it says."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Brush

pytestmark = pytest.mark.browser

EIGHT_PERCENT = re.compile(r"8\.\d%")
PAINTED = (0.5, 0.3)
"""Where the last test paints, in fractions of the picture."""


@pytest.fixture
def brush(page: Page) -> Brush:
    """A hand over the raccoon, with something painted on Static."""
    page.get_by_role("button", name="Raccoon in the leaves", exact=True).click()
    hand = Brush(page=page)
    hand.drag([(0.1, 0.1), (0.4, 0.1)])
    hand.expect_on_layer("Static", "stays still")
    return hand


def test_the_drawing_survives_a_change_of_every_parameter(page: Page, brush: Brush) -> None:
    """A rerun must not clear the canvas; a model's name that is not in the list may be typed."""
    page.get_by_label("Prompt", exact=True).fill("calm")
    page.keyboard.press("Control+Enter")
    page.get_by_role("radiogroup", name="Duration").get_by_role("radio", name="10 s").click()
    page.get_by_role("radiogroup", name="Mode").get_by_role("radio", name="pro").click()
    brush.expect_on_layer("Static", "stays still")
    model = page.get_by_role("combobox", name="Model")
    model.fill("kling-v9-next")
    model.press("Enter")
    expect(page.get_by_text("kling-v9-next is not in our table: what it can do")).to_be_visible()
    brush.expect_on_layer("Static", "stays still")
    brush.drag([(0.1, 0.3), (0.4, 0.3)])
    brush.expect_on_layer("Static", "stays still")
    expect(page.get_by_text("Before sending")).to_have_count(0)


def test_the_drawing_is_there_after_another_page_and_back(page: Page, brush: Brush) -> None:
    """And it can be painted on further."""
    page.get_by_role("link", name="Tasks").click()
    expect(page.get_by_text("No tasks yet")).to_be_visible()
    page.get_by_role("link", name="Create").click()
    brush.expect_on_layer("Static", "stays still")
    brush.layer("Motion 1")
    brush.drag([(0.5, 0.5), (0.6, 0.5)])
    brush.expect_on_layer("Motion 1", "no path yet")
    brush.expect_on_layer("Static", "stays still")


def test_undo_and_redo_take_back_the_last_stroke_and_bring_it_again(page: Page, brush: Brush) -> None:
    """The canvas's own history."""
    brush.layer("Motion 1")
    brush.drag([(0.5, 0.5), (0.6, 0.5)])
    brush.expect_on_layer("Motion 1", "no path yet")
    brush.surface.hover()
    page.get_by_role("button", name="Undo").click()
    brush.expect_on_layer("Motion 1", "empty")
    brush.surface.hover()
    page.get_by_role("button", name="Redo").click()
    brush.expect_on_layer("Motion 1", "no path yet")


def test_only_the_left_button_paints_until_it_is_let_go(page: Page, brush: Brush) -> None:
    """Another one in mid-stroke changes nothing, alone it paints nothing, and the next stroke drops none."""
    brush.layer("Motion 1")
    (from_, middle, to, beyond) = brush.on_screen([(0.1, 0.5), (0.3, 0.5), (0.5, 0.5), (0.7, 0.8)])
    page.mouse.move(*from_)
    page.mouse.down()
    page.mouse.move(*middle, steps=5)
    page.mouse.down(button="right")
    page.mouse.up(button="right")
    page.mouse.move(*to, steps=5)
    page.mouse.up()
    page.mouse.move(*beyond, steps=5)
    brush.expect_paint((0.45, 0.5))
    brush.expect_paint((0.6, 0.65), shown=False)
    brush.on_screen([to])
    page.mouse.move(*beyond)
    page.mouse.down(button="right")
    page.mouse.move(*from_, steps=5)
    page.mouse.up(button="right")
    brush.drag([(0.8, 0.8), (0.9, 0.8)])
    brush.expect_paint((0.85, 0.8))
    brush.expect_paint((0.2, 0.5))
    brush.expect_paint((0.5, 0.7), shown=False)


def test_a_stroke_that_loses_the_window_ends_there(page: Page, brush: Brush) -> None:
    """The release that the page never sees: moving on without a button paints nothing."""
    brush.layer("Motion 1")
    from_, to, beyond = brush.on_screen([(0.1, 0.5), (0.4, 0.5), (0.8, 0.5)])
    page.mouse.move(*from_)
    page.mouse.down()
    page.mouse.move(*to, steps=5)
    page.evaluate("() => window.dispatchEvent(new Event('blur'))")
    page.mouse.move(*beyond, steps=5)
    brush.expect_paint((0.3, 0.5))
    brush.expect_paint((0.6, 0.5), shown=False)
    page.mouse.up()
    brush.drag([(0.1, 0.8), (0.3, 0.8)])
    brush.expect_paint((0.2, 0.8))
    brush.expect_paint((0.3, 0.5))


def test_a_polygon_that_is_edited_or_undone_is_sent_as_it_is_then(page: Page, brush: Brush) -> None:
    """Half of it pushed out of the picture; nothing else is drawn or pressed after that."""
    brush.layer("Motion 2")
    brush.tool("Polygon")
    brush.click([(0.4, 0.4), (0.6, 0.4), (0.6, 0.8), (0.4, 0.8), (0.4, 0.4)])
    brush.expect_on_layer("Motion 2", EIGHT_PERCENT)
    page.get_by_role("button", name="Edit").click()
    brush.drag([(0.5, 0.6), (0.5, 1.0)])
    brush.expect_on_layer("Motion 2", re.compile(r"4\.\d%"))
    page.get_by_role("button", name="Undo").click()
    brush.expect_on_layer("Motion 2", EIGHT_PERCENT)


def test_a_first_visit_by_a_deep_link_has_the_whole_frame(page: Page, app_url: str) -> None:
    """The first request after a start may be for any page."""
    page.goto(f"{app_url}/tasks")
    expect(page.get_by_text("No tasks yet")).to_be_visible()
    expect(page.get_by_text("Simulator: videos are computed")).to_be_visible()


def test_a_hidden_layer_leaves_the_canvas_and_comes_back_when_chosen(page: Page, brush: Brush) -> None:
    """It is kept and sent; painting elsewhere meanwhile does not lose it."""
    brush.layer("Motion 1")
    brush.drag([(0.3, PAINTED[1]), (0.7, PAINTED[1])])
    brush.expect_on_layer("Motion 1", "no path yet")
    brush.expect_paint(PAINTED)
    brush.change("Motion 1", "Hide")
    expect(page.get_by_text("kept and sent too")).to_be_visible()
    brush.expect_paint(PAINTED, shown=False)
    before = page.locator(".st-key-layer-0").inner_text()
    brush.drag([(0.1, 0.8), (0.3, 0.8)])
    expect(page.locator(".st-key-layer-0")).not_to_have_text(before, use_inner_text=True)
    brush.expect_on_layer("Motion 1", "hidden")
    brush.layer("Motion 1")
    expect(page.get_by_text("kept and sent too")).to_be_hidden()
    brush.expect_on_layer("Motion 1", "no path yet")
    brush.expect_paint(PAINTED)
