"""A drawing as files for other tools: for models that take a guide video, masks or point tracks."""

import base64
import io
import json
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from PIL import Image

from kling import ImageToVideoRequest
from kling.models import is_web_url
from kling.rules import DEFAULT_DURATION
from motion import RenderSettings, render_mp4
from motion.paths import displacements
from studio.drawing.arrays import SizePx
from studio.drawing.model import Drawing, Layer
from studio.drawing.part_names import part_name
from studio.drawing.rasterise import encode_mask_png, mask_image_px
from studio.pictures.source_image import SourceImage, decode_source
from studio.request.draft import Draft
from studio.request.last_frame import decode_at_most, last_frame_scene, render_last_frame

FPS = 24
VIDEO = RenderSettings(
    fps=FPS, max_width=1280, max_height=1280, comment="a drawing, animated by Motion Studio's own renderer"
)
DESCRIPTIONS: Mapping[str, str] = {
    "first_frame.png": "the picture, as the video begins",
    "last_frame.png": "the picture with every part at its path's end, or your own last frame",
    "masks/": "one mask a layer, as large as the picture: white is painted",
    "trajectories.json": "a list of points a part, one a frame: pixels of first_frame.png from its top left",
    "motion.mp4": "the drawing animated, without outlines; at most 1280 pixels wide and high",
}
"""The files for other tools, in words."""


def possible_names() -> frozenset[str]:
    """The names that `export_files` may give: one that it does not give is of an earlier export."""
    masks = (_mask_name(layer) for layer in Layer)
    return frozenset({"request.json", *masks, *DESCRIPTIONS.keys() - {"masks/"}})


def export_files(draft: Draft, request: ImageToVideoRequest) -> dict[str, bytes]:
    """Name → bytes of the request and of its drawing; with a last frame where the request carries one."""
    files = drawing_files(draft, request)
    if not request.image_tail:
        files.pop("last_frame.png", None)
    return {"request.json": json.dumps(request.to_wire(), allow_nan=False).encode()} | files


def drawing_files(draft: Draft, request: ImageToVideoRequest) -> dict[str, bytes]:
    """Name → bytes of the files in `DESCRIPTIONS`; of a picture given by its address there are none.

    Args:
        draft: its picture and its drawing, by whatever carrier they are sent.
        request: made of it; its last frame is given, or one is rendered where it carries none.
    """
    source = draft.picture.source if draft.picture else None
    if source is None:
        return {}
    files = {"first_frame.png": _png(decode_source(source)[0])}
    last_frame = _last_frame(draft, request, source)
    if last_frame is not None:
        with Image.open(io.BytesIO(last_frame)) as image:
            files["last_frame.png"] = _png(image)
    if draft.drawing is not None and not draft.drawing.is_empty:
        files |= _masks(draft.drawing, source.size_px)
        files |= _motion(draft.drawing, source, _seconds(draft.parameters.duration))
    return files


def _last_frame(draft: Draft, request: ImageToVideoRequest, source: SourceImage) -> bytes | None:
    if request.image_tail:
        return None if is_web_url(request.image_tail) else base64.b64decode(request.image_tail)
    rendered = render_last_frame(draft.drawing, source) if draft.drawing else None
    return rendered.picture.wire_bytes if rendered else None


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _masks(drawing: Drawing, size_px: SizePx) -> dict[str, bytes]:
    return {
        _mask_name(layer): encode_mask_png(
            mask_image_px(drawing.regions(layer), drawing.canvas_size_px, size_px)
        )
        for layer in Layer
        if drawing.is_painted(layer)
    }


def _mask_name(layer: Layer) -> str:
    return "masks/static.png" if layer is Layer.STATIC else f"masks/motion_{layer.value}.png"


def _motion(drawing: Drawing, source: SourceImage, duration_s: float) -> dict[str, bytes]:
    """The tracks and the video of the parts that move; no video where none does."""
    found = last_frame_scene(drawing, decode_at_most(source, None))
    scene, layers = found or (None, ())
    frame_count = VIDEO.frame_count(duration_s)
    parts = [
        {
            "name": part_name(drawing, layer),
            "mask": _mask_name(layer),
            "points": np.round(region.path_px[0] + displacements(region.path_px, frame_count), 2).tolist(),
        }
        for layer, region in zip(layers, scene.regions if scene else (), strict=True)
    ]
    tracks = {
        "origin": "top-left",
        "width_px": source.width_px,
        "height_px": source.height_px,
        "frame_rate": FPS,
        "frame_count": frame_count,
        "parts": parts,
    }
    files = {"trajectories.json": json.dumps(tracks, allow_nan=False).encode()}
    if scene is not None:
        files["motion.mp4"] = render_mp4(replace(scene, duration_s=duration_s), VIDEO)
    return files


def _seconds(duration: str) -> float:
    known = duration.isascii() and duration.isdigit() and 1 <= int(duration) <= 60
    return float(duration if known else DEFAULT_DURATION)
