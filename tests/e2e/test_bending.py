"""A path is bent by the handles on it, to the very place where they are let go."""

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, expect

from studio.drawing.path_editing import control_points, with_controls
from tests.support.browser import Brush, open_app

pytestmark = pytest.mark.browser
PHONE = (390, 844)
HANDLES = "svg.path-handles"
DRAG_SCREEN_PX = (37, -52)


@pytest.fixture
def brush(page: Page) -> Brush:
    """A hand on Motion 1 with the Path tool."""
    return hand(page)


def hand(page: Page) -> Brush:
    page.get_by_role("button", name="Raccoon in the leaves", exact=True).click()
    found = Brush(page=page)
    found.layer("Motion 1")
    found.tool("Path")
    return found


def bend(page: Page, handle: int, by_screen_px: tuple[int, int]) -> None:
    """Drags one handle, and waits until all are at their new places."""
    page.get_by_role("radio", name="Bend").click()
    expect(page.get_by_text("Drag the points of its path")).to_be_visible()
    circle = page.locator(HANDLES).locator("circle").nth(handle)
    circle.hover()  # waits until nothing moves any more
    box = circle.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    with drawn_anew(page):
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + by_screen_px[0], y + by_screen_px[1], steps=6)
        page.mouse.up()


@contextmanager
def drawn_anew(page: Page) -> Iterator[None]:
    """Waits until the handles are those of another drawing."""
    handles = page.locator(HANDLES)
    before = handles.get_attribute("data-revision")
    assert before
    yield
    expect(handles).not_to_have_attribute("data-revision", before)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def drawing(page: Page, folder: Path) -> dict[str, Any]:
    """What is drawn, as the recipe of the page has it."""
    page.get_by_role("button", name="Recipe").click()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download recipe").click()
    file = folder / "made.motion"
    downloading.value.save_as(file)
    page.keyboard.press("Escape")
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
        found: dict[str, Any] = json.loads(archive.read("manifest.json"))["drawing"]
        return found


def path_points(found: dict[str, Any]) -> tuple[tuple[float, float], ...]:
    (path,) = [stroke for stroke in found["strokes"] if stroke["kind"] == "path"]
    return tuple((x, y) for x, y in path["points"])


def furthest(first: tuple[tuple[float, float], ...], second: tuple[tuple[float, float], ...]) -> float:
    apart: NDArray[np.float64] = np.array(first) - np.array(second)
    return float(np.abs(apart).max())


def test_a_dragged_handle_takes_the_path_along_to_where_it_is_let_go_and_can_be_taken_back(
    page: Page, brush: Brush, tmp_path: Path
) -> None:
    """Its control point moves by what the mouse moved, all others stay; what lies between follows.

    The handles of the canvas made anew are as good; one step back is one drag back.
    """
    brush.drag([(0.3, 0.6), (0.5, 0.4), (0.7, 0.6)])
    brush.expect_on_layer("Motion 1", "path of")
    shown = brush.surface.bounding_box()
    before = drawing(page, tmp_path)
    assert shown
    bend(page, 2, DRAG_SCREEN_PX)
    after = path_points(drawing(page, tmp_path))
    scale = before["canvas_width_px"] / shown["width"]
    controls = list(control_points(path_points(before)))
    assert len(controls) == 7
    controls[2] = (controls[2][0] + DRAG_SCREEN_PX[0] * scale, controls[2][1] + DRAG_SCREEN_PX[1] * scale)
    assert furthest(after, with_controls(path_points(before), tuple(controls))) < 0.02
    assert furthest(after, path_points(before)) > 30  # the control: unbent it would be elsewhere
    bend(page, -1, (0, 60))
    assert furthest(path_points(drawing(page, tmp_path)), after) > 30
    with drawn_anew(page):
        page.get_by_role("button", name="Undo last change").click()
    assert furthest(path_points(drawing(page, tmp_path)), after) < 1e-6


def test_beside_a_handle_nothing_is_drawn_and_another_tool_has_no_handles(page: Page, brush: Brush) -> None:
    """Bending is not drawing."""
    brush.drag([(0.3, 0.6), (0.7, 0.6)])
    brush.expect_on_layer("Motion 1", "path of 40%")
    page.get_by_role("radio", name="Bend").click()
    handles = page.locator(HANDLES)
    expect(handles.locator("circle")).not_to_have_count(0)
    box = handles.bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 30, steps=5)
    page.mouse.up()
    page.get_by_role("radio", name="Brush").click()
    expect(page.get_by_text("Paint over")).to_be_visible()
    expect(handles).to_have_count(0)
    brush.expect_on_layer("Motion 1", "no paint, path of 40%")


def test_on_a_phone_a_handle_goes_where_the_finger_goes(
    browser: Browser, app_url: str, tmp_path: Path
) -> None:
    """The canvas is shown smaller than it is: what counts is the place on the picture."""
    page = open_app(browser, app_url, size=PHONE)
    brush = hand(page)
    brush.drag([(0.3, 0.6), (0.7, 0.6)])
    brush.expect_on_layer("Motion 1", "path of 40%")
    shown = brush.surface.bounding_box()
    assert shown
    before = drawing(page, tmp_path)
    bend(page, 0, (10, -40))
    after = path_points(drawing(page, tmp_path))
    scale = before["canvas_width_px"] / shown["width"]
    assert scale > 1.5
    start = path_points(before)[0]
    assert furthest((after[0],), ((start[0] + 10 * scale, start[1] - 40 * scale),)) < 0.05
    page.context.close()
