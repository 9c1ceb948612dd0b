"""Compose the request of a draft, exactly as it will be sent."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from kling import DynamicMask, ImageToVideoRequest, TrajectoryPoint
from studio.drawing.frames import path_image_px, to_wire_px
from studio.drawing.model import MOTION_LAYERS, Drawing, Layer
from studio.drawing.rasterise import mask_png_base64
from studio.drawing.trajectories import resample_path
from studio.pictures.source_image import SourceImage
from studio.request.draft import Draft, Picture


@dataclass(frozen=True, kw_only=True)
class Composed:
    """A request, and the layer of each of its dynamic masks."""

    request: ImageToVideoRequest
    layers: tuple[Layer, ...] = ()


def compose(draft: Draft) -> Composed:
    """Compose the request of a draft, complete or not: missing fields stay empty for the checks to find."""
    p = draft.parameters
    request = ImageToVideoRequest(
        image=_wire(draft.picture) or "",
        image_tail=_wire(draft.tail),
        model_name=p.model_name,
        mode=p.mode,
        duration=p.duration,
        prompt=p.prompt or None,
        negative_prompt=p.negative_prompt or None,
        cfg_scale=p.cfg_scale,
        callback_url=p.callback_url or None,
        external_task_id=p.external_task_id or None,
        extra_fields=p.extra_fields,
    )
    if draft.drawing is None or draft.picture is None or draft.picture.source is None:
        return Composed(request=request)
    return _with_drawing(request, draft.drawing, draft.picture.source)


def _with_drawing(request: ImageToVideoRequest, drawing: Drawing, source: SourceImage) -> Composed:
    layers = tuple(layer for layer in MOTION_LAYERS if drawing.is_painted(layer) or drawing.paths(layer))
    # NumPy and OpenCV let go of the interpreter, so that masks are made on all cores at once.
    with ThreadPoolExecutor() as pool:
        static, *masks = pool.map(lambda layer: _mask(drawing, source, layer), (Layer.STATIC, *layers))
    dynamic = tuple(
        DynamicMask(mask=mask, trajectories=_trajectory(drawing, source, layer))
        for layer, mask in zip(layers, masks, strict=True)
    )
    return Composed(
        request=replace(request, static_mask=static or None, dynamic_masks=dynamic), layers=layers
    )


def _wire(picture: Picture | None) -> str | None:
    return picture.wire_value if picture else None


def _mask(drawing: Drawing, source: SourceImage, layer: Layer) -> str:
    if not drawing.is_painted(layer):
        return ""
    return mask_png_base64(drawing.regions(layer), drawing.canvas_size_px, source.size_px)


def _trajectory(drawing: Drawing, source: SourceImage, layer: Layer) -> tuple[TrajectoryPoint, ...]:
    """The newest path of a layer: drawing again is how one corrects a path."""
    paths = drawing.paths(layer)
    if not paths:
        return ()
    points_image_px = path_image_px(paths[-1], drawing.canvas_size_px, source.size_px)
    points_wire_px = to_wire_px(resample_path(points_image_px, speed=drawing.speed(layer)), source.height_px)
    return tuple(TrajectoryPoint(x=x, y=y) for x, y in points_wire_px.tolist())
