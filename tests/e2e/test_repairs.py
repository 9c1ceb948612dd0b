"""What the service would refuse is found here first, and one click mends it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browser import Brush
from tests.support.pictures import encoded, gradient

pytestmark = pytest.mark.browser


@pytest.fixture
def brush(page: Page) -> Brush:
    """A hand over the raccoon, with a box painted on Motion 1."""
    page.get_by_role("button", name="Raccoon in the leaves", exact=True).click()
    hand = Brush(page=page)
    hand.layer("Motion 1")
    hand.tool("Rectangle")
    hand.drag([(0.3, 0.3), (0.5, 0.5)])
    hand.expect_on_layer("Motion 1", "no path yet")
    return hand


def said(page: Page, words: str) -> Locator:
    """The finding with these words."""
    return page.get_by_test_id("stAlert").filter(has_text=words)


def review(page: Page) -> Locator:
    return page.get_by_role("button", name="Review and send")


def test_a_path_beside_its_paint_is_shown_and_moved_onto_it(page: Page, brush: Brush) -> None:
    """Where it is, is seen on a small picture; then one click."""
    brush.tool("Path")
    brush.drag([(0.7, 0.7), (0.85, 0.7)])
    finding = said(page, "its path starts beside what is painted")
    expect(finding).to_be_visible()
    page.get_by_role("button", name="Show where").click()
    expect(page.get_by_alt_text("Where on the picture: Motion 1: its path starts beside")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Move the path of Motion 1 onto its paint").click()
    expect(finding).to_have_count(0)
    brush.expect_on_layer("Motion 1", "path of 15%")
    expect(review(page)).to_be_enabled()


def test_paint_without_a_path_becomes_static(page: Page, brush: Brush) -> None:
    """It cannot be sent before, and can be after; and it can be taken back."""
    finding = said(page, "it is painted but has no path")
    expect(finding).to_be_visible()
    expect(review(page)).to_be_disabled()
    page.get_by_role("button", name="Make Motion 1 static").click()
    expect(finding).to_have_count(0)
    expect(review(page)).to_be_enabled()
    brush.expect_on_layer("Static", "stays still")
    page.get_by_role("button", name="Undo last change").click()
    expect(finding).to_be_visible()


def test_a_model_without_the_brush_is_switched(page: Page, brush: Brush) -> None:
    """To one that does what is painted; the painting stays."""
    brush.tool("Path")
    brush.drag([(0.4, 0.4), (0.6, 0.4)])
    brush.expect_on_layer("Motion 1", "path of 20%")
    page.get_by_role("combobox", name="Model").click()
    page.get_by_role("option", name="kling-v1-6").click()
    finding = said(page, "kling-v1-6")
    expect(finding).to_be_visible()
    page.get_by_role("button", name="Use kling-v1 · std · 5 s").click()
    expect(finding).to_have_count(0)
    expect(review(page)).to_be_enabled()
    brush.expect_on_layer("Motion 1", "path of 20%")


def test_a_picture_that_is_too_wide_is_cropped_with_what_is_painted_and_taken_back(page: Page) -> None:
    """What stays is seen first; the painted share grows as the picture shrinks around it."""
    page.get_by_label("Your photograph").locator("input[type=file]").set_input_files(
        {"name": "wide.png", "mimeType": "image/png", "buffer": encoded(gradient(1600, 320))}
    )
    finding = said(page, "a ratio of 5.00; the limit is 2.5")
    expect(finding).to_be_visible()
    brush = Brush(page=page)
    brush.layer("Static")
    brush.tool("Rectangle")
    brush.drag([(0.1, 0.2), (0.2, 0.7)])
    brush.expect_on_layer("Static", re.compile(r"\D5\.\d% stays still"))
    page.get_by_role("button", name="Show what stays").click()
    expect(page.get_by_alt_text("Crop the picture to 800 × 320")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Crop the picture to 800 × 320").click()
    expect(finding).to_have_count(0)
    expect(page.get_by_text("wide.png · 800 × 320")).to_be_visible()
    brush.expect_on_layer("Static", re.compile(r"\D10\.\d% stays still"))
    expect(review(page)).to_be_enabled()
    page.get_by_role("button", name="Undo last change").click()
    expect(finding).to_be_visible()
    brush.expect_on_layer("Static", re.compile(r"\D5\.\d% stays still"))
