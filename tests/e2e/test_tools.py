"""Each tool does on the canvas what it says."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import HINTS, Brush

pytestmark = pytest.mark.browser

CANVAS_WIDTH_PX = 667
"""The raccoon's, in its own pixels."""


@pytest.fixture
def brush(page: Page) -> Brush:
    """A hand over the raccoon, on Motion 1."""
    page.get_by_role("button", name="Raccoon in the leaves", exact=True).click()
    hand = Brush(page=page)
    hand.layer("Motion 1")
    return hand


def test_the_brush_has_a_ring_of_its_size_and_no_hint_lies_under_the_canvas_own_toolbar(
    page: Page, brush: Brush
) -> None:
    """28 pixels of the canvas, however wide it is shown, and a margin; the toolbar floats above."""
    brush.surface.hover()
    box = brush.surface.bounding_box()
    assert box
    width_px = 28 * box["width"] / CANVAS_WIDTH_PX + 4
    ring = re.compile(rf"url\(.*width%3D%22{int(width_px)}\b")
    expect(brush.surface).to_have_css("cursor", ring)
    brush.tool("Rectangle")
    expect(brush.surface).not_to_have_css("cursor", ring)
    assert page.locator("canvas.upper-canvas").count() == 1
    toolbar = page.locator(".dc-toolbar-card")
    for tool, hint in HINTS.items():
        brush.tool(tool)
        words = page.get_by_text(hint).bounding_box()
        expect(toolbar).to_be_visible()
        buttons = toolbar.bounding_box()
        assert words
        assert buttons
        assert words["x"] + words["width"] <= buttons["x"] or words["y"] + words["height"] <= buttons["y"]


def test_the_eraser_takes_paint_away_and_the_ellipse_adds_some(page: Page, brush: Brush) -> None:
    """A tenth of the picture, less a bar across it, which can be taken back."""
    brush.tool("Rectangle")
    brush.drag([(0.2, 0.2), (0.6, 0.45)])
    brush.expect_on_layer("Motion 1", re.compile(r"(9\.9|10\.\d)%"))
    brush.tool("Eraser")
    brush.drag([(0.2, 0.3), (0.6, 0.3)])
    brush.expect_on_layer("Motion 1", re.compile(r"(7\.[7-9]|8\.0)%"))
    page.get_by_role("button", name="Undo last change").click()
    brush.expect_on_layer("Motion 1", re.compile(r"(9\.9|10\.\d)%"))
    brush.tool("Ellipse")
    brush.drag([(0.75, 0.75), (0.85, 0.75)])
    brush.expect_on_layer("Motion 1", re.compile(r"1[1-9]\.\d%, no path yet"))


def test_a_colour_is_outlined_before_it_is_filled(page: Page, brush: Brush) -> None:
    """A click shows it; Fill takes it, and the mark goes."""
    brush.tool("Fill")
    fill = page.get_by_role("button", name="Fill Motion 1")
    expect(fill).to_be_disabled()
    brush.click([(0.87, 0.88)])
    expect(fill).to_be_enabled()
    brush.expect_on_layer("Motion 1", "empty")
    fill.click()
    brush.expect_on_layer("Motion 1", re.compile(r"[1-9]\.\d%, no path yet"))
    expect(fill).to_be_disabled()


def test_a_path_grows_with_every_click(page: Page, brush: Brush) -> None:
    """Three points make two stretches of a tenth of the width each; it is marked as the part's."""
    brush.tool("Path")
    page.get_by_role("radio", name="Click points").click()
    expect(page.get_by_text("point by point")).to_be_visible()
    brush.click([(0.5, 0.5)])
    brush.expect_paint((0.5, 0.5))
    expect(page.get_by_role("button", name="Start again")).to_be_visible()
    brush.click([(0.6, 0.5)])
    brush.expect_on_layer("Motion 1", "path of 10%")
    brush.expect_paint((0.6, 0.5))
    brush.click([(0.7, 0.5)])
    brush.expect_on_layer("Motion 1", "path of 20%")
    expect(page.locator(".path-marks text")).to_have_text("1")


def test_clicks_on_each_others_heels_all_count(page: Page, brush: Brush) -> None:
    """Each makes the canvas anew; the next ones come while it is away."""
    brush.tool("Path")
    page.get_by_role("radio", name="Click points").click()
    expect(page.get_by_text("point by point")).to_be_visible()
    brush.click([(0.3 + step / 10, 0.5) for step in range(6)])
    brush.expect_on_layer("Motion 1", "path of 50%")


def test_a_preset_is_moved_by_the_arrow_keys_and_the_page_stays(page: Page, brush: Brush) -> None:
    """Alt with an arrow, which in a browser means going back: not here."""
    brush.tool("Path")
    page.get_by_role("radio", name="Preset").click()
    page.get_by_role("radio", name="Line").click()
    brush.expect_on_layer("Motion 1", "path of 25%")
    page.get_by_text("Points in numbers").click()
    table = page.get_by_test_id("stDataFrame")
    expect(table.locator("td").nth(1)).to_have_text("512")
    page.keyboard.press("Alt+ArrowLeft")
    expect(table.locator("td").nth(1)).to_have_text("502")
    assert page.url.rstrip("/").count("/") == 2
