"""The canvas that one paints on: a drawing of plain strokes in, the drawing after the last stroke out."""

from dataclasses import dataclass

from streamlit_drawable_canvas import st_canvas

from components import session
from components.fabric import colour_of, to_fabric, to_strokes
from studio.drawing import Drawing, Layer, StrokeKind

PATH_WIDTH_CANVAS_PX = 4.0


@dataclass(frozen=True, kw_only=True)
class Tool:
    """What the next stroke will be."""

    layer: Layer
    # "freedraw", "rect" or "polygon" of the canvas
    mode: str
    kind: StrokeKind
    width_canvas_px: float

    @property
    def colour(self) -> str:
        """The stroke colour that carries layer and kind through the canvas."""
        return colour_of(self.layer, self.kind)


def show(background: bytes, size_canvas_px: tuple[int, int], tool: Tool) -> Drawing:
    """The canvas over a display-size picture; answers everything drawn so far."""
    own = session.current()
    key = f"canvas-{own.canvas_revision}"
    if not session.is_mounted(key):
        # Only at the mount: live JSON fed back as the seed loses strokes and kills undo.
        own.canvas_seed = to_fabric(own.drawing.scaled_to(*size_canvas_px)) if own.drawing else None
    width, height = size_canvas_px
    result = st_canvas(
        background_image=background,
        width=width,
        height=height,
        drawing_mode=tool.mode,
        stroke_color=tool.colour,
        stroke_width=round(tool.width_canvas_px),
        fill_color=tool.colour,
        initial_drawing=own.canvas_seed,
        key=key,
    )
    objects = (result.json_data or {}).get("objects", [])
    return Drawing(canvas_width_px=width, canvas_height_px=height, strokes=to_strokes(objects))
