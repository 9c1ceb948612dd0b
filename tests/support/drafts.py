"""Drafts in the making: a small photograph, strokes on a canvas a quarter of its size, parameters."""

from functools import cache
from typing import Any

from kling.model_lives import ModelLife, ModelState
from studio.drawing.model import Drawing, Layer, Stroke, StrokeKind
from studio.pictures.source_image import SourceImage, read_image
from studio.request.draft import Draft, Parameters, Picture
from tests.support.pictures import encoded, gradient

SIZE_PX = (400, 320)
"""The photograph's (width, height)."""
CANVAS_PX = (100, 80)
"""The canvas's: four pixels of the picture are one of the canvas."""


@cache
def photo() -> SourceImage:
    """A picture that may be sent."""
    return read_image(encoded(gradient(*SIZE_PX)), "photo.png")


def area(layer: Layer, *, left: float = 20, top: float = 10, right: float = 60, bottom: float = 40) -> Stroke:
    """A filled rectangle in canvas pixels."""
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return Stroke(layer=layer, kind=StrokeKind.AREA, points_canvas_px=corners, width_canvas_px=0)


def path(layer: Layer, *points_canvas_px: tuple[float, float]) -> Stroke:
    """A trajectory; without points one that goes to the right."""
    points = points_canvas_px or ((40.0, 25.0), (80.0, 25.0))
    return Stroke(layer=layer, kind=StrokeKind.PATH, points_canvas_px=points, width_canvas_px=3)


def drawn(*strokes: Stroke) -> Drawing:
    """These strokes on the canvas."""
    return Drawing(canvas_width_px=CANVAS_PX[0], canvas_height_px=CANVAS_PX[1], strokes=strokes)


def draft(*strokes: Stroke, picture: Picture | None = None, **parameters: Any) -> Draft:
    """A draft with the photograph and these strokes, which kling-v1 std does in 5 s."""
    chosen = {"model_name": "kling-v1", "mode": "std", "duration": "5", **parameters}
    return Draft(
        picture=picture or Picture(source=photo()),
        tail=None,
        drawing=drawn(*strokes),
        parameters=Parameters(**chosen),
    )


def ever_living(model_name: str) -> ModelLife:
    """Every model lives: for checks of everything else, on the only models that take a motion brush."""
    return ModelLife(model_name=model_name, state=ModelState.LIVING, evidence="")
