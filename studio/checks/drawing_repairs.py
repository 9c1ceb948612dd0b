"""Repairs of the drawing, as offered beside a finding; the changes themselves are in drawing_fixes.py."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from kling.rules import MAX_TRAJECTORY_POINTS
from studio.checks import drawing_fixes as fixes
from studio.checks.drawing_checks import MIN_EXTENT_SHARE, extent_share
from studio.checks.findings import LocatedFinding, Repair
from studio.drawing.coverage import SPECK_SHARE, layer_mask
from studio.drawing.frames import points_canvas_px
from studio.drawing.model import Drawing, Layer, Stroke
from studio.request.draft import Draft

_WORTH_KEEPING = 0.1  # of a layer's paint: less than this left, and taking the overlap out is clearing it
_FEW_SPECKS = 4

Offer = Callable[[Drawing, LocatedFinding], Iterator[Repair]]


def _clear(_: Drawing, found: LocatedFinding) -> Iterator[Repair]:
    layer = found.layers[0]
    yield _offer(found, f"Clear {layer.label}", "The other layers stay.", lambda d: d.without_layer(layer))


def _no_path(drawing: Drawing, found: LocatedFinding) -> Iterator[Repair]:
    """Offer the path before a click; paint without a path may be meant to stay still."""
    layer = found.layers[0]
    if clicks := _clicks_after_a_path(drawing, layer):
        label = f"Remove the click{'s' if len(clicks) > 1 else ''} from {layer.label}"
        yield _offer(found, label, "The path before is sent.", lambda d: d.without(*clicks))
        return
    if layer_mask(drawing, layer).share:
        label, why = f"Make {layer.label} static", "What is painted stays still, and the layer is free again."
        yield _offer(found, label, why, lambda d: fixes.make_static(d, layer))
    yield from _clear(drawing, found)


def _clicks_after_a_path(drawing: Drawing, layer: Layer) -> tuple[Stroke, ...]:
    """The newest strokes of the path tool behind one that goes somewhere; none without such a one."""
    paths = drawing.paths(layer)
    goes = [extent_share(path.points_canvas_px, drawing) >= MIN_EXTENT_SHARE for path in paths]
    return paths[len(goes) - goes[::-1].index(True) :] if any(goes) else ()


def _several_paths(_: Drawing, found: LocatedFinding) -> Iterator[Repair]:
    layer = found.layers[0]
    label, why = f"Keep the newest path of {layer.label}", "The earlier ones go; what is sent stays the same."
    yield _offer(found, label, why, lambda d: fixes.keep_newest_path(d, layer))


def _leaves_the_picture(drawing: Drawing, found: LocatedFinding) -> Iterator[Repair]:
    """Offer to clip it at the edges; or to move it whole, where it fits."""
    layer = found.layers[0]
    yield _path(found, "Clip the path of {}", "It runs along the edge instead of beyond.", fixes.clip_path)
    size = np.ptp(points_canvas_px(drawing.paths(layer)[-1]), axis=0)
    if (size < drawing.canvas_size_px).all():
        yield _path(found, "Move the path of {} into the picture", "It keeps its shape.", fixes.move_path_in)


def _starts_outside(_: Drawing, found: LocatedFinding) -> Iterator[Repair]:
    why = "It starts at the nearest place that is painted, and is clipped where it would leave the picture."
    yield _path(found, "Move the path of {} onto its paint", why, fixes.start_path_inside(found.layers[0]))


def _hardly_moves(drawing: Drawing, found: LocatedFinding) -> Iterator[Repair]:
    """Offer to stretch it, only where the picture has room for it."""
    layer = found.layers[0]
    longer = fixes.reshape_path(drawing, layer, fixes.stretch_path)
    share = extent_share(longer.paths(layer)[-1].points_canvas_px, longer)
    if share >= MIN_EXTENT_SHARE:
        label = f"Stretch the path of {{}} to {share:.0%} of the longer side"
        yield _path(found, label, "It keeps its start and its shape.", fixes.stretch_path)


def _too_many_points(_: Drawing, found: LocatedFinding) -> Iterator[Repair]:
    yield _path(
        found,
        f"Thin the path of {{}} to {MAX_TRAJECTORY_POINTS} points",
        "Ends and corners stay.",
        fixes.thin_path,
    )


def _specks(drawing: Drawing, found: LocatedFinding) -> Iterator[Repair]:
    layer, count = found.layers[0], layer_mask(drawing, found.layers[0]).speck_count
    label = f"Drop {count} speck{'s' if count > 1 else ''} of {layer.label}"
    yield _offer(found, label, "What is larger stays.", lambda d: fixes.drop_specks(d, layer))


def _overlap(drawing: Drawing, found: LocatedFinding) -> Iterator[Repair]:
    """Offer to take it out of the larger mask or the smaller, where something is left; else to clear one."""
    larger, smaller = found.layers
    useful = [
        (loser, keeper)
        for loser, keeper in ((larger, smaller), (smaller, larger))
        if _stays(drawing, loser, keeper)
    ]
    for loser, keeper in useful:
        yield _offer(
            found,
            f"Take it out of {loser.label}, leave it to {keeper.label}",
            "The rest of both stays.",
            partial(fixes.take_overlap_out, loser=loser, keeper=keeper),
        )
    if not useful:
        yield from _clear(drawing, found)


def _stays(drawing: Drawing, loser: Layer, keeper: Layer) -> bool:
    """Whether more than a few specks of a layer is left without the overlap with another."""
    painted, other = layer_mask(drawing, loser).painted, layer_mask(drawing, keeper).painted
    left = int(np.count_nonzero(painted & ~other))
    least = _WORTH_KEEPING * int(np.count_nonzero(painted))
    return left >= max(least, _FEW_SPECKS * SPECK_SHARE * painted.size)


def _path(found: LocatedFinding, label: str, explanation: str, shape: fixes.PathShape) -> Repair:
    layer = found.layers[0]
    return _offer(
        found, label.format(layer.label), explanation, lambda d: fixes.reshape_path(d, layer, shape)
    )


def _offer(
    found: LocatedFinding, label: str, explanation: str, change: Callable[[Drawing], Drawing]
) -> Repair:
    def apply(draft: Draft) -> Draft:
        return replace(draft, drawing=change(draft.drawing)) if draft.drawing else draft

    return Repair(finding=found, label=label, explanation=explanation, apply=apply)


BY_RULE: Mapping[str, Offer] = {
    "nothing-covered": _clear,
    "only-a-speck": _clear,
    "nearly-all-covered": _clear,
    "mask-missing": _clear,
    "specks": _specks,
    "masks-overlap": _overlap,
    "trajectory-too-short": _no_path,
    "trajectory-too-long": _too_many_points,
    "point-outside-image": _leaves_the_picture,
    "several-paths": _several_paths,
    "path-starts-outside": _starts_outside,
    "path-hardly-moves": _hardly_moves,
}
"""The repairs of each rule on a drawing."""
