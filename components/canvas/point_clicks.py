"""Clicks on the picture, for the tools that take points: numbered by the page, and taken in order.

The canvas tells of a click a fifth of a second later, forgets it when it is made anew meanwhile, and hears no
finger. So the page hears clicks itself, and tells each until it was taken (point_clicks.js).
"""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import streamlit as st

from components import session
from studio.drawing.model import PointCanvasPx

_WIDGET = "point-clicks"
_MOST = 100
"""Clicks that are taken at once."""
_clicks = st.components.v2.component(
    "motion_studio_point_clicks", js=Path(__file__).with_suffix(".js").read_text("utf-8")
)


def show(size_canvas_px: tuple[int, int]) -> None:
    """Hear clicks on the canvas instead of the canvas itself."""
    current = session.current()
    _clicks(
        key=_WIDGET,
        data={"size": size_canvas_px, "taken": current.clicks_taken, "token": current.clicks_token},
        height="content",
        on_clicks_change=lambda: None,
    )


def new_clicks() -> Iterator[tuple[int, PointCanvasPx]]:
    """The clicks that were not taken yet, with their numbers, in order; none of another session."""
    current = session.current()
    told = (session.get(_WIDGET) or {}).get("clicks")
    if isinstance(told, dict) and told.get("token") == current.clicks_token:
        points = told.get("points")
        for sent in points[:_MOST] if isinstance(points, list) else ():
            click = _click(sent)
            if click is not None and click[0] > current.clicks_taken:
                yield click


def _click(sent: Any) -> tuple[int, PointCanvasPx] | None:  # noqa: ANN401 — whatever the browser sends
    try:
        number, x, y = sent
        click = int(number), (float(x), float(y))
    except (TypeError, ValueError, OverflowError):
        return None
    return click if all(map(math.isfinite, click[1])) else None
