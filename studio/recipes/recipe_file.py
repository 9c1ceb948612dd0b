"""A recipe: one file with everything of a draft, from which the very same request is made again.

A zip with `manifest.json`, the picture and the tail frame exactly as sent. It holds no key.
"""

import io
import struct
import zipfile
import zlib

from studio.journal.entry import Entry
from studio.pictures.source_image import SourceImage
from studio.pictures.upload_checks import MAX_UPLOAD_BYTES
from studio.recipes.manifest import (
    EXTENSIONS,
    MAX_MANIFEST_BYTES,
    Recipe,
    RecipeProblem,
    SentTask,
    Slot,
    read_manifest,
    recipe_problem,
    write_manifest,
)
from studio.request.draft import Draft, Picture

__all__ = ["EXTENSION", "Recipe", "RecipeProblem", "SentTask", "dump_recipe", "load_recipe", "sent_task"]

EXTENSION = "motion"
MAX_RECIPE_BYTES = 2 * MAX_UPLOAD_BYTES + 5_000_000
"""Two pictures, and a packed manifest of some thousand strokes."""
MANIFEST = "manifest.json"
_LIMITS = {MANIFEST: MAX_MANIFEST_BYTES} | {
    f"{slot}.{extension}": MAX_UPLOAD_BYTES
    for slot in ("picture", "tail")
    for extension in EXTENSIONS.values()
}
"""The only files that a recipe may hold, and how many bytes each may unfold to."""
_PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same draft gives the same file
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
)


def dump_recipe(draft: Draft, task: SentTask | None = None) -> bytes:
    """The recipe of a draft, and of its task once it was sent."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        manifest = write_manifest(Recipe(draft=draft, task=task), _file_name)
        _add(archive, MANIFEST, manifest, zipfile.ZIP_DEFLATED)
        slots: tuple[tuple[Slot, Picture | None], ...] = (("picture", draft.picture), ("tail", draft.tail))
        for slot, picture in slots:
            if picture is not None and picture.source is not None:
                source = picture.source
                _add(archive, _file_name(slot, source), source.wire_bytes, zipfile.ZIP_STORED)
    return buffer.getvalue()


def load_recipe(data: bytes) -> Recipe:
    """The draft in a recipe from any source.

    Raises:
        RecipeProblem: it is not a whole recipe of this app; the reason is in it.
        ImageProblem: a picture in it cannot be used.
    """
    _check_outside(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive)
    except _BROKEN as broken:
        raise recipe_problem("It is damaged: it cannot be unpacked to its end.") from broken


def sent_task(entry: Entry) -> SentTask:
    """A recipe's note of a task."""
    return SentTask(
        task_id=entry.task_id,
        external_task_id=entry.external_task_id,
        status=entry.state.value,
        service="Simulator" if entry.is_simulated else "CometAPI",
    )


def _file_name(slot: Slot, source: SourceImage) -> str:
    return f"{slot}.{EXTENSIONS[source.media_type]}"


def _add(archive: zipfile.ZipFile, name: str, data: bytes, packing: int) -> None:
    archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), data, compress_type=packing)


def _check_outside(data: bytes) -> None:
    """Refuse by the file's size and its last bytes, before any of it is unpacked."""
    if len(data) > MAX_RECIPE_BYTES:
        raise recipe_problem(f"It is larger than {MAX_RECIPE_BYTES // 1_000_000} MB.")
    end = data[-22:]
    if not data.startswith(b"PK\x03\x04") or not end.startswith(b"PK\x05\x06") or len(end) < 22:
        raise recipe_problem("It is not a recipe, which is a zip file.")
    # A list of a million names would cost memory before the first of them is seen.
    if int.from_bytes(end[12:16], "little") > 4_096 or data[-42:-38] == b"PK\x06\x07":
        raise recipe_problem("It holds more files than a recipe has.")


def _read(archive: zipfile.ZipFile) -> Recipe:
    for entry in archive.infolist():
        if entry.filename not in _LIMITS:
            raise recipe_problem(f"It holds a file that no recipe has: {entry.filename[:60]!a}.")
        if entry.compress_type not in _PACKINGS:
            raise recipe_problem(f"Its {entry.filename} is packed in a way that no recipe is.")
    names = archive.namelist()
    if len(set(names)) < len(names):
        raise recipe_problem("It holds a file twice.")
    if MANIFEST not in names:
        raise recipe_problem(f"It has no {MANIFEST}.")
    return read_manifest(_unpacked(archive, MANIFEST), lambda name: _unpacked(archive, name))


def _unpacked(archive: zipfile.ZipFile, name: str) -> bytes:
    """A file's bytes; the size in its entry is not believed."""
    if name not in _LIMITS or name not in archive.namelist():
        raise recipe_problem(f"The file “{name[:60]}” is missing in it.")
    with archive.open(name) as file:
        data = file.read(_LIMITS[name] + 1)
    if len(data) > _LIMITS[name]:
        raise recipe_problem(f"Its {name} unfolds to more than {_LIMITS[name] // 1_000_000} MB.")
    return data
