"""Facts about paint and paths at the service, from the very table that the checks use."""

from kling import brush_models
from kling.model_lives import RETIRED_ON, ModelState, model_names
from kling.rules import (
    CAPABILITIES,
    MAX_DYNAMIC_MASKS,
    MAX_TRAJECTORY_POINTS,
    MIN_TRAJECTORY_POINTS,
    TRAJECTORY_DURATION,
)


def service_facts() -> tuple[str, ...]:
    """Each a sentence or two."""
    points = f"{MIN_TRAJECTORY_POINTS} to {MAX_TRAJECTORY_POINTS} points"
    return (
        (
            f"Motion brush: masks and paths say what moves, along which way, and what stays. For {_offers()} "
            f"only, in videos of {TRAJECTORY_DURATION} seconds; Kling retired both in {RETIRED_ON:%B %Y}."
        ),
        (
            "Last frame: the picture in which every part has arrived, "
            f"for {_living_with_a_tail()} among others. The way between is in words only."
        ),
        "Words: roughly what moves, where to, how fast, and what stays. Every model takes them.",
        f"One static mask, and at most {MAX_DYNAMIC_MASKS} moving parts with one path each.",
        "A mask is a picture of the photograph's size: white where you painted, black elsewhere.",
        f"A path is {points} in the order of the motion. A longer stroke is thinned; both its ends stay.",
        (
            "A tail frame of your own takes the place of a rendered one. "
            "Masks and a tail frame cannot be sent together."
        ),
        "Whether CometAPI still serves these models with masks is unknown: its answer is shown.",
    )


def _living_with_a_tail() -> str:
    """kling-v2-6 and kling-v3."""
    names = [name for name in model_names(ModelState.LIVING) if CAPABILITIES[name].image_tail]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _offers() -> str:
    """kling-v1 (std, pro) and kling-v1-5 (pro)."""
    modes: dict[str, list[str]] = {}
    for model_name, mode, _duration in brush_models():
        modes.setdefault(model_name, []).append(mode or "")
    return " and ".join(f"{name} ({', '.join(found)})" for name, found in modes.items())
