"""The service's limits and the table of what each model can do, as data.

Sources: CometAPI's page (C), Kling's API reference (K). Where they disagree, the stricter one stands here. A
change on their side is a change of one line or one row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kling.prices import price_usd

MAX_PROMPT_CHARS = 500  # C; K allows 2500
MAX_NEGATIVE_PROMPT_CHARS = 200  # C; K allows 2500
MAX_IMAGE_BYTES = (
    10_000_000  # "10 MB" (C), of the file and not of its base64; the decimal reading is the safe one
)
MIN_IMAGE_SIDE_PX = 300  # C
MAX_ASPECT_RATIO = 2.5  # longer side : shorter side (K)
IMAGE_FORMATS = ("JPEG", "PNG")  # C
MIN_CFG_SCALE = 0.0
MAX_CFG_SCALE = 1.0
DEFAULT_CFG_SCALE = 0.5
MODES = ("std", "pro")
DEFAULT_MODE = "std"
DURATIONS = ("5", "10")  # text: every caller seen to work sends a string
DEFAULT_DURATION = "5"
MAX_DYNAMIC_MASKS = 6  # K
MIN_TRAJECTORY_POINTS = 2  # K
MAX_TRAJECTORY_POINTS = 77  # K
TRAJECTORY_DURATION = "5"  # trajectories exist for five-second videos only (K)

MASK_PAINTED = 255
"""Grey value of what is painted, in the static mask (C) and, stated nowhere, in dynamic ones alike."""
MASK_REST = 0
"""Grey value of the rest of a mask."""


@dataclass(frozen=True, kw_only=True)
class ModelCapability:
    """Capabilities of one model.

    Attributes:
        model_name: as on the wire.
        durations: as on the wire, seconds as text.
        modes: as on the wire; empty when the model has no mode.
        image_tail: the (mode, duration) pairs with which a tail frame can be sent.
        motion_brush: the pairs with which masks can be sent.
        cfg_scale: whether cfg_scale can be sent; None when nobody knows.
        documented_durations: further durations that Kling documents and nobody here has seen work.
    """

    model_name: str
    durations: tuple[str, ...]
    modes: tuple[str, ...]
    image_tail: frozenset[tuple[str | None, str]]
    motion_brush: frozenset[tuple[str | None, str]]
    cfg_scale: bool | None
    documented_durations: tuple[str, ...] = ()


def _pairs(*texts: str) -> frozenset[tuple[str | None, str]]:
    """`"pro 5"` → `("pro", "5")`."""
    return frozenset((mode, duration) for mode, duration in (text.split() for text in texts))


def _model(
    model_name: str,
    *,
    modes: tuple[str, ...] = MODES,
    tail: tuple[str, ...] = (),
    brush: tuple[str, ...] = (),
    cfg_scale: bool | None = False,
    documented_durations: tuple[str, ...] = (),
) -> ModelCapability:
    return ModelCapability(
        model_name=model_name,
        durations=DURATIONS,
        modes=modes,
        image_tail=_pairs(*tail),
        motion_brush=_pairs(*brush),
        cfg_scale=cfg_scale,
        documented_durations=documented_durations,
    )


_PRO = ("pro 5", "pro 10")
_V3_DURATIONS = tuple(str(seconds) for seconds in range(3, 16) if str(seconds) not in DURATIONS)  # K
_ALL = ("std 5", "std 10", "pro 5", "pro 10")

_MODELS = (
    _model("kling-v1", tail=("std 5", "pro 5"), brush=("std 5", "pro 5"), cfg_scale=True),
    _model("kling-v1-5", tail=_PRO, brush=("pro 5",), cfg_scale=True),
    _model("kling-v1-6", tail=_PRO, cfg_scale=True),
    _model("kling-v2-master", modes=()),
    _model("kling-v2-1", tail=_PRO),
    _model("kling-v2-1-master", modes=()),
    _model("kling-v2-5-turbo", tail=_PRO),
    _model("kling-v2-6", tail=_PRO),
    _model("kling-v3", tail=_ALL, cfg_scale=None, documented_durations=_V3_DURATIONS),
)

CAPABILITIES: Mapping[str, ModelCapability] = {row.model_name: row for row in _MODELS}
"""Kling's capability table for image-to-video, in its order."""

REFUSED_MODELS: frozenset[str] = frozenset({"kling-3.0-turbo", "kling-v3-omni", "kling-video-o1"})
"""Names that CometAPI answered with "invalid model name"."""


def capability(model_name: str) -> ModelCapability | None:
    """The row of a model, None for a name that is not in the table (it may work all the same)."""
    return CAPABILITIES.get(model_name)


def takes_brush(model_name: str, mode: str | None, duration: str) -> bool | None:
    """Whether masks can be sent with this choice; None for a model that is not in the table."""
    known = capability(model_name)
    return None if known is None else (mode or DEFAULT_MODE, duration) in known.motion_brush


def takes_tail(model_name: str, mode: str | None, duration: str) -> bool | None:
    """Whether a tail frame can be sent with this choice; None for a model that is not in the table.

    A duration that is only documented is taken to be as good as the model's longest one.
    """
    known = capability(model_name)
    if known is None:
        return None
    seen = known.durations[-1] if duration in known.documented_durations else duration
    return (mode or DEFAULT_MODE, seen) in known.image_tail


def brush_models() -> tuple[tuple[str, str | None, str], ...]:
    """Every (model, mode, duration) that takes masks and trajectories, the cheapest first."""
    offers = [
        (row.model_name, mode, duration)
        for row in _MODELS
        for mode, duration in sorted_pairs(row.motion_brush)
    ]
    return tuple(sorted(offers, key=lambda offer: price_usd(*offer) or 0))


def sorted_pairs(pairs: frozenset[tuple[str | None, str]]) -> list[tuple[str | None, str]]:
    """Mode and duration pairs in the order of the table: std before pro, 5 before 10."""
    return sorted(pairs, key=lambda pair: (pair[0] != DEFAULT_MODE, int(pair[1])))
