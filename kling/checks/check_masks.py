"""The rules of the motion brush: masks, trajectories, and the models that take them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kling import rules
from kling.checks.check_pictures import inspect_picture, side_findings
from kling.checks.finding import Finding, error, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kling.checks.base64_picture import PictureHeader
    from kling.models import DynamicMask, ImageToVideoRequest, TrajectoryPoint

Size = tuple[int, int]


def mask_findings(request: ImageToVideoRequest, image_size_px: Size | None) -> Iterator[Finding]:
    """Everything about the static mask, the dynamic masks and their trajectories.

    Args:
        request: the request.
        image_size_px: size of the image, None when it cannot be known (a URL): then the first mask is the
            measure.
    """
    static = inspect_picture("static_mask", request.static_mask) if request.static_mask else None
    dynamic = [
        inspect_picture(f"dynamic_masks[{i}].mask", mask.mask) for i, mask in enumerate(request.dynamic_masks)
    ]
    headers = [picture.header for picture in ([static] if static else []) + dynamic if picture.header]
    measure = image_size_px or (headers[0].size_px if headers else None)
    if static:
        yield from static.findings
        yield from _size_findings("static_mask", static.header, image_size_px, measure)
    yield from _count_findings(request.dynamic_masks)
    for i, (mask, picture) in enumerate(zip(request.dynamic_masks, dynamic, strict=True)):
        field = f"dynamic_masks[{i}].mask"
        yield from picture.findings
        yield from _size_findings(field, picture.header, image_size_px, measure)
        yield from _format_findings(field, picture.header)
        yield from _trajectory_findings(f"dynamic_masks[{i}].trajectories", mask.trajectories, measure)


def support_findings(request: ImageToVideoRequest) -> Iterator[Finding]:
    """Whether the chosen model, mode and duration take masks; an unknown model is not judged."""
    if request.dynamic_masks and request.duration != rules.TRAJECTORY_DURATION:
        yield error(
            "duration",
            "trajectories-need-5-seconds",
            f"Trajectories exist for 5-second videos only; {request.duration} seconds are chosen.",
            "Choose 5 seconds.",
        )
    known = rules.capability(request.model_name)
    taken = rules.takes_brush(request.model_name, request.mode, request.duration)
    if known and request.has_masks and not taken:
        yield from _unsupported(request, known.motion_brush)


def brush_models_in_words() -> str:
    """The choices that take the motion brush: `kling-v1 (std or pro, 5 s) or kling-v1-5 (pro, 5 s)`."""
    choices: dict[tuple[str, str], list[str]] = {}
    for model_name, mode, duration in rules.brush_models():
        choices.setdefault((model_name, duration), []).append(mode or "no mode")
    return " or ".join(f"{name} ({' or '.join(modes)}, {s} s)" for (name, s), modes in choices.items())


def _unsupported(request: ImageToVideoRequest, brush: frozenset[tuple[str | None, str]]) -> Iterator[Finding]:
    """At the field that is to blame: the model, its mode, or (for a static mask alone) the duration."""
    model, mode = request.model_name, request.mode or rules.DEFAULT_MODE
    rule, remedy = "motion-brush-unsupported", f"Choose {brush_models_in_words()}."
    if not brush:
        yield error("model_name", rule, f"{model} does not do the motion brush.", remedy)
    elif mode not in {brush_mode for brush_mode, _ in brush}:
        yield error("mode", rule, f"{model} does the motion brush, but not in mode {mode}.", remedy)
    elif not request.dynamic_masks:
        yield error("duration", rule, f"{model} takes no masks for {request.duration}-second videos.", remedy)


def _count_findings(masks: tuple[DynamicMask, ...]) -> Iterator[Finding]:
    over = len(masks) - rules.MAX_DYNAMIC_MASKS
    if over > 0:
        yield error(
            "dynamic_masks",
            "too-many-masks",
            f"There are {len(masks)} moving regions; the service takes at most {rules.MAX_DYNAMIC_MASKS}.",
            f"Remove {over}.",
        )


def _size_findings(
    field: str, header: PictureHeader | None, image_size_px: Size | None, measure: Size | None
) -> Iterator[Finding]:
    if header is None:
        return
    if image_size_px is None:  # an image that may be sent has no such sides, so neither may its mask
        yield from side_findings(field, header)
    if measure and header.size_px != measure:
        what = "picture" if image_size_px else "first mask"
        yield error(
            field,
            "mask-size-differs",
            f"The mask has {_px(header.size_px)}; the {what} has {_px(measure)}.",
            f"Make the mask with exactly {_px(measure)}.",
        )


def _format_findings(field: str, header: PictureHeader | None) -> Iterator[Finding]:
    if header and (header.file_format, header.colour_mode) != ("PNG", "L"):
        yield warning(
            field,
            "mask-not-grey-png",
            f"The mask is a {header.file_format} in mode {header.colour_mode}, not a grey PNG (L).",
            "Save the mask as an 8-bit grey PNG: white where it moves, black elsewhere.",
        )


def _trajectory_findings(
    field: str, points: tuple[TrajectoryPoint, ...], size_px: Size | None
) -> Iterator[Finding]:
    count = len(points)
    if count < rules.MIN_TRAJECTORY_POINTS:
        count_text = "no points" if count == 0 else "one point only"
        yield error(
            field,
            "trajectory-too-short",
            f"The path has {count_text}; it needs at least {rules.MIN_TRAJECTORY_POINTS}.",
            "Draw where the region should go.",
        )
    if count > rules.MAX_TRAJECTORY_POINTS:
        yield error(
            field,
            "trajectory-too-long",
            f"The path has {count} points; the service takes at most {rules.MAX_TRAJECTORY_POINTS}.",
            f"Leave out {count - rules.MAX_TRAJECTORY_POINTS} of its points.",
        )
    yield from _point_findings(field, points, size_px)


def _point_findings(
    field: str, points: tuple[TrajectoryPoint, ...], size_px: Size | None
) -> Iterator[Finding]:
    broken = [point for point in points if type(point.x) is not int or type(point.y) is not int]
    if broken:
        yield error(
            field,
            "point-not-whole",
            f"{_points(len(broken))} not in whole pixels.",
            "Round every x and y.",
        )
    elif size_px and (outside := [point for point in points if not _inside(point, size_px)]):
        x, y = outside[0].x, outside[0].y
        yield error(
            field,
            "point-outside-image",
            f"{_points(len(outside))} outside the picture of {_px(size_px)}, the first at x={x}, y={y}.",
            f"Keep x within 0 to {size_px[0] - 1} and y within 0 to {size_px[1] - 1}.",
        )


def _inside(point: TrajectoryPoint, size_px: Size) -> bool:
    return 0 <= point.x < size_px[0] and 0 <= point.y < size_px[1]


def _points(count: int) -> str:
    return "One point of the path is" if count == 1 else f"{count} points of the path are"


def _px(size_px: Size) -> str:
    return f"{size_px[0]} × {size_px[1]} px"
