"""All of it without a mouse: the keys alone lead from a file to a sent task."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from studio.pictures.samples import SAMPLES, load_sample
from tests.support.browser import Brush, expect_sent
from tests.support.keyboard import Keyboard

pytestmark = pytest.mark.browser


def test_from_a_file_to_a_sent_task_by_keys_alone(page: Page, tmp_path: Path) -> None:
    """One mask and one path, both by numbers; no step needs a pointer."""
    keys = Keyboard(page=page)
    upload(page, keys, photograph(tmp_path))
    keys.press(page.get_by_role("button", name=re.compile("icon Motion 1$")), back=True)
    add_rectangle(page, keys, left=300, top=200, width=200, height=100)
    Brush(page=page).expect_on_layer("Motion 1", "no path yet")
    add_path(page, keys, (400, 250), (600, 250))
    Brush(page=page).expect_on_layer("Motion 1", "path of")

    keys.type_into(page.get_by_label("Prompt", exact=True), "It glides to the right")
    keys.press(button(page, "Review and send"))
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_alt_text("The picture with masks and paths")).to_be_visible()
    keys.press(dialog.get_by_role("button", name="Send to Simulator"))
    expect_sent(page)


def photograph(folder: Path) -> Path:
    """A picture file."""
    path = folder / "photograph.jpg"
    path.write_bytes(load_sample(SAMPLES[0]).wire_bytes)
    return path


def upload(page: Page, keys: Keyboard, file: Path) -> None:
    """Enter on the button opens the system's file dialog, which is another program's."""
    with page.expect_file_chooser() as choosing:
        keys.press(page.get_by_test_id("stFileUploader").get_by_role("button", name="Upload", exact=True))
    choosing.value.set_files(file)
    expect(page.locator("canvas.upper-canvas")).to_be_visible()


def add_rectangle(page: Page, keys: Keyboard, **sides: int) -> None:
    """A rectangle by its four numbers."""
    keys.choose("Tool", "Rectangle")
    keys.press(page.locator("summary").filter(has_text="By numbers"))
    for side, number in sides.items():
        keys.type_into(page.get_by_label(side.title(), exact=True), str(number))
    keys.press(button(page, "Add the rectangle"))


def add_path(page: Page, keys: Keyboard, *points: tuple[int, int]) -> None:
    """A path by its points."""
    keys.choose("Tool", "Path")
    keys.choose("How", "Click points")
    keys.press(page.locator("summary").filter(has_text="By numbers"))
    for point in points:
        for axis, number in zip("xy", point, strict=True):
            keys.type_into(page.get_by_role("spinbutton", name=axis, exact=True), str(number))
        keys.press(button(page, "Add this point"))


def button(page: Page, name: str) -> Locator:
    """The button with this in its name, which an icon's may go before."""
    return page.get_by_role("button", name=name)
