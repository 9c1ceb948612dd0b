"""The picture that a task was made from, and the drawing on it, small enough to be shown beside others."""

from dataclasses import replace

from components import layer_colours
from studio.kept_results import MB, kept
from studio.preview.still import overlay_jpeg
from studio.request.compose import compose
from studio.request.draft import Carrier, Draft, Parameters

MAX_SIDE_PX = 640
_BRUSH_MODEL = Parameters(model_name="kling-v1", mode="std", duration="5", carrier=Carrier.BRUSH)
"""It takes every drawing as masks and paths, by whatever way that was sent."""


def picture_jpeg(draft: Draft | None) -> bytes | None:
    """The picture; None where it is not kept here."""
    source = draft.picture.source if draft and draft.picture else None
    return source.display_jpeg(MAX_SIDE_PX, MAX_SIDE_PX) if source else None


@kept(8 * MB, lambda jpeg: len(jpeg or b""), lambda entry_id, _draft: entry_id)
def drawing_jpeg(entry_id: str, draft: Draft | None) -> bytes | None:  # noqa: ARG001 — its name in the cache
    """The drawing on the picture; None where there is none."""
    if draft is None or draft.drawing is None or draft.drawing.is_empty or picture_jpeg(draft) is None:
        return None
    composed = compose(replace(draft, tail=None, parameters=_BRUSH_MODEL))
    return overlay_jpeg(composed.request, composed.layers, layer_colours.RGB, max_side_px=MAX_SIDE_PX)
