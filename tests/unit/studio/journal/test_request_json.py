"""A request as it lies in the journal."""

import pytest

from kling import DynamicMask, ImageToVideoRequest, TrajectoryPoint
from studio.journal.request_json import dump_request, load_request, request_sha256

POINTS = (TrajectoryPoint(x=1, y=2), TrajectoryPoint(x=30, y=0))
MASKS = tuple(DynamicMask(mask=name, trajectories=POINTS) for name in ("bWFzaw", "bWFzaTI"))
FULL = ImageToVideoRequest(
    image="aW1n",
    model_name="kling-v1",
    prompt="Wellen – 波\n",
    negative_prompt="blur",
    callback_url="https://me.example/called",
    mode="pro",
    image_tail="dGFpbA",
    cfg_scale=0.0,
    duration="10",
    static_mask="c3RhdGlj",
    dynamic_masks=MASKS,
    external_task_id="external-1",
    extra_fields='{"sound": "off", "camera_control": {"zoom": -1.5}}',
)


@pytest.mark.parametrize("request_", [FULL, ImageToVideoRequest(image="aW1n", model_name="kling-v2-master")])
def test_a_request_comes_back_as_it_went_in(request_: ImageToVideoRequest) -> None:
    """After a restart the very same body is sent."""
    assert load_request(dump_request(request_)) == request_


def test_the_hash_is_that_of_the_body() -> None:
    """Two requests that differ in one point differ in their hash."""
    body = dump_request(FULL)
    assert request_sha256(body) == request_sha256(dump_request(load_request(body)))
    assert request_sha256(body) != request_sha256(body.replace('"x":30', '"x":31'))
