"""All findings on a draft: the contract's rules in the words of the screen, and those on its shapes.

Their one-click repairs are in `studio/checks/repairs.py`.
"""

import re

from kling import Finding, Severity, check
from kling.model_lives import model_life
from studio.checks.carrier_checks import carrier_findings
from studio.checks.drawing_checks import drawing_findings
from studio.checks.findings import LocatedFinding, Location, layer_title
from studio.checks.model_checks import LifeOf, model_findings
from studio.drawing.coverage import layer_mask
from studio.drawing.model import Drawing, Layer
from studio.request.compose import Composed
from studio.request.draft import Carrier, Draft

_DYNAMIC = re.compile(r"dynamic_masks\[(\d+)\]\.\w+")


def preflight(draft: Draft, composed: Composed, life_of: LifeOf = model_life) -> tuple[Finding, ...]:
    """The findings, errors first; each names its field. A draft with an error may not be sent.

    Args:
        draft: as the screen has it.
        composed: the request that is made of it.
        life_of: the state of a model; the table's, unless this deployment saw better.
    """
    findings = [_in_words(found, draft, composed.layers) for found in check(composed.request)]
    directed_wrongly = {found.layers for found in findings if isinstance(found, LocatedFinding)}
    findings += (
        found
        for found in _drawing_findings(draft)
        if not (found.rule.startswith("path-") and found.layers in directed_wrongly)
    )
    findings += carrier_findings(draft)
    findings += model_findings(draft, life_of)
    return tuple(sorted(findings, key=lambda found: found.severity is not Severity.ERROR))


def _drawing_findings(draft: Draft) -> tuple[LocatedFinding, ...]:
    """Those on the shapes of a drawing that is sent somehow."""
    if draft.drawing is None or draft.picture is None or draft.parameters.carrier is Carrier.NONE:
        return ()
    return drawing_findings(draft.drawing)


def may_send(findings: tuple[Finding, ...]) -> bool:
    """Whether no finding is an error; warnings may stay."""
    return all(found.severity is not Severity.ERROR for found in findings)


_NO_PICTURE = Finding(
    field="image",
    rule="image-missing",
    problem="There is no picture yet.",
    remedy="Upload one, take a sample, or give a URL.",
    severity=Severity.ERROR,
)


def _in_words(found: Finding, draft: Draft, layers: tuple[Layer, ...]) -> Finding:
    """Name the layer of the screen in a finding on dynamic_masks[i]."""
    if found.rule == _NO_PICTURE.rule:
        return _NO_PICTURE
    match = _DYNAMIC.fullmatch(found.field)
    if match is None or draft.drawing is None:
        return found
    layer, drawing = layers[int(match[1])], draft.drawing
    clicked = found.rule == "trajectory-too-short" and drawing.paths(layer)
    rule = "single-click" if clicked else found.rule
    problem, remedy = _WORDS.get(rule, (found.problem, found.remedy))
    return LocatedFinding(
        field=found.field,
        rule=found.rule,
        problem=f"{layer_title(drawing, layer)}: {problem}",
        remedy=remedy,
        severity=found.severity,
        layers=(layer,),
        location=_location(drawing, layer),
    )


def _location(drawing: Drawing, layer: Layer) -> Location:
    """The whole of a layer: a finding of the contract is about all of it."""
    newest = drawing.paths(layer)[-1:]
    return Location(
        mask=layer_mask(drawing, layer).painted,
        points_canvas_px=newest[0].points_canvas_px if newest else (),
    )


# The words of the screen, where the wire's own would not help.
_WORDS = {
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
        "Clip it, move it, or draw it again within the picture.",
    ),
}
