"""Data for tests, plain but for what a test gives: pictures, requests, drafts, tasks of the journal."""

import base64
import io
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import uuid4

from PIL import Image

from kling import ImageToVideoRequest
from kling.model_lives import ModelLife, ModelState
from studio.drawing.model import Drawing, Layer, Stroke, StrokeKind
from studio.journal.entry import Entry, NewTask, State
from studio.pictures.source_image import SourceImage, read_image
from studio.request.draft import Draft, Parameters, Picture
from tests.support.pictures import encoded, gradient
from tests.support.services import NOON

FINGERPRINT = "f" * 64
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


@cache
def picture_text(width_px: int = 640, height_px: int = 480, mode: str = "RGB", kind: str = "PNG") -> str:
    """A plain picture as base64."""
    buffer = io.BytesIO()
    Image.new(mode, (width_px, height_px)).save(buffer, kind)
    return base64.b64encode(buffer.getvalue()).decode()


def mask_text(width_px: int = 640, height_px: int = 480) -> str:
    """A mask as base64: a grey PNG."""
    return picture_text(width_px, height_px, "L")


def heavy_png_text(size_bytes: int, width_px: int = 640, height_px: int = 480) -> str:
    """A PNG with bytes after its end, so that the file has exactly that size."""
    data = base64.b64decode(picture_text(width_px, height_px))
    return base64.b64encode(data + bytes(size_bytes - len(data))).decode()


def request(**fields: Any) -> ImageToVideoRequest:
    """A small request; any field may be given."""
    return ImageToVideoRequest(
        **{"image": "aW1n", "model_name": "kling-v1", "prompt": "wind in the leaves", **fields}
    )


def new_task(name: str | None = None, *, price_usd: str | None = "0.56", **fields: Any) -> NewTask:
    """What one submit of Ann's writes, with ids by this name or by chance; any field may be given."""
    name = name or uuid4().hex
    plain: dict[str, Any] = {
        "owner": "ann",
        "click_token": f"click-{name}",
        "service": "https://far.example",
        "key_fingerprint": FINGERPRINT,
        "external_task_id": f"mine-{name}",
        "request": request(),
        "price_usd": None if price_usd is None else Decimal(price_usd),
        "thumbnail": b"JPEG",
    }
    return NewTask(**{**plain, **fields})


def entry(**fields: Any) -> Entry:
    """One of Ann's, just written down; any field may be given."""
    plain: dict[str, Any] = {
        "entry_id": "e1",
        "owner": "ann",
        "service": "https://far.test",
        "key_fingerprint": "k",
        "external_task_id": "mine-1",
        "task_id": None,
        "state": State.INTENT,
        "version": 0,
        "made_elsewhere": False,
        "model_name": "kling-v1",
        "mode": "std",
        "duration": "5",
        "prompt": "wind",
        "price_usd": None,
        "thumbnail": None,
        "created_at": NOON,
        "state_since": NOON,
        "sent_at": None,
        "accepted_at": None,
        "ended_at": None,
        "attempts": 0,
        "retry_at": None,
        "not_founds": 0,
        "last_not_found_at": None,
        "last_look_at": None,
        "next_look_at": None,
        "create_error": None,
        "message": None,
    }
    return Entry(**{**plain, **fields})
