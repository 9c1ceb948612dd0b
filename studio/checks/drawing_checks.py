"""Findings on the shapes of a drawing beyond the contract: a person should see them before paying.

Judged at the canvas's own size, a few milliseconds a drawing. The service takes all of this, so that these
are warnings; only paint that covers nothing is an error.
"""

import math
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import combinations

import numpy as np

from kling import Severity
from studio.checks.findings import LocatedFinding, Location, layer_title
from studio.drawing.arrays import Bits
from studio.drawing.coverage import LayerMask, layer_mask
from studio.drawing.model import MOTION_LAYERS, Drawing, Layer, PointCanvasPx

START_TOLERANCE_CANVAS_PX = 3
"""A path that starts this near to its mask is meant to start in it: it is about what a hand can aim at."""
MIN_EXTENT_SHARE = 0.01
"""A path that never gets further than this share of the longer side hardly shows: at 1280 pixels 13, which
over 5 s at 24 frames a second is a tenth of a pixel a frame."""
MIN_OVERLAP_SHARE = 0.02
"""Of the smaller mask. Below, two regions merely touch: edges painted by hand do."""
NEARLY_ALL_SHARE = 0.9
"""A mask of more than this share of the picture leaves nothing for the eye to see the motion against."""


def drawing_findings(drawing: Drawing) -> tuple[LocatedFinding, ...]:
    """All findings on the shapes of a drawing, layer by layer, the ones between layers last."""
    masks = {layer: layer_mask(drawing, layer) for layer in Layer if drawing.is_painted(layer)}
    found: list[LocatedFinding] = []
    for layer, mask in masks.items():
        found += _paint_findings(drawing, layer, mask, alone=len(masks) == 1)
    for layer in MOTION_LAYERS:
        if paths := drawing.paths(layer):
            found += _path_findings(layer, masks.get(layer), drawing, len(paths))
    for one, other in combinations(masks, 2):
        found += _overlap_findings(drawing, one, other, masks)
    return tuple(found)


def extent_share(points_canvas_px: Sequence[PointCanvasPx], drawing: Drawing) -> float:
    """The greatest distance of a path from its start, as a share of the picture's longer side."""
    extent_canvas_px = max(math.dist(points_canvas_px[0], point) for point in points_canvas_px)
    return extent_canvas_px / max(drawing.canvas_size_px)


def overlap_share(one: LayerMask, other: LayerMask) -> float:
    """The common area of two masks, 0..1 of the smaller."""
    both = int(np.count_nonzero(one.painted & other.painted))
    return both / max(1, int(min(np.count_nonzero(mask.painted) for mask in (one, other))))


def _paint_findings(
    drawing: Drawing, layer: Layer, mask: LayerMask, *, alone: bool
) -> Iterator[LocatedFinding]:
    """Findings on paint: nothing, only specks, specks beside, or nearly all."""
    title = layer_title(drawing, layer)
    if not mask.share:
        yield _finding(
            layer,
            "nothing-covered",
            f"{title}: what is painted covers nothing of the picture.",
            "Paint larger and within the picture, or clear the layer.",
            severity=Severity.ERROR,
        )
    elif mask.is_only_specks:
        yield _finding(
            layer,
            "only-a-speck",
            f"{title}: what is painted is hardly more than a speck ({mask.share:.2%} of the picture).",
            "Paint all of the thing.",
            Location(mask=mask.painted),
        )
    elif mask.speck_count:
        some = "a speck lies" if mask.speck_count == 1 else f"{mask.speck_count} specks lie"
        yield _finding(
            layer,
            "specks",
            f"{title}: {some} beside what is painted.",
            "Each would count as a part of the thing. Drop what was not meant.",
            Location(mask=mask.specks),
        )
    if mask.share > NEARLY_ALL_SHARE and (layer is not Layer.STATIC or alone):
        yield _finding(
            layer,
            "nearly-all-covered",
            f"{title} covers {mask.share:.0%} of the picture.",
            "Leave more out: motion shows against what does not move.",
            Location(mask=mask.painted),
        )


def _path_findings(
    layer: Layer, mask: LayerMask | None, drawing: Drawing, count: int
) -> Iterator[LocatedFinding]:
    """Findings on the path that is sent, the newest: its start, its extent, the others beside it."""
    title, points = layer_title(drawing, layer), drawing.paths(layer)[-1].points_canvas_px
    location = Location(mask=mask.painted if mask else None, points_canvas_px=points)
    if count > 1:
        yield _finding(
            layer,
            "several-paths",
            f"{title} has several paths; the newest is sent.",
            "Keep only that one if the others confuse.",
            location,
        )
    inside = _is_within(points[0], drawing.canvas_size_px)
    if mask and mask.share and inside and not _is_near(mask.painted, points[0]):
        yield _finding(
            layer,
            "path-starts-outside",
            f"{title}: its path starts beside what is painted.",
            "Start it inside: a path says where the painted thing goes from where it is.",
            location,
        )
    share = extent_share(points, drawing)
    if len(points) > 1 and share < MIN_EXTENT_SHARE:
        yield _finding(
            layer,
            "path-hardly-moves",
            f"{title}: its path gets no further than {share:.1%} of the picture's longer side.",
            "Draw it longer, or the motion will hardly show.",
            location,
        )


def _overlap_findings(
    drawing: Drawing, one: Layer, other: Layer, masks: dict[Layer, LayerMask]
) -> Iterator[LocatedFinding]:
    smaller, larger = sorted((one, other), key=lambda layer: masks[layer].share)
    shared, title = overlap_share(masks[one], masks[other]), partial(layer_title, drawing)
    if shared > MIN_OVERLAP_SHARE:
        yield _finding(
            larger,
            "masks-overlap",
            f"{title(one)} and {title(other)} overlap: {shared:.0%} of {title(smaller)} is in both.",
            "Which of them counts there is the service's guess. Take it out of one.",
            Location(mask=masks[one].painted & masks[other].painted),
            beside=(smaller,),
        )


def _finding(
    layer: Layer,
    rule: str,
    problem: str,
    remedy: str,
    location: Location | None = None,
    *,
    severity: Severity = Severity.WARNING,
    beside: tuple[Layer, ...] = (),
) -> LocatedFinding:
    return LocatedFinding(
        field="static_mask" if layer is Layer.STATIC else "dynamic_masks",
        rule=rule,
        problem=problem,
        remedy=remedy,
        severity=severity,
        layers=(layer, *beside),
        location=location,
    )


def _is_within(point_canvas_px: PointCanvasPx, size_canvas_px: tuple[int, int]) -> bool:
    return all(0 <= at <= side for at, side in zip(point_canvas_px, size_canvas_px, strict=True))


def _is_near(painted: Bits, point_canvas_px: PointCanvasPx) -> bool:
    """Whether any painted pixel lies within the tolerance of a point (in a square about it)."""
    column, row = (math.floor(at) for at in point_canvas_px)
    near = START_TOLERANCE_CANVAS_PX
    rows = slice(max(0, row - near), max(0, row + near + 1))
    columns = slice(max(0, column - near), max(0, column + near + 1))
    return bool(painted[rows, columns].any())
