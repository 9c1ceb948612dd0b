"""A draft as plain values: what a recipe's manifest says, and what is kept of a draft on disk.

The pictures are files beside it, named in it; their bytes are exactly those that are sent.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Literal

from studio.drawing.model import ROUND, Drawing, Layer, Pen, Speed, Stroke, StrokeKind
from studio.pictures.source_image import SourceImage, read_sent_image
from studio.recipes.manifest_reader import Node, RecipeProblem, read_json, recipe_problem
from studio.request.draft import Draft, Parameters, Picture

VERSION = 1
MAX_MANIFEST_BYTES = 16_000_000
MAX_STROKES = 5_000
MAX_PULL = 1e4  # how far a pen's tip can be stretched or slanted
MAX_POINTS = 250_000  # of all strokes together
MAX_TEXT_CHARS = MAX_MANIFEST_BYTES
"""No limit of its own: over one, a pasted text would cost the whole draft at the next reload."""
MAX_NAME_CHARS = 1_000
MAX_CANVAS_PX = 10_000
REACH = 1_000
"""How many canvas widths or heights a point may lie from the corner: a very long picture that is cropped to
what the service takes keeps what is drawn on all of it."""

Slot = Literal["picture", "tail"]
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png"}


@dataclass(frozen=True, kw_only=True)
class SentTask:
    """What became of a draft that was sent."""

    task_id: str | None
    external_task_id: str | None
    status: str
    service: str  # how a person calls it: "CometAPI", "Simulator"


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A draft, and the task that it became, if it was sent."""

    draft: Draft
    task: SentTask | None = None


def write_manifest(recipe: Recipe, file_name: Callable[[Slot, SourceImage], str]) -> bytes:
    """The manifest in UTF-8; `file_name` says where a picture's bytes are put."""
    draft, task = recipe.draft, recipe.task
    manifest = {
        "version": VERSION,
        "parameters": vars(draft.parameters),
        "picture": _picture(draft.picture, "picture", file_name),
        "tail": _picture(draft.tail, "tail", file_name),
        "drawing": _drawing(draft.drawing) if draft.drawing else None,
        "task": _task(task) if task else None,
    }
    return json.dumps(manifest, allow_nan=False, separators=(",", ":")).encode()


def read_manifest(data: bytes, read: Callable[[str], bytes]) -> Recipe:
    """The recipe of a manifest; `read` gives the bytes of a file that it names.

    Raises:
        RecipeProblem: it is not one of ours, or not whole; the reason is in it.
        ImageProblem: a picture in it cannot be used.
    """
    root = read_json(data)
    version = root["version"].value
    if version != VERSION or type(version) is not int:
        raise recipe_problem(f"It is of version {version!r:.20}, and this app reads version {VERSION}.")
    drawing = root.given("drawing")
    draft = Draft(
        picture=_read_picture(root, "picture", read),
        tail=_read_picture(root, "tail", read),
        drawing=_read_drawing(drawing) if drawing else None,
        parameters=_read_parameters(root["parameters"]),
    )
    task = root.given("task")
    return Recipe(draft=draft, task=_read_task(task) if task else None)


def _picture(
    picture: Picture | None, slot: Slot, file_name: Callable[[Slot, SourceImage], str]
) -> dict[str, Any] | None:
    if picture is None or picture.source is None:
        return {"url": picture.url} if picture else None
    source = picture.source
    return {
        "file": file_name(slot, source),
        "name": source.name,
        "sha256": source.sha256,
        "notes": list(source.notes),
    }


def _task(task: SentTask) -> dict[str, Any]:
    found = dict(vars(task))
    found["far_end"] = found.pop("service")  # the name in recipes of all versions
    return found


def _drawing(drawing: Drawing) -> dict[str, Any]:
    return {
        "canvas_width_px": drawing.canvas_width_px,
        "canvas_height_px": drawing.canvas_height_px,
        "speeds": [[layer.value, speed.value] for layer, speed in drawing.speeds],
        "strokes": [
            {
                "layer": stroke.layer.value,
                "kind": stroke.kind.value,
                "width": stroke.width_canvas_px,
                "points": stroke.points_canvas_px,
                "pen": [stroke.pen.stretch, stroke.pen.slant],
                "mitred": int(stroke.mitred),
            }
            for stroke in drawing.strokes
        ],
    }


def _read_picture(root: Node, slot: Slot, read: Callable[[str], bytes]) -> Picture | None:
    found = root.given(slot)
    if found is None:
        return None
    if url := found.given("url"):
        return Picture(url=url.text(MAX_TEXT_CHARS))
    name = found["name"].text(MAX_NAME_CHARS)
    notes = tuple(note.text(MAX_NAME_CHARS) for note in found["notes"].items(20))
    source = read_sent_image(read(found["file"].text(MAX_NAME_CHARS)), name, notes)
    if source.sha256 != found["sha256"].text(64):
        raise recipe_problem(f"Its {slot} is not the one that its manifest speaks of.")
    return Picture(source=source)


def _read_parameters(found: Node) -> Parameters:
    mode, scale = found.given("mode"), found.given("cfg_scale")
    texts = {
        field.name: found[field.name].text(MAX_TEXT_CHARS)
        for field in fields(Parameters)
        if field.name not in {"mode", "cfg_scale"}
    }
    return Parameters(
        mode=mode.text(MAX_NAME_CHARS) if mode else None,
        cfg_scale=scale.number(-1e6, 1e6) if scale else None,
        **texts,
    )


def _read_drawing(found: Node) -> Drawing:
    width = found["canvas_width_px"].whole(1, MAX_CANVAS_PX)
    height = found["canvas_height_px"].whole(1, MAX_CANVAS_PX)
    strokes = tuple(_read_stroke(stroke, width, height) for stroke in found["strokes"].items(MAX_STROKES))
    if sum(len(stroke.points_canvas_px) for stroke in strokes) > MAX_POINTS:
        raise recipe_problem(f"Its drawing has more than {MAX_POINTS} points.")
    speeds = tuple(_read_speed(pair) for pair in found["speeds"].items(len(Layer)))
    if len(dict(speeds)) < len(speeds):
        raise recipe_problem("It gives a layer two speeds.")
    return Drawing(canvas_width_px=width, canvas_height_px=height, strokes=strokes, speeds=speeds)


def _read_stroke(found: Node, canvas_width_px: int, canvas_height_px: int) -> Stroke:
    points = found["points"].points(REACH * canvas_width_px, REACH * canvas_height_px)
    if not points:
        raise recipe_problem(f"In it, “{found.where}” has no points.")
    return Stroke(
        layer=found["layer"].one_of(Layer),
        kind=found["kind"].one_of(StrokeKind),
        points_canvas_px=points,
        width_canvas_px=found["width"].number(0, MAX_CANVAS_PX),
        pen=_read_pen(found["pen"]) if found.given("pen") else ROUND,
        mitred=found["mitred"].whole(0, 1) == 1 if found.given("mitred") else False,
    )


def _read_pen(pair: Node) -> Pen:
    both = tuple(pair.items(2))
    if len(both) != 2:
        raise recipe_problem(f"In it, “{pair.where}” is not a pen's stretch and slant.")
    return Pen(stretch=both[0].number(1 / MAX_PULL, MAX_PULL), slant=both[1].number(-MAX_PULL, MAX_PULL))


def _read_speed(pair: Node) -> tuple[Layer, Speed]:
    both = tuple(pair.items(2))
    if len(both) != 2:
        raise recipe_problem(f"In it, “{pair.where}” is not a layer and its speed.")
    return both[0].one_of(Layer), both[1].one_of(Speed)


def _read_task(found: Node) -> SentTask:
    task_id, external = found.given("task_id"), found.given("external_task_id")
    return SentTask(
        task_id=task_id.text(MAX_NAME_CHARS) if task_id else None,
        external_task_id=external.text(MAX_TEXT_CHARS) if external else None,
        status=found["status"].text(MAX_NAME_CHARS),
        service=found["far_end"].text(MAX_NAME_CHARS),
    )


__all__ = ["MAX_MANIFEST_BYTES", "Recipe", "RecipeProblem", "SentTask", "read_manifest", "write_manifest"]
