"""Exact rasterising of strokes: which pixel centres lie inside, found row by row in closed form.

Why not `cv2.polylines`: its width is a whole number of pixels and its round ends sit on whole pixels, and its
polygon fill adds the outline's pixels, so thin strokes are far off. Here a pixel counts exactly when its
centre is inside, which costs less than encoding the mask.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from studio.drawing.arrays import FlatIndices, Floats, Runs
from studio.drawing.model import ROUND, Pen

ROWS_AT_ONCE = 300_000
"""Rows of segments in one piece of work: bounds the memory for any stroke to about 50 MB."""
_LEVEL_CANVAS_PX = 1e-9  # a segment that rises less is divided by this instead


@dataclass(frozen=True, kw_only=True)
class PixelGrid:
    """The pixels of a picture seen from the canvas.

    Pixel i of a row covers [i, i + 1) in `image_px`; its centre is at (i + 0.5) / scale in `canvas_px`.
    """

    width_px: int
    height_px: int
    scale_x: float  # image pixels in one canvas pixel
    scale_y: float

    def rows_between(
        self, top_canvas_px: Floats, bottom_canvas_px: Floats
    ) -> tuple[FlatIndices, FlatIndices]:
        """First row and number of rows whose centres lie in each [top, bottom], clipped to the picture."""
        first = _whole(np.ceil(top_canvas_px * self.scale_y - 0.5), 0, self.height_px)
        last = _whole(np.floor(bottom_canvas_px * self.scale_y - 0.5), -1, self.height_px - 1)
        return first, np.maximum(last - first + 1, 0)

    def row_centres_canvas_px(self, rows: FlatIndices) -> Floats:
        """The y of each row's centres."""
        return (rows.astype(np.float64) + 0.5) / self.scale_y

    def runs(self, rows: FlatIndices, left_canvas_px: Floats, right_canvas_px: Floats) -> Runs:
        """Flat [start, end) of the pixels whose centres lie in each row's [left, right]."""
        start = _whole(np.ceil(left_canvas_px * self.scale_x - 0.5), 0, self.width_px)
        end = _whole(np.floor(right_canvas_px * self.scale_x + 0.5), 0, self.width_px)
        base = rows * np.int32(self.width_px)
        some = end > start
        return (base + start)[some], (base + end)[some]


def pen_runs(points_canvas_px: Floats, radius_canvas_px: float, grid: PixelGrid, pen: Pen = ROUND) -> Runs:
    """Runs of a pen moved along an open polyline (n ≥ 1 points, shape (n, 2)).

    A round pen gives a union of capsules. For any other the plane is pulled back until the pen is round:
    rows stay rows and only lean, so that the same capsules do.
    """
    points, lean = points_canvas_px, 0.0
    if pen != ROUND:
        points, lean = _pulled_back(points, pen), pen.slant / pen.stretch
        grid = replace(grid, scale_x=grid.scale_x * pen.stretch, scale_y=grid.scale_y / pen.stretch)
    starts = points[:-1] if len(points) > 1 else points
    ends = points[1:] if len(points) > 1 else points
    tops = np.minimum(starts[:, 1], ends[:, 1]) - radius_canvas_px
    bottoms = np.maximum(starts[:, 1], ends[:, 1]) + radius_canvas_px
    capsule, rows = _each_row(*grid.rows_between(tops, bottoms))
    y = grid.row_centres_canvas_px(rows)
    left, right = _capsule_spans(starts, ends, radius_canvas_px, capsule, y)
    return grid.runs(rows, left + lean * y, right + lean * y)


def fill_runs(points_canvas_px: Floats, grid: PixelGrid) -> Iterator[Runs]:
    """Runs of a closed outline's inside by the non-zero rule, as a canvas fills it, some rows at a time."""
    return edge_runs(points_canvas_px, np.roll(points_canvas_px, -1, axis=0), grid)


def edge_runs(starts: Floats, ends: Floats, grid: PixelGrid) -> Iterator[Runs]:
    """Runs of the inside of any number of closed outlines, given by their edges, by the non-zero rule."""
    tops, bottoms = np.minimum(starts, ends)[:, 1], np.maximum(starts, ends)[:, 1]
    # Wider than rounding: which rows an edge crosses is decided later, on the same numbers for all edges.
    first, counts = grid.rows_between(tops - _LEVEL_CANVAS_PX, bottoms + _LEVEL_CANVAS_PX)
    step = max(1, ROWS_AT_ONCE // max(1, len(starts)))
    for top in range(0, grid.height_px, step):
        begin = np.maximum(first, np.int32(top))
        within = np.maximum(np.minimum(first + counts, np.int32(top + step)) - begin, 0)
        yield _between_edges(starts, ends, grid, *_each_row(begin, within))


def _between_edges(
    starts: Floats, ends: Floats, grid: PixelGrid, edge: FlatIndices, rows: FlatIndices
) -> Runs:
    """The runs on all rows that are given, each row with every edge that may cross it."""
    tops, bottoms = np.minimum(starts, ends)[:, 1], np.maximum(starts, ends)[:, 1]
    y = grid.row_centres_canvas_px(rows)
    crossed = (tops[edge] <= y) & (y < bottoms[edge])  # half-open, so that a corner crosses once
    edge, rows, y = edge[crossed], rows[crossed], y[crossed]
    (x0, y0), (x1, y1) = starts[edge].T, ends[edge].T
    x = x0 + (y - y0) / (y1 - y0) * (x1 - x0)
    order = np.lexsort((x, rows))
    winding = np.cumsum(np.where(y1 > y0, 1, -1)[order])[:-1]
    inside = np.flatnonzero(winding != 0)
    rows, x = rows[order], x[order]
    return grid.runs(rows[inside], x[inside], x[inside + 1])


def merged_runs(starts: FlatIndices, ends: FlatIndices) -> Runs:
    """The same pixels as runs that neither overlap nor touch, in order.

    Starts and ends may be sorted apart: before the i-th start there is a gap exactly when i runs have ended.
    """
    if not len(starts):
        return starts, ends
    starts, ends = np.sort(starts, kind="stable"), np.sort(ends, kind="stable")  # each shape's are in order
    gap = starts[1:] > ends[:-1]
    return starts[np.concatenate(([True], gap))], ends[np.concatenate((gap, [True]))]


def _pulled_back(points: Floats, pen: Pen) -> Floats:
    """The points where the pen is round."""
    y = points[:, 1] * pen.stretch
    return np.stack(((points[:, 0] - pen.slant * y) / pen.stretch, y), axis=1)


def _whole(values: Floats, least: int, most: int) -> FlatIndices:
    """Already rounded numbers as integers between two bounds."""
    return np.minimum(np.maximum(values, least), most).astype(np.int32)


def _each_row(first_rows: FlatIndices, counts: FlatIndices) -> tuple[FlatIndices, FlatIndices]:
    """(index of the shape, row) of every row of every shape, in one flat list each."""
    shape = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    shift = first_rows - (np.cumsum(counts, dtype=np.int32) - counts)
    return shape, np.arange(len(shape), dtype=np.int32) + shift[shape]


def _capsule_spans(
    starts: Floats, ends: Floats, radius: float, capsule: FlatIndices, y: Floats
) -> tuple[Floats, Floats]:
    """Left and right of each capsule (all points within `radius` of a segment) on each row at y.

    The leftmost point on a row belongs to the circle around one centre on the segment: where the left side's
    line has it, or an end of the segment beyond that. So the share of that centre is clipped to 0..1.
    """
    along = ends - starts
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), _LEVEL_CANVAS_PX)
    rise = np.copysign(np.maximum(np.abs(along[:, 1]), _LEVEL_CANVAS_PX), along[:, 1])
    lead = radius * along[:, 0] / (length * np.abs(rise))
    columns = np.stack((starts[:, 0], starts[:, 1], along[:, 0], along[:, 1], 1 / rise, lead))
    start_x, start_y, along_x, along_y, per_rise, lead = columns.take(capsule, axis=1)
    height = y - start_y
    middle = height * per_rise
    spans = []
    for sign in (-1.0, 1.0):
        share = np.minimum(np.maximum(middle + sign * lead, 0.0), 1.0)
        half = np.sqrt(np.maximum(radius**2 - (height - share * along_y) ** 2, 0.0))
        spans.append(start_x + share * along_x + sign * half)
    return spans[0], spans[1]
