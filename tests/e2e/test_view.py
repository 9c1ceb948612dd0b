"""The whole picture, its tools and Send in one window; the whole table is in bench/bench_view.py."""

import pytest
from playwright.sync_api import Page

from tests.support.view import MOST_CANVAS_TOP_PX, measure, upload, with_each_tool
from tests.support.waiting import wait_until

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("size_px", "shape"), [((1280, 720), "16:9"), ((1366, 768), "4:5")])
def test_all_is_in_sight_with_every_tool_and_the_canvas_stays_where_it_is(
    page: Page, size_px: tuple[int, int], shape: str
) -> None:
    """Nothing is scrolled; the canvas begins near the top, and a tool's settings do not move it."""
    page.set_viewport_size({"width": size_px[0], "height": size_px[1]})
    hand = upload(page, shape)
    views = dict(with_each_tool(hand))
    assert {tool: view.least_share for tool, view in views.items() if view.least_share < 1} == {}
    assert len({view.rectangles["canvas"] for view in views.values()}) == 1
    assert all(view.canvas_top_px <= MOST_CANVAS_TOP_PX for view in views.values())
    assert all(view.preview_is_the_smaller for view in views.values())


def test_the_canvas_takes_the_room_of_a_window_that_grows_and_keeps_what_is_painted(page: Page) -> None:
    """Refitted, not made anew: the last stroke can still be undone."""
    hand = upload(page, "16:9")
    page.set_viewport_size({"width": 1920, "height": 1080})
    wait_until(lambda: measure(page).canvas_width_px >= 1000, "a wide canvas")
    hand.expect_paint((0.45, 0.45))
    hand.drag([(0.7, 0.7), (0.8, 0.7)])
    hand.expect_paint((0.75, 0.7))
    page.get_by_role("button", name="Undo", exact=True).click()
    hand.expect_paint((0.75, 0.7), shown=False)
    hand.expect_paint((0.45, 0.45))
