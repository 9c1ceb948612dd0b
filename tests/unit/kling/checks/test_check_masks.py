"""Each rule of the motion brush, on both sides of its limit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kling import CAPABILITIES, DynamicMask, Finding, ImageToVideoRequest, Severity, TrajectoryPoint, check
from tests.support.make import heavy_png_text, mask_text, picture_text


def path(*points: tuple[Any, Any]) -> tuple[TrajectoryPoint, ...]:
    """A trajectory from (x, y) pairs."""
    return tuple(TrajectoryPoint(x=x, y=y) for x, y in points)


def moving(
    mask: str | None = None, points: tuple[TrajectoryPoint, ...] = path((1, 1), (9, 9))
) -> DynamicMask:
    """A dynamic mask that is right unless told otherwise."""
    return DynamicMask(mask=mask_text() if mask is None else mask, trajectories=points)


GOOD = ImageToVideoRequest(
    image=picture_text(),
    model_name="kling-v1",
    mode="std",
    static_mask=mask_text(),
    dynamic_masks=(moving(),),
)


def findings(**changes: Any) -> list[Finding]:
    """The findings on a good request with these changes."""
    return check(replace(GOOD, **changes))


def found(**changes: Any) -> list[tuple[str, str]]:
    """(field, rule) of each finding."""
    return [(finding.field, finding.rule) for finding in findings(**changes)]


def test_a_good_drawing_has_no_findings() -> None:
    """Silence is consent; either kind of mask may be alone."""
    assert found() == []
    assert found(dynamic_masks=()) == []
    assert found(static_mask=None) == []


# ---- who takes masks


@pytest.mark.parametrize("name", CAPABILITIES)
@pytest.mark.parametrize("mode", ["std", "pro", None])
@pytest.mark.parametrize("duration", ["5", "10"])
@pytest.mark.parametrize("kind", ["static_mask", "dynamic_masks"])
def test_masks_need_a_choice_that_takes_them(name: str, mode: str | None, duration: str, kind: str) -> None:
    """Capability table, column motion brush; for a static mask alone too."""
    other: dict[str, Any] = {"dynamic_masks": ()} if kind == "static_mask" else {"static_mask": None}
    told = findings(model_name=name, mode=mode, duration=duration, **other)
    brush = CAPABILITIES[name].motion_brush
    takes = (mode or "std", duration) in brush
    refused = [f for f in told if f.rule in ("motion-brush-unsupported", "trajectories-need-5-seconds")]
    assert bool(refused) is not takes
    assert all(f.severity is Severity.ERROR for f in refused)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"model_name": "kling-v2-6"}, "model_name"),
        ({"model_name": "kling-v1-5", "mode": "std"}, "mode"),
        ({"duration": "10", "dynamic_masks": ()}, "duration"),
    ],
)
def test_an_unsupported_brush_is_told_at_the_field_to_blame(changes: dict[str, Any], field: str) -> None:
    """A message where it belongs; the remedy names the models that do it."""
    (finding,) = findings(**changes)
    assert (finding.field, finding.rule) == (field, "motion-brush-unsupported")
    assert finding.remedy == "Choose kling-v1 (std or pro, 5 s) or kling-v1-5 (pro, 5 s)."


@pytest.mark.parametrize("name", ["kling-v1", "kling-v9"])
def test_trajectories_need_five_seconds(name: str) -> None:
    """Contract: 5-second videos only, whatever the model."""
    assert ("duration", "trajectories-need-5-seconds") in found(model_name=name, duration="10")
    assert ("duration", "trajectories-need-5-seconds") not in found(model_name=name, duration="5")


def test_ten_seconds_with_trajectories_are_told_once() -> None:
    """One cause, one finding: the trajectories' own rule stands for the table's."""
    assert found(duration="10") == [("duration", "trajectories-need-5-seconds")]


def test_an_unknown_model_is_not_judged_by_what_is_painted() -> None:
    """Of a name that nobody knows only that is said."""
    assert found(model_name="kling-v9") == [("model_name", "model-unknown")]


def test_a_refused_model_with_masks_leads_to_a_model_with_the_brush() -> None:
    """Contract: it must lead the user to a model that does what they drew."""
    (finding,) = findings(model_name="kling-v3-omni")
    assert "kling-v1 (std or pro, 5 s)" in finding.remedy


# ---- the masks


def test_there_are_at_most_six_dynamic_masks() -> None:
    """Contract: 1..6."""
    assert found(dynamic_masks=(moving(),) * 6) == []
    (finding,) = findings(dynamic_masks=(moving(),) * 8)
    assert (finding.field, finding.rule, finding.remedy) == ("dynamic_masks", "too-many-masks", "Remove 2.")


@pytest.mark.parametrize("size", [(639, 480), (640, 481), (480, 640), (1280, 960)])
def test_every_mask_is_as_large_as_the_image(size: tuple[int, int]) -> None:
    """Contract: same width and height as the image, or the task ends failed."""
    assert found(static_mask=mask_text(*size)) == [("static_mask", "mask-size-differs")]
    masks = (moving(), moving(mask_text(*size)))
    assert found(dynamic_masks=masks) == [("dynamic_masks[1].mask", "mask-size-differs")]


def test_a_mask_of_another_size_is_told_with_both_sizes() -> None:
    """People read: which size, and which it should be."""
    (finding,) = findings(static_mask=mask_text(600, 400))
    assert finding.problem == "The mask has 600 × 400 px; the picture has 640 × 480 px."


URL = "https://example.org/a.jpg"


def test_for_a_url_the_masks_are_compared_with_each_other() -> None:
    """The size of the image is not known; K wants all masks of equal size."""
    assert found(image=URL) == []
    assert found(image=URL, static_mask=mask_text(600, 400)) == [
        ("dynamic_masks[0].mask", "mask-size-differs")
    ]
    assert found(image=URL, static_mask=None) == []


def test_for_a_url_a_mask_must_itself_have_sides_that_an_image_may_have() -> None:
    """A mask is as large as the image, whose sides have limits."""
    small = (moving(mask_text(200, 300)),)
    assert found(image=URL, static_mask=None, dynamic_masks=small) == [
        ("dynamic_masks[0].mask", "picture-too-small")
    ]


def test_a_small_image_is_told_once_and_not_for_each_mask() -> None:
    """One cause, one finding."""
    changes = {"image": picture_text(200, 300), "static_mask": mask_text(200, 300)}
    assert found(**changes, dynamic_masks=(moving(mask_text(200, 300)),)) == [("image", "picture-too-small")]


def test_a_mask_is_a_picture_like_the_image() -> None:
    """Contract: mask: image."""
    assert found(static_mask="x") == [("static_mask", "not-base64")]
    assert found(static_mask="data:image/png;base64," + mask_text()) == [("static_mask", "data-prefix")]
    assert found(static_mask=heavy_png_text(10_000_001)) == [("static_mask", "picture-too-heavy")]
    for text, rule in (
        ("", "mask-missing"),
        ("x", "not-base64"),
        (picture_text(kind="GIF"), "not-jpeg-or-png"),
    ):
        assert found(dynamic_masks=(moving(text),)) == [("dynamic_masks[0].mask", rule)]


@pytest.mark.parametrize(("mode", "kind"), [("RGB", "PNG"), ("1", "PNG"), ("L", "JPEG"), ("LA", "PNG")])
def test_a_dynamic_mask_that_is_no_grey_png_is_a_warning(mode: str, kind: str) -> None:
    """Contract: L-mode PNG."""
    (finding,) = findings(dynamic_masks=(moving(picture_text(mode=mode, kind=kind)),))
    assert (finding.field, finding.rule) == ("dynamic_masks[0].mask", "mask-not-grey-png")
    assert finding.severity is Severity.WARNING


# ---- trajectories


def long_path(count: int) -> tuple[TrajectoryPoint, ...]:
    """A path with that many points."""
    return path(*((x, 5) for x in range(count)))


@pytest.mark.parametrize(
    ("count", "rule"), [(0, "trajectory-too-short"), (1, "trajectory-too-short"), (78, "trajectory-too-long")]
)
def test_a_trajectory_with_a_wrong_number_of_points_is_an_error(count: int, rule: str) -> None:
    """Contract: 2..77 points; none is a mask without a path."""
    assert found(dynamic_masks=(moving(points=long_path(count)),)) == [
        ("dynamic_masks[0].trajectories", rule)
    ]


@pytest.mark.parametrize("count", [2, 77])
def test_a_trajectory_with_two_to_77_points_is_good(count: int) -> None:
    """Contract: 2..77 points."""
    assert found(dynamic_masks=(moving(points=long_path(count)),)) == []


def test_the_words_on_a_trajectory_s_length_have_the_numbers() -> None:
    """People read."""
    (finding,) = findings(dynamic_masks=(moving(points=long_path(80)),))
    assert finding.problem == "The path has 80 points; the service takes at most 77."
    assert finding.remedy == "Leave out 3 of its points."


@pytest.mark.parametrize("corner", [(0, 0), (639, 0), (0, 479), (639, 479)])
def test_the_corners_are_inside(corner: tuple[int, int]) -> None:
    """0 ≤ x < width and 0 ≤ y < height."""
    assert found(dynamic_masks=(moving(points=path((5, 5), corner)),)) == []


@pytest.mark.parametrize("point", [(-1, 5), (640, 5), (5, -1), (5, 480)])
def test_a_point_outside_the_image_is_an_error(point: tuple[int, int]) -> None:
    """Contract: pixels of the image as sent."""
    for changes in ({}, {"image": URL}):
        (finding,) = findings(dynamic_masks=(moving(points=path((5, 5), point)),), **changes)
        assert (finding.field, finding.rule) == ("dynamic_masks[0].trajectories", "point-outside-image")
        assert finding.remedy == "Keep x within 0 to 639 and y within 0 to 479."


@pytest.mark.parametrize("point", [(1.5, 2), (2, 3.0), (True, 2), ("3", 4)])
def test_points_are_whole_pixels(point: tuple[Any, Any]) -> None:
    """Contract: integers."""
    assert found(dynamic_masks=(moving(points=path((5, 5), point)),)) == [
        ("dynamic_masks[0].trajectories", "point-not-whole")
    ]
