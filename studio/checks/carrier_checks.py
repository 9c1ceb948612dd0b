"""Findings on a drawing that is sent as a last frame or in words, with their repairs.

Parts that neither can tell of, ends that a frame hardly shows, and no room for the sentences. Masks and paths
are judged as the contract judges them.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import cv2
import numpy as np

from kling import Finding, Severity
from kling.rules import MAX_PROMPT_CHARS
from studio.checks import drawing_fixes as fixes
from studio.checks.drawing_checks import MIN_EXTENT_SHARE, extent_share
from studio.checks.findings import LocatedFinding, Location, Repair, layer_title
from studio.checks.snap_outline import snap_to_object
from studio.drawing.arrays import Floats
from studio.drawing.coverage import layer_mask
from studio.drawing.layers import newest_path
from studio.drawing.model import MOTION_LAYERS, Drawing, Layer
from studio.request.carriers import (
    LEAST_MOVE_OF_WIDTH,
    carrier_of,
    is_seen_to_move,
    moved_canvas_px,
    moving_layers,
)
from studio.request.draft import Carrier, Draft
from studio.request.frame_quality import FrameFlaw, FrameWarning, frame_warnings
from studio.request.words import motion_words

_UNTOLD_PAINT = "it is painted but has no path.", "Take the Path tool and draw where it should go."
_UNTOLD_PATH = "it has a path but nothing is painted.", "Paint what should move, or clear the layer."


def carrier_findings(draft: Draft) -> Iterator[Finding]:
    """Findings on a draft whose drawing is sent as a last frame or in words; none otherwise."""
    carrier, drawing = carrier_of(draft), draft.drawing
    if drawing is None or carrier not in {Carrier.FRAME, Carrier.WORDS}:
        return
    yield from _untold_parts(drawing)
    if carrier is Carrier.FRAME and draft.tail is None:
        yield from _frame_findings(draft, drawing)
    left_out = motion_words(draft).left_out
    if left_out:
        yield Finding(
            field="prompt",
            rule="words-left-out",
            problem=f"There is no room in the prompt to tell of {_listed(left_out)}.",
            remedy=f"Shorten it: with the sentences it has at most {MAX_PROMPT_CHARS} characters.",
            severity=Severity.WARNING,
        )


def _untold_parts(drawing: Drawing) -> Iterator[LocatedFinding]:
    """Layers with paint alone or a path alone: neither a frame nor a sentence can tell of them."""
    for layer in MOTION_LAYERS:
        is_painted, has_path = drawing.is_painted(layer), bool(drawing.paths(layer))
        if layer in moving_layers(drawing) or not (is_painted or has_path):
            continue
        rule = "trajectory-too-short" if is_painted else "mask-missing"
        yield _finding(drawing, layer, rule, *(_UNTOLD_PAINT if is_painted else _UNTOLD_PATH))


def _frame_findings(draft: Draft, drawing: Drawing) -> Iterator[Finding]:
    if draft.picture is None or draft.picture.source is None:
        yield Finding(
            field="image_tail",
            rule="frame-needs-picture",
            problem="The picture is given by its address, so that no last frame can be rendered of it.",
            remedy="Upload the picture, or send the drawing in words.",
            severity=Severity.WARNING,
        )
        return
    for layer in moving_layers(drawing):
        if is_seen_to_move(drawing, layer) or _hardly_moves(drawing, layer):
            continue
        share = math.hypot(*moved_canvas_px(drawing, layer)) / drawing.canvas_width_px
        yield _finding(
            drawing,
            layer,
            "path-ends-near",
            f"its path ends {share:.1%} of the picture's width from its start.",
            f"In a last frame, less than {LEAST_MOVE_OF_WIDTH:.0%} is hardly seen. Lead it further away.",
        )
    for measured in frame_warnings(drawing, draft.picture.source):
        if measured.flaw in _FLAWS:
            yield _measured_finding(drawing, measured)


_FLAWS = {
    FrameFlaw.ROUGH_OUTLINE: (
        "frame-rough-outline",
        "only {value:.0%} of its outline follows edges of the picture, so that the last frame may look torn.",
        "Snap it to the object, or paint along its edge.",
    ),
    FrameFlaw.LARGE_HOLE: (
        "frame-large-hole",
        "it leaves a hole that the last frame cannot fill well: {value:.1%} of the picture lies deep in it.",
        "Lead it less far away, or send the drawing in words.",
    ),
}
"""Of each flaw: the rule, the problem with the share that was measured, the remedy."""


def _measured_finding(drawing: Drawing, measured: FrameWarning) -> LocatedFinding:
    rule, problem, remedy = _FLAWS[measured.flaw]
    found = _finding(drawing, measured.layer, rule, problem.format(value=measured.value), remedy)
    where = cv2.resize(measured.where.astype(np.uint8), drawing.canvas_size_px, interpolation=cv2.INTER_AREA)
    return replace(found, location=Location(mask=np.asarray(where) > 0))


def _hardly_moves(drawing: Drawing, layer: Layer) -> bool:
    """Whether its path is too short for any carrier, which another finding says."""
    return extent_share(newest_path(drawing, layer), drawing) < MIN_EXTENT_SHARE


def _finding(drawing: Drawing, layer: Layer, rule: str, problem: str, remedy: str) -> LocatedFinding:
    return LocatedFinding(
        field="dynamic_masks",
        rule=rule,
        problem=f"{layer_title(drawing, layer)}: {problem}",
        remedy=remedy,
        severity=Severity.WARNING,
        layers=(layer,),
        location=Location(
            mask=layer_mask(drawing, layer).painted, points_canvas_px=newest_path(drawing, layer)
        ),
    )


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _lead_further(draft: Draft, found: Finding) -> Iterator[Repair]:
    """Offer to stretch the path until its end shows, where there is room; else words."""
    if not isinstance(found, LocatedFinding) or draft.drawing is None:
        return
    layer = found.layers[0]
    if is_seen_to_move(_led_further(draft.drawing, layer), layer):
        yield Repair(
            finding=found,
            label=f"Lead the path of {layer.label} further",
            explanation="It keeps its start and its shape, within the picture.",
            apply=lambda draft: replace(draft, drawing=draft.drawing and _led_further(draft.drawing, layer)),
        )
    yield words_repair(found)


def _led_further(drawing: Drawing, layer: Layer) -> Drawing:
    moved = math.hypot(*moved_canvas_px(drawing, layer))
    if moved == 0 or is_seen_to_move(drawing, layer):
        return drawing
    factor = fixes.STRETCHED_EXTENT_SHARE * max(drawing.canvas_size_px) / moved

    def stretch(points: Floats, drawing: Drawing) -> Floats:
        return fixes.clip_path(np.asarray(points[0] + (points - points[0]) * factor), drawing)

    return fixes.reshape_path(drawing, layer, stretch)


def _snap_or_words(draft: Draft, found: Finding) -> Iterator[Repair]:
    """Offer to snap the outline, which takes a second or two when it is clicked; or words."""
    if isinstance(found, LocatedFinding) and draft.picture and draft.picture.source:
        layer = found.layers[0]
        yield Repair(
            finding=found,
            label=f"Snap {layer.label} to the object",
            explanation="Its outline moves to the picture's edges nearby. Look at it afterwards.",
            apply=lambda draft: _snapped(draft, layer),
        )
    yield words_repair(found)


def _snapped(draft: Draft, layer: Layer) -> Draft:
    source = draft.picture.source if draft.picture else None
    if draft.drawing is None or source is None:
        return draft
    return replace(draft, drawing=snap_to_object(draft.drawing, layer, source))


def words_repair(found: Finding) -> Repair:
    """The repair that sends the drawing in words alone."""
    return Repair(
        finding=found,
        label="Send the drawing in words",
        explanation="Sentences after the prompt tell what moves; the drawing stays.",
        apply=lambda draft: replace(draft, parameters=replace(draft.parameters, carrier=Carrier.WORDS)),
    )


BY_RULE: Mapping[str, Callable[[Draft, Finding], Iterator[Repair]]] = {
    "frame-needs-picture": lambda _, found: iter((words_repair(found),)),
    "frame-rough-outline": _snap_or_words,
    "frame-large-hole": lambda _, found: iter((words_repair(found),)),
    "path-ends-near": _lead_further,
}
"""The repairs of each rule on how a drawing is sent."""
