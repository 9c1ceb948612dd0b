"""The front end of streamlit-drawable-canvas, used without its `st_canvas`.

While the tool is the polygon, `st_canvas` has the front end send nothing but a closed polygon: an edit, an
undo or a deletion would stay in the browser. Here every change is sent.
"""

import base64
import json
from typing import Any

from streamlit_drawable_canvas import out as _front_end

from components import page_paths, session
from components.canvas.fabric_geometry import Fabric

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
    """Show the canvas over a picture; a change of the key or of the seed makes it anew."""
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
        on_drawing_change=_keep_page,
        on_backgroundFit_change=_keep_page,
        width="content",
        height="content",
    )


def _keep_page() -> None:
    """Go on to the page that was chosen just before this message; the drawing itself is read by `objects`.

    Streamlit runs the page of the newest message. The canvas sends one at its mount and one a moment after
    each stroke: after a click on another page's link, that would take the click back.
    """
    current = session.current()
    if current.page != page_paths.CREATE:
        current.heading_for = current.page
