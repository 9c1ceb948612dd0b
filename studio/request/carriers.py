"""Carriers: the ways in which a drawing can reach the chosen model, and the one that is taken.

Only models that were retired at their source ever took masks. So a drawing is sent by the first carrier of
`Carrier` that the model, its mode and its duration take, and that has something to say; a person may choose
another one, or none. Nothing is decided silently: `carrier_sentence` says it before anything is paid.
"""

import math

from kling.model_lives import short_model_name
from kling.rules import CAPABILITIES, ModelCapability, takes_brush, takes_tail
from studio.drawing.layers import newest_path
from studio.drawing.model import MOTION_LAYERS, Drawing, Layer
from studio.request.draft import Carrier, Draft

LEAST_MOVE_OF_WIDTH = 0.02
"""A part that ends nearer to its start than this share of the width is not seen to move in a last frame."""


def model_carriers(model_name: str, mode: str | None, duration: str) -> tuple[Carrier, ...]:
    """The carriers that a model takes with this mode and duration, the best first; none is always among them.

    A name that stands in no table is trusted with words alone: no living model takes masks.
    """
    brush = takes_brush(model_name, mode, duration)
    tail = takes_tail(model_name, mode, duration)
    taken = {Carrier.BRUSH: brush, Carrier.FRAME: tail, Carrier.WORDS: True, Carrier.NONE: True}
    return tuple(carrier for carrier in Carrier if taken[carrier])


def draft_carriers(draft: Draft) -> tuple[Carrier, ...]:
    """The carriers of its model that this draft has everything for, the best first."""
    chosen = draft.parameters
    found = model_carriers(chosen.model_name, chosen.mode, chosen.duration)
    return tuple(carrier for carrier in found if not _missing(draft, carrier))


def carrier_of(draft: Draft) -> Carrier:
    """The carrier that is taken: the person's choice, also one that the model refuses; else the best one."""
    if draft.picture is None or draft.drawing is None or draft.drawing.is_empty:
        return Carrier.NONE
    return draft.parameters.carrier or draft_carriers(draft)[0]


def carrier_sentence(draft: Draft) -> str:
    """How the drawing is sent, and where it is no more than words, why; empty when nothing is drawn."""
    if draft.drawing is None or draft.drawing.is_empty:
        return ""
    carrier = carrier_of(draft)
    if carrier is Carrier.WORDS:
        why = "" if draft.parameters.carrier else _why_only_words(draft)
        return f"Your drawing is sent in words only{why}."
    if carrier is Carrier.FRAME and draft.tail is not None:
        return "Your own last frame is sent, and your drawing in words."
    return _SENTENCES[carrier]


def why_not(draft: Draft, carrier: Carrier) -> str:
    """Why a carrier cannot be taken for this draft, for the middle of a sentence; empty where it can."""
    chosen = draft.parameters
    if carrier in model_carriers(chosen.model_name, chosen.mode, chosen.duration):
        return _missing(draft, carrier)
    known = CAPABILITIES.get(chosen.model_name)
    if known is None:
        return f"{short_model_name(chosen.model_name) or 'the model'} is not in our table"
    return _why_model_does_not(known, carrier, f" in mode {chosen.mode} with {chosen.duration} s")


def preview_sentence(carrier: Carrier) -> str:
    """The sentence on all that a preview cannot show by this carrier; empty where it shows everything."""
    return _PREVIEW_SENTENCES.get(carrier, "")


def moving_layers(drawing: Drawing) -> tuple[Layer, ...]:
    """The layers with paint and a path: the parts that a last frame or a sentence can speak of."""
    return tuple(
        layer for layer in MOTION_LAYERS if drawing.is_painted(layer) and len(newest_path(drawing, layer)) > 1
    )


def moved_canvas_px(drawing: Drawing, layer: Layer) -> tuple[float, float]:
    """How far right and down a layer's part has come at the end of its path; (0, 0) without one."""
    points = newest_path(drawing, layer)
    if not points:
        return 0.0, 0.0
    (x, y), (end_x, end_y) = points[0], points[-1]
    return end_x - x, end_y - y


def is_seen_to_move(drawing: Drawing, layer: Layer) -> bool:
    """Whether a layer's part ends far enough from its start to be seen in a last frame."""
    return math.hypot(*moved_canvas_px(drawing, layer)) >= LEAST_MOVE_OF_WIDTH * drawing.canvas_width_px


_PREVIEW_SENTENCES = {
    Carrier.FRAME: "It starts at the picture and ends at the very frame that is sent. "
    "The way between is in words only.",
    Carrier.WORDS: "Your drawing is sent in words: what the model makes of them cannot be shown here.",
}
_SENTENCES = {
    Carrier.BRUSH: "Your drawing is sent as it is, as masks and paths.",
    Carrier.FRAME: "Your drawing is sent as a last frame and in words.",
    Carrier.NONE: "Your drawing is not sent.",
}


def _missing(draft: Draft, carrier: Carrier) -> str:
    """The thing that a carrier lacks, for the middle of a sentence; empty when it lacks nothing."""
    if carrier in {Carrier.WORDS, Carrier.NONE}:
        return ""
    if draft.picture is None or draft.picture.source is None:
        return "the picture is given by its address, so that it cannot be drawn on here"
    return _missing_for_a_frame(draft) if carrier is Carrier.FRAME else ""


def _missing_for_a_frame(draft: Draft) -> str:
    if draft.tail is not None:
        return "your own last frame is sent"
    moving = moving_layers(draft.drawing) if draft.drawing else ()
    if draft.drawing is None or not moving:
        return "no part has paint and a path"
    if not any(is_seen_to_move(draft.drawing, layer) for layer in moving):
        return "a last frame would look like the picture: every part ends where it starts"
    return ""


def _why_only_words(draft: Draft) -> str:
    why = why_not(draft, Carrier.FRAME)
    return f": {why}" if why else ""


def _why_model_does_not(model: ModelCapability, carrier: Carrier, with_choice: str) -> str:
    word, pairs = {
        Carrier.BRUSH: ("motion brush", model.motion_brush),
        Carrier.FRAME: ("last frame", model.image_tail),
    }[carrier]
    return f"{model.model_name} takes no {word}{with_choice if pairs else ''}"
