"""Compose the request of a draft, exactly as it will be sent."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from kling import DynamicMask, ImageToVideoRequest, TrajectoryPoint
from studio.drawing.frames import path_image_px, to_wire_px
from studio.drawing.model import MOTION_LAYERS, Drawing, Layer
from studio.drawing.rasterise import mask_png_base64
from studio.drawing.trajectories import resample_path
from studio.pictures.source_image import SourceImage
from studio.request.carriers import carrier_of
from studio.request.draft import Carrier, Draft, Picture
from studio.request.last_frame import LastFrame, render_last_frame
from studio.request.words import NO_WORDS, MotionWords, motion_words, whole_prompt


@dataclass(frozen=True, kw_only=True)
class Composed:
    """A request, and how the drawing came into it."""

    request: ImageToVideoRequest
    # of each dynamic mask
    layers: tuple[Layer, ...] = ()
    carrier: Carrier = Carrier.NONE
    # the rendered last frame; None where the person's own is sent, or none
    last_frame: LastFrame | None = None
    # the sentences after the person's prompt
    words: MotionWords = NO_WORDS


def compose(draft: Draft, *, quick: bool = False) -> Composed:
    """Compose the request of a draft, complete or not: missing fields stay empty for the checks to find.

    Args:
        draft: whose drawing is sent by its carrier.
        quick: render a last frame as large as the preview, to look at while one draws; never to be sent.
    """
    composed = Composed(request=_request(draft), carrier=carrier_of(draft), words=motion_words(draft))
    source = draft.picture.source if draft.picture else None
    if draft.drawing is None or source is None:
        return composed
    if composed.carrier is Carrier.BRUSH:
        return _with_masks(composed, draft.drawing, source)
    if composed.carrier is Carrier.FRAME and draft.tail is None:
        return _with_last_frame(composed, draft.drawing, source, quick=quick)
    return composed


def _request(draft: Draft) -> ImageToVideoRequest:
    """The request without the drawing, but for its sentences."""
    p = draft.parameters
    return ImageToVideoRequest(
        image=_wire(draft.picture) or "",
        image_tail=_wire(draft.tail),
        model_name=p.model_name,
        mode=p.mode,
        duration=p.duration,
        prompt=whole_prompt(draft) or None,
        negative_prompt=p.negative_prompt or None,
        cfg_scale=p.cfg_scale,
        callback_url=p.callback_url or None,
        external_task_id=p.external_task_id or None,
        extra_fields=p.extra_fields,
    )


def _with_last_frame(composed: Composed, drawing: Drawing, source: SourceImage, *, quick: bool) -> Composed:
    frame = render_last_frame(drawing, source, quick=quick)
    if frame is None:
        return composed
    request = replace(composed.request, image_tail=frame.picture.base64)
    return replace(composed, request=request, last_frame=frame)


def _with_masks(composed: Composed, drawing: Drawing, source: SourceImage) -> Composed:
    layers = tuple(layer for layer in MOTION_LAYERS if drawing.is_painted(layer) or drawing.paths(layer))
    # NumPy and OpenCV let go of the interpreter, so that masks are made on all cores at once.
    with ThreadPoolExecutor() as pool:
        static, *masks = pool.map(lambda layer: _mask(drawing, source, layer), (Layer.STATIC, *layers))
    dynamic = tuple(
        DynamicMask(mask=mask, trajectories=_trajectory(drawing, source, layer))
        for layer, mask in zip(layers, masks, strict=True)
    )
    request = replace(composed.request, static_mask=static or None, dynamic_masks=dynamic)
    return replace(composed, request=request, layers=layers)


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
