"""Findings that know their layers and where on the picture they are."""

from collections.abc import Callable
from dataclasses import dataclass, field

from kling import Finding
from studio.drawing.arrays import Bits
from studio.drawing.model import Drawing, Layer, PointCanvasPx
from studio.request.draft import Draft


@dataclass(frozen=True, kw_only=True)
class Location:
    """The place of a finding on the picture, at the canvas's own size: some pixels, some points, or both."""

    # shape (canvas height, canvas width)
    mask: Bits | None = None
    # a path, or the part of one that matters
    points_canvas_px: tuple[PointCanvasPx, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LocatedFinding(Finding):
    """A finding on the drawing; its location does not count when two are compared."""

    # the layers it is about; the one that a repair changes first
    layers: tuple[Layer, ...]
    location: Location | None = field(default=None, compare=False, repr=False)


def layer_title(drawing: Drawing, layer: Layer) -> str:
    """A layer as findings call it: "Motion 1", with the name of its part where it has one."""
    name = drawing.name(layer)
    return f"{layer.label} (“{name}”)" if name else layer.label


@dataclass(frozen=True, kw_only=True)
class Repair:
    """The button beside a finding: a pure change of the draft, after which the finding is gone."""

    finding: Finding
    # the action, with its numbers: "Crop to 1000 × 400"
    label: str
    # its meaning, one sentence
    explanation: str
    # gives the fixed draft; given a fixed one, gives it back as it is
    apply: Callable[[Draft], Draft] = field(compare=False, repr=False)
    # makes a small JPEG of the result, where looking is faster than reading
    preview_jpeg: Callable[[], bytes] | None = field(default=None, compare=False, repr=False)

    @property
    def rule(self) -> str:
        """The finding's."""
        return self.finding.rule

    @property
    def field(self) -> str:
        """The finding's: where on the screen the button stands."""
        return self.finding.field
