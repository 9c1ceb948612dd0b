"""The request as sent, field by field, and what a person may see of it."""

from __future__ import annotations

import base64
import json
from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kling import DynamicMask, ImageToVideoRequest, TaskStatus, TrajectoryPoint
from kling.checks.sizes import base64_size, bytes_in_words

FIELDS = [
    "image",
    "prompt",
    "negative_prompt",
    "callback_url",
    "mode",
    "model_name",
    "image_tail",
    "cfg_scale",
    "duration",
    "static_mask",
    "dynamic_masks",
    "external_task_id",
]

WHOLE = ImageToVideoRequest(
    image="aW1hZ2U=",
    prompt="wind",
    negative_prompt="rain",
    callback_url="https://example.org/c",
    mode="pro",
    model_name="kling-v1",
    image_tail="dGFpbA==",
    cfg_scale=0.5,
    duration="5",
    static_mask="c3RhdGlj",
    dynamic_masks=(
        DynamicMask(mask="bWFzaw==", trajectories=(TrajectoryPoint(x=1, y=2), TrajectoryPoint(x=3, y=4))),
    ),
    external_task_id="mine-1",
)


def test_a_whole_request_has_the_twelve_fields_of_the_api_under_their_names() -> None:
    """Contract, create: the table's twelve rows, in its order."""
    assert list(WHOLE.to_wire()) == FIELDS
    assert WHOLE.to_wire() == {
        "image": "aW1hZ2U=",
        "prompt": "wind",
        "negative_prompt": "rain",
        "callback_url": "https://example.org/c",
        "mode": "pro",
        "model_name": "kling-v1",
        "image_tail": "dGFpbA==",
        "cfg_scale": 0.5,
        "duration": "5",
        "static_mask": "c3RhdGlj",
        "dynamic_masks": [{"mask": "bWFzaw==", "trajectories": [{"x": 1, "y": 2}, {"x": 3, "y": 4}]}],
        "external_task_id": "mine-1",
    }


def test_what_is_not_set_is_not_sent() -> None:
    """None and empty are left out; the model and the duration always go, the duration as text."""
    bare = ImageToVideoRequest(image="aW1hZ2U=", model_name="kling-v1", prompt="", static_mask="")
    assert bare.to_wire() == {"image": "aW1hZ2U=", "model_name": "kling-v1", "duration": "5"}


def test_a_cfg_scale_of_zero_is_sent() -> None:
    """0.0 is a choice, not an absence."""
    assert ImageToVideoRequest(image="x", model_name="m", cfg_scale=0.0).to_wire()["cfg_scale"] == 0.0


def test_the_summary_shows_sizes_instead_of_base64() -> None:
    """A person sees what is sent, without megabytes of letters."""
    summary = WHOLE.to_wire_summary()
    assert summary["image"] == "<base64, 5 bytes>"
    assert summary["image_tail"] == "<base64, 4 bytes>"
    assert summary["static_mask"] == "<base64, 6 bytes>"
    assert summary["dynamic_masks"][0]["mask"] == "<base64, 4 bytes>"
    assert summary["dynamic_masks"][0]["trajectories"] == WHOLE.to_wire()["dynamic_masks"][0]["trajectories"]
    assert list(summary) == FIELDS
    assert WHOLE.to_wire()["image"] == "aW1hZ2U="


def test_the_summary_shows_a_url_as_it_is() -> None:
    """Only base64 is long."""
    request = ImageToVideoRequest(image="HTTPS://example.org/a.png", model_name="m")
    assert request.to_wire_summary()["image"] == "HTTPS://example.org/a.png"


def test_the_repr_holds_no_picture() -> None:
    """A log line must not have 13 MB."""
    told = repr(WHOLE)
    assert not any(picture in told for picture in ("aW1hZ2U=", "dGFpbA==", "c3RhdGlj", "bWFzaw=="))


def test_records_are_frozen_and_keyword_only() -> None:
    """House style."""
    with pytest.raises(FrozenInstanceError):
        WHOLE.prompt = "x"  # type: ignore[misc]
    with pytest.raises(TypeError):
        TrajectoryPoint(1, 2)  # type: ignore[call-arg]


def test_the_statuses_are_spelled_as_on_the_wire() -> None:
    """Contract, query: succeed, not succeeded."""
    assert [str(status) for status in TaskStatus] == ["submitted", "processing", "succeed", "failed"]
    assert [status for status in TaskStatus if status.is_final] == [TaskStatus.SUCCEED, TaskStatus.FAILED]


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_000, "1 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (1_234_567, "1.2 MB"),
    ],
)
def test_sizes_are_told_in_decimal_units(count: int, words: str) -> None:
    """One way to tell a size everywhere."""
    assert bytes_in_words(count) == words


texts = st.none() | st.text(max_size=20)
masks = st.builds(
    DynamicMask,
    mask=st.text(max_size=8),
    trajectories=st.lists(st.builds(TrajectoryPoint, x=st.integers(), y=st.integers()), max_size=4).map(
        tuple
    ),
)
requests = st.builds(
    ImageToVideoRequest,
    image=st.text(max_size=20),
    model_name=st.text(max_size=20),
    prompt=texts,
    negative_prompt=texts,
    callback_url=texts,
    mode=texts,
    image_tail=texts,
    cfg_scale=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    duration=st.text(max_size=3),
    static_mask=texts,
    dynamic_masks=st.lists(masks, max_size=3).map(tuple),
    external_task_id=texts,
)


@given(requests)
def test_the_wire_holds_exactly_what_was_set_and_survives_json(request: ImageToVideoRequest) -> None:
    """Property: a subset of the twelve in order, nothing empty, nothing changed."""
    wire = request.to_wire()
    assert json.loads(json.dumps(wire)) == wire
    assert list(wire) == [name for name in FIELDS if name in wire]
    for name in FIELDS:
        value: Any = getattr(request, name)
        if name == "dynamic_masks":
            value = [
                {"mask": mask.mask, "trajectories": [{"x": p.x, "y": p.y} for p in mask.trajectories]}
                for mask in value
            ]
        assert wire.get(name) == value or (name not in wire and value in (None, "", []))


@given(st.binary(max_size=50))
def test_the_size_of_base64_is_told_without_decoding(data: bytes) -> None:
    """Property: the same as the length of what was encoded."""
    assert base64_size(base64.b64encode(data).decode()) == len(data)
