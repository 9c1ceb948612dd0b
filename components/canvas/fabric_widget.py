"""The front end of streamlit-drawable-canvas, used without its `st_canvas`.

While the tool is the polygon, `st_canvas` has the front end send nothing but a closed polygon: an edit, an
undo or a deletion would stay in the browser. Here every change is sent.
"""

import base64
import json
from typing import Any

from streamlit_drawable_canvas import out as _front_end

from components import session
from components.canvas.fabric_geometry import Fabric
from components.page_fragment import page_fragment

_NOT_USED: dict[str, Any] = {
    "backgroundColor": "",
    "backgroundImageFit": "stretch",
    "disabled": False,
    "fontSize": 20,
    "label": "",
    "maxDisplayHeight": None,
    "returnImageData": False,
}


def objects(key: str) -> list[Fabric] | None:
    """Objects on the canvas of this key; None while nothing has been done on it since its mount."""
    drawn = (session.get(key) or {}).get("drawing")
    return drawn["raw"]["objects"] if drawn else None


@page_fragment
def show(
    key: str,
    seed: Fabric,
    background_jpeg: bytes,
    size_canvas_px: tuple[int, int],
    *,
    mode: str,
    colour: str,
    width_canvas_px: int,
    point_radius_canvas_px: int,
) -> None:
    """Show the canvas over a picture; a change of the key or of the seed makes it anew.

    It sends messages by itself, at its mount and a moment after each stroke.

    Args:
        key: of the canvas and of its state.
        seed: the drawing that it begins with.
        background_jpeg: the picture, of the canvas's shape.
        size_canvas_px: (width, height).
        mode: of drawing, one of the canvas's own.
        colour: of strokes and fillings.
        width_canvas_px: of strokes.
        point_radius_canvas_px: of a clicked point.
    """
    background = base64.b64encode(background_jpeg).decode("ascii")
    _front_end(
        key=key,
        data=_NOT_USED
        | {
            "realtimeUpdateStreamlit": True,
            # as text, which Fabric reads too: for a dictionary Streamlit loads pandas and Arrow, 70 MB
            "initialDrawing": json.dumps(seed | {"background": ""}),
            "backgroundImageURL": f"data:image/jpeg;base64,{background}",
            "canvasWidth": size_canvas_px[0],
            "canvasHeight": size_canvas_px[1],
            "drawingMode": mode,
            "strokeColor": colour,
            "fillColor": colour,
            "strokeWidth": width_canvas_px,
            "displayRadius": point_radius_canvas_px,
        },
        on_drawing_change=_nothing,
        on_backgroundFit_change=_nothing,
        width="stretch",  # how large it is shown is said by its styling
        height="content",
    )


def _nothing() -> None:
    """Do nothing: the drawing is read by `objects`."""
