"""A draft as plain values: the manifest of a recipe, and of a draft that is kept on disk.

The pictures are files beside it, named in it; their bytes are exactly those that are sent.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from studio.drawing.model import Drawing
from studio.errors import StudioError
from studio.pictures.source_image import SourceImage
from studio.request.draft import Draft, Parameters, Picture

VERSION = 1
MAX_MANIFEST_BYTES = 16_000_000

Slot = Literal["picture", "tail"]
_FIRST_PARAMETERS = frozenset(
    {
        *("model_name", "mode", "duration", "prompt", "negative_prompt"),
        *("cfg_scale", "callback_url", "external_task_id"),
    }
)
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png"}


class RecipeProblem(StudioError):
    """A recipe, or a draft that was kept, cannot be read."""


def recipe_problem(why: str) -> RecipeProblem:
    """The one message for a recipe that cannot be opened, with its reason."""
    return RecipeProblem(
        "This recipe cannot be opened.",
        why,
        "Download it once more from where it was made, and open the file as it is.",
    )


@dataclass(frozen=True, kw_only=True)
class SentTask:
    """The task that a draft became when it was sent."""

    task_id: str | None
    external_task_id: str | None
    status: str
    service: str  # its name on the screen: "CometAPI", "Simulator"


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A draft, and the task that it became, if it was sent."""

    draft: Draft
    task: SentTask | None = None


def write_manifest(recipe: Recipe, file_name: Callable[[Slot, SourceImage], str]) -> bytes:
    """The manifest in UTF-8; `file_name` names the file of a picture's bytes."""
    draft, task = recipe.draft, recipe.task
    manifest = {
        "version": VERSION,
        "parameters": _parameters(draft.parameters),
        "picture": _picture(draft.picture, "picture", file_name),
        "tail": _picture(draft.tail, "tail", file_name),
        "drawing": _drawing(draft.drawing) if draft.drawing else None,
        "task": _task(task) if task else None,
    }
    return json.dumps(manifest, allow_nan=False, separators=(",", ":")).encode()


def read_manifest(data: bytes, read_file: Callable[[str], bytes]) -> Recipe:
    """The recipe of a manifest; `read_file` gives the bytes of a file that it names.

    Raises:
        RecipeProblem: it is not one of ours, or not whole; the reason is in it.
        ImageProblem: a picture in it cannot be used.
    """
    # pydantic and its models take a tenth of a second to load: only a page that opens a draft waits for them
    from studio.recipes.manifest_model import read_recipe  # noqa: PLC0415

    return read_recipe(data, read_file)


def _parameters(parameters: Parameters) -> dict[str, Any]:
    """Fields that came later stand in it where they are used: an older draft stays as it was, to the byte."""
    return {
        name: value
        for name, value in vars(parameters).items()
        if name in _FIRST_PARAMETERS or value != getattr(Parameters, name)
    }


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
        **({"continues": picture.continues_entry_id} if picture.continues_entry_id else {}),
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
        **({"names": [[layer.value, name] for layer, name in drawing.names]} if drawing.names else {}),
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
