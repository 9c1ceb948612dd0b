"""An order with its pictures opened is exactly what the renderer is told."""

import base64
from typing import Any

import numpy as np
import pytest

from simulator.contract.pictures import PictureProblem
from simulator.contract.read_create import read_create
from simulator.engine.scene import (
    MASKS_DIFFER,
    NOTHING_PAINTED,
    OUTSIDE,
    RenderRequest,
    prepare_render,
    to_image_px,
)
from tests.support.pictures import encoded
from tests.support.simulated import brush, plain_body, wire_mask, wire_picture


def ordered(**fields: Any) -> RenderRequest:
    return prepare_render(read_create(plain_body(**fields)))


def test_the_path_is_turned_to_the_top_left_origin() -> None:
    """Y ↦ height - 1 - y: the wire's bottom row is the picture's last row."""
    assert to_image_px(((0, 0), (7, 319)), 320).tolist() == [[0, 319], [7, 0]]


def test_the_path_is_turned_exactly_once() -> None:
    """On a picture 320 px high, wire row 200 is picture row 119."""
    part = ordered(dynamic_masks=[brush((130, 200), (230, 50))]).moving[0]
    assert part.path_image_px.tolist() == [[130, 119], [230, 269]]


def test_masks_keep_their_place() -> None:
    """Nothing of a mask is turned."""
    order = ordered(dynamic_masks=[brush()], static_mask=wire_mask((0, 0, 10, 20)))
    rows, cols = np.nonzero(order.moving[0].mask)
    assert (rows.min(), rows.max(), cols.min(), cols.max()) == (100, 139, 100, 159)
    assert order.frozen is not None
    assert order.frozen.sum() == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"static_mask": wire_mask(width_px=399)},
        {"dynamic_masks": [brush(mask=wire_mask(height_px=321))]},
        {"dynamic_masks": [brush(), brush(mask=wire_mask(width_px=800, height_px=640))]},
    ],
)
def test_masks_of_another_size_fail(fields: dict[str, Any]) -> None:
    """Same width and height as the image."""
    with pytest.raises(PictureProblem, match=MASKS_DIFFER):
        ordered(**fields)


@pytest.mark.parametrize("point", [(400, 0), (0, 320), (-1, 0), (0, -1), (10**30, 0)])
def test_a_point_outside_fails(point: tuple[int, int]) -> None:
    """Pixels of the image are 0..width-1 and 0..height-1."""
    with pytest.raises(PictureProblem, match=OUTSIDE):
        ordered(dynamic_masks=[brush((10, 10), point)])


def test_a_mask_with_nothing_painted_fails() -> None:
    """There is nothing to move."""
    empty = base64.b64encode(encoded(np.zeros((320, 400), np.uint8))).decode()
    with pytest.raises(PictureProblem, match=NOTHING_PAINTED):
        ordered(dynamic_masks=[brush(mask=empty)])


def test_a_tail_may_have_another_size() -> None:
    """It is fitted by the renderer."""
    tail = ordered(image_tail=wire_picture(640, 360)).tail
    assert tail is not None
    assert tail.shape == (360, 640, 3)


def test_pro_and_models_without_modes_are_fine() -> None:
    """Only std is the lower quality."""
    assert not ordered().fine
    assert ordered(mode="pro").fine
    assert ordered(model_name="kling-v2-master", mode=None).fine


def test_the_comment_says_simulation_and_what_was_asked() -> None:
    """Model, mode, cfg and prompt, without control characters."""
    comment = ordered(prompt="a\ncat\0", cfg_scale=0.5, negative_prompt="blur").comment
    assert comment == (
        "simulation; model=kling-v1; mode=std; cfg_scale=0.5; prompt=a cat ; negative_prompt=blur"
    )
