"""Drawings on the sample photographs whose last frames were looked at, each with what a person says of it.

Outlines are in fractions of the picture's sides. `good` was decided by looking at the rendered frame: whether
it could be taken for another photograph of the same scene.
"""

import math
from dataclasses import dataclass

from studio.drawing.model import Drawing, Layer, PointCanvasPx, Stroke, StrokeKind
from studio.pictures.samples import SAMPLES, load_sample
from studio.pictures.source_image import SourceImage

_CANVAS_WIDTH_PX = 720


@dataclass(frozen=True, kw_only=True)
class LabelledFrame:
    """One part on a photograph, how far it moves (shares of the sides), and the verdict."""

    photo: str
    outline: tuple[tuple[float, float], ...]
    move: tuple[float, float]
    good: bool

    @property
    def source(self) -> SourceImage:
        """The photograph."""
        return load_sample(next(sample for sample in SAMPLES if sample.name == self.photo))

    @property
    def drawing(self) -> Drawing:
        """The part and its straight path."""
        source = self.source
        width, height = _CANVAS_WIDTH_PX, round(_CANVAS_WIDTH_PX * source.height_px / source.width_px)
        points = tuple((x * width, y * height) for x, y in self.outline)
        start = (sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points))
        end = (start[0] + self.move[0] * width, start[1] + self.move[1] * height)
        strokes = (_stroke(StrokeKind.AREA, points, 1), _stroke(StrokeKind.PATH, (start, end), 4))
        return Drawing(canvas_width_px=width, canvas_height_px=height, strokes=strokes)


def _stroke(kind: StrokeKind, points: tuple[PointCanvasPx, ...], width: float) -> Stroke:
    return Stroke(layer=Layer.MOTION_1, kind=kind, points_canvas_px=points, width_canvas_px=width)


def _ellipse(x: float, y: float, across: float, down: float) -> tuple[tuple[float, float], ...]:
    angles = [math.tau * n / 48 for n in range(48)]
    return tuple((x + across * math.cos(angle), y + down * math.sin(angle)) for angle in angles)


_SHUTTLE = (
    (0.745, 0.33), (0.737, 0.24), (0.745, 0.2), (0.742, 0.13), (0.75, 0.085), (0.762, 0.085), (0.77, 0.11),
    (0.775, 0.05), (0.795, 0.005), (0.83, 0.005), (0.85, 0.05), (0.855, 0.11), (0.863, 0.085), (0.875, 0.08),
    (0.887, 0.11), (0.888, 0.37), (0.895, 0.42), (0.892, 0.455), (0.888, 0.53), (0.86, 0.535), (0.72, 0.53),
    (0.735, 0.45), (0.694, 0.435), (0.694, 0.41), (0.735, 0.36),
)  # fmt: skip
_FACE = (
    (0.45, 0.07), (0.6, 0.04), (0.78, 0.08), (0.92, 0.13), (0.88, 0.4), (0.78, 0.53), (0.62, 0.64),
    (0.55, 0.6), (0.42, 0.42), (0.41, 0.2),
)  # fmt: skip
_ROCKET = ((0.485, 0.33), (0.505, 0.29), (0.53, 0.33), (0.53, 0.95), (0.48, 0.95))


def _frame(
    photo: str, outline: tuple[tuple[float, float], ...], move: tuple[float, float], *, good: bool
) -> LabelledFrame:
    return LabelledFrame(photo=photo, outline=outline, move=move, good=good)


LABELLED_FRAMES = {
    "the cup by its rim": _frame("coffee.jpg", _ellipse(0.483, 0.283, 0.197, 0.24), (-0.1, 0), good=True),
    "the badge": _frame("astronaut.jpg", _ellipse(0.334, 0.753, 0.073, 0.073), (0.14, -0.05), good=True),
    "the shuttle": _frame("astronaut.jpg", _SHUTTLE, (-0.06, 0), good=True),
    "the rocket": _frame("rocket.jpg", _ROCKET, (0, -0.5), good=True),
    "the raccoon's head": _frame("raccoon.jpg", _FACE, (0.09, 0), good=True),
    "half of the cup": _frame(
        "coffee.jpg",
        ((0.4, 0), (0.62, 0.06), (0.6, 0.3), (0.55, 0.52), (0.42, 0.46), (0.36, 0.2)),
        (0.12, 0.02),
        good=False,
    ),
    "half of the badge": _frame(
        "astronaut.jpg", ((0.3, 0.64), (0.5, 0.66), (0.49, 0.8), (0.33, 0.79)), (0.14, -0.05), good=False
    ),
    "a circle over the shuttle": _frame(
        "astronaut.jpg", _ellipse(0.8, 0.3, 0.17, 0.2), (-0.12, 0), good=False
    ),
    "the rocket and its lights": _frame(
        "rocket.jpg",
        ((0.46, 0.5), (0.5, 0.42), (0.58, 0.44), (0.62, 0.7), (0.6, 1), (0.5, 0.98), (0.49, 0.75)),
        (-0.12, -0.35),
        good=False,
    ),
    "the middle of the face": _frame(
        "raccoon.jpg",
        ((0.55, 0.25), (0.72, 0.3), (0.74, 0.45), (0.62, 0.55), (0.52, 0.45)),
        (-0.14, 0),
        good=False,
    ),
    "some of the leaves": _frame(
        "raccoon.jpg", ((0.1, 0.55), (0.3, 0.5), (0.45, 0.75), (0.3, 0.95), (0.15, 0.8)), (0.1, 0), good=False
    ),
    "the helmet, far away": _frame(
        "astronaut.jpg", _ellipse(0.755, 0.87, 0.21, 0.2), (-0.5, -0.35), good=False
    ),
}
"""Twelve drawings: five good outlines, six rough ones, and one good outline whose hole nothing can fill."""
