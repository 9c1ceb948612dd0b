"""What the service would refuse is found here first, and one click mends it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browser import Brush
from tests.support.pictures import encoded, gradient

pytestmark = pytest.mark.browser


def said(page: Page, words: str) -> Locator:
    """The finding with these words."""
    return page.get_by_test_id("stAlert").filter(has_text=words)


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
    expect(page.get_by_text("Before sending")).to_have_count(0)
    page.get_by_role("button", name="Undo last change").click()
    expect(finding).to_be_visible()
    brush.expect_on_layer("Static", re.compile(r"\D5\.\d% stays still"))
