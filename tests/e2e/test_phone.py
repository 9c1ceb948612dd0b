"""A phone held upright: the canvas fits it, the finger paints where it is, and everything can be reached."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, Locator, Page, ViewportSize, expect

from studio.drawing.model import Layer, Stroke, StrokeKind
from studio.drawing.rasterise import mask_image_px
from studio.recipes.recipe_file import load_recipe
from studio.request.draft import Draft
from tests.support.browser import Brush

pytestmark = pytest.mark.browser

UPRIGHT, ASIDE = ViewportSize(width=390, height=844), ViewportSize(width=844, height=390)
Way = tuple[tuple[float, float], tuple[float, float]]
BEFORE: Way = (0.2, 0.2), (0.6, 0.5)
"""From where to where the finger goes, in fractions of the picture."""
AFTER: Way = (0.3, 0.8), (0.8, 0.7)
STEPS = 12
BRUSH_CANVAS_PX = 28.0
LEAST_IOU = 0.97
IS_REACHED = """element => {
  element.scrollIntoView({ block: 'center' });
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
}"""


@pytest.fixture
def page(browser: Browser, app_url: str) -> Iterator[Page]:
    """The raccoon on a phone."""
    context = browser.new_context(viewport=UPRIGHT, has_touch=True, is_mobile=True, device_scale_factor=2)
    opened = context.new_page()
    opened.goto(app_url)
    opened.get_by_role("button", name="Raccoon in the leaves", exact=True).tap()
    yield opened
    context.close()


def test_the_finger_paints_where_it_is_and_still_does_when_the_phone_is_turned(
    page: Page, tmp_path: Path
) -> None:
    """The canvas keeps its own pixels however wide it is shown: upright half as wide as on a laptop."""
    brush = Brush(page=page)
    swipe(brush, BEFORE)
    brush.expect_on_layer("Static", "stays still")
    before = painted(page)
    page.set_viewport_size(ASIDE)
    swipe(brush, AFTER)
    expect(page.locator(".st-key-layer-0")).not_to_contain_text(before)
    drawn = recipe(page, tmp_path).drawing
    assert drawn is not None
    asked = [stroke(drawn.canvas_size_px, way) for way in (BEFORE, AFTER)]
    mask, ideal = (
        mask_image_px(strokes, drawn.canvas_size_px, drawn.canvas_size_px) > 0
        for strokes in (drawn.regions(Layer.STATIC), tuple(asked))
    )
    assert (mask & ideal).sum() / (mask | ideal).sum() >= LEAST_IOU


def test_a_finger_sets_the_points_of_a_path_and_takes_a_colour(page: Page) -> None:
    """Tapped where the mouse is clicked; the canvas itself hears no finger for these."""
    brush = Brush(page=page)
    brush.layer("Motion 1")
    brush.tool("Path")
    page.get_by_role("radio", name="Click points").tap()
    expect(page.get_by_text("point by point")).to_be_visible()
    for x, y in brush.on_screen([(0.4, 0.5), (0.5, 0.5), (0.6, 0.5)]):
        page.touchscreen.tap(x, y)
    brush.expect_on_layer("Motion 1", "path of 20%")
    brush.tool("Fill")
    page.touchscreen.tap(*brush.on_screen([(0.87, 0.88)])[0])
    page.get_by_role("button", name="Fill Motion 1").tap()
    brush.expect_on_layer("Motion 1", re.compile(r"[1-9]\.\d%"))


def test_a_finger_draws_shapes(page: Page) -> None:
    """A rectangle and an ellipse by a swipe, a polygon by taps."""
    brush = Brush(page=page)
    brush.layer("Motion 1")
    brush.tool("Rectangle")
    swipe(brush, ((0.1, 0.1), (0.5, 0.35)))
    brush.expect_on_layer("Motion 1", re.compile(r"(9\.9|10\.\d)%"))
    brush.tool("Ellipse")
    swipe(brush, ((0.75, 0.75), (0.85, 0.75)))
    brush.expect_on_layer("Motion 1", re.compile(r"1[1-9]\.\d%"))
    brush.change("Motion 1", "Clear")
    brush.tool("Polygon")
    for x, y in brush.on_screen([(0.2, 0.2), (0.6, 0.2), (0.6, 0.6), (0.2, 0.2)]):
        page.touchscreen.tap(x, y)
    brush.expect_on_layer("Motion 1", re.compile(r"[78]\.\d%"))


def test_the_canvas_fits_and_nothing_lies_beside_the_screen(page: Page) -> None:
    """It comes into sight when a picture is chosen, its toolbar and all tools are on the screen."""
    surface = Brush(page=page).surface
    expect(surface).to_be_in_viewport(ratio=0.9)
    expect(surface).to_have_css("touch-action", "none")
    for button in ("Undo", "Redo", "Edit"):
        expect(page.get_by_role("button", name=button, exact=True)).to_be_in_viewport(ratio=1)
    for tool in page.get_by_role("radiogroup", name="Tool").get_by_role("radio").all():
        expect_to_be_reached(tool)
    beside = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(beside) <= 0


def test_a_stroke_is_taken_back_and_the_draft_reviewed_by_touch(page: Page) -> None:
    """No mouse comes by, so the toolbar is there without one."""
    brush = Brush(page=page)
    swipe(brush, BEFORE)
    brush.expect_on_layer("Static", "stays still")
    page.get_by_role("button", name="Undo", exact=True).tap()
    brush.expect_on_layer("Static", "empty")
    page.get_by_role("button", name="Redo", exact=True).tap()
    brush.expect_on_layer("Static", "stays still")
    page.get_by_role("button", name="Review and send").tap()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_alt_text("The picture with masks and paths")).to_be_visible()
    send = dialog.get_by_role("button", name="Send to Simulator")
    expect_to_be_reached(send)


def swipe(brush: Brush, way: Way) -> None:
    """One finger from one place on the picture to another."""
    (x, y), (to_x, to_y) = brush.on_screen(way)
    finger = brush.page.context.new_cdp_session(brush.page)
    put(finger, "touchStart", (x, y))
    for part in range(1, STEPS + 1):
        put(finger, "touchMove", (x + (to_x - x) * part / STEPS, y + (to_y - y) * part / STEPS))
    put(finger, "touchEnd")


def put(finger: CDPSession, event: str, *points: tuple[float, float]) -> None:
    """One event of a finger at these places in the window."""
    touched = [{"x": x, "y": y} for x, y in points]
    finger.send("Input.dispatchTouchEvent", {"type": event, "touchPoints": touched})


def painted(page: Page) -> str:
    """What the list says of the static layer."""
    return page.locator(".st-key-layer-0 [data-testid=stCaptionContainer]").inner_text()


def stroke(size_canvas_px: tuple[int, int], way: Way) -> Stroke:
    """The brush from one place to another, as it should be."""
    points = tuple((x * size_canvas_px[0], y * size_canvas_px[1]) for x, y in way)
    return Stroke(
        layer=Layer.STATIC, kind=StrokeKind.BRUSH, points_canvas_px=points, width_canvas_px=BRUSH_CANVAS_PX
    )


def recipe(page: Page, folder: Path) -> Draft:
    """The draft in hand, by its file."""
    page.get_by_role("button", name="Recipe").tap()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download recipe").tap()
    downloading.value.save_as(folder / "draft.motion")
    return load_recipe((folder / "draft.motion").read_bytes()).draft


def expect_to_be_reached(target: Locator) -> None:
    """By scrolling it is wholly on the screen; the page may still be settling, so it is tried again."""
    target.page.wait_for_function(IS_REACHED, arg=target.element_handle())
