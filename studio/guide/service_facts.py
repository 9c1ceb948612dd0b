"""Facts about paint and paths at the service, from the very table that the checks use."""

from kling import brush_models
from kling.rules import MAX_DYNAMIC_MASKS, MAX_TRAJECTORY_POINTS, MIN_TRAJECTORY_POINTS, TRAJECTORY_DURATION


def service_facts() -> tuple[str, ...]:
    """Each a sentence or two."""
    points = f"{MIN_TRAJECTORY_POINTS} to {MAX_TRAJECTORY_POINTS} points"
    return (
        f"Masks and paths exist for {_offers()} only, in videos of {TRAJECTORY_DURATION} seconds.",
        f"One static mask, and at most {MAX_DYNAMIC_MASKS} moving parts with one path each.",
        "A mask is a picture of the photograph's size: white where you painted, black elsewhere.",
        f"A path is {points} in the order of the motion. A longer stroke is thinned; both its ends stay.",
        "A tail frame takes the place of painting: the service accepts one or the other.",
        "Whether CometAPI still serves these models with masks is unknown: its answer is shown.",
    )


def _offers() -> str:
    """kling-v1 (std, pro) and kling-v1-5 (pro)."""
    modes: dict[str, list[str]] = {}
    for model_name, mode, _duration in brush_models():
        modes.setdefault(model_name, []).append(mode or "")
    return " and ".join(f"{name} ({', '.join(found)})" for name, found in modes.items())
