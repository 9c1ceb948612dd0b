"""Recipes of others: another manifest in the zip, or a zip that is none."""

import io
import json
import random
import warnings
import zipfile
from contextlib import suppress
from functools import cache
from typing import Any, Final

from studio.checks.preflight import preflight
from studio.drawing.model import Layer
from studio.errors import StudioError
from studio.pictures.picture_url import check_picture_url
from studio.recipes.recipe_file import MANIFEST, SentTask, dump_recipe, load_recipe
from studio.request.compose import compose
from studio.request.draft import Draft, Picture
from tests.fuzz.oddities import ODD_TEXTS, multiplied, mutated_bytes, mutated_json, words
from tests.fuzz.trial import Bench, Kind
from tests.support.make import area, draft, ever_living, path

_PACKINGS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
_NAMES: Final = words("picture.png tail.jpg ../../x /etc/passwd manifest.json a/b picture.gif é\0")


@cache
def bases() -> tuple[bytes, ...]:
    """Whole recipes."""
    drawing = (area(Layer.STATIC), area(Layer.MOTION_1, left=5), path(Layer.MOTION_1), path(Layer.MOTION_2))
    by_address = Picture(url=check_picture_url("https://pictures.example/a.png"))
    task = SentTask(task_id="t1", external_task_id="mine", status="kept", service="CometAPI")
    by_words = draft(*drawing, model_name="kling-v2-6", mode="pro", motion_words="leaves fall", cfg_scale=0.4)
    drafts = (draft(*drawing, prompt="wind"), by_words, draft(picture=by_address))
    return tuple(dump_recipe(one, task) for one in drafts)


def recipe(rng: random.Random) -> bytes:
    """A recipe, changed within or without."""
    base = rng.choice(bases())
    with zipfile.ZipFile(io.BytesIO(base)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = mutated_json(json.loads(files[MANIFEST]), rng, chance=rng.choice((0.001, 0.004, 0.02, 0.1)))
    files[MANIFEST] = _written(_multiplied(manifest, rng), rng)
    for name in tuple(files):
        if rng.random() < 0.04:
            files[name] = mutated_bytes(files[name], rng, base)
        if rng.random() < 0.03:
            del files[name]
    packed = _packed(files, rng)
    return mutated_bytes(packed, rng, base) if rng.random() < 0.15 else packed


def _multiplied(manifest: Any, rng: random.Random) -> Any:
    """Sometimes a drawing of very much, or pictures by an odd address."""
    with suppress(TypeError, KeyError, IndexError):
        if rng.random() < 0.1:
            manifest[rng.choice(("picture", "tail"))] = {"url": rng.choice(ODD_TEXTS)}
        strokes, chance = manifest["drawing"]["strokes"], rng.random()
        if chance < 0.1:
            manifest["drawing"]["strokes"] = multiplied(strokes, rng.choice((25, 300, 1500)))
        elif chance < 0.2:
            most = rng.choice((300, 20_000, 200_000))
            strokes[0]["points"] = [[rng.uniform(-99, 199), rng.uniform(-99, 199)] for _ in range(most)]
    return manifest


def _written(manifest: Any, rng: random.Random) -> bytes:
    text = json.dumps(manifest, ensure_ascii=rng.random() < 0.9)
    if rng.random() < 0.05:
        text = text.replace('"prompt"', rng.choice(('"prompt": 1, "prompt"', '"mode"', "prompt")))
    if rng.random() < 0.02:
        deep = ("[" * 200_000, '{"a":' * 100_000)
        text = rng.choice((*deep, "9" * 10_000, "\ufeff" + text, text + "\0" * 9_000_000))
    return text.encode("utf-16" if rng.random() < 0.01 else "utf-8", "surrogatepass")


def _packed(files: dict[str, bytes], rng: random.Random) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            packings = _PACKINGS[:3] if rng.random() < 0.97 else _PACKINGS
            archive.writestr(name, data, compress_type=rng.choice(packings))
        if rng.random() < 0.08:
            archive.writestr(rng.choice(_NAMES), bytes(rng.choice((0, 9, 60_000_000))), zipfile.ZIP_DEFLATED)
        if rng.random() < 0.03:
            archive.comment = rng.choice(ODD_TEXTS).encode("utf-8", "surrogatepass")[:60_000]
    return buffer.getvalue()


def open_it(data: bytes, _: Bench) -> None:
    """Load it as the Create page does, check it, and save it again."""
    opened = load_recipe(data).draft
    for picture in (opened.picture, opened.tail):
        if picture is not None and picture.url is not None:
            assert picture.url.lower().startswith(("https://", "http://")), "no address of the web"
    preflight(opened, compose(opened, quick=True), ever_living)
    again: Draft = load_recipe(dump_recipe(opened)).draft
    assert again == opened, "a recipe that is saved again is another one"


KIND: Final = Kind(make=recipe, read=open_it, ours=(StudioError,))
