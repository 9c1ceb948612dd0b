"""The first-time tour: three steps on the newcomers' photograph, and the drawing that each would add."""

from dataclasses import dataclass
from enum import Enum

from studio.drawing.arrays import SizePx
from studio.drawing.model import Drawing, Layer
from studio.guide.example_drafts import drawing_of_parts, sample_of
from studio.guide.examples import EXAMPLES


class TourStep(Enum):
    """Progress in the tour, in the order of the definition."""

    OFFERED = 0
    STAYS = 1
    MOVES = 2
    SEND = 3
    ENDED = 4


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """The text of one step."""

    title: str
    words: str
    # the layer that this step is about; None when nothing is painted
    layer: Layer | None = None


LESSONS: dict[TourStep, Lesson] = {
    TourStep.STAYS: Lesson(
        title="Paint what stays",
        words="Brush over the towers. What is painted on Static does not move.",
        layer=Layer.STATIC,
    ),
    TourStep.MOVES: Lesson(
        title="Paint what moves, and draw its path",
        words="Brush over the rocket. Then take **Path**, press on the rocket and drag to where it goes.",
        layer=Layer.MOTION_1,
    ),
    TourStep.SEND: Lesson(
        title="Review and send",
        words="The preview moves as you directed. Any model can be chosen: the line under it says how your "
        "drawing is sent. Press **Review and send** to see what the service will receive, then send it.",
    ),
}
EXAMPLE = EXAMPLES[0]
SAMPLE = sample_of(EXAMPLE)
"""The photograph of the tour."""


def is_done(step: TourStep, drawing: Drawing | None) -> bool:
    """Whether what a step asks for is drawn: paint, and on a moving layer a path."""
    layer = LESSONS[step].layer
    if layer is None or drawing is None or not drawing.regions(layer):
        return False
    return layer is Layer.STATIC or bool(drawing.paths(layer))


def with_step_drawn(step: TourStep, drawing: Drawing | None, canvas_size_px: SizePx) -> Drawing:
    """The drawing with this step's layer as the example has it; the other layers stay.

    Args:
        step: one of LESSONS that paints.
        drawing: what is drawn so far, if anything.
        canvas_size_px: of a new drawing, in the photograph's shape.
    """
    width, height = canvas_size_px
    so_far = drawing or Drawing(canvas_width_px=width, canvas_height_px=height)
    layer = LESSONS[step].layer
    if layer is None:
        return so_far
    parts = [part for part in EXAMPLE.parts if part.layer is layer]
    return so_far.replaced_layer(layer, drawing_of_parts(parts, so_far.canvas_size_px).strokes)
