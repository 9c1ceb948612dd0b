"""The manifest as pydantic models: the kind and range of every field, and the words for a wrong one.

JSON from any source is read: a wrong value is named by its place ("drawing.strokes[3].width").
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from typing import Annotated, NoReturn, TypeAlias, TypeVar

from annotated_types import GroupedMetadata
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    FailFast,
    Field,
    PlainValidator,
    Tag,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from studio.drawing.model import ROUND, Drawing, Layer, Pen, Speed, Stroke, StrokeKind, clean_name
from studio.pictures.picture_url import PictureUrl, UrlProblem, check_picture_url
from studio.pictures.source_image import read_sent_image
from studio.recipes.manifest import MAX_MANIFEST_BYTES, VERSION, Recipe, SentTask, Slot, recipe_problem
from studio.request.draft import Carrier, Draft, Parameters, Picture

MAX_STROKES = 5_000
MAX_PULL = 1e4  # stretch and slant of a pen's tip
MAX_POINTS = 250_000  # of all strokes together
MAX_TEXT_CHARS = MAX_MANIFEST_BYTES
"""No limit of its own: over one, a pasted text would cost the whole draft at the next reload."""
MAX_NAME_CHARS = 1_000
MAX_NOTES = 20
MAX_CANVAS_PX = 10_000
MAX_DISTANCE_CANVASES = 1_000
"""How many canvas widths or heights a point may lie from the corner: a very long picture that is cropped to
the service's limits keeps the drawing on all of it."""

_Member = TypeVar("_Member", bound=Enum)
_BY_URL, _BY_FILE = "<url>", "<file>"


def read_recipe(data: bytes, read_file: Callable[[str], bytes]) -> Recipe:
    """The recipe of a manifest; `manifest.read_manifest` is its door.

    Raises:
        RecipeProblem: it is not one of ours, or not whole; the reason is in it.
        ImageProblem: a picture in it cannot be used.
    """
    values = _read_json(data)
    _check_version(values)
    try:
        manifest = _Manifest.model_validate(values)
    except ValidationError as wrong:
        raise recipe_problem(_in_words(wrong.errors(include_url=False)[0])) from wrong
    draft = Draft(
        picture=_read_picture(manifest.picture, "picture", read_file),
        tail=_read_picture(manifest.tail, "tail", read_file),
        drawing=_drawing(manifest.drawing) if manifest.drawing else None,
        parameters=Parameters(**dict(manifest.parameters)),
    )
    return Recipe(draft=draft, task=SentTask(**dict(manifest.task)) if manifest.task else None)


def _words(text: str) -> PydanticCustomError:
    """An error in our own words, to be read after the place of the value."""
    return PydanticCustomError("words", "{text}", {"text": text})


@dataclass(frozen=True)
class _Range(GroupedMetadata):
    """The bounds of a number; a value outside is told both of them, where pydantic would name one."""

    least: float
    most: float
    kind: str = "a number"

    def __iter__(self) -> Iterator[object]:
        yield Field(ge=self.least, le=self.most)
        yield WrapValidator(self._check)

    def _check(self, value: object, validate: ValidatorFunctionWrapHandler) -> object:
        try:
            return validate(value)
        except ValidationError:
            raise _words(f"is not {self.kind} from {self.least:g} to {self.most:g}") from None


def _one_of(kind: type[_Member]) -> PlainValidator:
    """A member of an enumeration by its value; unlike for pydantic, true and 1.0 are not 1."""

    def find(value: object) -> _Member:
        for member in kind:
            if type(value) in {int, str} and member.value == value:
                return member
        raise _words("is not one of " + ", ".join(f"“{member.value}”" for member in kind))

    return PlainValidator(find)


def _of_two(kind: str) -> BeforeValidator:
    def check(value: object) -> object:
        if not isinstance(value, list):
            raise _words("is not a list")
        if len(value) != 2:
            raise _words("has more than 2 entries" if len(value) > 2 else f"is not {kind}")
        return value

    return BeforeValidator(check)


def _check_url(text: str) -> str:
    try:
        return check_picture_url(text)
    except UrlProblem as problem:
        raise _words(f"cannot be used as an address. {problem.why.rstrip('.')}") from problem


def _check_points(value: object, validate: ValidatorFunctionWrapHandler) -> object:
    try:
        return validate(value)
    except ValidationError as wrong:
        types = {error["type"] for error in wrong.errors(include_url=False, include_input=False)}
        found = types.pop() if len(types) == 1 else ""
        kinds = {"list_type": "a list of points", "float_type": "a list of points near the picture"}
        raise _words(f"is not {kinds.get(found, 'a list of pairs of numbers')}") from None


_Text: TypeAlias = Annotated[str, Field(max_length=MAX_TEXT_CHARS)]
_Name: TypeAlias = Annotated[str, Field(max_length=MAX_NAME_CHARS)]
_Layer: TypeAlias = Annotated[Layer, _one_of(Layer)]
_Speed: TypeAlias = Annotated[Speed, _one_of(Speed)]
_SidePx: TypeAlias = Annotated[int, _Range(1, MAX_CANVAS_PX, "a whole number")]
_YesNo: TypeAlias = Annotated[int, _Range(0, 1, "a whole number")]
_Stretch: TypeAlias = Annotated[float, _Range(1 / MAX_PULL, MAX_PULL)]
_Slant: TypeAlias = Annotated[float, _Range(-MAX_PULL, MAX_PULL)]
# JSON has lists where tuples are meant; of a million wrong values FailFast tells one
_LAX = Field(strict=False)
_Pen: TypeAlias = Annotated[tuple[_Stretch, _Slant], _LAX, _of_two("a pen's stretch and slant")]
_LayerSpeed: TypeAlias = Annotated[tuple[_Layer, _Speed], _LAX, _of_two("a layer and its speed")]
_LayerName: TypeAlias = Annotated[tuple[_Layer, _Name], _LAX, _of_two("a layer and its name")]
_Point: TypeAlias = Annotated[tuple[float, float], _LAX]
_Points: TypeAlias = Annotated[list[_Point], FailFast(), WrapValidator(_check_points)]


class _Strict(BaseModel):
    """Unknown members are left alone; true is no number, and "1" is none."""

    model_config = ConfigDict(strict=True)


class _UrlPicture(_Strict):
    url: Annotated[_Text, AfterValidator(_check_url)]


class _FilePicture(_Strict):
    name: _Name
    notes: Annotated[list[_Name], Field(max_length=MAX_NOTES), FailFast()]
    file: _Name
    sha256: Annotated[str, Field(max_length=64)]
    # a task of whoever made it: `TaskService.submit` takes it for its owner alone
    continues: Annotated[str, Field(max_length=64)] | None = None


def _picture_form(value: object) -> str:
    return _BY_URL if isinstance(value, dict) and value.get("url") is not None else _BY_FILE


_Picture: TypeAlias = Annotated[
    Annotated[_UrlPicture, Tag(_BY_URL)] | Annotated[_FilePicture, Tag(_BY_FILE)],
    Discriminator(_picture_form),
]


class _Stroke(_Strict):
    points: _Points
    layer: _Layer
    kind: Annotated[StrokeKind, _one_of(StrokeKind)]
    width: Annotated[float, _Range(0, MAX_CANVAS_PX)]
    pen: _Pen | None = None
    mitred: _YesNo | None = None


class _Drawing(_Strict):
    canvas_width_px: _SidePx
    canvas_height_px: _SidePx
    strokes: Annotated[list[_Stroke], Field(max_length=MAX_STROKES), FailFast()]
    speeds: Annotated[list[_LayerSpeed], Field(max_length=len(Layer)), FailFast()]
    names: Annotated[list[_LayerName], Field(max_length=len(Layer)), FailFast()] = []


class _Parameters(_Strict):
    model_name: _Text
    mode: _Name | None = None
    duration: _Text
    prompt: _Text
    negative_prompt: _Text
    cfg_scale: Annotated[float, _Range(-1e6, 1e6)] | None = None
    callback_url: _Text
    external_task_id: _Text
    extra_fields: _Text = ""
    carrier: Annotated[Carrier, _one_of(Carrier)] | None = None
    motion_words: _Text | None = None


class _Task(_Strict):
    task_id: _Name | None = None
    external_task_id: _Text | None = None
    status: _Name
    service: _Name = Field(alias="far_end")  # its name in recipes of all versions


class _Manifest(_Strict):
    picture: _Picture | None = None
    tail: _Picture | None = None
    drawing: _Drawing | None = None
    parameters: _Parameters
    task: _Task | None = None


def _read_json(data: bytes) -> object:
    """The JSON, which knows no NaN and no infinity, is in UTF-8 and not nested too deeply."""
    try:
        return json.loads(data.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as broken:
        raise recipe_problem("Its manifest is not readable JSON.") from broken


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _check_version(values: object) -> None:
    if not isinstance(values, dict):
        raise recipe_problem("In it, “manifest” is not an object.")
    if "version" not in values:
        raise recipe_problem("In it, “manifest” has no “version”.")
    version = values["version"]
    if version != VERSION or type(version) is not int:
        raise recipe_problem(f"It is of version {version!r:.20}, and this app reads version {VERSION}.")


_TEXTS = {
    "model_type": "is not an object",
    "list_type": "is not a list",
    "too_long": "has more than {max_length} entries",
    "string_type": "is not a text",
    "string_too_long": "is longer than {max_length} characters",
    "string_unicode": "holds half a character",  # half a surrogate pair: it can be sent nowhere
    "words": "{text}",
}


def _in_words(wrong: ErrorDetails) -> str:
    loc = [part for part in wrong["loc"] if part not in {_BY_URL, _BY_FILE}]
    if wrong["type"] == "missing":
        return f"In it, “{_place(loc[:-1])}” has no “{loc[-1]}”."
    text = _TEXTS.get(wrong["type"], wrong["msg"]).format_map(wrong.get("ctx", {}))
    return f"In it, “{_place(loc)}” {text}."


def _place(loc: list[int | str]) -> str:
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc)
    return place.removeprefix(".") or "manifest"


def _read_picture(
    found: _UrlPicture | _FilePicture | None, slot: Slot, read_file: Callable[[str], bytes]
) -> Picture | None:
    if not isinstance(found, _FilePicture):
        return Picture(url=PictureUrl(found.url)) if found else None
    data = read_file(found.file)
    source = read_sent_image(data, found.name, tuple(found.notes))
    # one that was not made by this app is rebuilt, and has another checksum then
    if found.sha256 not in {source.sha256, sha256(data).hexdigest()}:
        raise recipe_problem(f"Its {slot} is not the one that its manifest speaks of.")
    return Picture(source=source, continues_entry_id=found.continues)


def _drawing(found: _Drawing) -> Drawing:
    if sum(len(stroke.points) for stroke in found.strokes) > MAX_POINTS:
        raise recipe_problem(f"Its drawing has more than {MAX_POINTS} points.")
    if len(dict(found.speeds)) < len(found.speeds):
        raise recipe_problem("It gives a layer two speeds.")
    if len(dict(found.names)) < len(found.names):
        raise recipe_problem("It gives a layer two names.")
    for number, stroke in enumerate(found.strokes):
        _check_stroke(stroke, f"drawing.strokes[{number}]", found)
    return Drawing(
        canvas_width_px=found.canvas_width_px,
        canvas_height_px=found.canvas_height_px,
        strokes=tuple(_stroke(stroke) for stroke in found.strokes),
        speeds=tuple(found.speeds),
        names=tuple((layer, cleaned) for layer, name in found.names if (cleaned := clean_name(name))),
    )


def _check_stroke(stroke: _Stroke, place: str, drawing: _Drawing) -> None:
    if not stroke.points:
        raise recipe_problem(f"In it, “{place}” has no points.")
    far_x = MAX_DISTANCE_CANVASES * drawing.canvas_width_px
    far_y = MAX_DISTANCE_CANVASES * drawing.canvas_height_px
    if any(abs(x) > far_x or abs(y) > far_y for x, y in stroke.points):
        raise recipe_problem(f"In it, “{place}.points” is not a list of points near the picture.")


def _stroke(found: _Stroke) -> Stroke:
    return Stroke(
        layer=found.layer,
        kind=found.kind,
        points_canvas_px=tuple(found.points),
        width_canvas_px=found.width,
        pen=Pen(stretch=found.pen[0], slant=found.pen[1]) if found.pen else ROUND,
        mitred=found.mitred == 1,
    )
