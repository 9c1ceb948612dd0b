"""Render a short video of a request's directions, from that very request, before anything is paid."""

from collections.abc import Hashable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

from kling import ImageToVideoRequest
from motion import I420, Annotate, Method, Plan, Region, RenderSettings, Scene, plan, render_mp4
from studio.drawing.arrays import Pixels, Rgb
from studio.drawing.model import Layer
from studio.errors import StudioError
from studio.kept_results import MB, cache_for_a_while, text_key
from studio.preview.annotations import Annotations, DirectedPart
from studio.preview.cache import ComputeOnceCache, Progress
from studio.request import decode

LENGTH_S = 2.0
SETTINGS = RenderSettings(
    fps=15,
    max_width=decode.LONGER_SIDE_PX,
    max_height=decode.LONGER_SIDE_PX,
    crf=23,
    preset="superfast",
    mark="preview",
    comment="preview of the directions given",
)
FRAMES = SETTINGS.frame_count(LENGTH_S)
_KEPT_BYTES = 8 * MB  # 0.2 to 0.6 MB each


class NoPreviewProblem(StudioError):
    """No preview: something is missing, or a picture cannot be read here."""


class MethodReason(NamedTuple):
    """The method by which a layer is shown, and the reason."""

    layer: Layer
    method: Method
    why: str


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The video and what there is to say about it."""

    mp4: bytes
    # one a dynamic mask, in their order
    reasons: tuple[MethodReason, ...]

    @property
    def cut_outs(self) -> tuple[MethodReason, ...]:
        """The layers that are not shown as a rubber sheet."""
        return tuple(reason for reason in self.reasons if reason.method is not Method.SHEET)


def preview_scene(request: ImageToVideoRequest) -> Scene:
    """Read the request as the service does: pictures decoded, points flipped, two seconds, at most 854×480.

    Raises:
        NoPreviewProblem: a part of the request is missing, contradicts another or cannot be read.
    """
    if not all(decode.is_readable(picture) for picture in (request.image, request.image_tail) if picture):
        raise NoPreviewProblem(
            "There is no preview.",
            "A picture given by its address is seen by the service only.",
            "Upload the picture to see one.",
        )
    try:
        return _scene(request)
    except (OSError, ValueError) as problem:
        raise NoPreviewProblem(
            "There is no preview yet.", str(problem), "Paint what moves and draw where it goes."
        ) from problem


def render_preview(
    request: ImageToVideoRequest,
    layers: tuple[Layer, ...],
    colours: Mapping[Layer, Rgb],
    progress: Progress = lambda _share: None,
) -> Preview:
    """Render a looping two-second video of the request, cached; one at a time in a process.

    Args:
        request: whose image, masks, points and tail frame are shown; nothing else of it matters.
        layers: the layer of each dynamic mask.
        colours: of the outlines and paths.
        progress: called between frames, and while another preview is being made. May raise.

    Raises:
        NoPreviewProblem: see preview_scene.
    """
    key = preview_key(request, layers, colours)
    return _CACHE.get(key, lambda: _render(request, layers, colours, progress), progress)


def preview_key(
    request: ImageToVideoRequest, layers: tuple[Layer, ...], colours: Mapping[Layer, Rgb]
) -> Hashable:
    """Return a key of all that a preview depends on: typing a prompt makes none anew."""
    directions = tuple((text_key(dynamic.mask), dynamic.trajectories) for dynamic in request.dynamic_masks)
    pictures = (request.image, request.image_tail or "", request.static_mask or "")
    return *map(text_key, pictures), directions, layers, tuple(sorted(colours.items()))


def _scene(request: ImageToVideoRequest) -> Scene:
    full = decode.size_px(request.image)
    size = decode.preview_size_px(full)
    with ThreadPoolExecutor() as pool:  # decoding lets go of the interpreter
        masks = list(pool.map(lambda dynamic: decode.mask(dynamic.mask, size), request.dynamic_masks))
    paths = [decode.path_px(dynamic.trajectories, full, size) for dynamic in request.dynamic_masks]
    return Scene(
        image=decode.picture(request.image, size),
        static_mask=decode.mask(request.static_mask, size) if request.static_mask else None,
        regions=tuple(Region(mask=mask, path_px=path) for mask, path in zip(masks, paths, strict=True)),
        tail=_tail(request),
        duration_s=LENGTH_S,
    )


def _tail(request: ImageToVideoRequest) -> Pixels | None:
    if not request.image_tail:
        return None
    return decode.picture(request.image_tail, decode.preview_size_px(decode.size_px(request.image_tail)))


def _render(
    request: ImageToVideoRequest, layers: tuple[Layer, ...], colours: Mapping[Layer, Rgb], progress: Progress
) -> Preview:
    scene = preview_scene(request)
    motion = plan(scene, FRAMES)
    annotations = _annotations(scene, motion, [colours[layer] for layer in layers], colours[Layer.STATIC])
    mp4 = render_mp4(scene, SETTINGS, _reporting(annotations.draw, progress))
    reasons = tuple(
        MethodReason(layer, part.method, part.reason)
        for layer, part in zip(layers, motion.regions, strict=True)
    )
    return Preview(mp4=mp4, reasons=reasons)


def _annotations(scene: Scene, motion: Plan, colours: list[Rgb], static_colour: Rgb) -> Annotations:
    parts = [
        DirectedPart(mask=region.mask, path_px=region.path_px, moves=part.moves, colour=colour)
        for region, part, colour in zip(scene.regions, motion.regions, colours, strict=True)
    ]
    return Annotations((scene.width_px, scene.height_px), parts, scene.static_mask, static_colour)


def _reporting(draw: Annotate, progress: Progress) -> Annotate:
    def annotate(number: int, frame: I420) -> None:
        progress(number / FRAMES)
        draw(number, frame)

    return annotate


_CACHE: ComputeOnceCache[Preview] = ComputeOnceCache(
    *cache_for_a_while(_KEPT_BYTES, lambda preview: len(preview.mp4))
)
