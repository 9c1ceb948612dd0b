"""Points clicked on the canvas: its "point" mode draws small circles in a colour of our own."""

import math
from typing import Any

from studio.drawing import PointCanvasPx

MARK_HEX = "#ff00cc"
"""No layer's colour, so that a mark is never taken for paint."""


def mark_canvas_px(item: dict[str, Any]) -> PointCanvasPx | None:
    """Where one object of the canvas was clicked; None when it is no mark."""
    if item.get("type") != "Circle" or item.get("stroke") != MARK_HEX:
        return None
    # Its left end is named, its middle is the click.
    reach = float(item["radius"]) + float(item.get("strokeWidth", 0)) / 2
    angle = math.radians(item.get("angle", 0))
    return float(item["left"]) + reach * math.cos(angle), float(item["top"]) + reach * math.sin(angle)
