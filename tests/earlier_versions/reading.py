"""Requests, records and messages as plain values that can be compared with those of another version.

Nothing of the product is imported here: the maker of the files had the same module.
"""

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import requests
from PIL import Image

PACKED_AT = (1980, 1, 1, 0, 0, 0)


class _NotSent(Exception):
    """Takes the place of the network."""


def sha256(data: bytes) -> str:
    """In hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def body_sent(create: Callable[[], object]) -> bytes:
    """The exact bytes of the body that a client's create call hands to the network; nothing leaves."""
    bodies: list[bytes] = []

    def keep(_session: object, prepared: requests.PreparedRequest, **_: object) -> None:
        body: Any = prepared.body
        bodies.append(body if isinstance(body, bytes) else body.read())
        raise _NotSent

    with patch.object(requests.Session, "send", keep), suppress(_NotSent):
        create()
    (body,) = bodies
    return body


def meaning(body: bytes) -> str:
    """A hash of what a request says, whatever packs its masks: of their pixels in place of their bytes."""
    request = json.loads(body)
    for holder, name in [(request, "static_mask"), *((mask, "mask") for mask in _masks(request))]:
        if holder.get(name):
            holder[name] = _pixels(holder[name])
    return sha256(json.dumps(request, sort_keys=True).encode())


def _masks(request: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = request.get("dynamic_masks", [])
    return found


def _pixels(text: str) -> str:
    with Image.open(io.BytesIO(base64.b64decode(text))) as image:
        return f"{image.mode} {image.width} {image.height} {sha256(image.tobytes())}"


def plain(value: object) -> Any:
    """A value of a record as JSON has it: bytes by their hash, times and amounts as text."""
    if isinstance(value, bytes):
        return f"sha256:{sha256(value)}"
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def files_in(recipe: bytes) -> dict[str, bytes]:
    """Name → bytes of what is in a zip."""
    with zipfile.ZipFile(io.BytesIO(recipe)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: dict[str, bytes]) -> bytes:
    """A zip of these; the same files give the same zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, PACKED_AT)
            archive.writestr(entry, data, compress_type=zipfile.ZIP_DEFLATED, compresslevel=9)
    return buffer.getvalue()


def changed(recipe: bytes, case: dict[str, Any]) -> bytes:
    """A good recipe with one thing in its manifest as a case of `broken_recipes.json` says.

    `where` names a member ("drawing.strokes.0.width") that gets a `value`, or goes if the case has none;
    `text` and `instead` swap a piece of the JSON's text; `manifest` is a whole other text.
    """
    files = files_in(recipe)
    text = files["manifest.json"].decode()
    if "where" in case:
        text = json.dumps(_with_change(json.loads(text), case))
    elif "text" in case:
        text = text.replace(case["text"], case["instead"])
    else:
        text = case["manifest"]
    return packed(files | {"manifest.json": text.encode("utf-8", "surrogateescape")})


def _with_change(manifest: Any, case: dict[str, Any]) -> Any:
    *way, last = [int(step) if step.isdigit() else step for step in case["where"].split(".")]
    holder = manifest
    for step in way:
        holder = holder[step]
    if "value" in case:
        holder[last] = case["value"]
    else:
        del holder[last]
    return manifest


def words_told(problem: Any, usual: Sequence[str]) -> str | list[str]:
    """The message of a refusal: its reason alone where the rest is the usual, or else all of it."""
    is_usual = [problem.what, problem.next_step] == list(usual)
    return problem.why if is_usual else [problem.what, problem.why, problem.next_step]


ENTRY_FIELDS = (
    *("entry_id", "owner", "far_end", "key_fingerprint", "external_task_id", "task_id", "state", "version"),
    *("made_elsewhere", "model_name", "mode", "duration", "prompt", "price_usd", "thumbnail"),
    *("created_at", "state_since", "sent_at", "accepted_at", "ended_at", "attempts", "not_before"),
    *("not_founds", "last_not_found_at", "last_look_at", "next_look_at", "problem", "message"),
)
FILE_FIELDS = ("kind", "index", "path", "size_bytes", "sha256", "pinned", "created_at", "removed_at")
VIDEO_FIELDS = ("entry_id", "title", "size_bytes", "kept_at", "pinned")
SHARED_FIELDS = (
    *("entry_id", "state", "is_simulated", "model_name", "mode", "duration", "prompt", "thumbnail"),
)
"""The fields of a task, a kept file, a kept video and a shared task; later records may have more."""


def request_told(create: Callable[[], object]) -> dict[str, Any]:
    """The expected facts of a request."""
    body = body_sent(create)
    return {"sha256": sha256(body), "size_bytes": len(body), "meaning": meaning(body)}
