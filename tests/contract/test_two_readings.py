"""The client's rules and the simulator's were read from one documentation by two people: they must agree."""

from itertools import product
from typing import Any

import pytest

from kling import (
    CAPABILITIES,
    DynamicMask,
    ImageToVideoRequest,
    KlingError,
    TaskStatus,
    TrajectoryPoint,
    check,
    rules,
)
from kling.error_table import classify
from kling.finding import Severity
from simulator.contract import documented
from simulator.contract.refusals import ROWS, RefusalReason
from tests.contract.conftest import Joined
from tests.support.simulated import wire_mask, wire_picture

IMAGE, MASK = wire_picture(), wire_mask()
MOVING = (
    DynamicMask(mask=MASK, trajectories=(TrajectoryPoint(x=130, y=200), TrajectoryPoint(x=230, y=200))),
)


def test_the_limits_are_the_same() -> None:
    """Each number of the documentation."""
    theirs = {
        documented.MAX_PROMPT_CHARS: rules.MAX_PROMPT_CHARS,
        documented.MAX_NEGATIVE_PROMPT_CHARS: rules.MAX_NEGATIVE_PROMPT_CHARS,
        documented.MAX_IMAGE_BYTES: rules.MAX_IMAGE_BYTES,
        documented.MIN_SIDE_PX: rules.MIN_IMAGE_SIDE_PX,
        documented.MAX_RATIO: rules.MAX_ASPECT_RATIO,
        documented.MAX_DYNAMIC_MASKS: rules.MAX_DYNAMIC_MASKS,
        documented.MAX_TRAJECTORY_POINTS: rules.MAX_TRAJECTORY_POINTS,
    }
    assert all(simulated == sent for simulated, sent in theirs.items())
    assert documented.MIN_TRAJECTORY_POINTS == rules.MIN_TRAJECTORY_POINTS
    assert (documented.MIN_CFG_SCALE, documented.MAX_CFG_SCALE) == (rules.MIN_CFG_SCALE, rules.MAX_CFG_SCALE)
    assert (documented.MODES, documented.DURATIONS) == (rules.MODES, rules.DURATIONS)
    assert (documented.DEFAULT_MODE, documented.DEFAULT_DURATION) == (
        rules.DEFAULT_MODE,
        rules.DEFAULT_DURATION,
    )
    assert documented.REFUSED_MODEL_NAMES == rules.REFUSED_MODELS


def test_the_capability_tables_are_the_same() -> None:
    """Model by model; what the client calls unknown the far end may decide as it likes."""
    assert set(documented.OFFERS) == set(CAPABILITIES)
    for name, offer in documented.OFFERS.items():
        known = CAPABILITIES[name]
        assert (offer.modes, offer.durations, offer.image_tail) == (
            known.modes,
            known.durations,
            known.image_tail,
        )
        assert known.motion_brush in (None, offer.motion_brush)
        assert known.cfg_scale in (None, offer.cfg_scale)


def test_every_refusal_is_understood() -> None:
    """No answer of the far end is "unexpected" to the client."""
    known = {reason: classify(row.http_status, row.code or None, "") for reason, row in ROWS.items()}
    assert not {reason for reason, error in known.items() if error.kind == "unexpected_answer"}
    assert known[RefusalReason.BROKEN].task_may_exist
    assert not known[RefusalReason.MALFORMED].task_may_exist


VARIANTS: dict[str, tuple[Any, ...]] = {
    "image_tail": (None, IMAGE),
    "static_mask": (None, MASK),
    "dynamic_masks": ((), MOVING),
    "cfg_scale": (None, 0.5),
}


@pytest.mark.parametrize("model_name", CAPABILITIES)
def test_both_judge_every_combination_alike(service: Joined, model_name: str) -> None:
    """What the client lets through succeeds, what it stops is refused; unknown capabilities aside."""
    for mode, duration in product((None, "std", "pro"), ("5", "10")):
        for values in product(*VARIANTS.values()):
            fields = dict(zip(VARIANTS, values, strict=True))
            request = ImageToVideoRequest(
                image=IMAGE, model_name=model_name, mode=mode, duration=duration, **fields
            )
            findings = check(request)
            stops = any(finding.severity is Severity.ERROR for finding in findings)
            if stops or not any(finding.rule.endswith("-unknown") for finding in findings):
                assert succeeds(service, request) != stops, (request.to_wire_summary(), findings)


def succeeds(service: Joined, request: ImageToVideoRequest) -> bool:
    try:
        task = service.client.create(request)
    except KlingError:
        return False
    return service.client.get(task.task_id).status is TaskStatus.SUCCEED
