"""Names of parts for sentences: the person's own, or the part's place in the picture."""

import numpy as np

from studio.drawing.coverage import layer_mask
from studio.drawing.model import Drawing, Layer

_ROWS = ("top", "", "bottom")
_COLUMNS = ("left", "", "right")


def part_name(drawing: Drawing, layer: Layer) -> str:
    """The name of a layer's part: the person's, or its place in a grid of 3 × 3, "the part on the left"."""
    return drawing.name(layer) or f"the part {_place(drawing, layer)}"


def _place(drawing: Drawing, layer: Layer) -> str:
    rows, columns = np.nonzero(layer_mask(drawing, layer).painted)
    if not len(rows):
        return "in the middle"
    row = _ROWS[_third(float(rows.mean()) / drawing.canvas_height_px)]
    column = _COLUMNS[_third(float(columns.mean()) / drawing.canvas_width_px)]
    if row:
        return f"at the {row} {column}".rstrip()
    return f"on the {column}" if column else "in the middle"


def _third(share: float) -> int:
    return min(2, int(share * 3))
