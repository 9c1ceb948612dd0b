"""The last frame of a drawing: the picture in which every part has arrived, to be sent as a tail frame.

Rendered by motion/ at the picture's size, without any mark in it. All that is static or did not move is the
picture's own until it is encoded. One is rendered at a time, and kept by the strokes and the picture that
it is made of, so that no rerun renders it anew.
"""

import hashlib
import io
import threading
from dataclasses import dataclass

import numpy as np
from PIL import Image, PngImagePlugin

from kling.rules import MAX_IMAGE_BYTES
from motion import Method, Region, Scene, Still, last_frame
from studio.drawing.arrays import Bits, Pixels, SizePx
from studio.drawing.frames import path_image_px
from studio.drawing.model import Drawing, Layer, Stroke
from studio.drawing.rasterise import mask_image_px
from studio.kept_results import MB, kept
from studio.pictures.source_image import SourceImage, decode_source
from studio.request import decode
from studio.request.carriers import moving_layers

_JPEG_QUALITIES = (95, 88, 75, 50, 25)
_PNG_PIXELS = 3_000_000  # a larger PNG takes too long and exceeds 10 MB
_RENDERING = threading.Lock()


@dataclass(frozen=True, kw_only=True, eq=False)
class LastFrame:
    """A rendered last frame.

    Attributes:
        picture: as any picture to send; its file says how it was made.
        layers: the parts in it, in the order of the layers.
        methods: how each of them was moved.
        uncovered: (height, width) True where a part was cut out and only the filling is seen.
    """

    picture: SourceImage
    layers: tuple[Layer, ...]
    methods: tuple[Method, ...]
    uncovered: Bits

    @property
    def cut_out(self) -> tuple[Layer, ...]:
        """The parts that were cut out instead of pulling the picture along."""
        pairs = zip(self.layers, self.methods, strict=True)
        return tuple(layer for layer, method in pairs if method is Method.LAYER)

    @property
    def size_bytes(self) -> int:
        """Bytes that it takes in memory."""
        return self.picture.size_bytes + self.uncovered.nbytes


def render_last_frame(drawing: Drawing, source: SourceImage, *, quick: bool = False) -> LastFrame | None:
    """Render the last frame of a drawing, or take the one that is kept; None where no part moves.

    Args:
        drawing: whose painted layers with a path move; its speeds and names change nothing.
        source: the picture that it is drawn on.
        quick: render it as large as the preview, to be looked at while one draws; never to be sent.
    """
    size_px = decode.preview_size_px(source.size_px) if quick else None
    with _RENDERING:  # who asks for the same frame waits for it instead of rendering it too
        return _rendered(drawing.strokes, drawing.canvas_size_px, source, size_px)


def last_frame_scene(drawing: Drawing, pixels: Pixels) -> tuple[Scene, tuple[Layer, ...]] | None:
    """The drawing as a scene on a picture of any size, and its regions' layers; None without regions."""
    size = (pixels.shape[1], pixels.shape[0])
    regions = {layer: _region(drawing, layer, size) for layer in moving_layers(drawing)}
    found = {layer: region for layer, region in regions.items() if region is not None}
    if not found:
        return None
    scene = Scene(image=pixels, static_mask=_static(drawing, size), regions=tuple(found.values()))
    return scene, tuple(found)


def decode_at_most(source: SourceImage, max_side_px: int | None) -> Pixels:
    """The pixels of a picture, (height, width, 3) RGB, its longer side no longer than a limit."""
    if max_side_px is None or max(source.size_px) <= max_side_px:
        return np.asarray(decode_source(source)[0])
    with Image.open(io.BytesIO(source.display_jpeg(max_side_px, max_side_px))) as small:
        return np.asarray(small.convert("RGB"))


def _frame_key(
    strokes: tuple[Stroke, ...], canvas_size_px: SizePx, source: SourceImage, size_px: SizePx | None
) -> object:
    return strokes, canvas_size_px, source.identity, size_px


@kept(32 * MB, lambda frame: frame.size_bytes if frame else 0, _frame_key)
def _rendered(
    strokes: tuple[Stroke, ...], canvas_size_px: SizePx, source: SourceImage, size_px: SizePx | None
) -> LastFrame | None:
    drawing = Drawing(canvas_width_px=canvas_size_px[0], canvas_height_px=canvas_size_px[1], strokes=strokes)
    # Of the very pixels that the preview begins with, so that it fades nothing but what moves.
    pixels = decode.picture(source.base64, size_px) if size_px else decode_at_most(source, None)
    made = last_frame_scene(drawing, pixels)
    if made is None:
        return None
    scene, layers = made
    still = last_frame(scene)
    return LastFrame(
        picture=_encoded(still, source, len(layers)),
        layers=layers,
        methods=still.methods,
        uncovered=still.uncovered,
    )


def _region(drawing: Drawing, layer: Layer, size_px: SizePx) -> Region | None:
    mask = mask_image_px(drawing.regions(layer), drawing.canvas_size_px, size_px) > 0
    path = path_image_px(drawing.paths(layer)[-1], drawing.canvas_size_px, size_px)
    return Region(mask=mask, path_px=path) if mask.any() else None


def _static(drawing: Drawing, size_px: SizePx) -> Bits | None:
    if not drawing.is_painted(Layer.STATIC):
        return None
    return mask_image_px(drawing.regions(Layer.STATIC), drawing.canvas_size_px, size_px) > 0


def _encoded(still: Still, source: SourceImage, parts: int) -> SourceImage:
    about = (
        f"Last frame rendered by Motion Studio from a drawing: {parts} part{'s' if parts > 1 else ''} "
        "moved to the end of the path; nothing was generated by a model."
    )
    media_type, data = _file(still.image, source.media_type, about)
    return SourceImage(
        name=f"last frame of {source.name}",
        width_px=still.image.shape[1],
        height_px=still.image.shape[0],
        media_type=media_type,
        wire_bytes=data,
        sha256=hashlib.sha256(data).hexdigest(),
        notes=(about,),
    )


def _file(pixels: Pixels, media_type: str, about: str) -> tuple[str, bytes]:
    """A PNG of a PNG, where that is quick and small enough; else the best JPEG that is."""
    image = Image.fromarray(pixels)
    if media_type == "image/png" and image.width * image.height <= _PNG_PIXELS:
        png = _png(image, about)
        if len(png) <= MAX_IMAGE_BYTES:
            return media_type, png
    for quality in _JPEG_QUALITIES:
        jpeg = _jpeg(image, quality, about)
        if len(jpeg) <= MAX_IMAGE_BYTES:
            break
    return "image/jpeg", jpeg


def _png(image: Image.Image, about: str) -> bytes:
    buffer, info = io.BytesIO(), PngImagePlugin.PngInfo()
    info.add_text("Comment", about)
    image.save(buffer, "PNG", compress_level=3, pnginfo=info)
    return buffer.getvalue()


def _jpeg(image: Image.Image, quality: int, about: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, subsampling=0, comment=about)
    return buffer.getvalue()
