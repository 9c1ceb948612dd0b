"""Every documented rule of a create that can be checked before a picture is opened."""

import base64
from typing import Any

import pytest

from simulator.contract import documented
from simulator.contract.create_request import PictureUrl
from simulator.contract.fields import NOT_BASE64
from simulator.contract.read_create import read_create
from simulator.contract.refusals import Refusal, RefusalReason
from tests.support.simulated import brush, plain_body, wire_mask, wire_picture

PICTURE, MASK = wire_picture(), wire_mask()


def refusal(**fields: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        read_create(plain_body(**{"image": PICTURE, **fields}))
    return caught.value


def points(count: int) -> list[tuple[int, int]]:
    return [(index, 10) for index in range(count)]


def test_a_minimal_body_gets_the_documented_defaults() -> None:
    """Only the image is required: kling-v1, std, 5 seconds."""
    order = read_create({"image": PICTURE})
    assert (order.model_name, order.mode, order.duration_s) == ("kling-v1", "std", 5)


def test_every_field_is_read() -> None:
    """Nothing that was asked for gets lost."""
    body = plain_body(
        image=PICTURE,
        mode="pro",
        prompt="p" * 500,
        negative_prompt="n" * 200,
        cfg_scale=1,
        callback_url="https://example.org/hook",
        external_task_id="mine",
        static_mask=MASK,
        dynamic_masks=[brush(*points(77))] * 6,
    )
    order = read_create(body)
    assert (order.mode, order.cfg_scale, order.external_task_id) == ("pro", 1.0, "mine")
    assert (len(order.prompt), len(order.negative_prompt), len(order.brushes)) == (500, 200, 6)
    assert order.brushes[0].trajectory_wire_px == tuple(points(77))
    assert order.callback_url == "https://example.org/hook"


def test_null_and_empty_mean_not_given() -> None:
    """As in the documented example bodies."""
    names = ("prompt", "negative_prompt", "callback_url", "image_tail", "static_mask", "external_task_id")
    order = read_create({"image": PICTURE, **dict.fromkeys(names, ""), "dynamic_masks": [], "mode": None})
    assert (order.image_tail, order.static_mask, order.brushes, order.callback_url) == (None, None, (), None)


@pytest.mark.parametrize("url", ["https://example.org/a.png", "HTTP://EXAMPLE.ORG/A.PNG"])
def test_a_url_is_taken_as_it_is(url: str) -> None:
    """Pictures may be public URLs, in whatever case; they are fetched later."""
    assert read_create({"image": url}).image == PictureUrl(url=url)


MISSING_OR_TYPE = [
    {"image": None},
    {"image": ""},
    {"image": 5},
    {"prompt": 5},
    {"duration": 5},
    {"cfg_scale": "0.5"},
    {"cfg_scale": True},
    {"dynamic_masks": "x"},
    {"dynamic_masks": ["x"]},
    {"dynamic_masks": [{"trajectories": [{"x": 1, "y": 1}, {"x": 2, "y": 2}]}]},
    {"dynamic_masks": [{"mask": MASK}]},
    {"dynamic_masks": [{"mask": MASK, "trajectories": [1, 2]}]},
    {"dynamic_masks": [{"mask": MASK, "trajectories": [{"x": 1.5, "y": 1}, {"x": 2, "y": 2}]}]},
    {"dynamic_masks": [{"mask": MASK, "trajectories": [{"x": 1}, {"x": 2, "y": 2}]}]},
]


@pytest.mark.parametrize("fields", MISSING_OR_TYPE)
def test_a_missing_field_or_a_wrong_type_is_1200(fields: dict[str, Any]) -> None:
    """The message names the field."""
    refused = refusal(**fields)
    assert refused.reason is RefusalReason.BAD_PARAMETER
    assert next(iter(fields)) in refused.message


VALUES = [
    {"prompt": "p" * 501},
    {"negative_prompt": "n" * 201},
    {"prompt": "\ud800"},
    {"callback_url": "ftp://example.org"},
    {"callback_url": "https://"},
    {"callback_url": "http://[::1"},
    {"mode": "fast"},
    {"duration": "7"},
    {"cfg_scale": -0.1},
    {"cfg_scale": 1.1},
    {"cfg_scale": float("nan")},
    {"dynamic_masks": [brush()] * 7},
    {"dynamic_masks": [brush(*points(1))]},
    {"dynamic_masks": [brush(*points(78))]},
]


@pytest.mark.parametrize("fields", VALUES)
def test_a_value_that_is_not_allowed_is_1201(fields: dict[str, Any]) -> None:
    """The message names the field."""
    refused = refusal(**fields)
    assert refused.reason is RefusalReason.BAD_VALUE
    assert next(iter(fields)) in refused.message


@pytest.mark.parametrize(
    "image",
    [
        "data:image/png;base64," + PICTURE,
        "not base64!",
        PICTURE[:-1],
        base64.b64encode(b"\xff\xd8\xff").decode() + "=",
        base64.b64encode(b"a text renamed to .png").decode(),
        base64.b64encode(b"GIF89a").decode(),
    ],
)
def test_what_is_no_base64_of_a_picture_is_refused_in_the_real_words(image: str) -> None:
    """The data: prefix above all."""
    for fields in ({"image": image}, {"image_tail": image}, {"static_mask": image}):
        assert refusal(**fields).message == NOT_BASE64
    assert refusal(dynamic_masks=[brush(mask=image)]).message == NOT_BASE64


def test_a_file_over_10_mb_is_refused() -> None:
    """The limit is the file's, not its base64's."""
    file = b"\xff\xd8\xff" + bytes(documented.MAX_IMAGE_BYTES - 3)
    assert read_create({"image": base64.b64encode(file).decode()}).image == file
    assert "10MB" in refusal(image=base64.b64encode(file + b"\0").decode()).message


@pytest.mark.parametrize("model_name", sorted(documented.REFUSED_MODEL_NAMES))
def test_names_that_were_seen_refused_are_invalid_model_names(model_name: str) -> None:
    """With Kling's code for a bad value."""
    refused = refusal(model_name=model_name)
    assert (refused.reason, "invalid model name" in refused.message) == (RefusalReason.BAD_VALUE, True)


def test_any_other_unknown_model_is_not_found() -> None:
    """The gateway has no channel for it."""
    assert refusal(model_name="kling-v99").reason is RefusalReason.MODEL_NOT_FOUND


TAIL, STILL, MOVING = {"image_tail": PICTURE}, {"static_mask": MASK}, {"dynamic_masks": [brush()]}


@pytest.mark.parametrize(
    "fields",
    [
        {**TAIL, **STILL},
        {**TAIL, **MOVING},
        {**TAIL, "camera_control": {"type": "simple"}},
        {**STILL, **MOVING, "camera_control": {"type": "simple"}},
    ],
)
def test_tail_masks_and_camera_exclude_each_other(fields: dict[str, Any]) -> None:
    """One of the three."""
    assert "cannot be used together" in refusal(**fields).message


@pytest.mark.parametrize(
    "fields",
    [
        {"camera_control": {"type": "simple", "config": {"zoom": 5}}},
        {"sound": "on"},
        {"voice_list": [{"voice_id": "1"}]},
        {"multi_shot": True, "shot_type": "customize", "multi_prompt": [{"index": 1}]},
        {"watermark_info": {"enabled": True}},
        {"element_list": [], "a_field_of_tomorrow": {"deep": [1, None]}},
    ],
)
def test_fields_that_are_not_modelled_are_taken_and_ignored(fields: dict[str, Any]) -> None:
    """docs/simulator.md says so: the same is asked for with and without them."""
    assert read_create(plain_body(image=PICTURE, **fields)) == read_create(plain_body(image=PICTURE))


OFFERED = [
    (model, mode, duration)
    for model, offer in documented.OFFERS.items()
    for mode in (*documented.MODES, "")
    for duration in documented.DURATIONS
    if bool(mode) == bool(offer.modes)
]


def is_taken(fields: dict[str, Any]) -> bool:
    try:
        read_create(plain_body(image=PICTURE, **fields))
    except Refusal as refused:
        return refused.reason is not RefusalReason.BAD_VALUE
    return True


@pytest.mark.parametrize(("model", "mode", "duration"), OFFERED)
def test_each_cell_of_the_capability_table_is_kept(model: str, mode: str, duration: str) -> None:
    """The table's offers are taken, everything else is refused."""
    base = {"model_name": model, "mode": mode, "duration": duration}
    offer = documented.OFFERS[model]
    assert is_taken(base)
    assert is_taken({**base, **TAIL}) == ((mode, duration) in offer.image_tail)
    for masks in (STILL, MOVING, STILL | MOVING):
        assert is_taken({**base, **masks}) == ((mode, duration) in offer.motion_brush)
    assert is_taken({**base, "cfg_scale": 0.5}) == offer.cfg_scale


def test_a_model_without_modes_refuses_one() -> None:
    """kling-v2-master and kling-v2-1-master have no mode."""
    assert "mode is not supported" in refusal(model_name="kling-v2-master").message


@pytest.mark.parametrize("body", [None, [], "x", 5])
def test_a_body_that_is_no_object_is_malformed(body: object) -> None:
    """The gateway's 500 `invalid_request`."""
    with pytest.raises(Refusal) as caught:
        read_create(body)
    assert caught.value.reason is RefusalReason.MALFORMED
