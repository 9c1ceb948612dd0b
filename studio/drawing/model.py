"""A drawing as plain values in `canvas_px` (top-left origin, display size).

A stroke belongs to one layer and is a region (brush, area or erasing) or a trajectory (path). Nothing here
knows the picture's own size: `studio/drawing/rasterise.py` and `studio/drawing/trajectories.py` map to it.
"""

import math
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum

from studio.drawing.arrays import SizePx

PointCanvasPx = tuple[float, float]
PointsCanvasPx = tuple[PointCanvasPx, ...]
_QUOTES = str.maketrans(dict.fromkeys('"“”„«»‹›`'))


class Layer(IntEnum):
    """A layer: everything static, or one of the six parts that move."""

    STATIC = 0
    MOTION_1 = 1
    MOTION_2 = 2
    MOTION_3 = 3
    MOTION_4 = 4
    MOTION_5 = 5
    MOTION_6 = 6

    @property
    def label(self) -> str:
        """The layer's name on the page: "Static", "Motion 1"."""
        return "Static" if self is Layer.STATIC else f"Motion {self.value}"


MAX_NAME_CHARS = 40
"""The longest name of a part: a few words, so that its sentence stays one."""


def clean_name(text: str) -> str:
    """A name as it can stand in a sentence: one line without control characters or quotes, cut to its limit.

    Letters of any script stay. A name that is cut ends with a whole word where it has more than one.
    """
    shown = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text)
    name = " ".join(shown.translate(_QUOTES).split()).strip(" .,;:!?")
    if len(name) <= MAX_NAME_CHARS:
        return name
    whole = name[: MAX_NAME_CHARS + 1].rsplit(" ", 1)[0]
    return (whole if len(whole) <= MAX_NAME_CHARS else name[:MAX_NAME_CHARS]).strip(" .,;:!?")


MOTION_LAYERS: tuple[Layer, ...] = tuple(layer for layer in Layer if layer is not Layer.STATIC)
"""The six layers of dynamic masks, in the order in which they are sent."""


class StrokeKind(StrEnum):
    """The meaning of a stroke's points."""

    BRUSH = "brush"
    """An open polyline with a width and round ends; one point is a dot."""
    AREA = "area"
    """A closed outline (first and last point are joined), filled, plus its outline of the stroke's width."""
    PATH = "path"
    """A trajectory of the layer's region, first point first."""
    ERASE = "erase"
    """A brush that takes paint away: from its own layer, and from the strokes before it only."""


class Speed(StrEnum):
    """The pace of a layer along its trajectory, sent as the spacing of the points."""

    EVEN = "even"
    """The same pace from start to end."""
    EASE_IN = "ease in"
    """Starts slowly."""
    EASE_OUT = "ease out"
    """Ends slowly."""
    EASE_IN_OUT = "ease in and out"
    """Starts and ends slowly."""


@dataclass(frozen=True, kw_only=True)
class Pen:
    """The tip of a pen: a circle, pulled into an ellipse of the same area when a stroke is stretched.

    (x, y) of the circle comes to (stretch · x + slant · y, y / stretch): every ellipse has this form.

    Raises:
        ValueError: a number that is not finite, or a stretch that is not positive.
    """

    stretch: float = 1.0
    slant: float = 0.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.slant) and math.isfinite(self.stretch) and self.stretch > 0):
            raise ValueError("A pen's stretch is a finite number above zero, and its slant a finite number.")

    @property
    def thinnest(self) -> float:
        """The ellipse's short diameter, the circle's being 1."""
        squares = self.stretch**2 + self.slant**2 + self.stretch**-2
        return math.sqrt(2 / (squares + math.sqrt(max(squares**2 - 4, 0.0))))


ROUND = Pen()
_ROUND_WITHIN = 1e-9


def pulled_pen(xx: float, xy: float, yx: float, yy: float) -> tuple[Pen, float]:
    """A round pen under x → xx·x + xy·y, y → yx·x + yy·y: its shape, and by how much its width grows.

    Raises:
        ValueError: the map flattens everything onto a line.
    """
    growth = math.sqrt(abs(xx * yy - xy * yx))
    down = math.hypot(yx, yy) / growth if growth else 0.0
    if not down:
        raise ValueError("A pen cannot be flattened to a line.")
    pen = Pen(stretch=1 / down, slant=(xx * yx + xy * yy) / (growth * growth * down))
    is_round = abs(pen.stretch - 1) < _ROUND_WITHIN and abs(pen.slant) < _ROUND_WITHIN
    return (ROUND if is_round else pen), growth


@dataclass(frozen=True, kw_only=True)
class Stroke:
    """One thing drawn on one layer; hashable, so that work on it can be cached.

    Raises:
        ValueError: no point, a coordinate that is not finite, or a negative width.
    """

    layer: Layer
    kind: StrokeKind
    points_canvas_px: tuple[PointCanvasPx, ...]  # at least one; may lie outside the canvas
    width_canvas_px: float  # diameter of the pen; 0 is allowed for an area (its fill only) and a path
    pen: Pen = ROUND
    mitred: bool = False  # an area's outline has pointed corners, as the canvas draws them, not round ones

    def __post_init__(self) -> None:
        if not self.points_canvas_px:
            raise ValueError("A stroke needs at least one point.")
        if not all(math.isfinite(value) for point in self.points_canvas_px for value in point):
            raise ValueError("A stroke's coordinates must be finite numbers.")
        if not (math.isfinite(self.width_canvas_px) and self.width_canvas_px >= 0):
            raise ValueError("A stroke's width must be a finite number, zero or more.")

    @property
    def is_path(self) -> bool:
        """Whether this is a trajectory rather than a painted region."""
        return self.kind is StrokeKind.PATH

    def on(self, to: Mapping[Layer, Layer]) -> "Stroke":
        """The stroke on the layer that its own is mapped to; as it is when its own is not named."""
        return replace(self, layer=to.get(self.layer, self.layer))

    def scaled(self, scale_x: float, scale_y: float) -> "Stroke":
        """The stroke on a canvas larger by these factors, its pen's tip pulled with it."""
        points = tuple((x * scale_x, y * scale_y) for x, y in self.points_canvas_px)
        width = self.width_canvas_px * math.sqrt(scale_x * scale_y)
        pull = math.sqrt(scale_x / scale_y)
        pen = Pen(stretch=pull * self.pen.stretch, slant=pull * self.pen.slant)
        return replace(self, points_canvas_px=points, width_canvas_px=width, pen=pen)

    def shifted(self, right_canvas_px: float, down_canvas_px: float) -> "Stroke":
        """The stroke elsewhere on the canvas."""
        points = tuple((x + right_canvas_px, y + down_canvas_px) for x, y in self.points_canvas_px)
        return replace(self, points_canvas_px=points)


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """Every stroke on one canvas, in the order drawn.

    Raises:
        ValueError: a side of the canvas is less than one pixel.
    """

    canvas_width_px: int
    canvas_height_px: int
    strokes: tuple[Stroke, ...] = ()
    speeds: tuple[tuple[Layer, Speed], ...] = ()  # by layer, at most one each; every other layer is even
    names: tuple[tuple[Layer, str], ...] = ()  # by layer, as `clean_name` leaves them; no other layer has one

    def __post_init__(self) -> None:
        if self.canvas_width_px < 1 or self.canvas_height_px < 1:
            raise ValueError("A canvas has at least one pixel on each side.")

    @property
    def canvas_size_px(self) -> SizePx:
        """(width, height) of the canvas in its own pixels."""
        return self.canvas_width_px, self.canvas_height_px

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been drawn."""
        return not self.strokes

    @property
    def layers_used(self) -> tuple[Layer, ...]:
        """The layers with any stroke on them, static first."""
        return tuple(layer for layer in Layer if self.of(layer))

    def of(self, layer: Layer) -> tuple[Stroke, ...]:
        """All strokes of a layer, regions and paths, in the order drawn."""
        return tuple(stroke for stroke in self.strokes if stroke.layer is layer)

    def regions(self, layer: Layer) -> tuple[Stroke, ...]:
        """The strokes that make up a layer's mask, erasing ones included: their order counts."""
        return tuple(stroke for stroke in self.of(layer) if not stroke.is_path)

    def is_painted(self, layer: Layer) -> bool:
        """Whether any stroke puts paint on a layer; erasing where nothing is does not."""
        return any(stroke.kind is not StrokeKind.ERASE for stroke in self.regions(layer))

    def paths(self, layer: Layer) -> tuple[Stroke, ...]:
        """The trajectories of a layer, in the order drawn."""
        return tuple(stroke for stroke in self.of(layer) if stroke.is_path)

    def speed(self, layer: Layer) -> Speed:
        """The pace of this layer along its trajectory."""
        return dict(self.speeds).get(layer, Speed.EVEN)

    def with_speed(self, layer: Layer, speed: Speed) -> "Drawing":
        """The drawing with another speed for one layer."""
        found = {other: self.speed(other) for other in Layer} | {layer: speed}
        return replace(self, speeds=tuple(pair for pair in found.items() if pair[1] is not Speed.EVEN))

    def name(self, layer: Layer) -> str:
        """The person's name for the part on this layer ("the boat"); empty without one."""
        return dict(self.names).get(layer, "")

    def with_name(self, layer: Layer, name: str) -> "Drawing":
        """The drawing with another name for one layer; an empty one takes it away."""
        found = dict(self.names) | {layer: clean_name(name)}
        return replace(self, names=tuple((other, found[other]) for other in Layer if found.get(other)))

    def without_layer(self, layer: Layer) -> "Drawing":
        """The drawing with one layer cleared."""
        return replace(self, strokes=tuple(stroke for stroke in self.strokes if stroke.layer is not layer))

    def without(self, *strokes: Stroke) -> "Drawing":
        """The drawing with these strokes removed; one that is not there is no error."""
        return replace(self, strokes=tuple(stroke for stroke in self.strokes if stroke not in strokes))

    def replaced_layer(self, layer: Layer, strokes: Iterable[Stroke]) -> "Drawing":
        """The drawing with one layer's strokes replaced by these, which are put on that layer."""
        others = self.without_layer(layer).strokes
        first = next((i for i, stroke in enumerate(self.strokes) if stroke.layer is layer), len(others))
        own = tuple(replace(stroke, layer=layer) for stroke in strokes)
        return replace(self, strokes=others[:first] + own + others[first:])

    def swapped(self, layer_a: Layer, layer_b: Layer) -> "Drawing":
        """The drawing with two layers in each other's place; paths stay when one of the two is Static."""
        to = {layer_a: layer_b, layer_b: layer_a}
        named = self.with_name(layer_a, self.name(layer_b)).with_name(layer_b, self.name(layer_a))
        if Layer.STATIC in to:
            return replace(named, strokes=tuple(s if s.is_path else s.on(to) for s in self.strokes))
        speeds = self.with_speed(layer_a, self.speed(layer_b)).with_speed(layer_b, self.speed(layer_a)).speeds
        return replace(named, strokes=tuple(stroke.on(to) for stroke in self.strokes), speeds=speeds)

    def duplicated(self, layer: Layer, to: Layer) -> "Drawing":
        """The drawing with a copy of one layer in place of another; what is static gets no path."""
        copied = self.regions(layer) if to is Layer.STATIC else self.of(layer)
        named = self.with_name(to, self.name(layer))
        return named.with_speed(to, self.speed(layer)).replaced_layer(to, copied)

    def scaled_to(self, canvas_width_px: int, canvas_height_px: int) -> "Drawing":
        """The same drawing on a canvas of another size, every stroke rescaled with it."""
        scale_x = canvas_width_px / self.canvas_width_px
        scale_y = canvas_height_px / self.canvas_height_px
        strokes = tuple(stroke.scaled(scale_x, scale_y) for stroke in self.strokes)
        return replace(
            self, canvas_width_px=canvas_width_px, canvas_height_px=canvas_height_px, strokes=strokes
        )
