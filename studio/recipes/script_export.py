"""The exact request as scripts that run without this app: curl, and Python on requests. Never with a key."""

import base64
import binascii
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from kling import ImageToVideoRequest
from kling.task_ids import new_external_task_id
from studio.recipes.export_files import DESCRIPTIONS
from studio.settings import COMETAPI_BASE_URL

_TEMPLATES = Path(__file__).parent / "script_templates"
_SCRIPTS = ("make_video.py", "curl.sh")
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9.:/_\[\]-]+")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same request gives the same file
_EXECUTABLE, _READABLE = 0o755 << 16, 0o644 << 16
_DESCRIPTIONS = {
    "image": "the picture that the video starts from",
    "image_tail": "the last frame",
    "static_mask": "white stays still",
}


def scripts_zip(
    request: ImageToVideoRequest,
    base_url: str = COMETAPI_BASE_URL,
    for_other_tools: Mapping[str, bytes] | None = None,
) -> bytes:
    """A zip with request.json, make_video.py, curl.sh, README.txt, and the pictures and masks as files.

    Args:
        request: sent as it is, and named as the app would name it where it has no external task id; its
            base64 pictures become files beside it as well.
        for_other_tools: further files by their names, as `export_files.drawing_files` makes them.
        base_url: the scripts' service unless COMETAPI_BASE_URL says otherwise.
    """
    request = replace(request, external_task_id=request.external_task_id or new_external_task_id())
    address = base_url.rstrip("/") if _PLAIN_URL.fullmatch(base_url) else COMETAPI_BASE_URL
    pictures = {name: (data, what) for name, data, what in _pictures(request)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        _add(archive, "README.txt", _readme(request, address, pictures, for_other_tools or {}).encode())
        _add(archive, "request.json", json.dumps(request.to_wire(), allow_nan=False).encode())
        for script in _SCRIPTS:
            text = (_TEMPLATES / script).read_text("utf-8").replace(COMETAPI_BASE_URL, address)
            _add(archive, script, text.encode(), _EXECUTABLE)
        for name, (data, _) in pictures.items():
            _add(archive, name, data)
        for name, data in (for_other_tools or {}).items():
            _add(archive, name, data)
    return buffer.getvalue()


def _readme(
    request: ImageToVideoRequest,
    address: str,
    pictures: dict[str, tuple[bytes, str]],
    for_other_tools: Mapping[str, bytes],
) -> str:
    return (
        (_TEMPLATES / "README.txt")
        .read_text("utf-8")
        .format(
            files="\n".join(f"{name:<16} {what}" for name, (_, what) in pictures.items()),
            external_task_id=f'"external_task_id": {json.dumps(request.external_task_id)}',
            base_url=address,
            other_tools=_for_other_tools(for_other_tools),
        )
    )


def _for_other_tools(files: Mapping[str, bytes]) -> str:
    lines = [
        f"{name:<18} {what}"
        for name, what in DESCRIPTIONS.items()
        if any(file.startswith(name) for file in files)
    ]
    return "\n".join(("", "For other tools, the drawing itself:", "", *lines, "", "")) if lines else ""


def _pictures(request: ImageToVideoRequest) -> Iterator[tuple[str, bytes, str]]:
    """(file name, bytes, description) of every picture that is in the request itself."""
    values = [(name, getattr(request, name), what) for name, what in _DESCRIPTIONS.items()]
    for i, mask in enumerate(request.dynamic_masks, start=1):
        what = f"white moves, along the {len(mask.trajectories)} points of dynamic_masks[{i - 1}]"
        values.append((f"motion_{i}_mask", mask.mask, what))
    for name, value, what in values:
        data = _decoded(value)
        if data:
            yield f"{name}.{'png' if data.startswith(bytes([0x89]) + b'PNG') else 'jpg'}", data, what


def _decoded(value: str | None) -> bytes:
    """The bytes of a base64 text; none of an address (":" is no base64) or of nothing."""
    try:
        return base64.b64decode(value or "", validate=True)
    except (binascii.Error, ValueError):
        return b""


def _add(archive: zipfile.ZipFile, name: str, data: bytes, rights: int = _READABLE) -> None:
    entry = zipfile.ZipInfo(name, _LONG_AGO)
    entry.external_attr = rights
    archive.writestr(entry, data, compress_type=zipfile.ZIP_DEFLATED, compresslevel=1)
