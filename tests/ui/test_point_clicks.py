"""Clicks that the page tells of, for the tools that take points."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.session import Session
from studio.drawing.layers import newest_path
from studio.drawing.model import Layer


@pytest.fixture
def clicking(app: AppTest) -> AppTest:
    """A photograph, with the tool that makes a path of clicked points."""
    app.button(key="picture-raccoon.jpg").click().run()
    session_of(app).layer = Layer.MOTION_1
    app.run()
    app.button_group(key="tool").set_value("Path").run()
    app.button_group(key="path-how").set_value("Click points").run()
    return app


def session_of(app: AppTest) -> Session:
    """The person's work."""
    found: Session = app.session_state["studio"]
    return found


def told(app: AppTest, points: Any, token: str | None = None) -> tuple[tuple[float, float], ...]:
    """The path after the page has told of these clicks."""
    current = session_of(app)
    clicks = {"token": token or current.clicks_token, "points": points}
    app.session_state["point-clicks"] = {"clicks": clicks}
    app.run()
    assert not app.exception
    return newest_path(current.drawing, Layer.MOTION_1) if current.drawing else ()


def test_several_clicks_are_taken_in_order_and_each_once(clicking: AppTest) -> None:
    """Those that were told before come again with the next."""
    first, second, third = [1, 100.0, 90.0], [2, 200.0, 90.0], [3, 300.0, 80.0]
    assert told(clicking, [first, second]) == ((100.0, 90.0), (200.0, 90.0))
    assert told(clicking, [first, second, third]) == ((100.0, 90.0), (200.0, 90.0), (300.0, 80.0))


def test_clicks_for_another_session_are_not_taken(clicking: AppTest) -> None:
    """The page tells the new session itself of those that are left."""
    assert told(clicking, [[1, 100.0, 90.0]], token="of-before") == ()


@pytest.mark.parametrize(
    "points", [None, 7, "abc", [7], [[1, 2]], [[1, "x", 2.0]], [[1, float("nan"), 2.0]], [[None, 1.0, 2.0]]]
)
def test_what_is_no_click_is_ignored(clicking: AppTest, points: object) -> None:
    """A browser may send anything."""
    assert told(clicking, points) == ()
