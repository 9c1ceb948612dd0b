"""A drawing as files for other tools: for models that take a guide video, masks or point tracks."""

import base64
import io
import json
from collections.abc import Mapping

import numpy as np
from PIL import Image

from kling import ImageToVideoRequest
from kling.models import is_web_url
from kling.rules import DEFAULT_DURATION
from motion import Region, RenderSettings, Scene, render_mp4
from motion.paths import displacements
from studio.drawing.arrays import SizePx
from studio.drawing.frames import path_image_px
from studio.drawing.model import Drawing, Layer
from studio.drawing.part_names import part_name
from studio.drawing.rasterise import encode_mask_png, mask_image_px
from studio.pictures.source_image import SourceImage, decode_source
from studio.request.carriers import moving_layers
from studio.request.draft import Draft

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


def export_files(draft: Draft, request: ImageToVideoRequest) -> dict[str, bytes]:
    """Name → bytes of the request and of the drawing that it was made of."""
    return {"request.json": json.dumps(request.to_wire(), allow_nan=False).encode()} | drawing_files(
        draft, request
    )


def drawing_files(draft: Draft, request: ImageToVideoRequest) -> dict[str, bytes]:
    """Name → bytes of the files in `DESCRIPTIONS`; of a picture given by its address there are none.

    Args:
        draft: its picture and its drawing, by whatever carrier they are sent.
        request: made of it; its last frame is given where it carries one.
    """
    source = draft.picture.source if draft.picture else None
    if source is None:
        return {}
    files = {"first_frame.png": _png(decode_source(source)[0])}
    if request.image_tail and not is_web_url(request.image_tail):
        with Image.open(io.BytesIO(base64.b64decode(request.image_tail))) as image:
            files["last_frame.png"] = _png(image)
    if draft.drawing is not None and not draft.drawing.is_empty:
        files |= _masks(draft.drawing, source.size_px)
        files |= _motion(draft.drawing, source, _seconds(draft.parameters.duration))
    return files


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
    layers, scene = _scene(drawing, source, duration_s)
    frame_count = VIDEO.frame_count(duration_s)
    parts = [
        {
            "name": part_name(drawing, layer),
            "mask": _mask_name(layer),
            "points": np.round(region.path_px[0] + displacements(region.path_px, frame_count), 2).tolist(),
        }
        for layer, region in zip(layers, scene.regions, strict=True)
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
    return files | ({"motion.mp4": render_mp4(scene, VIDEO)} if parts else {})


def _scene(drawing: Drawing, source: SourceImage, duration_s: float) -> tuple[list[Layer], Scene]:
    """The drawing on its picture as a scene, and the layer of each region."""
    regions = {layer: _region(drawing, layer, source.size_px) for layer in moving_layers(drawing)}
    layers = [layer for layer, region in regions.items() if region is not None]
    static = mask_image_px(drawing.regions(Layer.STATIC), drawing.canvas_size_px, source.size_px) > 0
    scene = Scene(
        image=np.asarray(decode_source(source)[0].convert("RGB")),
        static_mask=static if static.any() else None,
        regions=tuple(region for region in regions.values() if region is not None),
        duration_s=duration_s,
    )
    return layers, scene


def _region(drawing: Drawing, layer: Layer, size_px: SizePx) -> Region | None:
    mask = mask_image_px(drawing.regions(layer), drawing.canvas_size_px, size_px) > 0
    path_px = path_image_px(drawing.paths(layer)[-1], drawing.canvas_size_px, size_px)
    return Region(mask=mask, path_px=path_px) if mask.any() else None


def _seconds(duration: str) -> float:
    known = duration.isascii() and duration.isdigit() and 1 <= int(duration) <= 60
    return float(duration if known else DEFAULT_DURATION)
