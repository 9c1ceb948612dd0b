"""All findings on a draft: the contract's rules, said in the words of the screen."""

import re
from dataclasses import dataclass, replace

from kling import Finding, Severity, capability, check
from kling.rules import DEFAULT_MODE, REFUSED_MODELS, brush_models
from studio.compose import Composed
from studio.draft import Draft
from studio.drawing import MOTION_LAYERS, Drawing, Layer
from studio.layers import summaries

_DYNAMIC = re.compile(r"dynamic_masks\[(\d+)\]\.\w+")


@dataclass(frozen=True, kw_only=True)
class Switch:
    """A choice of model, mode and duration that does what was drawn."""

    model_name: str
    mode: str | None
    duration: str

    @property
    def label(self) -> str:
        """In the words of the screen: kling-v1 · std · 5 s."""
        return " · ".join(part for part in (self.model_name, self.mode, f"{self.duration} s") if part)


def preflight(draft: Draft, composed: Composed) -> tuple[Finding, ...]:
    """Errors first; each names its field, with a picture or without. Nothing with an error may be sent."""
    findings = [_in_words(found, draft, composed.layers) for found in check(composed.request)]
    findings += _drawing_findings(draft)
    return tuple(sorted(findings, key=lambda found: found.severity is not Severity.ERROR))


def may_send(findings: tuple[Finding, ...]) -> bool:
    """Warnings may stay; errors may not."""
    return all(found.severity is not Severity.ERROR for found in findings)


def brush_switches(draft: Draft) -> tuple[Switch, ...]:
    """What to switch to for the motion brush; empty when nothing is drawn or the choice does it.

    A name that is not in the table is taken at its word; a model of which it is unknown is not.
    """
    if draft.drawing is None or draft.drawing.is_empty:
        return ()
    model_name = draft.parameters.model_name
    known = capability(model_name)
    chosen = (draft.parameters.mode or DEFAULT_MODE, draft.parameters.duration)
    does_it = known is None or (known.motion_brush is not None and chosen in known.motion_brush)
    if does_it and model_name not in REFUSED_MODELS:
        return ()
    return tuple(Switch(model_name=m, mode=mode, duration=s) for m, mode, s in brush_models())


_NO_PICTURE = Finding(
    field="image",
    rule="image-missing",
    problem="There is no picture yet.",
    remedy="Upload one, take a sample, or give a URL.",
    severity=Severity.ERROR,
)


def _in_words(found: Finding, draft: Draft, layers: tuple[Layer, ...]) -> Finding:
    """A finding on dynamic_masks[i] says which layer of the screen it means."""
    if found.rule == _NO_PICTURE.rule:
        return _NO_PICTURE
    match = _DYNAMIC.fullmatch(found.field)
    if match is None or draft.drawing is None:
        return found
    layer = layers[int(match[1])]
    clicked = found.rule == "trajectory-too-short" and draft.drawing.paths(layer)
    rule = "single-click" if clicked else found.rule
    problem, remedy = _SAID.get(rule, (found.problem, found.remedy))
    return replace(found, problem=f"{layer.label}: {problem}", remedy=remedy)


# What the drawing person did, where the wire's words would not be theirs.
_SAID = {
    "mask-missing": (
        "it has a path but nothing is painted.",
        "Paint what should move, or clear the layer.",
    ),
    "trajectory-too-short": (
        "it is painted but has no path.",
        "Take the Path tool and draw where it should go.",
    ),
    "single-click": (
        "its path is a single click.",
        "Press where it starts, drag, and release where it ends.",
    ),
    "point-outside-image": (
        "its path leaves the picture.",
        "Clear the layer and draw the path within the picture.",
    ),
}


def _drawing_findings(draft: Draft) -> list[Finding]:
    if draft.drawing is None:
        return []
    return _invisible(draft.drawing) + _doubled(draft.drawing)


def _invisible(drawing: Drawing) -> list[Finding]:
    """Regions moved off the picture, or too small for a single pixel: their masks would be black."""
    return [
        Finding(
            field="dynamic_masks" if found.layer in MOTION_LAYERS else "static_mask",
            rule="nothing-covered",
            problem=f"{found.layer.label}: what is painted covers nothing of the picture.",
            remedy="Paint larger and within the picture, or clear the layer.",
        )
        for found in summaries(drawing)
        if drawing.regions(found.layer) and not found.share
    ]


def _doubled(drawing: Drawing) -> list[Finding]:
    doubled = [layer.label for layer in MOTION_LAYERS if len(drawing.paths(layer)) > 1]
    return [
        Finding(
            field="dynamic_masks",
            rule="several-paths",
            problem=f"{label} has several paths; the newest is sent.",
            remedy="Remove the earlier ones with the canvas's edit tool if they confuse.",
            severity=Severity.WARNING,
        )
        for label in doubled
    ]
